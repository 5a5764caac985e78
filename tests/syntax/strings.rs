//! What strings, templates and heredocs say, with Terraform's answer recorded beside each in `strings.txt`.

use std::collections::BTreeMap;

use palisade::syntax::{BinaryOp, Expr, ExprKind, Part};

use super::{edges::unescape, parse};

type Scope = BTreeMap<String, String>;

/// Just enough evaluation for templates: strings, lists of strings, `==`, conditions and loops.
fn value(expr: Expr<'_>, scope: &Scope) -> String {
    match expr.kind() {
        ExprKind::String(text) => text.to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Variable(name) => scope[name].clone(),
        ExprKind::Wrapped(inner) => value(inner, scope),
        ExprKind::Template => expr.parts().into_iter().map(|part| part_value(part, scope)).collect(),
        ExprKind::Binary(BinaryOp::Equal, left, right) => (value(left, scope) == value(right, scope)).to_string(),
        other => format!("<{other:?}>"),
    }
}

fn part_value(part: Part<'_>, scope: &Scope) -> String {
    match part {
        Part::Text(text, _) => text.to_owned(),
        Part::Interpolation(expr) => value(expr, scope),
        Part::If { condition, then, otherwise } => {
            if value(condition, scope) == "true" {
                value(then, scope)
            } else {
                value(otherwise, scope)
            }
        }
        Part::For(parts) => {
            let items = parts.collection.children().enumerate().map(|(idx, item)| {
                let mut inner = scope.clone();
                inner.insert(parts.value_var.to_owned(), value(item, scope));
                if let Some(key) = parts.key_var {
                    inner.insert(key.to_owned(), idx.to_string());
                }
                value(parts.value, &inner)
            });
            items.collect()
        }
    }
}

#[test]
fn strings_say_what_terraform_says_they_do() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("strings.txt").lines() {
        let (expected, shown) = line.split_once('\t').unwrap();
        let expected: String = serde_json::from_str(expected).unwrap();
        let mut source = b"a = ".to_vec();
        source.extend(unescape(shown));
        source.push(b'\n');
        let (tree, diagnostics) = parse(&source);
        assert!(diagnostics.is_empty(), "{shown} {diagnostics:?}");
        let found = value(tree.body().attribute("a").unwrap().expr(), &Scope::new());
        if found != expected {
            wrong.push(format!("{shown}\n  ours      {found:?}\n  Terraform {expected:?}"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}
