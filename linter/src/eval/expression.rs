//! Expressions to values: the entry points, and the forms that need no file of their own.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::{Context, Dialect, EvalError, Scope};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{Expr, ExprKind, ObjectItem};
use crate::value::{Fields, Kind, Knowledge, Marks, Member, Number, Origin, OriginKind, Type, Unknown, Value, convert};

/// More errors than this are not collected from one expression.
const MAX_ERRORS: usize = 20;

/// The value of an expression.
///
/// # Errors
/// When Terraform would refuse the expression, or a bound is reached.
pub fn evaluate(expr: Expr<'_>, scope: &dyn Scope, context: &Context<'_>) -> Result<Value, EvalError> {
    let doubt = Cell::new(Doubt::None);
    Evaluation { scope, context, item: None, doubt: &doubt, errors: None }.value(expr)
}

/// The value of an expression; what fails becomes a diagnostic and an unknown value, and the rest is still evaluated.
pub fn evaluate_or_unknown(
    expr: Expr<'_>,
    scope: &dyn Scope,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Value {
    let (doubt, errors) = (Cell::new(Doubt::None), RefCell::new(Vec::new()));
    let result = Evaluation { scope, context, item: None, doubt: &doubt, errors: Some(&errors) }.value(expr);
    diagnostics.extend(errors.into_inner().iter().map(EvalError::to_diagnostic));
    result.unwrap_or_else(|error| {
        diagnostics.push(error.to_diagnostic());
        error.to_unknown()
    })
}

/// Whether success depends on values that are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// It does not.
    None,
    /// It may: something was done with a value that is not known.
    Open,
    /// It does: for some of the values that are possible it fails, and those were left out.
    Failing,
}

/// One evaluation: names, bounds, and what the place in the expression adds.
#[derive(Clone, Copy)]
pub(super) struct Evaluation<'e> {
    /// What names mean here.
    pub(super) scope: &'e dyn Scope,
    /// Bounds and the machine.
    pub(super) context: &'e Context<'e>,
    /// The item of the innermost splat around.
    pub(super) item: Option<&'e Value>,
    /// Raised once the success of the evaluation depends on a value that is not known.
    pub(super) doubt: &'e Cell<Doubt>,
    /// Where errors in parts of constructors go; without it they fail the whole expression.
    pub(super) errors: Option<&'e RefCell<Vec<EvalError>>>,
}

impl<'e> Evaluation<'e> {
    /// The value of an expression. Literals say where they stand.
    pub(super) fn value(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        let span = expr.span();
        self.context.spend(1, span)?;
        self.context.deeper(span, || self.dispatch(expr, span))
    }

    fn dispatch(&self, expr: Expr<'_>, span: Span) -> Result<Value, EvalError> {
        match expr.kind() {
            ExprKind::Missing => Err(missing(span)),
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) => {
                Ok(written(literal(expr), span))
            }
            ExprKind::Template => Ok(written(self.template(expr)?, span)),
            ExprKind::Wrapped(inner) | ExprKind::Paren(inner) => self.value(inner),
            ExprKind::Variable(_) | ExprKind::GetAttr(..) | ExprKind::Index(..) => self.chain(expr),
            ExprKind::Splat { object, each, .. } => self.splat(object, each, span),
            ExprKind::SplatItem => self.item.cloned().ok_or_else(|| missing(span)),
            ExprKind::Call { name, expand, .. } => self.call(expr, name, expand),
            ExprKind::Unary(op, operand) => self.unary(op, operand, span),
            ExprKind::Binary(op, left, right) => self.binary(op, left, right, span),
            ExprKind::Conditional(condition, then, otherwise) => self.conditional(condition, then, otherwise, span),
            ExprKind::Tuple => self.tuple(expr, span),
            ExprKind::Object => self.object(expr, span),
            ExprKind::ForTuple(parts) => self.for_tuple(&parts, span),
            ExprKind::ForObject(parts) => self.for_object(&parts, span),
        }
    }

    /// The value of an expression of which only the value matters: literals do not say where they stand.
    pub(super) fn operand(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        match expr.kind() {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) => Ok(literal(expr)),
            ExprKind::Missing
            | ExprKind::Template
            | ExprKind::Wrapped(_)
            | ExprKind::Variable(_)
            | ExprKind::GetAttr(..)
            | ExprKind::Index(..)
            | ExprKind::Splat { .. }
            | ExprKind::SplatItem
            | ExprKind::Call { .. }
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Conditional(..)
            | ExprKind::Paren(_)
            | ExprKind::Tuple
            | ExprKind::Object
            | ExprKind::ForTuple(_)
            | ExprKind::ForObject(_) => self.value(expr),
        }
    }

    /// A part of a constructor: if errors are collected, a failing part is unknown and the others stand.
    pub(super) fn part(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        self.collect(self.value(expr))
    }

    fn collect(&self, result: Result<Value, EvalError>) -> Result<Value, EvalError> {
        let (Err(error), Some(errors)) = (&result, self.errors) else { return result };
        let mut errors = errors.borrow_mut();
        if errors.len() >= MAX_ERRORS || error.is_limit() {
            return result;
        }
        errors.push(error.clone());
        Ok(error.to_unknown())
    }

    /// The same place, where an error must be seen at once because it decides what happens.
    pub(super) fn strict(&self) -> Self {
        Self { errors: None, ..*self }
    }

    /// Says that success may depend on a value that is not known.
    pub(super) fn doubts(&self) {
        self.doubt.set(self.doubt.get().max(Doubt::Open));
    }

    /// Says that a possible value was left out because evaluation fails for it.
    pub(super) fn fails_perhaps(&self) {
        self.doubt.set(Doubt::Failing);
    }

    pub(super) fn is_rules(&self) -> bool {
        self.context.dialect == Dialect::Rules
    }

    /// Checks the number of items of a collection.
    pub(super) fn check_items(&self, count: usize, span: Span) -> Result<(), EvalError> {
        let limit = self.context.limits.items;
        if count > limit { Err(EvalError::limit(span, format!("{limit} items in one collection"))) } else { Ok(()) }
    }

    fn tuple(&self, expr: Expr<'_>, span: Span) -> Result<Value, EvalError> {
        self.check_items(expr.children().len(), span)?;
        let mut items = Vec::with_capacity(expr.children().len());
        for child in expr.children() {
            items.push(self.part(child)?);
        }
        let value = Value::tuple(items);
        self.check_extent(&value, span)?;
        Ok(written(value, span))
    }

    fn object(&self, expr: Expr<'_>, span: Span) -> Result<Value, EvalError> {
        self.check_items(expr.object_items().len(), span)?;
        let mut members = Vec::new();
        let (mut fields, mut marks) = (Fields::new(), Marks::NONE);
        for item in expr.object_items() {
            let (key, value) = (self.object_key(&item)?, self.part(item.value)?);
            marks = marks.union(key.marks);
            // Whatever comes later may have the same key, and replaces it then.
            if let Some(last) = members.last_mut().filter(|last: &&mut Member| !is_text(last)) {
                last.certain = false;
            }
            match key.as_str() {
                Some(name) => {
                    fields.insert(name.into(), value);
                }
                None => {
                    let known = std::mem::take(&mut fields);
                    // A key that is not known may be one of those before it, which the later one then replaces.
                    members.extend(known.into_iter().map(|(name, value)| member(Value::string(name), value, false)));
                    members.push(member(key, value, true));
                }
            }
        }
        let value = if members.is_empty() {
            Value::object(fields)
        } else {
            members.extend(fields.into_iter().map(|(name, value)| member(Value::string(name), value, true)));
            members_value(members, &[])
        };
        self.check_extent(&value, span)?;
        Ok(written(value, span).marked(marks))
    }

    /// The key of an item: text, or unknown.
    fn object_key(&self, item: &ObjectItem<'_>) -> Result<Value, EvalError> {
        let (expr, span) = (item.key, item.key.span());
        if matches!(expr.kind(), ExprKind::GetAttr(..) | ExprKind::Index(..)) && expr.as_traversal().is_some() {
            return Err(EvalError::fixed(span, format!("Ambiguous attribute key: {}", expr.text())).with_help(
                "Put parentheses around a reference whose value is the key, or quotes around a name with dots.",
            ));
        }
        let key = match expr.kind() {
            // A bare name is the key itself, never a reference.
            ExprKind::Variable(name) => return Ok(Value::string(name)),
            _ => self.strict().operand(expr)?,
        };
        if key.is_null() {
            return Err(EvalError::new(span, "Null value as key: can't use a null value as a key"));
        }
        let marks = key.marks;
        let key = convert(&key, &Type::String)
            .map_err(|error| EvalError::new(span, format!("Can't use this value as a key: {error}")))?;
        if key.is_unknown() {
            self.doubts();
        }
        Ok(key.marked(marks))
    }
}

/// What a part of the tree that could not be parsed gives; its diagnostic was given by the parser.
fn missing(span: Span) -> EvalError {
    EvalError::fixed(span, "This expression could not be read")
}

/// The value of a literal, without its place.
fn literal(expr: Expr<'_>) -> Value {
    match expr.kind() {
        ExprKind::Bool(value) => value.into(),
        ExprKind::Number(digits) => Number::parse(digits).map_or_else(Value::null, Value::from),
        ExprKind::String(text) => Value::string(text),
        _ => Value::null(),
    }
}

/// A value that is written down at a place.
fn written(value: Value, span: Span) -> Value {
    value.from_origin(Some(Origin::new(OriginKind::Literal, Some(span))))
}

fn is_text(member: &Member) -> bool {
    member.key.as_ref().is_some_and(|key| key.as_str().is_some())
}

pub(super) fn member(key: Value, value: Value, certain: bool) -> Member {
    Member { key: Some(key), value, certain }
}

/// A collection of which only members are known: unknown because of `causes`, or because keys are.
pub(super) fn members_value(members: Vec<Member>, causes: &[Value]) -> Value {
    let keys = members.iter().filter_map(|member| member.key.as_ref());
    let unknowns = causes.iter().chain(keys).filter_map(Value::as_unknown);
    let mut unknown = Unknown::derived(Type::Any, unknowns);
    unknown.refinement.not_null = true;
    unknown.knowledge = Knowledge::Members(members.into());
    Kind::Unknown(Arc::new(unknown)).into()
}
