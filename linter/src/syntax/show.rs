//! Trees as short text, for tests.

use super::{Body, Expr, ExprKind, For, Item, Part};

/// The expression as an S-expression.
pub(super) fn show(expr: Expr<'_>) -> String {
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

/// The body as its items on one line.
pub(super) fn show_body(body: Body<'_>) -> String {
    let items = body.items().map(|item| match item {
        Item::Attribute(attribute) => format!("{} = {}", attribute.name(), show(attribute.expr())),
        Item::Block(block) => {
            let labels: String = block.labels().map(|label| format!(" {:?}", label.text)).collect();
            format!("{}{labels} {{ {} }}", block.kind(), show_body(block.body()))
        }
    });
    items.collect::<Vec<_>>().join("; ")
}
