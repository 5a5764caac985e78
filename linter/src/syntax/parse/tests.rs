//! What the parser makes of small inputs.

#![expect(clippy::unwrap_used, reason = "tests")]
use std::sync::Arc;

use super::{parse_body, parse_expression};
use crate::source::SourceMap;
use crate::syntax::show::{show, show_body};

fn file(text: &[u8]) -> (crate::source::FileId, Arc<[u8]>) {
    let bytes: Arc<[u8]> = Arc::from(text);
    (SourceMap::default().add(std::path::Path::new("main.tf"), bytes.clone()), bytes)
}

fn body(text: &str) -> String {
    let (file, bytes) = file(text.as_bytes());
    let (tree, diagnostics) = parse_body(file, bytes);
    let mut out = show_body(tree.body());
    for diagnostic in diagnostics {
        let span = diagnostic.span.unwrap();
        out.push_str(&format!("\n! {}..{} {}", span.start, span.end, diagnostic.message));
    }
    out
}

fn expression(text: &str) -> String {
    let (file, bytes) = file(text.as_bytes());
    let (tree, diagnostics) = parse_expression(file, bytes);
    let shown = tree.expr().map_or("no expression".into(), show);
    let messages: String = diagnostics.iter().map(|it| format!("\n! {}", it.message)).collect();
    shown + &messages
}

#[test]
fn expressions_have_terraforms_shape() {
    let cases = [
        ("1 + 2 * 3 - 4", "(Subtract (Add 1 (Multiply 2 3)) 4)"),
        ("a || b && c == d < e + f", "(Or a (And b (Equal c (Less d (Add e f)))))"),
        ("-a.b + !c[0]", "(Add (Negate a.b) (Not c[0]))"),
        ("a ? b : c ? d : e", "(if a b (if c d e))"),
        ("a.b.0.c[\"k\"]", "a.b[0].c[\"k\"]"),
        ("a.*.b.0[1]", "(splat.* a @.b[0])[1]"),
        ("a[*].b[0]", "(splat[*] a @.b[0])"),
        ("f(a, b...)", "(f a b...)"),
        ("provider::x::y(1)", "(provider::x::y 1)"),
        ("{a = 1, (b) = 2, \"c\" : 3}", "{\"a\"=1 (b)=2 \"c\"=3}"),
        ("{true = 1}", "{\"true\"=1}"),
        ("[for x in y : x.z if x]", "[for x in y: x.z if x]"),
        ("{for k, v in y : k => v...}", "{for k,v in y: k=>v...}"),
        ("\"a${b}c\"", "(template \"a\" $b \"c\")"),
        ("\"${b}\"", "(wrap b)"),
        ("\"$${a}%%{b}\\n\\u00e9\"", "\"${a}%{b}\\né\""),
        ("\"%{ if a }x%{ else }y%{ endif }z\"", "(template (%if a \"x\" \"y\") \"z\")"),
        ("\"%{ for a in b }<${a}>%{ endfor }\"", "(template (%for a in b: (template \"<\" $a \">\")))"),
        ("\"  ${~ a ~}  b\"", "(template \"\" $a \"b\")"),
        ("<<EOT\na\n  b\nEOT\n", "\"a\\n  b\\n\""),
        ("<<-EOT\n    a\n      b${c}\n\n    EOT\n", "(template \"a\\n  b\" $c \"\\n\\n\")"),
        ("{ # c\n a = 1 // d\n b = 2\n}", "{\"a\"=1 \"b\"=2}"),
    ];
    for (input, expected) in cases {
        assert_eq!(expression(input), expected, "{input}");
    }
}

#[test]
fn what_follows_a_broken_item_is_still_read() {
    let cases = [
        ("a = \nb = 2\n", "a = missing; b = 2\n! 4..5 Expected a value before the end of the line"),
        (
            "r \"x\" {\n  a = [1,\n  b = 2\n}\nc = 3\n",
            "r \"x\" { a = missing; b = 2 }; c = 3\n! 22..23 Expected `,` or `]` before `=`",
        ),
        ("a = \"x\nb = 1\n", "a = missing; b = 1\n! 4..5 This string has no closing quote on its line"),
        ("a = 1\na = 2\nb = 3\n", "a = 1; b = 3\n! 6..7 `a` is set twice"),
        ("x {\n  a = 1\n", "x { a = 1 }\n! 2..3 This block is never closed"),
        ("a = 1 2\nb = 2\n", "a = 1; b = 2\n! 6..7 Expected the end of the line after this argument, before `2`"),
    ];
    for (input, expected) in cases {
        assert_eq!(body(input), expected, "{input}");
    }
}
