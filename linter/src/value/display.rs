//! Values as text: as Terraform's console prints them, and short for messages.

use std::fmt::Write as _;

use super::{Fields, Kind, Marks, Type, Value};

/// Messages show no more characters of a value than this.
const BRIEF: usize = 60;

impl Value {
    /// The value as Terraform's console prints it, over several lines. Sensitive parts are masked.
    #[must_use]
    pub fn to_console(&self) -> String {
        let mut out = String::new();
        print(self, 0, &mut out);
        out
    }

    /// The value on one line for a message, cut short. Sensitive parts are masked; what is unknown says why.
    #[must_use]
    pub fn brief(&self) -> String {
        let mut out = String::new();
        print_brief(self, &mut out);
        match out.char_indices().nth(BRIEF) {
            Some((place, _)) => format!("{}…", out.get(..place).unwrap_or("")),
            None => out,
        }
    }

    fn mask(&self) -> Option<&'static str> {
        if self.marks.is_sensitive() {
            return Some("(sensitive value)");
        }
        self.marks.contains(Marks::EPHEMERAL).then_some("(ephemeral value)")
    }
}

/// What stands for a value whose content is not printed, or is one word.
fn print_simple(value: &Value) -> Option<String> {
    match &value.kind {
        // Terraform says so even of a sensitive one.
        Kind::Unknown(_) => return Some("(known after apply)".to_owned()),
        _ => {
            if let Some(mask) = value.mask() {
                return Some(mask.to_owned());
            }
        }
    }
    match &value.kind {
        Kind::Null(ty) => Some(print_null(ty)),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Unknown(_) | Kind::String(_) | Kind::List(..) | Kind::Set(..) => None,
        Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => None,
    }
}

fn print_null(ty: &Type) -> String {
    match ty {
        Type::Any => "null".to_owned(),
        Type::Bool | Type::Number | Type::String => format!("to{ty}(null)"),
        Type::List(item) => format!("tolist(null) /* of {} */", item.friendly()),
        Type::Set(item) => format!("toset(null) /* of {} */", item.friendly()),
        Type::Map(item) => format!("tomap(null) /* of {} */", item.friendly()),
        Type::Tuple(_) | Type::Object(_) => format!("null /* {} */", ty.friendly()),
    }
}

fn print(value: &Value, indent: usize, out: &mut String) {
    if let Some(text) = print_simple(value) {
        out.push_str(&text);
        return;
    }
    match &value.kind {
        Kind::String(text) if text.contains('\n') => print_heredoc(text, indent, out),
        Kind::String(text) => print_quoted(text, out),
        Kind::Tuple(items) => print_items(items, indent, out),
        Kind::List(_, items) => wrapped("tolist", out, |out| print_items(items, indent, out)),
        Kind::Set(_, items) => wrapped("toset", out, |out| print_items(items, indent, out)),
        Kind::Map(_, fields) => wrapped("tomap", out, |out| print_fields(fields, indent, out)),
        Kind::Object(object) => print_fields(&object.fields, indent, out),
        Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => {}
    }
}

fn wrapped(function: &str, out: &mut String, inner: impl FnOnce(&mut String)) {
    out.push_str(function);
    out.push('(');
    inner(out);
    out.push(')');
}

fn new_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn print_items(items: &[Value], indent: usize, out: &mut String) {
    out.push('[');
    for item in items {
        new_line(indent + 2, out);
        print(item, indent + 2, out);
        out.push(',');
    }
    if !items.is_empty() {
        new_line(indent, out);
    }
    out.push(']');
}

fn print_fields(fields: &Fields, indent: usize, out: &mut String) {
    out.push('{');
    for (name, value) in fields {
        new_line(indent + 2, out);
        print_quoted(name, out);
        out.push_str(" = ");
        print(value, indent + 2, out);
    }
    if !fields.is_empty() {
        new_line(indent, out);
    }
    out.push('}');
}

fn print_heredoc(text: &str, indent: usize, out: &mut String) {
    let mut delimiter = "EOT".to_owned();
    while text.lines().any(|line| line.trim() == delimiter) {
        delimiter.push('_');
    }
    out.push_str(if indent > 0 { "<<-" } else { "<<" });
    out.push_str(&delimiter);
    for line in text.split('\n') {
        new_line(indent, out);
        out.push_str(line);
    }
    new_line(indent, out);
    out.push_str(&delimiter);
}

/// Quotes text as Go does.
fn print_quoted(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            _ if is_printable(letter) => out.push(letter),
            _ => {
                let code = u32::from(letter);
                let _ = match code {
                    0..0x80 => write!(out, "\\x{code:02x}"),
                    0x80..0x1_0000 => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
}

/// Whether Go prints a letter as it is. Its table is large; Rust's, by way of `escape_debug`, differs in rare letters only.
fn is_printable(letter: char) -> bool {
    letter == '\'' || letter.escape_debug().len() == 1 || is_mark(letter)
}

/// Combining marks, which Rust escapes when they stand alone.
fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

impl Value {
    /// Text quoted as Terraform's `%q` and console quote it.
    #[must_use]
    pub fn quote(text: &str) -> String {
        let mut out = String::new();
        print_quoted(text, &mut out);
        out
    }
}

/// Stops writing once there is more than a message shows.
fn print_brief(value: &Value, out: &mut String) {
    if out.len() > BRIEF * 4 {
        return;
    }
    if let Some(unknown) = value.as_unknown() {
        let _ = match unknown.reasons.first() {
            Some(reason) => write!(out, "(unknown: {reason})"),
            None => write!(out, "(unknown)"),
        };
        return;
    }
    if let Some(text) = print_simple(value) {
        out.push_str(&text);
        return;
    }
    match &value.kind {
        Kind::String(text) => match text.char_indices().nth(BRIEF) {
            Some((place, _)) => print_quoted(text.get(..place).unwrap_or(""), out),
            None => print_quoted(text, out),
        },
        Kind::Tuple(items) | Kind::List(_, items) | Kind::Set(_, items) => {
            out.push('[');
            for (idx, item) in items.iter().enumerate().take(BRIEF) {
                out.push_str(if idx == 0 { "" } else { ", " });
                print_brief(item, out);
            }
            out.push(']');
        }
        Kind::Map(..) | Kind::Object(_) => {
            out.push('{');
            for (idx, (name, value)) in value.as_fields().into_iter().flatten().enumerate().take(BRIEF) {
                out.push_str(if idx == 0 { "" } else { ", " });
                let _ = write!(out, "{name} = ");
                print_brief(value, out);
            }
            out.push('}');
        }
        Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => {}
    }
}
