//! `condition ? then : otherwise`, also as `%{if}`.

use super::EvalError;
use super::alternatives::one_of;
use super::expression::Evaluation;
use crate::source::Span;
use crate::syntax::Expr;
use crate::value::{Marks, Type, Value, convert, unify};

/// A condition, with the marks it had.
pub(super) struct Condition {
    /// `None` if it is not known.
    pub(super) value: Option<bool>,
    /// The condition as it was.
    pub(super) raw: Value,
}

impl Evaluation<'_> {
    /// Both arms are evaluated, for their types decide the type of the result; only the error of the chosen one counts.
    pub(super) fn conditional(
        &self,
        condition: Expr<'_>,
        then: Expr<'_>,
        otherwise: Expr<'_>,
        span: Span,
    ) -> Result<Value, EvalError> {
        let arms = self.strict();
        let then = catch(arms.value(then))?;
        let otherwise = catch(arms.value(otherwise))?;
        let condition = self.condition(condition)?;
        self.choose(&condition, then, otherwise, span)
    }

    /// The value of a condition.
    pub(super) fn condition(&self, expr: Expr<'_>) -> Result<Condition, EvalError> {
        let (raw, span) = (self.strict().operand(expr)?, expr.span());
        if raw.is_null() && self.is_rules() {
            return Ok(Condition { value: Some(false), raw });
        }
        if raw.is_null() {
            return Err(EvalError::new(span, "The condition value is null: conditions must be true or false"));
        }
        if raw.is_unknown() {
            self.doubts();
            return Ok(Condition { value: None, raw });
        }
        match convert(&raw, &Type::Bool) {
            Ok(value) => Ok(Condition { value: value.as_bool(), raw }),
            Err(error) => Err(EvalError::new(span, format!("The condition must be of type bool: {error}"))),
        }
    }

    fn choose(
        &self,
        condition: &Condition,
        then: Result<Value, EvalError>,
        otherwise: Result<Value, EvalError>,
        span: Span,
    ) -> Result<Value, EvalError> {
        let marks_of = |arm: &Result<Value, EvalError>| arm.as_ref().map_or(Marks::NONE, |value| value.marks);
        let marks = condition.raw.marks.union(marks_of(&then)).union(marks_of(&otherwise));
        let (then, otherwise, ty) = match (then, otherwise) {
            (Ok(then), Ok(otherwise)) => {
                let ty = common_type(&then, &otherwise).ok_or_else(|| inconsistent(&then, &otherwise, span))?;
                (Ok(then), Ok(otherwise), ty)
            }
            (then, otherwise) => (then, otherwise, Type::Any),
        };
        match condition.value {
            Some(true) => arm(then?, &ty, span).map(|value| value.marked(marks)),
            Some(false) => arm(otherwise?, &ty, span).map(|value| value.marked(marks)),
            None => {
                // An arm that fails is chosen at apply or not; here it is one more thing that is not known.
                let then = then.and_then(|value| arm(value, &ty, span)).unwrap_or_else(|error| error.to_unknown());
                let otherwise =
                    otherwise.and_then(|value| arm(value, &ty, span)).unwrap_or_else(|error| error.to_unknown());
                let either = one_of(vec![then, otherwise], condition.raw.as_unknown());
                self.check_extent(&either, span)?;
                Ok(either.marked(marks))
            }
        }
    }
}

/// The result of an arm; only errors that stand whichever arm is chosen come out as errors.
fn catch(arm: Result<Value, EvalError>) -> Result<Result<Value, EvalError>, EvalError> {
    match arm {
        Err(error) if !error.catchable => Err(error),
        other => Ok(other),
    }
}

/// The type that both arms have in common, as Terraform unifies them; `None` if there is none.
pub(super) fn common_type(then: &Value, otherwise: &Value) -> Option<Type> {
    let is_bare_null = |value: &Value| value.is_null() && value.type_of() == Type::Any;
    if is_bare_null(then) {
        return Some(otherwise.type_of());
    }
    if is_bare_null(otherwise) {
        return Some(then.type_of());
    }
    let (then, otherwise) = (then.type_of(), otherwise.type_of());
    if then == otherwise { Some(then) } else { unify(&[then, otherwise]) }
}

fn arm(value: Value, ty: &Type, span: Span) -> Result<Value, EvalError> {
    let from = value.type_of();
    // The type of a value of open type may still change the common type, so it stays open.
    if *ty == Type::Any || from == *ty || (from == Type::Any && value.is_unknown()) {
        return Ok(value);
    }
    convert(&value, ty)
        .map_err(|error| EvalError::new(span, format!("The true and false results have inconsistent types: {error}")))
}

fn inconsistent(then: &Value, otherwise: &Value, span: Span) -> EvalError {
    let (then, otherwise) = (then.type_of(), otherwise.type_of());
    EvalError::new(
        span,
        format!("The true and false results have inconsistent types: {} and {}", then.friendly(), otherwise.friendly()),
    )
    .with_help("Convert one of them, for example with tolist(), tomap() or tostring().")
}
