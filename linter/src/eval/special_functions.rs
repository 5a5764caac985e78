//! Calls: arguments, where the function comes from, and the functions that take expressions instead of values.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use super::EvalError;
use super::alternatives::one_of;
use super::expression::{Doubt, Evaluation};
use super::functions::{self, Call};
use super::render::render_template;
use crate::source::Span;
use crate::syntax::{Expr, ExprKind};
use crate::value::{Fields, Kind, Reason, Type, Unknown, Value};

/// Arguments with their places; `None` if there may be more that are not known.
struct Arguments {
    values: Vec<Value>,
    spans: Vec<Span>,
    /// The last argument, if it should be expanded and is not known.
    open: Option<Value>,
}

impl Evaluation<'_> {
    /// `name(arguments)`
    pub(super) fn call(&self, expr: Expr<'_>, name: &str, expand: bool) -> Result<Value, EvalError> {
        match name.strip_prefix("core::").unwrap_or(name) {
            "try" if !expand => self.try_call(expr),
            "can" if !expand => self.can_call(expr),
            "templatestring" if !expand => self.template_string(expr),
            _ => self.plain_call(expr, name, expand),
        }
    }

    fn plain_call(&self, expr: Expr<'_>, name: &str, expand: bool) -> Result<Value, EvalError> {
        let span = expr.span();
        let arguments = self.arguments(expr, expand)?;
        if arguments.values.iter().any(|value| !value.is_wholly_known()) {
            self.doubts();
        }
        if let Some(open) = arguments.open {
            self.doubts();
            let unknown = Unknown::derived(Type::Any, open.as_unknown());
            return Ok(Value::from(Kind::Unknown(unknown.into())).marked(open.marks));
        }
        let call = Call { name, args: &arguments.values, arg_spans: &arguments.spans, span };
        let result = match self.scope.call(&call, self.context) {
            Some(result) => result?,
            None if name.starts_with("provider::") => {
                self.doubts();
                Value::unknown(Type::Any, Reason::Function(name.into()))
            }
            None => functions::call(&call, self.context).map_err(|error| EvalError {
                // Terraform looks functions up when it evaluates, so `try` catches a wrong name.
                catchable: error.catchable || functions::find(name).is_none(),
                ..error
            })?,
        };
        self.check_extent(&result, span)?;
        self.spend_on(&result, span)?;
        Ok(result)
    }

    fn arguments(&self, expr: Expr<'_>, expand: bool) -> Result<Arguments, EvalError> {
        let count = expr.children().len();
        let mut arguments =
            Arguments { values: Vec::with_capacity(count), spans: Vec::with_capacity(count), open: None };
        for (idx, child) in expr.children().enumerate() {
            let span = child.span();
            if expand && idx + 1 == count {
                let last = self.strict().value(child)?;
                match &last.kind {
                    Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                        self.check_items(items.len(), span)?;
                        self.context.spend(items.len() as u64, span)?;
                        arguments.values.extend(items.iter().map(|item| item.clone().marked(last.marks)));
                        arguments.spans.extend(items.iter().map(|_| span));
                    }
                    Kind::Unknown(unknown) => match &unknown.ty {
                        Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_) => arguments.open = Some(last),
                        Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Object(_) => {
                            return Err(not_expandable(span));
                        }
                    },
                    Kind::Null(_) => {
                        return Err(EvalError::new(span, "The expanding argument (indicated by ...) must not be null"));
                    }
                    Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(..) | Kind::Object(_) => {
                        return Err(not_expandable(span));
                    }
                }
            } else {
                arguments.values.push(self.part(child)?);
                arguments.spans.push(span);
            }
        }
        Ok(arguments)
    }

    /// Evaluates apart, and says whether success depended on values that are not known.
    fn attempt(&self, expr: Expr<'_>) -> Result<(Result<Value, EvalError>, Doubt), EvalError> {
        let doubt = Cell::new(Doubt::None);
        let result = Evaluation { doubt: &doubt, errors: None, ..*self }.value(expr);
        match result {
            Err(error) if !error.catchable => Err(error),
            result => Ok((result, doubt.get())),
        }
    }

    /// The first argument that evaluates. Where that depends on what is not known, it is one of those that may be it.
    fn try_call(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        let (mut candidates, mut failures) = (Vec::new(), Vec::new());
        for argument in expr.children() {
            let (result, doubt) = self.attempt(argument)?;
            match result {
                Ok(value) if is_doubtful(doubt, &value) => candidates.push(value),
                Ok(value) if candidates.is_empty() => return Ok(value),
                Ok(value) => {
                    candidates.push(value);
                    break;
                }
                Err(error) => failures.push(error.message),
            }
        }
        if candidates.is_empty() {
            if failures.is_empty() {
                return Err(EvalError::fixed(expr.span(), "try() failed: at least one argument is required"));
            }
            return Err(EvalError::new(
                expr.span(),
                format!("try() failed: no expression succeeded: {}", failures.join("; ")),
            ));
        }
        self.doubts();
        Ok(one_of(candidates, None))
    }

    /// Whether the argument evaluates.
    fn can_call(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        let mut arguments = expr.children();
        let (Some(argument), None) = (arguments.next(), arguments.next()) else {
            return Err(EvalError::fixed(expr.span(), "can() takes exactly one argument"));
        };
        let (result, doubt) = self.attempt(argument)?;
        Ok(match result {
            Ok(value) if is_doubtful(doubt, &value) => {
                let mut unknown = Unknown::derived(Type::Bool, value.unknowns_within());
                unknown.refinement.not_null = true;
                Kind::Unknown(unknown.into()).into()
            }
            Ok(_) => true.into(),
            Err(_) => false.into(),
        })
    }

    /// Renders a string as a template. Terraform takes only references here, for a literal template needs no function.
    fn template_string(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        let arguments: Vec<Expr<'_>> = expr.children().collect();
        let &[template, variables] = arguments.as_slice() else {
            return Err(EvalError::fixed(expr.span(), "templatestring() takes exactly two arguments"));
        };
        if !is_reference(template) {
            return Err(EvalError::new(
                template.span(),
                "templatestring() renders templates that are retrieved dynamically, not ones written in place",
            )
            .with_help("Write the template as a quoted template, or put it into a local value and refer to that."));
        }
        let (text, variables) = (self.strict().value(template)?, self.strict().value(variables)?);
        let marks = text.marks.union(variables.marks);
        if let Some(unknown) = text.as_unknown().or(variables.as_unknown()) {
            self.doubts();
            let unknown = Unknown::derived(Type::String, [unknown]);
            return Ok(Value::from(Kind::Unknown(unknown.into())).marked(marks));
        }
        let Some(fields) = variables.as_fields() else {
            return Err(EvalError::new(expr.span(), "The variables of templatestring() must be an object or a map"));
        };
        let Some(text) = text.as_str() else {
            return Err(EvalError::new(template.span(), "The template of templatestring() must be a string"));
        };
        self.render(text, fields, template.span()).map(|value| value.marked(marks))
    }

    fn render(&self, text: &str, fields: &Fields, span: Span) -> Result<Value, EvalError> {
        let bytes: Arc<[u8]> = text.as_bytes().into();
        render_template(Path::new("templatestring"), bytes, fields, span, self.context)
    }
}

/// Whether a value may after all be none, because what it depends on is not known.
fn is_doubtful(doubt: Doubt, value: &Value) -> bool {
    match doubt {
        Doubt::None => false,
        Doubt::Open => !value.is_wholly_known(),
        Doubt::Failing => true,
    }
}

fn not_expandable(span: Span) -> EvalError {
    EvalError::new(span, "The expanding argument (indicated by ...) must be of a tuple, list, or set type")
}

fn is_reference(expr: Expr<'_>) -> bool {
    match expr.kind() {
        ExprKind::Variable(_) => true,
        ExprKind::GetAttr(object, _) | ExprKind::Index(object, _) | ExprKind::Paren(object) => is_reference(object),
        _ => false,
    }
}
