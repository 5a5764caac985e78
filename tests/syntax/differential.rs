//! Our trees against those of hcl-edit, for everything that both accept.

use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::{BlockLabel, Body as TheirBody, Structure};
use hcl_edit::template::{Directive, Element, Template};
use palisade::syntax::{BinaryOp, Body, Expr, ExprKind, For, Item, Part, UnaryOp};
use proptest::prelude::*;

use super::generated::{self, Choices};
use super::parse;

fn join(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().collect::<Vec<_>>().join(" ")
}

fn our_body(body: Body<'_>) -> String {
    join(body.items().map(|item| match item {
        Item::Attribute(attribute) => format!("{}={};", attribute.name(), ours(attribute.expr())),
        Item::Block(block) => {
            let labels = join(block.labels().map(|label| format!("{:?}", label.text)));
            format!("{} {labels} {{{}}}", block.kind(), our_body(block.body()))
        }
    }))
}

fn their_body(body: &TheirBody) -> String {
    join(body.iter().map(|item| match item {
        Structure::Attribute(attribute) => format!("{}={};", attribute.key.as_str(), theirs(&attribute.value)),
        Structure::Block(block) => {
            let labels = join(block.labels.iter().map(|label| match label {
                BlockLabel::Ident(name) => format!("{:?}", name.as_str()),
                BlockLabel::String(text) => format!("{:?}", text.as_str()),
            }));
            format!("{} {labels} {{{}}}", block.ident.as_str(), their_body(&block.body))
        }
    }))
}

fn number(digits: &str) -> String {
    format!("{:?}", digits.parse::<f64>().unwrap())
}

/// The operators of a row of steps; splats become two marks, as the other parser has no trees there.
fn our_steps(expr: Expr<'_>, steps: &mut String) -> String {
    match expr.kind() {
        ExprKind::GetAttr(object, name) => {
            let root = our_steps(object, steps);
            steps.push_str(&format!(".{name}"));
            root
        }
        ExprKind::Index(object, key) => {
            let root = our_steps(object, steps);
            let shown = ours(key);
            steps.push_str(&format!("[{shown}]"));
            root
        }
        ExprKind::Splat { object, full, each } => {
            let root = our_steps(object, steps);
            steps.push_str(if full { "[*]" } else { ".*" });
            our_steps(each, steps);
            root
        }
        ExprKind::SplatItem => String::new(),
        _ => ours(expr),
    }
}

fn ours(expr: Expr<'_>) -> String {
    match expr.kind() {
        ExprKind::Missing => "missing".to_owned(),
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(digits) => number(digits),
        ExprKind::String(text) => format!("{text:?}"),
        ExprKind::Template => our_template(expr),
        ExprKind::Wrapped(inner) => format!("<${}>", ours(inner)),
        ExprKind::Variable(name) => name.to_owned(),
        ExprKind::GetAttr(..) | ExprKind::Index(..) | ExprKind::Splat { .. } => {
            let mut steps = String::new();
            let root = our_steps(expr, &mut steps);
            format!("{root}{steps}")
        }
        ExprKind::SplatItem => "@".to_owned(),
        ExprKind::Call { name, expand, .. } => {
            format!("{name}({}{})", join(expr.children().map(ours)), if expand { "..." } else { "" })
        }
        // There a minus before digits is part of the number.
        ExprKind::Unary(UnaryOp::Negate, operand) if matches!(operand.kind(), ExprKind::Number(_)) => {
            format!("-{}", ours(operand))
        }
        ExprKind::Unary(op, operand) => format!("({} {})", if op == UnaryOp::Not { "!" } else { "-" }, ours(operand)),
        ExprKind::Binary(op, left, right) => format!("({} {} {})", ours(left), symbol(op), ours(right)),
        ExprKind::Conditional(a, b, c) => format!("({} ? {} : {})", ours(a), ours(b), ours(c)),
        ExprKind::Paren(inner) => format!("paren({})", ours(inner)),
        ExprKind::Tuple => format!("[{}]", join(expr.children().map(ours))),
        ExprKind::Object => {
            let items = expr.object_items().map(|item| format!("{}={}", ours(item.key), ours(item.value)));
            format!("{{{}}}", join(items))
        }
        ExprKind::ForTuple(parts) => format!("[{}]", our_for(&parts)),
        ExprKind::ForObject(parts) => format!("{{{}}}", our_for(&parts)),
    }
}

fn our_for(parts: &For<'_>) -> String {
    let key = parts.key.map(ours);
    let condition = parts.condition.map(ours);
    let (value, collection) = (ours(parts.value), ours(parts.collection));
    format!("for {:?} {} {collection} {key:?} {value} {condition:?} {}", parts.key_var, parts.value_var, parts.grouped)
}

fn our_template(expr: Expr<'_>) -> String {
    let parts = expr.parts().into_iter().map(|part| match part {
        Part::Text(text, _) => format!("{text:?}"),
        Part::Interpolation(inner) => format!("${}", ours(inner)),
        Part::If { condition, then, otherwise } => {
            format!("if {} {} {}", ours(condition), as_template(then), as_template(otherwise))
        }
        Part::For(parts) => {
            let body = as_template(parts.value);
            format!("for {:?} {} {} {body}", parts.key_var, parts.value_var, ours(parts.collection))
        }
    });
    format!("<{}>", join(parts))
}

/// A template inside a directive, where the other parser makes no difference between text and templates.
fn as_template(expr: Expr<'_>) -> String {
    match expr.kind() {
        ExprKind::String("") => "<>".to_owned(),
        ExprKind::String(text) => format!("<{text:?}>"),
        _ => ours(expr),
    }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
    }
}

fn theirs(expr: &Expression) -> String {
    match expr {
        Expression::Null(_) => "null".to_owned(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(value) => number(&value.value().to_string()),
        Expression::String(text) => format!("{:?}", text.as_str()),
        Expression::Array(items) => format!("[{}]", join(items.iter().map(theirs))),
        Expression::Object(object) => {
            let items = object.iter().map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(name) => format!("{:?}", name.as_str()),
                    // Keywords are names there in Terraform, values for the other parser.
                    ObjectKey::Expression(key @ (Expression::Null(_) | Expression::Bool(_))) => {
                        format!("{:?}", theirs(key))
                    }
                    ObjectKey::Expression(key) => theirs(key),
                };
                format!("{key}={}", theirs(value.expr()))
            });
            format!("{{{}}}", join(items))
        }
        Expression::StringTemplate(template) => their_parts(template.iter()),
        Expression::HeredocTemplate(heredoc) => match heredoc.template.as_single_element() {
            Some(Element::Literal(text)) => format!("{:?}", text.value()),
            None if heredoc.template.is_empty() => "\"\"".to_owned(),
            _ => their_template(&heredoc.template),
        },
        Expression::Parenthesis(inner) => format!("paren({})", theirs(inner.inner())),
        Expression::Variable(name) => name.as_str().to_owned(),
        Expression::Conditional(it) => {
            format!("({} ? {} : {})", theirs(&it.cond_expr), theirs(&it.true_expr), theirs(&it.false_expr))
        }
        Expression::FuncCall(call) => {
            let mut name: String = call.name.namespace.iter().map(|part| format!("{}::", part.as_str())).collect();
            name.push_str(call.name.name.as_str());
            let expand = if call.args.expand_final() { "..." } else { "" };
            format!("{name}({}{expand})", join(call.args.iter().map(theirs)))
        }
        Expression::Traversal(traversal) => {
            let steps = traversal.operators.iter().map(|step| match step.value() {
                TraversalOperator::AttrSplat(_) => ".*".to_owned(),
                TraversalOperator::FullSplat(_) => "[*]".to_owned(),
                TraversalOperator::GetAttr(name) => format!(".{}", name.as_str()),
                TraversalOperator::Index(key) => format!("[{}]", theirs(key)),
                TraversalOperator::LegacyIndex(idx) => format!("[{}]", number(&idx.value().to_string())),
            });
            format!("{}{}", theirs(&traversal.expr), steps.collect::<String>())
        }
        Expression::UnaryOp(it) => format!("({} {})", it.operator.value().as_str(), theirs(&it.expr)),
        Expression::BinaryOp(it) => {
            format!("({} {} {})", theirs(&it.lhs_expr), it.operator.value().as_str(), theirs(&it.rhs_expr))
        }
        Expression::ForExpr(it) => their_for(it),
    }
}

fn their_for(it: &hcl_edit::expr::ForExpr) -> String {
    let key_var = it.intro.key_var.as_ref().map(|name| name.as_str());
    let key = it.key_expr.as_ref().map(theirs);
    let condition = it.cond.as_ref().map(|cond| theirs(&cond.expr));
    let (value, collection) = (theirs(&it.value_expr), theirs(&it.intro.collection_expr));
    let value_var = it.intro.value_var.as_str();
    let inner = format!("for {key_var:?} {value_var} {collection} {key:?} {value} {condition:?} {}", it.grouping);
    if it.key_expr.is_some() { format!("{{{inner}}}") } else { format!("[{inner}]") }
}

fn their_template(template: &Template) -> String {
    their_parts(template.iter())
}

fn their_parts<'e>(elements: impl Iterator<Item = &'e Element>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut text = String::new();
    for element in elements {
        if let Element::Literal(literal) = element {
            text.push_str(literal.value());
            continue;
        }
        if !text.is_empty() {
            parts.push(format!("{:?}", std::mem::take(&mut text)));
        }
        parts.push(match element {
            Element::Literal(_) => String::new(),
            Element::Interpolation(it) => format!("${}", theirs(&it.expr)),
            Element::Directive(directive) => match &**directive {
                Directive::If(it) => {
                    let otherwise = it.else_expr.as_ref().map_or("<>".to_owned(), |it| their_template(&it.template));
                    format!("if {} {} {otherwise}", theirs(&it.if_expr.cond_expr), their_template(&it.if_expr.template))
                }
                Directive::For(it) => {
                    let key_var = it.for_expr.key_var.as_ref().map(|name| name.as_str());
                    let (value_var, collection) =
                        (it.for_expr.value_var.as_str(), theirs(&it.for_expr.collection_expr));
                    format!("for {key_var:?} {value_var} {collection} {}", their_template(&it.for_expr.template))
                }
            },
        });
    }
    if !text.is_empty() {
        parts.push(format!("{text:?}"));
    }
    format!("<{}>", join(parts))
}

/// Compares the trees if both accept; gives whether they did.
fn compare(source: &str) -> Result<bool, TestCaseError> {
    let (tree, diagnostics) = parse(source.as_bytes());
    let Ok(body) = hcl_edit::parser::parse_body(source) else { return Ok(false) };
    prop_assume!(diagnostics.is_empty());
    prop_assert_eq!(our_body(tree.body()), their_body(&body));
    Ok(true)
}

proptest! {
    #![proptest_config(super::config(400))]

    #[test]
    fn generated_files_become_the_same_trees(choices in proptest::collection::vec(any::<u8>(), 0..200)) {
        let source = generated::body(&mut Choices::new(&choices), 0);
        let (_, diagnostics) = parse(source.as_bytes());
        prop_assert!(diagnostics.is_empty(), "{source}\n{diagnostics:?}");
        compare(&source)?;
    }
}

#[test]
fn edges_that_both_accept_become_the_same_trees() {
    let mut compared = 0;
    let mut different = Vec::new();
    for line in include_str!("edges.txt").lines() {
        let Some(shown) = line.strip_prefix("accept ") else { continue };
        let Ok(source) = String::from_utf8(super::edges::unescape(shown)) else { continue };
        // There strip markers stay in the text, and `1.e5` is an attribute of 1.
        if source.contains('~') || shown == "a = 1.e5\\n" {
            continue;
        }
        match compare(&source) {
            Ok(both) => compared += usize::from(both),
            Err(error) => different.push(format!("{shown}\n{error}")),
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(compared > 200, "{compared}");
}
