//! What is the same for all functions: arity, conversion, null, unknown arguments, marks, bounds on the result.

use std::sync::Arc;

use super::{Call, Function, FunctionError, MarkPolicy, Unknowns, absent, all, find};
use crate::diagnostic::closest;
use crate::eval::alternatives::one_of;
use crate::eval::{Context, Dialect, EvalError};
use crate::source::Span;
use crate::value::{Kind, Knowledge, Marks, Refinement, Type, Unknown, Value, convert};

/// More alternatives of an unknown argument than this are not tried.
const MAX_ALTERNATIVES: usize = 8;

/// What a function does, where it needs more than its arguments.
pub type Body<'b> = &'b dyn Fn(&Call<'_>, &Context<'_>) -> Result<Value, FunctionError>;

/// Calls a function of Terraform.
///
/// # Errors
/// When there is no such function, the number of arguments is wrong, an argument cannot be converted, or the function refuses them.
pub fn call(call: &Call<'_>, context: &Context<'_>) -> Result<Value, EvalError> {
    let Some(function) = find(call.name) else {
        return Err(no_such_function(call));
    };
    call_with(function, &function.implementation, call, context)
}

/// Calls a function that a scope brings along: its signature is treated as Terraform's are, `body` does the work.
///
/// # Errors
/// When the number of arguments is wrong, an argument cannot be converted, or the function refuses them.
pub fn call_with(
    function: &Function,
    body: Body<'_>,
    call: &Call<'_>,
    context: &Context<'_>,
) -> Result<Value, EvalError> {
    check_arity(function, call)?;
    context.spend(work(call), call.span)?;
    let filled = if context.dialect == Dialect::Rules { absent::fill(function, call) } else { absent::Filled::AsGiven };
    let call = match &filled {
        absent::Filled::AsGiven => call,
        absent::Filled::Arguments(args) => &Call { args, ..*call },
        absent::Filled::Result(result) => return Ok(result.clone()),
    };
    let (args, marks) = prepare(function, call)?;
    let prepared = Call { args: &args, ..*call };
    let result = Callee { function, body, context }
        .run(&prepared)
        .map_err(|error| located(function, call, discreet(call, error)))?;
    check_size(&result, call, context)?;
    Ok(result.marked(marks))
}

/// Bytes of text that count as one step.
const BYTES_A_STEP: u64 = 16;

/// Steps that a call takes: long text and large collections take long to go through, again and again in a loop.
fn work(call: &Call<'_>) -> u64 {
    let bytes = call.args.iter().filter_map(Value::as_str).map(|text| text.len() as u64);
    let items = call.args.iter().filter_map(Value::as_items).map(|items| items.len() as u64);
    let fields = call.args.iter().filter_map(Value::as_fields).map(|fields| fields.len() as u64);
    1 + call.args.len() as u64 + bytes.sum::<u64>() / BYTES_A_STEP + items.sum::<u64>() + fields.sum::<u64>()
}

fn no_such_function(call: &Call<'_>) -> EvalError {
    let error = EvalError::fixed(call.span, format!("There is no function named {:?}", call.name));
    match closest(call.name, all().map(|function| function.name)) {
        Some(name) => error.with_help(format!("Did you mean {name:?}?")),
        None => error,
    }
}

fn check_arity(function: &Function, call: &Call<'_>) -> Result<(), EvalError> {
    let (given, wanted) = (call.args.len(), function.parameters.len());
    let (name, error) = (function.name, |message| Err(EvalError::fixed(call.span, message)));
    if given < wanted {
        let missing: Vec<_> = function.parameters.iter().skip(given).map(|p| format!("{:?}", p.name)).collect();
        return error(format!("Not enough arguments for {name}(): {} missing", missing.join(", ")));
    }
    if given > wanted && function.variadic.is_none() {
        return error(format!("Too many arguments for {name}(): it takes {wanted}, not {given}"));
    }
    Ok(())
}

/// The arguments as the implementation takes them, and the marks that go to the result.
fn prepare(function: &Function, call: &Call<'_>) -> Result<(Vec<Value>, Marks), EvalError> {
    let mut marks = Marks::NONE;
    let mut args = Vec::with_capacity(call.args.len());
    for (idx, arg) in call.args.iter().enumerate() {
        let Some(parameter) = function.parameter(idx) else { continue };
        let arg = convert(arg, &parameter.signature.to_type())
            .map_err(|error| located(function, call, FunctionError::argument(idx, error.to_string())))?;
        if arg.is_null() && !parameter.allow_null {
            return Err(located(function, call, FunctionError::argument(idx, "it must not be null")));
        }
        let (bare, own) = bare(arg, parameter.marks);
        marks = marks.union(own);
        args.push(bare);
    }
    Ok((args, marks))
}

/// The argument as the implementation sees it, and the marks that go to the result at once.
fn bare(arg: Value, policy: MarkPolicy) -> (Value, Marks) {
    match policy {
        MarkPolicy::Result => {
            let marks = arg.deep_marks();
            (arg.without_deep_marks(), marks)
        }
        MarkPolicy::Inside => {
            let marks = arg.marks;
            (Value { marks: Marks::NONE, ..arg }, marks)
        }
        MarkPolicy::Implementation => (arg, Marks::NONE),
    }
}

/// A function that is being called.
struct Callee<'f> {
    function: &'f Function,
    body: Body<'f>,
    context: &'f Context<'f>,
}

impl Callee<'_> {
    /// Runs the implementation; for each alternative where one argument is one of a few values.
    fn run(&self, call: &Call<'_>) -> Result<Value, FunctionError> {
        let mut open = call.args.iter().enumerate().filter(|(_, arg)| alternatives(arg).is_some());
        match (open.next(), open.next()) {
            (Some((idx, arg)), None) => self.run_alternatives(call, idx, arg),
            _ => self.run_once(call),
        }
    }

    /// Runs the implementation, or finds what is known of its result where an argument is too unknown for it.
    fn run_once(&self, call: &Call<'_>) -> Result<Value, FunctionError> {
        let blocked = call.args.iter().enumerate().any(|(idx, arg)| self.blocks(idx, arg));
        if blocked { Ok(unknown_result(self.function, call)) } else { (self.body)(call, self.context) }
    }

    fn blocks(&self, idx: usize, arg: &Value) -> bool {
        match self.function.parameter(idx).map(|parameter| parameter.unknowns) {
            None | Some(Unknowns::Any) => false,
            Some(Unknowns::Inside) => arg.is_unknown(),
            Some(Unknowns::No) => !arg.is_wholly_known(),
        }
    }

    /// The result for each alternative. One that fails leaves the result open: `try` would give something else for it.
    fn run_alternatives(&self, call: &Call<'_>, idx: usize, arg: &Value) -> Result<Value, FunctionError> {
        let mut results: Vec<Value> = Vec::new();
        let mut failure = None;
        let Some(parameter) = self.function.parameter(idx) else { return self.run_once(call) };
        for value in alternatives(arg).unwrap_or_default() {
            let (value, marks) = bare(value.clone(), parameter.marks);
            if value.is_null() && !parameter.allow_null {
                failure = Some(FunctionError::argument(idx, "it must not be null"));
                continue;
            }
            let mut args = call.args.to_vec();
            if let Some(arg) = args.get_mut(idx) {
                *arg = Value { marks: value.marks.union(arg.marks), ..value };
            }
            match self.run_once(&Call { args: &args, ..*call }) {
                Ok(result) => results.push(result.marked(marks)),
                Err(error) => failure = Some(error),
            }
        }
        match failure {
            Some(error) if results.is_empty() => Err(error),
            Some(_) => Ok(unknown_result(self.function, call)),
            None => Ok(one_of(results, arg.as_unknown())),
        }
    }
}

/// The few values that an unknown argument may have.
fn alternatives(arg: &Value) -> Option<&[Value]> {
    let Knowledge::OneOf(values) = &arg.as_unknown()?.knowledge else { return None };
    (1..=MAX_ALTERNATIVES).contains(&values.len()).then_some(values)
}

/// An unknown result that is unknown because of the arguments.
fn unknown_result(function: &Function, call: &Call<'_>) -> Value {
    let ty = function.result.to_type();
    // Only functions that may pass one of their arguments on can give null, and their result depends on the arguments.
    let not_null = ty != Type::Any;
    let mut unknown = Unknown::derived(ty, call.args.iter().flat_map(Value::unknowns_within));
    unknown.refinement = Refinement { not_null, ..Refinement::default() };
    Kind::Unknown(Arc::new(unknown)).into()
}

/// The error without its words if they might tell a secret.
fn discreet(call: &Call<'_>, error: FunctionError) -> FunctionError {
    if error.limit || !call.args.iter().any(|arg| arg.deep_marks().is_sensitive()) {
        return error;
    }
    let message = "an argument is sensitive, so what is wrong with it is not shown".to_owned();
    FunctionError { message, ..error }
}

/// Completes the message of an error and finds its place.
fn located(function: &Function, call: &Call<'_>, error: FunctionError) -> EvalError {
    let span = error.argument.and_then(|idx| call.arg_spans.get(idx)).copied().unwrap_or(call.span);
    if error.limit {
        return EvalError::limit(span, format!("{} in {}()", error.message, function.name));
    }
    match error.argument.and_then(|idx| function.parameter(idx)) {
        Some(parameter) => EvalError::new(
            span,
            format!("Invalid {:?} argument of {}(): {}", parameter.name, function.name, error.message),
        ),
        None => EvalError::new(span, format!("{}() failed: {}", function.name, error.message)),
    }
}

fn check_size(result: &Value, call: &Call<'_>, context: &Context<'_>) -> Result<(), EvalError> {
    let (limits, span): (_, Span) = (&context.limits, call.span);
    if result.as_str().is_some_and(|text| text.len() > limits.string_bytes) {
        return Err(EvalError::limit(span, format!("{} bytes in one string", limits.string_bytes)));
    }
    let items = result.as_items().map(<[Value]>::len).or_else(|| result.as_fields().map(|fields| fields.len()));
    if items.is_some_and(|count| count > limits.items) {
        return Err(EvalError::limit(span, format!("{} items in one collection", limits.items)));
    }
    Ok(())
}
