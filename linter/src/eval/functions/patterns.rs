//! Functions that find and replace, by text or by regular expression.

use std::cell::RefCell;
use std::sync::Arc;

use regex::{Captures, Regex, RegexBuilder};
use rustc_hash::FxHashMap;

use super::items::{check_bytes, check_count};
use super::pattern_syntax::{SyntaxError, translate};
use super::{Call, Function, FunctionError, Parameter, Signature};
use crate::eval::Context;
use crate::value::{Fields, Kind, ObjectAttribute, Type, Value};

const PATTERN: Parameter = Parameter::new("pattern", Signature::String);
const STRING: Parameter = Parameter::new("string", Signature::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("regex", &[PATTERN, STRING], Signature::Any, regex),
    Function::new("regexall", &[PATTERN, STRING], Signature::List(&Signature::Any), regexall),
    Function::new(
        "replace",
        &[
            Parameter { name: "str", ..STRING },
            Parameter { name: "substr", ..STRING },
            Parameter { name: "replace", ..STRING },
        ],
        Signature::String,
        replace,
    ),
];

/// The time of a search grows with the pattern and with the text, so the text that a pattern may search is the shorter
/// the larger the pattern is: bytes of the compiled pattern, bytes of text.
const SIZES: [(usize, usize); 3] = [(64 << 10, 16 << 20), (512 << 10, 1 << 20), (2 << 20, 64 << 10)];
/// Parentheses may nest no deeper than this.
const NESTING: u32 = 100;
/// In the worst case each of many matches takes a search of all the rest of the text: so many bytes of it are one step.
const BYTES_A_STEP: u64 = 100;

/// So many patterns are kept ready on each thread: rules and loops search for the same ones again and again.
const KEPT: usize = 64;

thread_local! {
    static READY: RefCell<FxHashMap<Box<str>, Regex>> = RefCell::default();
}

/// A pattern ready to search `text`.
fn compile(pattern: &str, argument: usize, text: &str) -> Result<Regex, FunctionError> {
    let [(small, searched), ..] = SIZES;
    if text.len() <= searched
        && let Some(ready) = READY.with_borrow(|ready| ready.get(pattern).cloned())
    {
        return Ok(ready);
    }
    let translated = translate(pattern).map_err(|error| match error {
        SyntaxError::Repetition(most) => {
            FunctionError::argument(argument, format!("no more than {most} repetitions can be asked for"))
        }
        SyntaxError::Unsupported(what) => {
            FunctionError::argument(argument, format!("{what} is not part of Terraform's patterns"))
        }
    })?;
    for (compiled, searched) in SIZES {
        match RegexBuilder::new(&translated).size_limit(compiled).nest_limit(NESTING).build() {
            Err(regex::Error::CompiledTooBig(_)) => {}
            Err(error) => return Err(unreadable(argument, &error)),
            Ok(_) if text.len() > searched => {
                return Err(FunctionError::limit(format!("{searched} bytes of text for so large a pattern")));
            }
            Ok(regex) => {
                if compiled == small {
                    keep(pattern, &regex);
                }
                return Ok(regex);
            }
        }
    }
    let most = SIZES.iter().map(|(compiled, _)| *compiled).max().unwrap_or(0);
    Err(FunctionError::limit(format!("{most} bytes in a compiled pattern")))
}

fn keep(pattern: &str, regex: &Regex) {
    READY.with_borrow_mut(|ready| {
        if ready.len() >= KEPT {
            ready.clear();
        }
        ready.insert(pattern.into(), regex.clone());
    });
}

fn unreadable(argument: usize, error: &regex::Error) -> FunctionError {
    let detail = error.to_string();
    let detail = detail.lines().last().unwrap_or("").trim_start_matches("error: ");
    FunctionError::argument(argument, format!("the pattern cannot be read: {detail}"))
}

/// Counts the work of a match that ends at `end`.
fn spend(call: &Call<'_>, context: &Context<'_>, text: &str, end: usize) -> Result<(), FunctionError> {
    let rest = text.len().saturating_sub(end) as u64;
    context.spend(1 + rest / BYTES_A_STEP, call.span).map_err(|error| FunctionError::limit(error.message))
}

/// What a pattern gives for a match.
enum Shape {
    /// The matched text.
    Whole,
    /// The text of each group.
    Groups,
    /// The text of each group by its name.
    Names(Vec<Arc<str>>),
}

fn shape(pattern: &Regex) -> Result<Shape, FunctionError> {
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    let named: Vec<Arc<str>> = names.iter().flatten().map(|name| (*name).into()).collect();
    match (names.len(), named.len()) {
        (0, _) => Ok(Shape::Whole),
        (_, 0) => Ok(Shape::Groups),
        (all, some) if all == some => Ok(Shape::Names(named)),
        _ => Err(FunctionError::argument(0, "named and unnamed groups cannot be mixed in one pattern")),
    }
}

impl Shape {
    fn ty(&self, pattern: &Regex) -> Type {
        match self {
            Self::Whole => Type::String,
            Self::Groups => Type::Tuple((1..pattern.captures_len()).map(|_| Type::String).collect()),
            Self::Names(names) => Type::Object(Arc::new(
                names.iter().map(|name| (name.clone(), ObjectAttribute::required(Type::String))).collect(),
            )),
        }
    }

    fn value(&self, found: &Captures<'_>) -> Value {
        let group = |group: Option<regex::Match<'_>>| {
            group.map_or_else(|| Value::null_of(Type::String), |text| Value::string(text.as_str()))
        };
        match self {
            Self::Whole => group(found.get(0)),
            Self::Groups => Value::tuple(found.iter().skip(1).map(group).collect::<Vec<_>>()),
            Self::Names(names) => {
                Value::object(names.iter().map(|name| (name.clone(), group(found.name(name)))).collect::<Fields>())
            }
        }
    }
}

fn regex(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let pattern = compile(call.text(0)?, 0, call.text(1)?)?;
    let shape = shape(&pattern)?;
    match pattern.captures(call.text(1)?) {
        Some(found) => Ok(shape.value(&found)),
        None => Err(FunctionError::new("the pattern matches no part of the string")),
    }
}

fn regexall(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let text = call.text(1)?;
    let pattern = compile(call.text(0)?, 0, text)?;
    let shape = shape(&pattern)?;
    let mut matches: Vec<Value> = Vec::new();
    for found in pattern.captures_iter(text) {
        spend(call, context, text, found.get_match().end())?;
        matches.push(shape.value(&found));
        check_count(matches.len(), context)?;
    }
    Ok(Kind::List(shape.ty(&pattern), matches.into()).into())
}

fn replace(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let (text, sought, replacement) = (call.text(0)?, call.text(1)?, call.text(2)?);
    if let Some(pattern) = sought.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        return replace_pattern(call, &compile(pattern, 1, text)?, context);
    }
    let count = if sought.is_empty() { text.chars().count() + 1 } else { text.matches(sought).count() };
    check_bytes(text.len().saturating_add(count.saturating_mul(replacement.len())), context)?;
    Ok(Value::string(text.replace(sought, replacement)))
}

fn replace_pattern(call: &Call<'_>, pattern: &Regex, context: &Context<'_>) -> Result<Value, FunctionError> {
    let (text, replacement) = (call.text(0)?, call.text(2)?);
    let mut replaced = String::new();
    let mut done = 0;
    for found in pattern.captures_iter(text) {
        let whole = found.get_match();
        spend(call, context, text, whole.end())?;
        replaced.push_str(text.get(done..whole.start()).unwrap_or(""));
        found.expand(replacement, &mut replaced);
        done = whole.end();
        check_bytes(replaced.len(), context)?;
    }
    replaced.push_str(text.get(done..).unwrap_or(""));
    Ok(Value::string(replaced))
}
