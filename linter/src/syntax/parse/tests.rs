//! What the parser makes of small inputs.

#![expect(clippy::unwrap_used, reason = "tests")]
use std::sync::Arc;

use super::{parse_body, parse_expression};
use crate::source::SourceMap;
use crate::syntax::{Expr, ExprKind, For, Item, Part};

fn file(text: &[u8]) -> (crate::source::FileId, Arc<[u8]>) {
    let bytes: Arc<[u8]> = Arc::from(text);
    (SourceMap::default().add(std::path::Path::new("main.tf"), bytes.clone()), bytes)
}

/// The expression as an S-expression.
fn show(expr: Expr<'_>) -> String {
    let list = |items: Vec<String>| items.join(" ");
    match expr.kind() {
        ExprKind::Missing => "missing".into(),
        ExprKind::Null => "null".into(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(digits) => digits.into(),
        ExprKind::String(text) => format!("{text:?}"),
        ExprKind::Template => format!("(template {})", list(expr.parts().into_iter().map(show_part).collect())),
        ExprKind::Wrapped(inner) => format!("(wrap {})", show(inner)),
        ExprKind::Variable(name) => name.into(),
        ExprKind::GetAttr(object, name) => format!("{}.{name}", show(object)),
        ExprKind::Index(object, key) => format!("{}[{}]", show(object), show(key)),
        ExprKind::Splat { object, full, each } => {
            format!("(splat{} {} {})", if full { "[*]" } else { ".*" }, show(object), show(each))
        }
        ExprKind::SplatItem => "@".into(),
        ExprKind::Call { name, expand, .. } => {
            let items = expr.children().map(show).collect();
            format!("({name} {}{})", list(items), if expand { "..." } else { "" })
        }
        ExprKind::Unary(op, operand) => format!("({op:?} {})", show(operand)),
        ExprKind::Binary(op, left, right) => format!("({op:?} {} {})", show(left), show(right)),
        ExprKind::Conditional(a, b, c) => format!("(if {} {} {})", show(a), show(b), show(c)),
        ExprKind::Paren(inner) => format!("({})", show(inner)),
        ExprKind::Tuple => format!("[{}]", list(expr.children().map(show).collect())),
        ExprKind::Object => {
            let items = expr.object_items().map(|item| format!("{}={}", show(item.key), show(item.value)));
            format!("{{{}}}", list(items.collect()))
        }
        ExprKind::ForTuple(parts) => format!("[{}]", show_for(&parts)),
        ExprKind::ForObject(parts) => format!("{{{}}}", show_for(&parts)),
    }
}

fn show_for(parts: &For<'_>) -> String {
    let key_var = parts.key_var.map_or(String::new(), |name| format!("{name},"));
    let key = parts.key.map_or(String::new(), |key| format!("{}=>", show(key)));
    let grouped = if parts.grouped { "..." } else { "" };
    let condition = parts.condition.map_or(String::new(), |condition| format!(" if {}", show(condition)));
    let (var, collection, value) = (parts.value_var, show(parts.collection), show(parts.value));
    format!("for {key_var}{var} in {collection}: {key}{value}{grouped}{condition}")
}

fn show_part(part: Part<'_>) -> String {
    match part {
        Part::Text(text, _) => format!("{text:?}"),
        Part::Interpolation(expr) => format!("${}", show(expr)),
        Part::If { condition, then, otherwise } => {
            format!("(%if {} {} {})", show(condition), show(then), show(otherwise))
        }
        Part::For(parts) => format!("(%{})", show_for(&parts)),
    }
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

fn show_body(body: crate::syntax::Body<'_>) -> String {
    let items = body.items().map(|item| match item {
        Item::Attribute(attribute) => format!("{} = {}", attribute.name(), show(attribute.expr())),
        Item::Block(block) => {
            let labels: String = block.labels().map(|label| format!(" {:?}", label.text)).collect();
            format!("{}{labels} {{ {} }}", block.kind(), show_body(block.body()))
        }
    });
    items.collect::<Vec<_>>().join("; ")
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
