//! The functions of Terraform 1.11.
//!
//! Each function is one [`Function`]: its signature as Terraform declares it, and its implementation.
//! [`call`] does what is the same for all: conversion of arguments, null checks, unknown arguments, marks.
//! `try`, `can` and the like, which need expressions rather than values, belong to the evaluator.

mod absent;
mod base64_text;
mod call;
#[cfg(test)]
mod called;
mod cidr;
mod conversions;
mod csv;
mod dates;
mod duration;
mod encoding;
mod files;
mod fileset;
mod format;
mod format_verb;
mod glob;
mod hashes;
mod ip_network;
mod items;
mod json;
mod json_decode;
mod json_encode;
mod json_holes;
mod mappings;
mod membership;
mod numeric;
mod paths;
mod pattern_syntax;
mod patterns;
mod run_time;
mod sequences;
mod sets;
mod signature;
mod string_case;
mod strings;
mod template_file;
mod text_encoding;
mod timestamp;
mod yaml;
mod yaml_decode;
mod yaml_encode;
mod yaml_scalar;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

pub use call::{Body, call, call_with};
pub use json_holes::decode_partly_known_json;
pub use signature::{Function, Implementation, MarkPolicy, Parameter, Signature, Unknowns};

use crate::source::Span;
use crate::value::{Number, Value};

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

/// Why a function gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// What is wrong.
    pub message: String,
    /// Which argument, if one is to blame.
    pub argument: Option<usize>,
    /// Whether it is a bound of ours rather than a refusal of Terraform: `try` does not hide it.
    pub limit: bool,
}

impl FunctionError {
    /// The call as a whole failed.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), argument: None, limit: false }
    }

    /// One argument (from 0) is to blame.
    #[must_use]
    pub fn argument(idx: usize, message: impl Into<String>) -> Self {
        Self { argument: Some(idx), ..Self::new(message) }
    }

    /// A bound was reached; `what` names it with its number, such as `200000 items in one collection`.
    #[must_use]
    pub fn limit(what: impl Into<String>) -> Self {
        Self { limit: true, ..Self::new(what) }
    }
}

/// The value of a YAML document, as `yamldecode` reads it, with the usual bounds.
///
/// # Errors
/// When the text is not one YAML document that Terraform takes, or is too large or too deep.
pub fn decode_yaml(text: &str) -> Result<Value, FunctionError> {
    yaml_decode::decode(text, &crate::eval::Limits::default())
}

/// The YAML text of a wholly known value, as `yamlencode` writes it, with the usual bounds.
///
/// # Errors
/// When parts are unknown, or the text would be too long or too deep.
pub fn encode_yaml(value: &Value) -> Result<String, FunctionError> {
    yaml_encode::encode(value, &crate::eval::Limits::default())
}

/// The JSON text of a wholly known value, as `jsonencode` writes it, with the usual bounds.
///
/// # Errors
/// When parts are unknown, or the text would be too long or too deep.
pub fn encode_json(value: &Value) -> Result<String, FunctionError> {
    json_encode::encode(value, &crate::eval::Limits::default())
}

/// The value of a JSON document, as `jsondecode` reads it, with the usual bounds.
///
/// # Errors
/// When the text is no JSON document, or is too large or too deep.
pub fn decode_json(text: &str) -> Result<Value, FunctionError> {
    let source = json_decode::Source { text, holes: Vec::new() };
    json_decode::decode(&source, &crate::eval::Limits::default())
}

/// All functions, one group a file.
const ALL: &[&[Function]] = &[
    cidr::FUNCTIONS,
    conversions::FUNCTIONS,
    csv::FUNCTIONS,
    dates::FUNCTIONS,
    encoding::FUNCTIONS,
    files::FUNCTIONS,
    fileset::FUNCTIONS,
    format::FUNCTIONS,
    hashes::FUNCTIONS,
    json::FUNCTIONS,
    mappings::FUNCTIONS,
    membership::FUNCTIONS,
    numeric::FUNCTIONS,
    paths::FUNCTIONS,
    patterns::FUNCTIONS,
    run_time::FUNCTIONS,
    sequences::FUNCTIONS,
    sets::FUNCTIONS,
    string_case::FUNCTIONS,
    strings::FUNCTIONS,
    template_file::FUNCTIONS,
    yaml::FUNCTIONS,
];

/// The function of this name, also as `core::name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    static TABLE: OnceLock<FxHashMap<&'static str, &'static Function>> = OnceLock::new();
    let table = TABLE.get_or_init(|| all().map(|function| (function.name, function)).collect());
    table.get(name.strip_prefix("core::").unwrap_or(name)).copied()
}

/// All functions, group by group.
pub fn all() -> impl Iterator<Item = &'static Function> {
    ALL.iter().flat_map(|group| group.iter())
}

impl<'c> Call<'c> {
    /// The argument at `idx`.
    ///
    /// # Errors
    /// When there are not so many, which the declared parameters exclude.
    pub fn value(&self, idx: usize) -> Result<&'c Value, FunctionError> {
        self.args.get(idx).ok_or_else(|| FunctionError::new(format!("argument {} is missing", idx + 1)))
    }

    /// The text of the argument at `idx`.
    ///
    /// # Errors
    /// When it is no known string, which a parameter declared as one excludes.
    pub fn text(&self, idx: usize) -> Result<&'c str, FunctionError> {
        self.value(idx)?.as_str().ok_or_else(|| FunctionError::argument(idx, "a string is required"))
    }

    /// The number of the argument at `idx`.
    ///
    /// # Errors
    /// When it is no known number, which a parameter declared as one excludes.
    pub fn number(&self, idx: usize) -> Result<&'c Number, FunctionError> {
        self.value(idx)?.as_number().ok_or_else(|| FunctionError::argument(idx, "a number is required"))
    }

    /// The argument at `idx` as a whole number.
    ///
    /// # Errors
    /// When it is no known number, or has a fraction, or does not fit.
    pub fn integer(&self, idx: usize) -> Result<i64, FunctionError> {
        self.number(idx)?.to_i64().ok_or_else(|| FunctionError::argument(idx, "a whole number is required"))
    }

    /// The items of the argument at `idx`, a list, set or tuple.
    ///
    /// # Errors
    /// When it is no such known value, which a parameter declared as one excludes.
    pub fn items(&self, idx: usize) -> Result<&'c [Value], FunctionError> {
        self.value(idx)?.as_items().ok_or_else(|| FunctionError::argument(idx, "a list, set or tuple is required"))
    }
}
