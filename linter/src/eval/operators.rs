//! Unary and binary operators.

use super::EvalError;
use super::alternatives::combine;
use super::expression::Evaluation;
use crate::source::Span;
use crate::syntax::{BinaryOp, Expr, UnaryOp};
use crate::value::{Kind, Number, Type, Undefined, Unknown, Value, convert, equal};

impl Evaluation<'_> {
    /// `-x`, `!x`
    pub(super) fn unary(&self, op: UnaryOp, expr: Expr<'_>, span: Span) -> Result<Value, EvalError> {
        let ty = match op {
            UnaryOp::Negate => Type::Number,
            UnaryOp::Not => Type::Bool,
        };
        let given = self.strict().operand(expr)?;
        let is_rules = self.is_rules();
        let work = |value: &Value| {
            if is_rules && value.is_null() {
                return Ok(absent_operand(op).marked(value.marks));
            }
            let value = operand_as(value, &ty, "the operand", expr.span())?;
            let result = match (op, &value.kind) {
                (UnaryOp::Negate, Kind::Number(number)) => number.neg().into(),
                (UnaryOp::Not, Kind::Bool(truth)) => (!truth).into(),
                _ => unknown_result(ty.clone(), &[&value]),
            };
            Ok(result.marked(value.marks))
        };
        if given.is_unknown() {
            self.doubts();
            if let Some(result) = combine(&given, &Value::null(), &mut |value, _| work(value)) {
                return Ok(result);
            }
        }
        self.context.spend(1, span)?;
        work(&given)
    }

    /// `a + b` and the like. Both sides are evaluated, as Terraform does, so an error on either side counts;
    /// in rules `&&` and `||` stop at the first side if it decides.
    pub(super) fn binary(&self, op: BinaryOp, left: Expr<'_>, right: Expr<'_>, span: Span) -> Result<Value, EvalError> {
        let strict = self.strict();
        let (left_span, right_span) = (left.span(), right.span());
        let left = strict.operand(left);
        if let (Ok(value), true, Some(decisive)) = (&left, self.is_rules(), decisive(op))
            && truth(value, left_span)? == Some(decisive)
        {
            return Ok(Value::from(decisive).marked(value.marks));
        }
        let (left, right) = (left?, strict.operand(right)?);
        let spans = Spans { left: left_span, right: right_span, whole: span, is_rules: self.is_rules() };
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            return Ok(equality(op, &left, &right));
        }
        if left.is_unknown() || right.is_unknown() {
            self.doubts();
            if let Some(result) = combine(&left, &right, &mut |left, right| apply(op, left, right, spans)) {
                return Ok(result);
            }
        }
        apply(op, &left, &right, spans)
    }
}

/// Where an operation and its operands stand.
#[derive(Clone, Copy)]
struct Spans {
    left: Span,
    right: Span,
    whole: Span,
    /// Whether an operand may be null, as what is not written is in rules.
    is_rules: bool,
}

/// What an operator makes of null in rules: what is not written is not true, and no number.
fn absent_operand(op: UnaryOp) -> Value {
    match op {
        UnaryOp::Negate => Value::null_of(Type::Number),
        UnaryOp::Not => true.into(),
    }
}

/// What an operator makes of two operands of which one or both are null, in rules: nothing is more or less than null.
fn absent_operands(op: BinaryOp, left: &Value, right: &Value, spans: Spans) -> Result<Value, EvalError> {
    let marks = left.marks.union(right.marks);
    match op {
        BinaryOp::And | BinaryOp::Or => {
            let given = |value: &Value| if value.is_null() { Value::from(false) } else { value.clone() };
            apply(op, &given(left), &given(right), spans).map(|result| result.marked(marks))
        }
        BinaryOp::Equal | BinaryOp::NotEqual => Ok(equality(op, left, right)),
        BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
            Ok(Value::from(false).marked(marks))
        }
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => {
            Ok(Value::null_of(Type::Number).marked(marks))
        }
    }
}

/// The operand that settles `&&` and `||` alone.
fn decisive(op: BinaryOp) -> Option<bool> {
    match op {
        BinaryOp::And => Some(false),
        BinaryOp::Or => Some(true),
        _ => None,
    }
}

/// The truth of the left operand in rules, where null is not true.
fn truth(value: &Value, span: Span) -> Result<Option<bool>, EvalError> {
    if value.is_null() {
        return Ok(Some(false));
    }
    operand_as(value, &Type::Bool, "the left operand", span).map(|value| value.as_bool())
}

/// An operand as the operator takes it: of the type, and not null.
fn operand_as(value: &Value, ty: &Type, which: &str, span: Span) -> Result<Value, EvalError> {
    if value.is_null() {
        return Err(EvalError::new(span, format!("Operation failed: {which} is null")));
    }
    convert(value, ty)
        .map(|converted| converted.marked(value.marks))
        .map_err(|error| EvalError::new(span, format!("Unsuitable value for {which}: {error}")))
}

/// `==` and `!=`: any two values can be compared.
fn equality(op: BinaryOp, left: &Value, right: &Value) -> Value {
    let marks = left.deep_marks().union(right.deep_marks());
    let result = match equal(left, right) {
        Some(same) => Value::from(same == (op == BinaryOp::Equal)),
        None => {
            let unknowns = left.unknowns_within().into_iter().chain(right.unknowns_within());
            let mut unknown = Unknown::derived(Type::Bool, unknowns);
            unknown.refinement.not_null = true;
            Kind::Unknown(unknown.into()).into()
        }
    };
    result.marked(marks)
}

fn apply(op: BinaryOp, left: &Value, right: &Value, spans: Spans) -> Result<Value, EvalError> {
    if spans.is_rules && (left.is_null() || right.is_null()) {
        return absent_operands(op, left, right, spans);
    }
    let ty = match op {
        BinaryOp::And | BinaryOp::Or => Type::Bool,
        BinaryOp::Equal | BinaryOp::NotEqual => return Ok(equality(op, left, right)),
        BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide
        | BinaryOp::Modulo => Type::Number,
    };
    let left = operand_as(left, &ty, "the left operand", spans.left)?;
    let right = operand_as(right, &ty, "the right operand", spans.right)?;
    let marks = left.marks.union(right.marks);
    let result = match (&left.kind, &right.kind) {
        (Kind::Number(a), Kind::Number(b)) => {
            numbers(op, a, b).map_err(|error| EvalError::new(spans.whole, format!("Operation failed: {error}")))?
        }
        _ if ty == Type::Bool => logic(op, &left, &right),
        _ => bounded(op, &left, &right).map_or_else(|| unknown_result(result_type(op), &[&left, &right]), Value::from),
    };
    Ok(result.marked(marks))
}

/// `&&` and `||` after Kleene: one side that decides is enough, even if the other is not known.
fn logic(op: BinaryOp, left: &Value, right: &Value) -> Value {
    let deciding = op == BinaryOp::Or;
    match (left.as_bool(), right.as_bool()) {
        (Some(a), _) if a == deciding => deciding.into(),
        (_, Some(b)) if b == deciding => deciding.into(),
        (Some(_), Some(_)) => (!deciding).into(),
        _ => unknown_result(Type::Bool, &[left, right]),
    }
}

fn result_type(op: BinaryOp) -> Type {
    match op {
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => Type::Number,
        BinaryOp::Or
        | BinaryOp::And
        | BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual => Type::Bool,
    }
}

/// Arithmetic and comparison of known numbers.
fn numbers(op: BinaryOp, a: &Number, b: &Number) -> Result<Value, Undefined> {
    Ok(match op {
        BinaryOp::Add => a.add(b)?.into(),
        BinaryOp::Subtract => a.sub(b)?.into(),
        BinaryOp::Multiply => a.mul(b)?.into(),
        BinaryOp::Divide => a.div(b)?.into(),
        BinaryOp::Modulo => a.rem(b)?.into(),
        BinaryOp::Less => (a < b).into(),
        BinaryOp::LessEqual => (a <= b).into(),
        BinaryOp::Greater => (a > b).into(),
        BinaryOp::GreaterEqual => (a >= b).into(),
        BinaryOp::NotEqual => (a != b).into(),
        BinaryOp::Or | BinaryOp::And | BinaryOp::Equal => (a == b).into(),
    })
}

/// A comparison that the bounds of unknown numbers decide.
fn bounded(op: BinaryOp, left: &Value, right: &Value) -> Option<bool> {
    let ((left_min, left_max), (right_min, right_max)) = (bounds(left), bounds(right));
    let surely_less = |max: &Option<Number>, min: &Option<Number>| matches!((max, min), (Some(a), Some(b)) if a < b);
    let surely_at_most =
        |max: &Option<Number>, min: &Option<Number>| matches!((max, min), (Some(a), Some(b)) if a <= b);
    let decide = |yes: bool, no: bool| {
        if yes {
            Some(true)
        } else if no {
            Some(false)
        } else {
            None
        }
    };
    match op {
        BinaryOp::Less => decide(surely_less(&left_max, &right_min), surely_at_most(&right_max, &left_min)),
        BinaryOp::LessEqual => decide(surely_at_most(&left_max, &right_min), surely_less(&right_max, &left_min)),
        BinaryOp::Greater => decide(surely_less(&right_max, &left_min), surely_at_most(&left_max, &right_min)),
        BinaryOp::GreaterEqual => decide(surely_at_most(&right_max, &left_min), surely_less(&left_max, &right_min)),
        _ => None,
    }
}

/// The least and the greatest that a number can be.
fn bounds(value: &Value) -> (Option<Number>, Option<Number>) {
    match &value.kind {
        Kind::Number(number) => (Some(number.clone()), Some(number.clone())),
        Kind::Unknown(unknown) => (unknown.refinement.min.clone(), unknown.refinement.max.clone()),
        _ => (None, None),
    }
}

/// An unknown result for the reasons its operands are unknown. Operators never give null.
fn unknown_result(ty: Type, operands: &[&Value]) -> Value {
    let mut unknown = Unknown::derived(ty, operands.iter().filter_map(|operand| operand.as_unknown()));
    unknown.refinement.not_null = true;
    Kind::Unknown(unknown.into()).into()
}
