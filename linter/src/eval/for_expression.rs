//! `[for ...]` and `{for ...}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::EvalError;
use super::alternatives::one_of;
use super::bindings::Bindings;
use super::expression::{Evaluation, member, members_value};
use super::unknown_access::{alternatives_of, part};
use crate::source::Span;
use crate::syntax::{Expr, For};
use crate::value::{Fields, Kind, Knowledge, Marks, Member, Type, Unknown, Value, convert};

/// One item of what is gone through.
pub(super) struct ForItem {
    key: Value,
    value: Value,
    /// Whether it is certainly there.
    certain: bool,
}

/// What became of the items.
struct Results<T> {
    items: Vec<(T, bool)>,
    marks: Marks,
    /// Unknown values because of which the extent of the result is not known.
    causes: Vec<Value>,
    /// What stands for items of which nothing is known, because they failed.
    failed: Vec<Value>,
    /// How many of the causes are the collection itself.
    own_causes: usize,
}

impl<T> Results<T> {
    /// Whether every item that there may be was certainly left out.
    fn is_surely_empty(&self) -> bool {
        self.items.is_empty() && self.causes.len() == self.own_causes
    }
}

impl Evaluation<'_> {
    /// `[for x in y : z if c]`
    pub(super) fn for_tuple(&self, parts: &For<'_>, span: Span) -> Result<Value, EvalError> {
        self.for_each_alternative(parts, |collection| {
            let results = self
                .results(parts, collection, span, |inner| inner.value(parts.value).map(|value| (value, Marks::NONE)))?;
            let marks = results.marks;
            Ok(if results.causes.is_empty() || results.is_surely_empty() {
                Value::tuple(results.items.into_iter().map(|(value, _)| value).collect::<Vec<_>>()).marked(marks)
            } else {
                let failed = results.failed.into_iter().map(|value| (value, false));
                let members = results.items.into_iter().chain(failed);
                let members = members.map(|(value, certain)| Member { key: None, value, certain });
                members_value(members.collect(), &results.causes).marked(marks)
            })
        })
    }

    /// `{for x in y : k => v if c}`, with or without `...`
    pub(super) fn for_object(&self, parts: &For<'_>, span: Span) -> Result<Value, EvalError> {
        let Some(key) = parts.key else { return self.for_tuple(parts, span) };
        self.for_each_alternative(parts, |collection| {
            let results = self.results(parts, collection, span, |inner| {
                let key = inner.result_key(key)?;
                let marks = key.marks;
                Ok(((key, inner.value(parts.value)?), marks))
            })?;
            let marks = results.marks;
            let value = if parts.grouped { grouped(results) } else { distinct(results, key.span())? };
            Ok(value.marked(marks))
        })
    }

    /// Evaluates the collection; if it is one of a few, the result is one of as many.
    fn for_each_alternative(
        &self,
        parts: &For<'_>,
        work: impl Fn(&Value) -> Result<Value, EvalError>,
    ) -> Result<Value, EvalError> {
        let collection = self.strict().value(parts.collection)?;
        let work = |collection: &Value| {
            let value = work(collection)?;
            self.check_extent(&value, parts.collection.span())?;
            Ok(value)
        };
        let Some(alternatives) = alternatives_of(&collection) else { return work(&collection) };
        self.doubts();
        let mut results = Vec::with_capacity(alternatives.len());
        for alternative in alternatives.iter() {
            match work(&alternative.clone().marked(collection.marks)) {
                Err(error) if !error.catchable => return Err(error),
                Err(error) => {
                    self.fails_perhaps();
                    results.push(error.to_unknown());
                }
                Ok(result) => results.push(result),
            }
        }
        Ok(one_of(results, collection.as_unknown()))
    }

    /// What `body` gives for each item that is not left out.
    fn results<T>(
        &self,
        parts: &For<'_>,
        collection: &Value,
        span: Span,
        body: impl Fn(&Evaluation<'_>) -> Result<(T, Marks), EvalError>,
    ) -> Result<Results<T>, EvalError> {
        let items = self.items(collection, parts.collection.span())?;
        let causes: Vec<Value> = collection.is_unknown().then(|| collection.clone()).into_iter().collect();
        let own_causes = causes.len();
        let mut results =
            Results { items: Vec::new(), marks: collection.marks, causes, failed: Vec::new(), own_causes };
        if items.is_empty() {
            self.check_condition_alone(parts)?;
        }
        for item in items {
            self.context.spend(1, span)?;
            let mut certain = item.certain;
            let generic = collection.is_unknown();
            let outcome = self.with_item(parts, item, |inner| {
                if let Some(condition) = parts.condition {
                    let include = inner.include(condition)?;
                    results.marks = results.marks.union(include.marks);
                    match include.as_bool() {
                        Some(true) => {}
                        Some(false) => return Ok(None),
                        None => {
                            certain = false;
                            results.causes.push(include);
                        }
                    }
                }
                body(inner).map(Some)
            });
            match outcome {
                Ok(Some((result, marks))) => {
                    results.marks = results.marks.union(marks);
                    results.items.push((result, certain));
                    self.check_items(results.items.len(), span)?;
                }
                Ok(None) => {}
                // Terraform does not look into the body before it knows the item and that it is taken.
                Err(error) if (generic || !certain) && error.catchable => {
                    results.causes.push(error.to_unknown());
                    results.failed.push(error.to_unknown());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(results)
    }

    /// Terraform refuses a condition that is no condition even if there is nothing to go through.
    fn check_condition_alone(&self, parts: &For<'_>) -> Result<(), EvalError> {
        let Some(condition) = parts.condition else { return Ok(()) };
        let open = || Kind::Unknown(Unknown::derived(Type::Any, []).into()).into();
        let item = ForItem { key: open(), value: open(), certain: false };
        self.with_item(parts, item, |inner| inner.include(condition)).map(|_| ())
    }

    /// The value of the `if` clause as a truth value, perhaps unknown.
    fn include(&self, condition: Expr<'_>) -> Result<Value, EvalError> {
        let (value, span) = (self.strict().operand(condition)?, condition.span());
        if value.is_null() && self.is_rules() {
            return Ok(Value::from(false).marked(value.marks));
        }
        if value.is_null() {
            return Err(EvalError::new(span, "The value of the 'if' clause must not be null"));
        }
        if value.is_unknown() {
            self.doubts();
            return Ok(value);
        }
        let truth = convert(&value, &Type::Bool)
            .map_err(|error| EvalError::new(span, format!("The 'if' clause value is invalid: {error}")))?;
        Ok(truth.marked(value.marks))
    }

    /// The key of one result: text, or unknown.
    fn result_key(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        let (key, span) = (self.strict().operand(expr)?, expr.span());
        if key.is_null() {
            return Err(EvalError::new(span, "The key expression in a 'for' expression must not produce a null value"));
        }
        let text = convert(&key, &Type::String)
            .map_err(|error| EvalError::new(span, format!("The key expression produced an invalid result: {error}")))?;
        if text.is_unknown() {
            self.doubts();
        }
        Ok(text.marked(key.marks))
    }

    /// Evaluates with the variables of the `for` set to an item.
    pub(super) fn with_item<T>(
        &self,
        parts: &For<'_>,
        item: ForItem,
        work: impl FnOnce(&Evaluation<'_>) -> Result<T, EvalError>,
    ) -> Result<T, EvalError> {
        let bindings = Bindings {
            parent: self.scope,
            key: parts.key_var.map(|name| (name, item.key)),
            value: (parts.value_var, item.value),
        };
        work(&Evaluation { scope: &bindings, ..*self })
    }

    /// The items of a collection in Terraform's order. One of unknown extent gives what is known of it,
    /// or one item that stands for all.
    pub(super) fn items(&self, collection: &Value, span: Span) -> Result<Vec<ForItem>, EvalError> {
        let certain = |key: Value, value: &Value| ForItem { key, value: value.clone(), certain: true };
        Ok(match &collection.kind {
            Kind::List(_, items) | Kind::Tuple(items) => {
                items.iter().enumerate().map(|(at, item)| certain(Value::from(at as i64), item)).collect()
            }
            Kind::Set(_, items) => items.iter().map(|item| certain(item.clone(), item)).collect(),
            Kind::Map(_, fields) => named(fields),
            Kind::Object(object) => named(&object.fields),
            Kind::Unknown(unknown) => {
                self.doubts();
                unknown_items(unknown, span)?
            }
            // In rules what is not written is nothing to go through.
            Kind::Null(_) if self.is_rules() => Vec::new(),
            Kind::Null(_) => {
                return Err(EvalError::new(
                    span,
                    "A null value cannot be used as the collection in a 'for' expression",
                ));
            }
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return Err(not_iterable(&collection.type_of(), span)),
        })
    }
}

fn not_iterable(ty: &Type, span: Span) -> EvalError {
    EvalError::new(
        span,
        format!("A value of type {} cannot be used as the collection in a 'for' expression", ty.friendly()),
    )
}

fn named(fields: &Fields) -> Vec<ForItem> {
    let item = |(name, value): (&Arc<str>, &Value)| ForItem {
        key: Kind::String(name.clone()).into(),
        value: value.clone(),
        certain: true,
    };
    fields.iter().map(item).collect()
}

/// What is known of the items of an unknown collection.
fn unknown_items(unknown: &Unknown, span: Span) -> Result<Vec<ForItem>, EvalError> {
    let (key, value) = match &unknown.ty {
        Type::Any | Type::Object(_) => (Type::Any, Type::Any),
        Type::Tuple(_) => (Type::Number, Type::Any),
        Type::List(item) => (Type::Number, (**item).clone()),
        Type::Set(item) => ((**item).clone(), (**item).clone()),
        Type::Map(item) => (Type::String, (**item).clone()),
        Type::Bool | Type::Number | Type::String => return Err(not_iterable(&unknown.ty, span)),
    };
    let key = part(unknown, key, None);
    Ok(match &unknown.knowledge {
        Knowledge::Members(members) => members
            .iter()
            .map(|member| ForItem {
                key: member.key.clone().unwrap_or_else(|| key.clone()),
                value: member.value.clone(),
                certain: member.certain,
            })
            .collect(),
        _ => vec![ForItem { key, value: part(unknown, value, None), certain: false }],
    })
}

/// An object in which every key stands once.
fn distinct(results: Results<(Value, Value)>, span: Span) -> Result<Value, EvalError> {
    if results.is_surely_empty() {
        return Ok(Value::object(Fields::new()));
    }
    let (mut fields, mut members) = (BTreeMap::new(), failed_members(&results));
    for ((key, value), certain) in results.items {
        let Kind::String(name) = &key.kind else {
            members.push(member(key, value, certain));
            continue;
        };
        let Some((earlier, was_certain)) = fields.insert(name.clone(), (value, certain)) else { continue };
        if certain && was_certain {
            return Err(duplicate_key(name, results.marks, span));
        }
        members.push(member(key.clone(), earlier, was_certain));
    }
    if members.is_empty() && results.causes.is_empty() {
        return Ok(Value::object(fields.into_iter().map(|(name, (value, _))| (name, value)).collect()));
    }
    members
        .extend(fields.into_iter().map(|(name, (value, certain))| member(Kind::String(name).into(), value, certain)));
    Ok(members_value(members, &results.causes))
}

fn duplicate_key(name: &str, marks: Marks, span: Span) -> EvalError {
    let which = if marks.is_sensitive() { "the same key".to_owned() } else { format!("the key {name:?}") };
    EvalError::new(span, format!("Two different items produced {which} in this 'for' expression"))
        .with_help("If that is meant, put an ellipsis (...) after the value expression to group values by key.")
}

/// Members with keys of which nothing is known.
fn failed_members(results: &Results<(Value, Value)>) -> Vec<Member> {
    let open = |value: &Value| Kind::Unknown(Unknown::derived(Type::String, value.as_unknown()).into()).into();
    results.failed.iter().map(|value| member(open(value), value.clone(), false)).collect()
}

/// An object with a tuple of values for each key.
fn grouped(results: Results<(Value, Value)>) -> Value {
    if results.is_surely_empty() {
        return Value::object(Fields::new());
    }
    let mut groups: BTreeMap<Arc<str>, Vec<Member>> = BTreeMap::new();
    let (mut open, mut causes) = (failed_members(&results), results.causes);
    for ((key, value), certain) in results.items {
        match &key.kind {
            Kind::String(name) => {
                groups.entry(name.clone()).or_default().push(Member { key: None, value, certain });
            }
            _ => {
                causes.push(key.clone());
                let group = members_value(vec![Member { key: None, value, certain }], std::slice::from_ref(&key));
                open.push(member(key, group, certain));
            }
        }
    }
    if causes.is_empty() {
        let tuple = |members: Vec<Member>| Value::tuple(members.into_iter().map(|one| one.value).collect::<Vec<_>>());
        return Value::object(groups.into_iter().map(|(name, members)| (name, tuple(members))).collect());
    }
    open.extend(groups.into_iter().map(|(name, members)| {
        let certain = members.iter().any(|one| one.certain);
        member(Kind::String(name).into(), members_value(members, &causes), certain)
    }));
    members_value(open, &causes)
}
