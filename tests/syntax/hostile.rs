//! Inputs made to hurt: deep, long, unclosed, random. None may panic or take more than linear time.
//!
//! These run on threads with a stack of 2 MiB, what Rust gives a thread by default.

use palisade::syntax::{Expr, ExprKind, Item, MAX_DIAGNOSTICS, MAX_HEIGHT, Part};

use super::{file, parse};

const MANY: usize = 100_000;

/// Runs on a thread with the default stack, so that the result does not depend on the test harness.
fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

fn repeated(piece: &str) -> String {
    piece.repeat(MANY)
}

#[test]
fn deep_nesting_is_told_and_survived() {
    let deep = [
        format!("a = {}1{}\n", repeated("("), repeated(")")),
        format!("a = {}1{}\n", repeated("["), repeated("]")),
        format!("a = {}1{}\n", repeated("{a="), repeated("}")),
        format!("a = {}1{}\n", repeated("f("), repeated(")")),
        format!("a = {}1{}\n", repeated("x["), repeated("]")),
        format!("a = {}1\n", repeated("!")),
        format!("a = {}1\n", repeated("- ")),
        format!("a = {}1{}\n", repeated("\"${"), repeated("}\"")),
        format!("a = {}1{}\n", repeated("b?c:"), ""),
        format!("a = {}1{}\n", repeated("b?"), repeated(":c")),
        format!("a = {}x{}\n", repeated("[for x in y:"), repeated("]")),
        format!("a = {}x{}\n", repeated("{for x in y:x=>"), repeated("}")),
        format!("a = \"{}x{}\"\n", repeated("%{if a}"), repeated("%{endif}")),
        format!("a = \"{}x{}\"\n", repeated("%{for a in b}"), repeated("%{endfor}")),
        format!("a = x{}\n", repeated("[*]")),
        format!("{}{}", repeated("a {\n"), repeated("}\n")),
        format!("a = 1{}\n", repeated("+1")),
        format!("a = b{}\n", repeated(".c")),
        format!("a = b{}\n", repeated("[0]")),
        format!("a = b{}\n", repeated(" || b && c")),
    ];
    on_small_stack(move || {
        for input in deep {
            let (tree, diagnostics) = parse(input.as_bytes());
            let message = diagnostics.first().map_or("accepted", |it| &it.message);
            assert!(message.contains("levels"), "{:.20} {message}", input);
            assert!(height(tree.body()) <= MAX_HEIGHT + 2, "{:.20}", input);
        }
    });
}

#[test]
fn nesting_up_to_the_bound_is_read_on_a_small_stack() {
    on_small_stack(|| {
        for (open, close) in
            [("(", ")"), ("[", "]"), ("{a=", "}"), ("f(", ")"), ("x[", "]"), ("\"${", "}\""), ("!", "")]
        {
            let depth = palisade::syntax::MAX_DEPTH as usize - 2;
            let input = format!("a = {}1{}\n", open.repeat(depth), close.repeat(depth));
            let (tree, diagnostics) = parse(input.as_bytes());
            assert!(diagnostics.is_empty(), "{open} {diagnostics:?}");
            assert!(height(tree.body()) >= palisade::syntax::MAX_DEPTH - 2);
        }
        let input = format!("{}{}", "a {\n".repeat(490), "}\n".repeat(490));
        assert!(parse(input.as_bytes()).1.is_empty());
    });
}

/// The height of the tree, found without recursion.
fn height(body: palisade::syntax::Body<'_>) -> u32 {
    let mut highest = 0;
    let mut bodies = vec![body];
    let mut pending: Vec<(Expr<'_>, u32)> = Vec::new();
    while let Some(body) = bodies.pop() {
        for item in body.items() {
            match item {
                Item::Attribute(attribute) => pending.push((attribute.expr(), 1)),
                Item::Block(block) => bodies.push(block.body()),
            }
        }
    }
    while let Some((expr, depth)) = pending.pop() {
        highest = highest.max(depth);
        pending.extend(children(expr).into_iter().map(|child| (child, depth + 1)));
    }
    highest
}

/// The expressions right below an expression.
pub(crate) fn children(expr: Expr<'_>) -> Vec<Expr<'_>> {
    match expr.kind() {
        ExprKind::Missing | ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) => vec![],
        ExprKind::Variable(_) | ExprKind::SplatItem => vec![],
        ExprKind::Template => expr
            .parts()
            .into_iter()
            .flat_map(|part| match part {
                Part::Text(..) => vec![],
                Part::Interpolation(inner) => vec![inner],
                Part::If { condition, then, otherwise } => vec![condition, then, otherwise],
                Part::For(parts) => vec![parts.collection, parts.value],
            })
            .collect(),
        ExprKind::Wrapped(inner) | ExprKind::GetAttr(inner, _) | ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => {
            vec![inner]
        }
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) | ExprKind::Splat { object: a, each: b, .. } => vec![a, b],
        ExprKind::Conditional(a, b, c) => vec![a, b, c],
        ExprKind::Call { .. } | ExprKind::Tuple => expr.children().collect(),
        ExprKind::Object => expr.object_items().flat_map(|item| [item.key, item.value]).collect(),
        ExprKind::ForTuple(parts) | ExprKind::ForObject(parts) => {
            [Some(parts.collection), parts.key, Some(parts.value), parts.condition].into_iter().flatten().collect()
        }
    }
}

/// What opens something, or closes what is not open.
const UNCLOSED: &[&str] = &[
    "(",
    "[",
    "{",
    "\"",
    "\"${",
    "\"%{",
    "${",
    "f(",
    "x[",
    "<<E\n",
    "a = <<E\n",
    "/*",
    "/* ",
    "#",
    "//",
    "a {",
    "a {\n",
    "a",
    "a = ",
    "a = \"\n",
    "a = (\n",
    "a = [\n",
    "a = {\n",
    "a = \"${\n",
    "a = {\n}\n}\n",
    "}",
    "}\n",
    ")",
    "]",
    "\"\\",
    "\\",
    "$",
    "%",
    "%{",
    "~",
    "a = 1 2\n",
    "a = [1,\n  b = 2\n",
    "a b ",
    "a \"b\" ",
    "\u{feff}",
    "é",
    ".",
    ". ",
    "=",
    "= ",
    ",",
    "?",
    "a ? ",
    ":",
    "::",
    "a::",
    "1..",
    "1e",
    "<<",
    "<<-",
    "\r",
    "\n\r",
    "\t",
    " ",
    "\0",
    "a.",
    "[for",
    "{for ",
    "%{if ",
    "%{for ",
    "a = \"$${\n",
    "a = \"%{ if x }\n",
    "x {\n y = (\n",
    "a = <<E\n${\n",
    "a = <<E\n${\"\n",
    "a = (/*",
    "a = f(<<E\n",
];

#[test]
fn unclosed_everything_ends_in_linear_time() {
    on_small_stack(move || {
        for piece in UNCLOSED {
            for prefix in ["", "a = ", "a = \"", "a = [\n", "a = <<E\n", "b {\n"] {
                let input = format!("{prefix}{}", repeated(piece));
                let (_, diagnostics) = parse(input.as_bytes());
                assert!(diagnostics.len() <= MAX_DIAGNOSTICS);
            }
        }
    });
}

#[test]
fn large_inputs_are_read_in_linear_time() {
    let keys: String = (0..300_000).map(|idx| format!("  key_{idx} = {idx}\n")).collect();
    let (tree, diagnostics) = parse(format!("a = {{\n{keys}}}\n").as_bytes());
    assert!(diagnostics.is_empty());
    assert_eq!(tree.body().attribute("a").unwrap().expr().object_items().len(), 300_000);
    let (tree, diagnostics) = parse(format!("{keys}{keys}").as_bytes());
    assert_eq!((tree.body().attributes().count(), diagnostics.len()), (300_000, MAX_DIAGNOSTICS));
}

#[test]
fn a_file_beyond_the_bound_is_refused_unread() {
    let (tree, diagnostics) = parse(&vec![b'a'; (64 << 20) + 1]);
    assert_eq!((tree.body().items().count(), diagnostics.len()), (0, 1));
    assert!(diagnostics[0].message.contains("67108865 bytes"), "{diagnostics:?}");
}

#[test]
fn sixty_four_mebibytes_of_garbage_are_survived() {
    for garbage in [b"\xff" as &[u8], b"\"", b"}", b"a=(", b"\n{"] {
        let input = garbage.repeat((64 << 20) / garbage.len());
        assert!(!parse(&input).1.is_empty());
    }
}

#[test]
fn hostile_json_is_survived() {
    let inputs = [
        repeated("["),
        repeated("{\"a\":"),
        format!("{}1{}", repeated("["), repeated("]")),
        format!("{{\"a\":{}1{}}}", repeated("{\"a\":"), repeated("}")),
        format!("{{\"resource\":{}", repeated("{\"a\":")),
        format!("{{\"a\":\"{}\"}}", repeated("${[")),
        format!("{{\"a\":\"{}\"}}", repeated("\\u0024{[")),
        format!("{{\"a\":{}1{}}}", "[".repeat(490), "]".repeat(490)),
        format!("{{\"a\":{}\"{}\"{}}}", "[".repeat(400), "${", "]".repeat(400)),
        format!("{{{}\"b\":1}}", (0..MANY).map(|idx| format!("\"k{idx}\":\"${{v}}\",")).collect::<String>()),
        repeated("\""),
        repeated("\"\\"),
        repeated("[{},"),
        repeated("-"),
    ];
    on_small_stack(move || {
        for input in inputs {
            let (file, bytes) = file(input.as_bytes());
            let (_, diagnostics) = palisade::syntax::parse_json_body(file, bytes);
            assert!(diagnostics.len() <= MAX_DIAGNOSTICS);
        }
    });
}
