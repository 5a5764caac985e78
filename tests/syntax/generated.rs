//! Random configuration: every string of bytes is a choice of constructs, so that failures shrink well.

/// Decisions taken from bytes; when they run out, the first choice is taken everywhere.
pub(crate) struct Choices<'c>(std::slice::Iter<'c, u8>);

impl<'c> Choices<'c> {
    pub(crate) fn new(bytes: &'c [u8]) -> Self {
        Self(bytes.iter())
    }

    fn pick(&mut self, count: u8) -> u8 {
        self.0.next().map_or(0, |byte| byte % count)
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[usize::from(self.pick(of.len() as u8))]
    }
}

const NAMES: &[&str] = &["a", "b", "count", "for_each", "x-y", "_z", "é", "in", "null", "true", "if", "aws_vpc"];
const BLANKS: &[&str] = &["", " ", "  ", "\t", " /* c */ "];

/// A file.
pub(crate) fn body(choices: &mut Choices<'_>, depth: u8) -> String {
    let mut out = String::new();
    for idx in 0..choices.pick(5) {
        let indent = "  ".repeat(usize::from(depth));
        let name = choices.one(NAMES);
        if depth < 3 && choices.pick(4) == 3 {
            let labels = choices.one(&["", " x", " \"l\"", " \"a\" \"b\\n\"", " \"$${c}\" d"]);
            let inner = body(choices, depth + 1);
            out.push_str(&format!("{indent}{name}{labels} {{\n{inner}{indent}}}\n"));
        } else {
            let value = expression(choices, 3);
            let end = choices.one(&["\n", " # c\n", "\n\n", " // c\n", "\r\n"]);
            out.push_str(&format!("{indent}{name}{idx} = {value}{end}"));
        }
    }
    out
}

/// An expression; `fuel` bounds its depth.
pub(crate) fn expression(choices: &mut Choices<'_>, fuel: u8) -> String {
    if fuel == 0 {
        return leaf(choices);
    }
    let sub = |choices: &mut Choices<'_>| expression(choices, fuel - 1);
    match choices.pick(16) {
        0..=2 => leaf(choices),
        3 => format!("({}{})", choices.one(BLANKS), sub(choices)),
        4 => {
            let op = choices.one(&["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]);
            format!("{} {op} {}", sub(choices), sub(choices))
        }
        5 => format!("{}{}", choices.one(&["-", "!"]), sub(choices)),
        6 => format!("{} ? {} : {}", sub(choices), sub(choices), sub(choices)),
        7 => {
            let items: Vec<_> = (0..choices.pick(4)).map(|_| sub(choices)).collect();
            format!("[{}{}]", choices.one(BLANKS), items.join(choices.one(&[", ", ",", ",\n  ", " , "])))
        }
        8 => object(choices, fuel),
        9 => {
            let name = choices.one(&["f", "merge", "ns::f", "a::b::c"]);
            let args: Vec<_> = (0..choices.pick(3)).map(|_| sub(choices)).collect();
            let expand = if args.is_empty() { "" } else { choices.one(&["", "", " ..."]) };
            format!("{name}({}{expand})", args.join(", "))
        }
        10 => traversal(choices, fuel),
        11 => {
            let names = choices.one(&["x", "k, v"]);
            let condition = if choices.pick(2) == 1 { format!(" if {}", sub(choices)) } else { String::new() };
            format!("[for {names} in {} : {}{condition}]", sub(choices), sub(choices))
        }
        12 => {
            let names = choices.one(&["x", "k, v"]);
            let group = choices.one(&["", " ..."]);
            format!("{{ for {names} in {} : {} => {}{group} }}", sub(choices), sub(choices), sub(choices))
        }
        13 | 14 => format!("\"{}\"", quoted(choices, fuel, OUTSIDE)),
        _ => leaf(choices),
    }
}

fn leaf(choices: &mut Choices<'_>) -> String {
    let leaves = [
        "1",
        "20",
        "1.5",
        "1e3",
        "12345678901234567890",
        "true",
        "false",
        "null",
        "x",
        "var.a",
        "x.y.z",
        "each.value[\"k\"]",
        "\"\"",
        "\"text\"",
        "\"a\\nb\\u00e9\\\"\"",
        "\"$${x}%%{y}\"",
        "\"$\"",
        "[]",
        "{}",
        "f()",
        "\"é\"",
        "local.x-y",
    ];
    choices.one(&leaves).to_owned()
}

fn object(choices: &mut Choices<'_>, fuel: u8) -> String {
    let mut items = Vec::new();
    for idx in 0..choices.pick(4) {
        let key = match choices.pick(4) {
            0 => format!("k{idx}"),
            1 => format!("\"q{idx}\""),
            2 => format!("(var.k{idx})"),
            _ => format!("\"t{idx}${{x}}\""),
        };
        items.push(format!("{key} {} {}", choices.one(&["=", ":"]), expression(choices, fuel - 1)));
    }
    match choices.pick(3) {
        0 => format!("{{ {} }}", items.join(", ")),
        1 => format!("{{\n{}\n}}", items.join("\n")),
        _ => format!("{{ # c\n{}\n\n}}", items.join(",\n")),
    }
}

fn traversal(choices: &mut Choices<'_>, fuel: u8) -> String {
    let mut out = choices.one(&["x", "var", "f(1)", "[1, 2]", "(a)", "\"s\""]).to_owned();
    for _ in 0..choices.pick(5) {
        match choices.pick(7) {
            0 => out.push_str(".a"),
            1 => out.push_str("[0]"),
            2 => out.push_str("[\"k\"]"),
            3 => out.push_str(".0.c"),
            4 => out.push_str("[*]"),
            5 => out.push_str(".*.b[0]"),
            _ => out.push_str(&format!("[{}]", expression(choices, fuel - 1))),
        }
    }
    out
}

/// Literal text outside of directives.
const OUTSIDE: &[&str] = &["a", " b ", "\\n", "\\t", "$ ", "%.", "é", "$${", "%%{", "\\\\", "$$-", "{}"];
/// Literal text inside of directives, where hcl-edit resolves no escapes.
const INSIDE: &[&str] = &["a", " b ", "$ ", "%.", "é", "{}"];

fn quoted(choices: &mut Choices<'_>, fuel: u8, texts: &[&str]) -> String {
    let fuel = fuel.max(1);
    let mut out = String::new();
    for _ in 0..choices.pick(4) {
        match choices.pick(6) {
            0 => out.push_str(choices.one(texts)),
            1 | 2 => out.push_str(&format!("${{{}}}", expression(choices, fuel - 1))),
            3 => out.push_str(&format!("%{{ if {} }}y%{{ endif }}", expression(choices, fuel - 1))),
            4 => {
                let inner = quoted(choices, fuel - 1, INSIDE);
                out.push_str(&format!("%{{ if x }}{inner}%{{ else }}n%{{ endif }}"));
            }
            _ => {
                let inner = if fuel > 1 { quoted(choices, fuel - 1, INSIDE) } else { "z".to_owned() };
                out.push_str(&format!("%{{ for i, x in {} }}{inner}%{{ endfor }}", expression(choices, fuel - 1)));
            }
        }
    }
    out
}
