//! Type constraints and the defaults in them, against what Terraform makes of variables.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::print::printed;
use super::scope::evaluated;
use crate::eval::{Context, Defaults, Dialect, EvalError, type_constraint};
use crate::source::{Boundary, Memory, SourceMap};
use crate::syntax::parse_expression;
use crate::value::{Type, convert};

fn constraint(text: &str) -> Result<(Type, Defaults), EvalError> {
    let (system, sources) = (Memory::default(), SourceMap::default());
    let boundary = Boundary::at(&system, Path::new("/"));
    let context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), Dialect::Terraform);
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let (tree, problems) = parse_expression(sources.add(Path::new("x"), bytes.clone()), bytes);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    type_constraint(tree.expr().unwrap(), &context)
}

#[test]
fn every_type_can_be_said() {
    for text in [
        "any",
        "bool",
        "number",
        "string",
        "list(string)",
        "set(number)",
        "map(any)",
        "list(map(set(bool)))",
        "tuple([string, number])",
        "tuple([])",
        "object({})",
        "object({a = string, b = list(number)})",
    ] {
        let (ty, defaults) = constraint(text).unwrap();
        assert_eq!(ty.to_string(), text);
        assert!(defaults.is_empty());
    }
    assert_eq!(constraint("list").unwrap().0, Type::list(Type::Any));
    assert_eq!(constraint("map").unwrap().0, Type::map(Type::Any));
}

#[test]
fn what_is_no_type_is_refused() {
    for text in [
        "set",
        "object",
        "tuple",
        "\"string\"",
        "strin",
        "list()",
        "list(string, string)",
        "object(string)",
        "object({a = 1})",
        "tuple(string)",
        "optional(string)",
        "list(optional(string))",
        "string()",
        "object({a = optional()})",
        "object({a = optional(string, [])})",
        "object({a = optional(number, \"x\")})",
        "object({a = optional(string, var.x)})",
        "null",
        "1",
        "var.x",
    ] {
        assert!(constraint(text).is_err(), "{text}");
    }
}

/// What a variable of this type holds when it is given this value, or the word error.
fn variable(ty: &str, given: &str) -> String {
    let (ty, defaults) = constraint(ty).unwrap();
    let given = evaluated(given).unwrap();
    convert(&defaults.apply(&given), &ty).map_or_else(|_| "ERROR".to_owned(), |value| printed(&value))
}

/// Type, given value, and what Terraform 1.11.4 says the variable holds.
const ANSWERS: &str = include_str!("variables.txt");

#[test]
fn variables_hold_what_terraform_says() {
    for line in ANSWERS.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split("  =>  ");
        let (ty, given, answer) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        assert_eq!(variable(ty, given), answer, "{ty} given {given}");
    }
}
