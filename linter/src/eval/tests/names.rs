//! References: which there are, and the way they leave on values.

use std::path::Path;
use std::sync::Arc;

use super::scope::evaluated;
use crate::eval::references;
use crate::source::SourceMap;
use crate::syntax::parse_expression;
use crate::value::{OriginKind, Value};

fn names(text: &str) -> Vec<String> {
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let (tree, problems) = parse_expression(SourceMap::default().add(Path::new("x"), bytes.clone()), bytes);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    let found = references(tree.expr().unwrap());
    found.iter().map(|one| text[one.span.start as usize..one.span.end as usize].to_owned()).collect()
}

#[test]
fn references_are_found_wherever_they_stand() {
    assert_eq!(names("var.a + local.b[0].c"), ["var.a", "local.b[0].c"]);
    assert_eq!(names("aws_x.y[var.i].id"), ["aws_x.y", "var.i"]);
    assert_eq!(names("aws_x.y[*].id"), ["aws_x.y"]);
    assert_eq!(names("aws_x.y[*].z[var.i]"), ["aws_x.y", "var.i"]);
    assert_eq!(names("\"a${var.b}%{ if var.c }${var.d}%{ endif }\""), ["var.b", "var.c", "var.d"]);
    assert_eq!(names("{a = var.a, (var.k) = 1, \"${var.t}\" = 2}"), ["var.a", "var.k", "var.t"]);
    assert_eq!(names("f(var.a, [var.b], !var.c ? -var.d : null)"), ["var.a", "var.b", "var.c", "var.d"]);
    assert_eq!(names("a.b[\"k\"].c"), ["a.b[\"k\"].c"]);
}

#[test]
fn variables_of_a_for_are_no_references() {
    assert_eq!(names("[for x in var.l : x.a + var.b if x != y.z]"), ["var.l", "var.b", "y.z"]);
    assert_eq!(names("{for k, v in var.l : k => [for v in v : v]}"), ["var.l"]);
    assert_eq!(names("[for x in x : x]"), ["x"]);
    assert_eq!(names("\"%{ for x in var.l }${x}${var.y}%{ endfor }\""), ["var.l", "var.y"]);
}

#[test]
fn references_in_deep_expressions_need_no_stack() {
    let text = format!("{}var.x{}", "[".repeat(400), "]".repeat(400));
    assert_eq!(names(&text), ["var.x"]);
}

fn way(value: &Value) -> Vec<OriginKind> {
    value.origin.as_ref().unwrap().steps().map(|step| step.kind.clone()).collect()
}

#[test]
fn values_say_where_they_come_from() {
    assert_eq!(way(&evaluated("\"a\"").unwrap()), [OriginKind::Literal]);
    assert_eq!(way(&evaluated("var.o.a").unwrap()), [OriginKind::Reference("var.o".into())]);
    let list = evaluated("[1, var.nn]").unwrap();
    let items = list.as_items().unwrap();
    assert_eq!(way(&items[0]), [OriginKind::Literal]);
    assert_eq!(way(&items[1]), [OriginKind::Reference("var.nn".into())]);
    assert_eq!(way(&evaluated("true ? \"a\" : \"b\"").unwrap()), [OriginKind::Literal]);
    assert_eq!(way(&evaluated("[for x in [\"a\"] : x][0]").unwrap()), [OriginKind::Literal]);
    assert!(evaluated("1 + 1").unwrap().origin.is_none());
}
