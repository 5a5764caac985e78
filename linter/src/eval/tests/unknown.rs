//! What stays known when something is not.

use super::print::printed;
use super::scope::evaluated;
use crate::value::{Knowledge, Value};

fn one_of(value: &Value) -> Vec<String> {
    match &value.as_unknown().unwrap().knowledge {
        Knowledge::OneOf(values) => values.iter().map(printed).collect(),
        other => panic!("{other:?}"),
    }
}

fn members(value: &Value) -> Vec<(String, bool)> {
    match &value.as_unknown().unwrap().knowledge {
        Knowledge::Members(members) => members.iter().map(|one| (printed(&one.value), one.certain)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_unknown_condition_leaves_both_arms() {
    assert_eq!(
        one_of(&evaluated("var.ub ? \"0.0.0.0/0\" : \"10.0.0.0/8\"").unwrap()),
        ["\"0.0.0.0/0\"", "\"10.0.0.0/8\""]
    );
    assert_eq!(one_of(&evaluated("var.ub ? 1 : var.ub ? 2 : 3").unwrap()), ["1", "2", "3"]);
    assert_eq!(printed(&evaluated("var.ub ? \"a\" : \"a\"").unwrap()), "\"a\"");
    assert_eq!(one_of(&evaluated("\"${var.ub ? \"a\" : \"b\"}-x\"").unwrap()), ["\"a-x\"", "\"b-x\""]);
    assert_eq!(printed(&evaluated("(var.ub ? 443 : 8443) > 442").unwrap()), "true");
}

#[test]
fn logic_is_three_valued() {
    for (text, expected) in [
        ("false && var.ub", "false"),
        ("var.ub && false", "false"),
        ("true || var.ub", "true"),
        ("var.ub || true", "true"),
        ("var.ub || false", "(known after apply)"),
        ("true && var.ub", "(known after apply)"),
        ("!var.ub", "(known after apply)"),
    ] {
        assert_eq!(printed(&evaluated(text).unwrap()), expected, "{text}");
    }
    assert!(evaluated("false && [1][2]").is_err());
}

#[test]
fn templates_keep_their_known_pieces() {
    let value = evaluated("\"arn:${var.us}:x\"").unwrap();
    let unknown = value.as_unknown().unwrap();
    assert_eq!(unknown.refinement.prefix.as_deref(), Some("arn:"));
    assert!(unknown.refinement.not_null);
    assert!(matches!(&unknown.knowledge, Knowledge::Template(parts) if parts.len() == 3));
}

#[test]
fn a_template_of_alternatives_is_one_of_few_texts() {
    let value = evaluated("\"${var.ub ? 1 : 2}.${var.ub ? \"a\" : \"b\"}\"").unwrap();
    assert_eq!(one_of(&value), ["\"1.a\"", "\"1.b\"", "\"2.a\"", "\"2.b\""]);
    assert_eq!(printed(&evaluated("\"${var.ub ? 1 : 2}x\" == \"3x\"").unwrap()), "false");
}

#[test]
fn an_attribute_of_a_symbol_is_a_symbol() {
    let value = evaluated("res.vpc.config[0].id").unwrap();
    let symbol = value.symbol().unwrap();
    assert_eq!((&*symbol.address, &*symbol.attribute), ("res.vpc", "config[0].id"));
}

#[test]
fn loops_over_what_is_not_known_keep_members() {
    assert_eq!(
        members(&evaluated("[for x in [1, 2] : x if x > 1 || var.ub]").unwrap()),
        [("1".into(), false), ("2".into(), true)]
    );
    assert_eq!(members(&evaluated("[for x in var.ul : \"${x}\"]").unwrap()).len(), 1);
    assert_eq!(members(&evaluated("{for x in [\"a\", \"b\"] : x => x if var.ub}").unwrap()).len(), 2);
    assert_eq!(members(&evaluated("{(var.us) = 1, b = 2}").unwrap()), [("1".into(), false), ("2".into(), true)]);
}

#[test]
fn try_gives_references_that_cannot_fail_and_leaves_others_open() {
    assert!(evaluated("try(res.vpc, null)").unwrap().symbol().is_some());
    assert_eq!(one_of(&evaluated("try(res.vpc.id, \"d\")").unwrap()), ["(known after apply)", "\"d\""]);
    assert_eq!(printed(&evaluated("can(var.us)").unwrap()), "true");
    assert_eq!(printed(&evaluated("can(res.vpc.id.x)").unwrap()), "(known after apply)");
}
