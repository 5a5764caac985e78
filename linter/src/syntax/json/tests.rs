//! What JSON files become.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;
use crate::syntax::show::show_body;
use crate::syntax::{Tree, parse_file};

fn parse(name: &str, text: &str) -> (Tree, Vec<Diagnostic>) {
    let bytes: Arc<[u8]> = Arc::from(text.as_bytes());
    let file = SourceMap::default().add(Path::new(name), bytes.clone());
    parse_file(Path::new(name), file, bytes)
}

fn shown(name: &str, text: &str) -> String {
    let (tree, diagnostics) = parse(name, text);
    let mut out = show_body(tree.body());
    for diagnostic in diagnostics {
        let span = diagnostic.span.unwrap();
        out.push_str(&format!(" ! {}..{} {}", span.start, span.end, diagnostic.message));
    }
    out
}

#[test]
fn blocks_and_strings_mean_what_terraform_takes_them_for() {
    let cases = [
        (r#"{"locals":{"a":"${var.b}"}}"#, "locals { a = (wrap var.b) }"),
        (r#"{"locals":{"a":"x${b}\u0041\n"}}"#, r#"locals { a = (template "x" $b "A\n") }"#),
        (r#"{"locals":{"a":"\u0024{b.c[0]}"}}"#, "locals { a = (wrap b.c[0]) }"),
        (r#"{"locals":[{"a":1},{"b":-2.5}]}"#, "locals { a = 1 }; locals { b = (Negate 2.5) }"),
        (r#"[{"locals":{"a":true}}, {"locals":null}]"#, "locals { a = true }"),
        (r#"{"//":"x","locals":{"//":1,"a":{"//":null}}}"#, r#"locals { a = {"//"=null} }"#),
        (
            r#"{"variable":{"a":{"type":"list(string)","default":"${x}"}}}"#,
            r#"variable "a" { type = (list string); default = "${x}" }"#,
        ),
        (
            r#"{"resource":{"t":{"a":{"provider":"aws.b","depends_on":["t.c"],"tags":{"${k}":"v"}},"b":[{}]}}}"#,
            r#"resource "t" "a" { provider = aws.b; depends_on = [t.c]; tags = {(wrap k)="v"} }; resource "t" "b" {  }"#,
        ),
        (
            r#"{"resource":{"t":{"a":{"lifecycle":{"ignore_changes":["x"],"precondition":[{"condition":"${y}"}]}}}}}"#,
            r#"resource "t" "a" { lifecycle { ignore_changes = [x]; precondition { condition = (wrap y) } } }"#,
        ),
        (
            r#"{"resource":{"t":{"a":{"dynamic":{"i":{"for_each":"${z}","iterator":"it","content":{"p":"${it.value}"}}}}}}}"#,
            r#"resource "t" "a" { dynamic "i" { for_each = (wrap z); iterator = it; content { p = (wrap it.value) } } }"#,
        ),
        (
            r#"{"terraform":{"required_providers":{"a":{"source":"x/${a}","configuration_aliases":["a.b"]}}}}"#,
            r#"terraform { required_providers { a = {"source"="x/${a}" "configuration_aliases"=[a.b]} } }"#,
        ),
        (
            r#"{"module":{"m":{"source":"./${x}","providers":{"aws":"aws.b"},"n":"${1 + 2}"}}}"#,
            r#"module "m" { source = "./${x}"; providers = {aws=aws.b}; n = (wrap (Add 1 2)) }"#,
        ),
        (r#"{"moved":{"from":"t.a","to":"t.b[0]"}}"#, "moved { from = t.a; to = t.b[0] }"),
    ];
    for (input, expected) in cases {
        assert_eq!(shown("main.tf.json", input), expected, "{input}");
    }
}

#[test]
fn variable_values_are_literal() {
    assert_eq!(shown("x.tfvars.json", r#"{"a":"${b}","c":["%{"]}"#), r#"a = "${b}"; c = ["%{"]"#);
}

#[test]
fn broken_json_is_told_where_it_breaks_and_read_up_to_there() {
    let cases = [
        (r#"{"a":1,"b":}"#, "a = 1; b = missing ! 11..12 Expected a JSON value before `}`"),
        (r#"{"a":1,}"#, "a = 1 ! 7..8 A property is missing after the comma"),
        (r#"{"a":[1,2"#, "a = [1 2] ! 5..6 This array is never closed"),
        (r#"{"a":01}"#, "a = missing ! 5..7 `01` is not a JSON number"),
        ("{\"a\":\"x\n\"}", "a = missing ! 5..6 This string has no closing quote on its line"),
        (r#"{"a":1} x"#, "a = 1 ! 8..9 Something follows the end of the JSON value"),
        (r#"{"a":1,"a":2}"#, "a = 1 ! 7..10 `a` is set twice"),
        ("", " ! 0..0 Expected a JSON value before the end of the file"),
        ("[1]", " ! 1..2 Expected an object, found a number"),
        (r#"{"resource":{"t":1}}"#, " ! 17..18 Expected an object, found a number"),
        (r#"{"a":"${"}"#, "a = missing ! 8..8 Expected a value before the end of the string"),
    ];
    for (input, expected) in cases {
        assert_eq!(shown("main.tf.json", input), expected, "{input}");
    }
}

#[test]
fn spans_inside_escaped_strings_are_those_of_the_file() {
    let text = r#"{"a":"\"\u0041${ b.cd }"}"#;
    let (tree, diagnostics) = parse("main.tf.json", text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let attribute = tree.body().attribute("a").unwrap();
    let at = |needle: &str| text.find(needle).unwrap() as u32;
    assert_eq!(attribute.expr().span().start, at("\"\\\""));
    let inner = attribute.expr().parts().into_iter().find_map(|part| match part {
        crate::syntax::Part::Interpolation(inner) => Some(inner),
        _ => None,
    });
    let inner = inner.unwrap();
    assert_eq!((inner.span().start, inner.text()), (at("b.cd"), "b.cd"));
}

#[test]
fn json_is_accepted_exactly_as_terraform_does() {
    let cases = [
        (true, r#"{}"#),
        (true, r#"[{"locals":{"a":1}}]"#),
        (true, r#"{"locals":{"a":"\ud800"}}"#),
        (true, r#"{"locals":null}"#),
        (true, r#"{"output":[{"a":{"value":1}},{"b":[{"value":2}]}]}"#),
        (true, r#"{"locals":{"a":1e400}}"#),
        (true, r#"{"resource":{"terraform_data":[{"a":{}},{"b":[{}]}]}}"#),
        (true, "\r\n{ \"locals\"\t: { } }\n"),
        (false, r#"{"locals":{"a":1,"a":2}}"#),
        (false, r#"{"locals":{"a":{"x":1,"x":2}}}"#),
        (false, r#"{"locals":{"a":01}}"#),
        (false, r#"{"locals":{"a":1,}}"#),
        (false, r#"{"locals":{"a":1}} x"#),
        (false, r#"{"locals":{"a":+1}}"#),
        (false, r#"{"locals":{"a":1.}}"#),
        (false, r#"{"locals":{"a":.5}}"#),
        (false, r#"{"locals":{"a":-}}"#),
        (false, r#"{"locals":{"a":1 "b":2}}"#),
        (false, r#"{"locals":{"a":TRUE}}"#),
        (false, r#"{"locals":{"a":"\q"}}"#),
        (false, "{\"locals\":{\"a\":\"x\ty\"}}"),
        (false, "{\"locals\":{\"a\":\"x\ny\"}}"),
        (false, "\u{feff}{\"locals\":{\"a\":1}}"),
        (false, r#"{"locals":{"a":"${"}}"#),
        (false, r#"{"locals":{"a":".${1+}"}}"#),
        (false, ""),
        (false, "null"),
    ];
    for (accepted, input) in cases {
        let (_, diagnostics) = parse("main.tf.json", input);
        assert_eq!(diagnostics.is_empty(), accepted, "{input} {diagnostics:?}");
    }
}
