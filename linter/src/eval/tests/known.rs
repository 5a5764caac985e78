//! What known values give; the bulk of this is asked of Terraform itself in `tests/console`.

use super::print::printed;
use super::scope::evaluated;

#[track_caller]
fn answers(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let answer = evaluated(text).map_or_else(|message| format!("ERROR {message}"), |value| printed(&value));
        assert_eq!(answer, *expected, "{text}");
    }
}

#[test]
fn both_arms_of_a_conditional_decide_its_type() {
    answers(&[
        ("true ? 1 : \"a\"", "\"1\""),
        ("true ? [1] : [\"a\", \"b\"]", "tolist([ \"1\", ])"),
        ("true ? {a=1} : {b=\"x\"}", "tomap({ \"a\" = \"1\" })"),
        ("true ? null : \"\"", "tostring(null)"),
        ("true ? 1 : {a=1}.b", "1"),
        ("true ? [1] : {a=1}", "ERROR The true and false results have inconsistent types: tuple and object"),
    ]);
}

#[test]
fn splats_take_single_values_and_null_as_sequences() {
    answers(&[
        ("null[*]", "[]"),
        ("\"x\"[*]", "[ \"x\", ]"),
        ("[{a=[1,2]},{a=[3]}][*].a[0]", "[ 1, 3, ]"),
        ("[{a=[1,2]},{a=[3]}].*.a[0]", "[ 1, 2, ]"),
        ("var.s[*]", "tolist([ \"a\", \"b\", ])"),
    ]);
}

#[test]
fn marks_flow_into_every_result() {
    for text in [
        "var.sec",
        "\"${var.sec}-x\"",
        "var.sec == \"a\"",
        "[for x in [1] : x if var.sec != \"\"]",
        "{(var.sec) = 1}",
        "true ? 1 : var.sec",
        "var.sec == \"hush\" ? 1 : 2",
        "\"%{ if var.sec == \"\" }a%{ endif }\"",
        "{for x in [1] : var.sec => x}",
        "[1, 2][var.sec == \"\" ? 1 : 0]",
    ] {
        assert!(evaluated(text).unwrap().marks.is_sensitive(), "{text}");
    }
    assert!(!evaluated("[var.sec]").unwrap().marks.is_sensitive());
}
