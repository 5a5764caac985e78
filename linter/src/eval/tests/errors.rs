//! Errors: what they say, how far they reach, and the bounds on work.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::print::printed;
use super::scope::{Variables, evaluate_in, evaluated};
use crate::diagnostic::Diagnostic;
use crate::eval::{Context, Dialect, Limits, evaluate, evaluate_or_unknown};
use crate::source::{Boundary, Memory, SourceMap};
use crate::syntax::parse_expression;
use crate::value::Value;

fn with_context<T>(text: &str, limits: Limits, work: impl FnOnce(crate::syntax::Expr<'_>, &Context<'_>) -> T) -> T {
    let (system, sources) = (Memory::default(), SourceMap::default());
    let boundary = Boundary::at(&system, Path::new("/"));
    let mut context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), Dialect::Terraform);
    context.limits = limits;
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let (tree, problems) = parse_expression(sources.add(Path::new("x"), bytes.clone()), bytes);
    assert!(problems.is_empty(), "{problems:?}");
    work(tree.expr().unwrap(), &context)
}

fn lenient(text: &str) -> (Value, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let value = with_context(text, Limits::default(), |expr, context| {
        evaluate_or_unknown(expr, &Variables::of_console(), context, &mut diagnostics)
    });
    (value, diagnostics)
}

#[test]
fn messages_say_what_is_wrong() {
    for (text, message) in [
        ("var.o.aa", "This object does not have an attribute named \"aa\""),
        (
            "[1, 2][2]",
            "The given key does not identify an element in this collection value: 2 is greater than or equal to its length, 2",
        ),
        ("null.a", "This value is null, so it does not have the attribute \"a\""),
        ("var.s[0]", "Elements of a set are identified only by their value, so it has no index or key"),
        ("{for x in [\"a\", \"a\"] : x => 1}", "Two different items produced the key \"a\" in this 'for' expression"),
        ("null ? 1 : 2", "The condition value is null: conditions must be true or false"),
        ("var.nope", "var.nope is not declared"),
    ] {
        assert_eq!(evaluated(text).unwrap_err(), message, "{text}");
    }
}

#[test]
fn a_near_name_is_suggested() {
    let (_, problems) = lenient("{cidr_block = 1}.cidr_blocks");
    assert_eq!(problems[0].help.as_deref(), Some("Did you mean \"cidr_block\"?"));
}

#[test]
fn messages_do_not_show_sensitive_values() {
    for text in [
        "1 + var.sec",
        "!var.sec",
        "var.sec ? 1 : 2",
        "[1][var.sec]",
        "{a = 1}[var.sec]",
        "tolist([1])[var.sec]",
        "{for x in [1, 2] : var.sec => x}",
        "[for x in [1] : x if var.sec]",
        "\"%{ if var.sec }a%{ endif }\"",
        "var.sec.a",
        "1 < var.sec",
        "try(1 + var.sec)",
        "[1, 2][var.sec == \"hush\" ? 7 : 7]",
    ] {
        let message = evaluated(text).unwrap_err();
        assert!(!message.contains("hush") && !message.contains('7'), "{text}: {message}");
    }
}

#[test]
fn a_broken_part_does_not_take_the_whole_with_it() {
    let (value, problems) = lenient("{a = 1, b = [var.nope, 2], c = {}.x, d = try({}.x, 3)}");
    assert_eq!(
        printed(&value),
        "{ \"a\" = 1 \"b\" = [ (known after apply), 2, ] \"c\" = (known after apply) \"d\" = 3 }"
    );
    assert_eq!(problems.len(), 2);
    let (value, problems) = lenient("1 + var.nope");
    assert!(value.is_unknown());
    assert_eq!(problems.len(), 1);
}

#[test]
fn what_is_written_wrong_is_not_caught() {
    assert!(evaluated("try(var.nope, 1)").is_err());
    assert!(evaluated("true ? 1 : var.nope").is_err());
    assert!(evaluated("can(var.nope)").is_err());
}

#[test]
fn in_rules_what_is_missing_is_null() {
    for (text, expected) in [
        ("{a = 1}.b", "null"),
        ("{a = 1}.b.c.d", "null"),
        ("{a = 1}[\"b\"]", "null"),
        ("[1][3]", "null"),
        ("null[*]", "[]"),
        ("{a = 1}.b[*].c", "[]"),
        ("{a = 1}.b == null", "true"),
        ("{a = 1}.b != null && {a = 1}.b > 1", "false"),
        ("true || 1 + \"a\" == 2", "true"),
    ] {
        let value = evaluate_in(Dialect::Rules, text, &Variables::of_console()).unwrap();
        assert_eq!(printed(&value), expected, "{text}");
    }
    assert!(evaluate_in(Dialect::Rules, "\"a\".b", &Variables::of_console()).is_err());
}

#[test]
fn work_is_bounded() {
    let few = Limits { depth: 50, items: 100, string_bytes: 100, steps: 10_000, file_bytes: 1 };
    let long = "x".repeat(60);
    let wide = format!("[{}]", "1,".repeat(101));
    let loops = "[for a in var.l : [for b in var.l : [for c in var.l : [for d in var.l : 1]]]]"
        .replace("var.l", "[1,2,3,4,5,6,7,8,9,0]");
    let deep = format!("{}1{}", "(".repeat(60), ")".repeat(60));
    for text in [wide, loops, deep, format!("\"{long}{long}${{1}}\"")] {
        let error =
            with_context(&text, few, |expr, context| evaluate(expr, &Variables::of_console(), context)).unwrap_err();
        assert!(error.message.starts_with("Limit reached: "), "{text}: {}", error.message);
        assert!(!error.catchable);
    }
}

#[test]
fn values_do_not_nest_without_end_by_way_of_references() {
    for text in [
        "[var.v]",
        "{a = var.v}",
        "[var.v, var.v]",
        "{a = var.v, b = var.v}",
        "[for x in [1, 2] : var.v]",
        "concat(var.v, var.v)",
        "[var.v][*]",
        "[for x in [1] : var.v]",
        "{for x in [1] : x => var.v}",
        "chunklist(var.v, 1)",
        "zipmap([\"a\"], [var.v])",
        "jsonencode([var.us, var.v])",
        "base64encode(jsonencode([var.us, var.v]))",
        "{for x in [1, 2] : var.us => var.v...}",
    ] {
        let mut scope = Variables::of_console();
        scope.fields.insert("v".into(), evaluated("[1]").unwrap());
        let grow = |_| match evaluate_in(Dialect::Terraform, text, &scope) {
            Ok(value) => {
                scope.fields.insert("v".into(), value);
                None
            }
            Err(message) => Some(message),
        };
        let message = (0..1000).find_map(grow).unwrap_or_else(|| panic!("{text} nests without end"));
        assert!(message.starts_with("Limit reached: "), "{text}: {message}");
    }
}

/// Forms that nest, with how deep each level of them nests in the evaluator.
const NESTINGS: [(&str, &str, &str); 14] = [
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("{a = ", "1", "}"),
    ("!", "true", ""),
    ("1 + ", "1", ""),
    ("true ? ", "1", " : 2"),
    ("[for x in [1] : ", "1", "]"),
    ("{for x in [1] : x => ", "1", "}"),
    ("try(", "1", ")"),
    ("\"${", "1", "}\""),
    ("\"a${", "1", "}\""),
    ("\"%{ if true }${", "1", "}%{ endif }\""),
    ("[1][", "0", "]"),
    ("[[0]][", "0", "][*][0]"),
];

#[test]
fn the_deepest_nesting_fits_a_stack_of_eight_mebibytes() {
    let run = || {
        for (open, inner, close) in NESTINGS {
            let nested = |levels: usize| format!("{}{inner}{}", open.repeat(levels), close.repeat(levels));
            // As deep as the parser reads it.
            let outcome = (1..=9).rev().map(|tenth| nested(tenth * 55)).find_map(|text| evaluate_deep(&text));
            assert!(outcome.is_some(), "{open}");
        }
    };
    std::thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap().join().unwrap();
}

/// Evaluates, if the parser takes it; the outcome does not matter.
fn evaluate_deep(text: &str) -> Option<()> {
    let (system, sources) = (Memory::default(), SourceMap::default());
    let boundary = Boundary::at(&system, Path::new("/"));
    let context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), Dialect::Terraform);
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let (tree, problems) = parse_expression(sources.add(Path::new("x"), bytes.clone()), bytes);
    if !problems.is_empty() {
        return None;
    }
    let _ = evaluate(tree.expr()?, &Variables::of_console(), &context);
    Some(())
}
