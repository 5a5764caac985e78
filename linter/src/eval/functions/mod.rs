//! The functions of Terraform 1.11.
//!
//! Each function is one [`Function`]: its signature as Terraform declares it, and its implementation.
//! [`call`] does what is the same for all: conversion of arguments, null checks, unknown arguments, marks.
//! `try`, `can`, `sensitive` and the like, which need expressions rather than values, belong to the evaluator.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Context, EvalError};
use crate::source::Span;
use crate::value::Value;

/// The arguments of one call, evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    /// The function's name as written.
    pub name: &'c str,
    /// The arguments; the last one's items in its place if it was expanded with `...`.
    pub args: &'c [Value],
    /// Where each argument stands.
    pub arg_spans: &'c [Span],
    /// The whole call.
    pub span: Span,
}

/// The type of a parameter or result, as a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// Any type; the implementation looks itself.
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(T)`
    List(&'static Signature),
    /// `set(T)`
    Set(&'static Signature),
    /// `map(T)`
    Map(&'static Signature),
}

/// How a parameter treats what is not a known value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Name, for messages.
    pub name: &'static str,
    /// Arguments are converted to this.
    pub signature: Signature,
    /// Null arguments reach the implementation; otherwise they are an error.
    pub allow_null: bool,
    /// Unknown arguments (at any depth) reach the implementation; otherwise the result is unknown.
    /// Where only the argument as a whole must be known, use [`Unknowns::Inside`].
    pub unknowns: Unknowns,
}

/// Which unknown arguments an implementation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknowns {
    /// None: the result is unknown if the argument is not wholly known.
    No,
    /// The argument is known, its parts may be unknown.
    Inside,
    /// Any.
    Any,
}

/// Implementation of a function: values in, value out; the message of an error is completed with the function's name.
pub type Implementation = fn(&Call<'_>, &Context<'_>) -> Result<Value, FunctionError>;

/// Why a function gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// What is wrong.
    pub message: String,
    /// Which argument, if one is to blame.
    pub argument: Option<usize>,
}

impl FunctionError {
    /// The call as a whole failed.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), argument: None }
    }

    /// One argument (from 0) is to blame.
    #[must_use]
    pub fn argument(idx: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), argument: Some(idx) }
    }
}

/// A function: its signature and its implementation.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The name in configuration.
    pub name: &'static str,
    /// Parameters by position.
    pub parameters: &'static [Parameter],
    /// The parameter that takes all further arguments.
    pub variadic: Option<Parameter>,
    /// What it gives; `Any` where it depends on the arguments.
    pub result: Signature,
    /// What it does.
    pub implementation: Implementation,
}

/// The function of this name, also as `core::name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    static TABLE: OnceLock<FxHashMap<&'static str, &'static Function>> = OnceLock::new();
    let table = TABLE.get_or_init(|| ALL.iter().flat_map(|group| group.iter()).map(|f| (f.name, f)).collect());
    table.get(name.strip_prefix("core::").unwrap_or(name)).copied()
}

/// All functions, one group a file.
const ALL: &[&[Function]] = &[];

/// Calls a function of Terraform.
///
/// # Errors
/// When there is no such function, the number of arguments is wrong, an argument cannot be converted, or the function refuses them.
pub fn call(call: &Call<'_>, context: &Context<'_>) -> Result<Value, EvalError> {
    let _ = context;
    Err(EvalError::fixed(call.span, format!("There is no function named {:?}", call.name)))
}
