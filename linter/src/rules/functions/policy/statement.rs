//! Statements in one form, and questions about them with three answers.

use std::sync::Arc;

use super::document::structure;
use crate::graph::glob_matches;
use crate::rules::subject::record;
use crate::value::{Kind, Knowledge, Member, Type, Unknown, Value};

/// Yes, no, or it depends on what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    No,
    Open,
    Yes,
}

impl Answer {
    pub(super) fn and(self, other: Self) -> Self {
        self.min(other)
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.max(other)
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Open => Self::Open,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Answer {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// A policy's statements in one form.
pub(super) struct Policy {
    statements: Vec<Statement>,
    /// Whether there may be statements that are not known.
    is_open: bool,
}

/// One statement in one form: an object as `policy_statements` gives it.
pub(super) struct Statement(Value);

impl Policy {
    pub(super) fn read(policy: &Value) -> Self {
        let normalised = normalised(policy);
        match (&normalised.kind, normalised.as_items()) {
            (_, Some(items)) => Self { statements: items.iter().cloned().map(Statement).collect(), is_open: false },
            (Kind::Unknown(unknown), None) => {
                let members = match &unknown.knowledge {
                    Knowledge::Members(members) => members.iter().map(|it| Statement(it.value.clone())).collect(),
                    _ => Vec::new(),
                };
                Self { statements: members, is_open: true }
            }
            (_, None) => Self { statements: Vec::new(), is_open: false },
        }
    }

    /// Whether one of the statements is so.
    pub(super) fn any(&self, question: impl Fn(&Statement) -> Answer) -> Answer {
        let open = if self.is_open { Answer::Open } else { Answer::No };
        self.statements.iter().map(question).fold(open, Answer::or)
    }
}

impl Statement {
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.0.as_fields()?.get(name)
    }

    pub(super) fn has_effect(&self, effect: &str) -> Answer {
        match self.field("effect") {
            Some(value) if value.is_unknown() => Answer::Open,
            Some(value) => value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(effect)).into(),
            None => what_text(&self.0, Answer::Open),
        }
    }

    /// Whether the actions cover an action; one with `*` is covered by the same or a wider pattern.
    pub(super) fn covers(&self, action: &str) -> Answer {
        let action = action.to_ascii_lowercase();
        let matches = |pattern: &str| pattern_matches(&pattern.to_ascii_lowercase(), &action);
        let positive = self.any_text("actions", Answer::Open, &matches);
        match self.field("not_actions") {
            Some(value) if !is_empty(value) => positive.or(self.any_text("not_actions", Answer::Open, &matches).not()),
            _ => positive,
        }
    }

    /// Whether the principals include this one.
    pub(super) fn names(&self, principal: &str) -> Answer {
        let is_it = |text: &str| text == "*" || text == principal;
        self.any_text("principals", Answer::No, &is_it).or(self.excludes_only())
    }

    /// Whether the principals are everybody.
    pub(super) fn names_anybody(&self) -> Answer {
        self.any_text("principals", Answer::No, &|text| text == "*").or(self.excludes_only())
    }

    /// `NotPrincipal` is everybody but some.
    fn excludes_only(&self) -> Answer {
        self.field("not_principals").is_some_and(|value| !is_empty(value)).into()
    }

    fn any_text(&self, name: &str, with_holes: Answer, question: &dyn Fn(&str) -> bool) -> Answer {
        let Some(value) = self.field(name) else { return what_text(&self.0, Answer::Open) };
        any_text(value, with_holes, question)
    }
}

/// Whether one of the texts in a list is so. `with_holes` is the answer for text of which only parts are known.
pub(super) fn any_text(value: &Value, with_holes: Answer, question: &dyn Fn(&str) -> bool) -> Answer {
    let judge = |item: &Value| match item.as_str() {
        Some(text) => question(text).into(),
        None => what_text(item, with_holes),
    };
    match (value.as_items(), value.as_unknown().map(|unknown| &unknown.knowledge)) {
        (Some(items), _) => items.iter().map(judge).fold(Answer::No, Answer::or),
        (None, Some(Knowledge::Members(members))) => {
            members.iter().map(|member| judge(&member.value)).fold(Answer::Open, Answer::or)
        }
        (None, _) => judge(value),
    }
}

/// What can be said of something that ought to be text and is not known.
fn what_text(value: &Value, with_holes: Answer) -> Answer {
    match value.as_unknown().map(|unknown| &unknown.knowledge) {
        None => Answer::No,
        Some(Knowledge::Symbol(_) | Knowledge::Template(_)) => with_holes,
        Some(
            Knowledge::Nothing
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_)
            | Knowledge::OneOf(_)
            | Knowledge::Members(_),
        ) => Answer::Open,
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_items().is_some_and(<[Value]>::is_empty)
}

/// `*` stands for any text and `?` for one character, as in policies.
pub(super) fn pattern_matches(pattern: &str, text: &str) -> bool {
    // Slashes and dots are nothing special in actions, so one star crosses them.
    glob_matches(&pattern.replace('*', "**").replace('/', "\u{1}"), &text.replace('/', "\u{1}"))
}

/// The statements of a policy in one form: a list, or what is known of it.
pub(super) fn normalised(policy: &Value) -> Value {
    let Some(structure) = structure(policy) else { return open_list(policy, Vec::new()) };
    let statements = field(&structure, "Statement").unwrap_or_else(Value::null);
    let marks = policy.deep_marks();
    let list = match (&statements.kind, statements.as_items()) {
        (_, Some(items)) => Value::tuple(items.iter().map(statement).collect::<Vec<_>>()),
        (Kind::Unknown(unknown), None) => match &unknown.knowledge {
            Knowledge::Members(members) => {
                let inner = |member: &Member| Member { value: statement(&member.value), ..member.clone() };
                open_list(&statements, members.iter().map(inner).collect())
            }
            _ => open_list(&statements, Vec::new()),
        },
        (Kind::Null(_), None) => Value::tuple([]),
        (_, None) => Value::tuple([statement(&statements)]),
    };
    list.marked(marks)
}

fn open_list(cause: &Value, members: Vec<Member>) -> Value {
    let mut unknown = Unknown::derived(Type::list(Type::Any), cause.unknowns_within());
    unknown.refinement.not_null = true;
    if !members.is_empty() {
        unknown.knowledge = Knowledge::Members(members.into());
    }
    Kind::Unknown(Arc::new(unknown)).into()
}

/// A part by name; capitals aside, since the services are not strict about them.
fn field(structure: &Value, name: &str) -> Option<Value> {
    let fields = structure.as_fields()?;
    let found = fields
        .get(name)
        .or_else(|| fields.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value));
    found.cloned()
}

fn statement(given: &Value) -> Value {
    if given.is_unknown() {
        return given.clone();
    }
    let part = |name: &str| field(given, name).unwrap_or_else(Value::null);
    record([
        ("sid", part("Sid")),
        ("effect", part("Effect")),
        ("principals", principals(&part("Principal"))),
        ("not_principals", principals(&part("NotPrincipal"))),
        ("actions", list(&part("Action"))),
        ("not_actions", list(&part("NotAction"))),
        ("resources", list(&part("Resource"))),
        ("not_resources", list(&part("NotResource"))),
        ("conditions", conditions(&part("Condition"))),
    ])
}

/// One or many as many.
fn list(value: &Value) -> Value {
    match &value.kind {
        Kind::Null(_) => Value::tuple([]),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => Value::tuple(items.clone()),
        Kind::Unknown(unknown)
            if matches!(unknown.knowledge, Knowledge::Members(_))
                || matches!(unknown.ty, Type::List(_) | Type::Set(_) | Type::Tuple(_)) =>
        {
            value.clone()
        }
        Kind::Unknown(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(..) | Kind::Object(_) => {
            Value::tuple([value.clone()])
        }
    }
}

/// `"*"`, `{AWS = "*"}`, `{Service = [...]}`: the names without their kinds.
fn principals(value: &Value) -> Value {
    let Some(fields) = value.as_fields() else { return list(value) };
    let mut all: Vec<Value> = Vec::new();
    for value in fields.values() {
        match list(value).as_items() {
            Some(items) => all.extend_from_slice(items),
            None => all.push(value.clone()),
        }
    }
    Value::tuple(all)
}

/// `{Operator = {Key = values}}` as a list of triples.
fn conditions(value: &Value) -> Value {
    let Some(operators) = value.as_fields() else { return list(value) };
    let mut all = Vec::new();
    for (operator, keys) in operators {
        for (key, values) in keys.as_fields().into_iter().flatten() {
            all.push(record([
                ("operator", Value::string(operator)),
                ("key", Value::string(key)),
                ("values", list(values)),
            ]));
        }
    }
    Value::tuple(all)
}
