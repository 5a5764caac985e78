//! A light reading of HCL: which blocks and attributes stand where. What it does not follow is `None`, never a guess.
//!
//! The crate's own reader cannot be used here, since it is what is being built. This one knows strings, comments and
//! brackets, which is enough to find the ends of things; values are read by [`text`] and [`texts`] where they are plain.

use std::ops::Range;

/// A block or an attribute.
pub(crate) enum Item<'t> {
    /// `name = value`: the name, and the text of the value.
    Attribute(&'t str, &'t str),
    /// `kind "label" { body }`: its labels, the text of its body, where all of it stands.
    Block { kind: &'t str, labels: Vec<String>, body: &'t str, place: Range<usize> },
}

/// The items of a file or of a block's body.
pub(crate) fn items(text: &str) -> Option<Vec<Item<'_>>> {
    let mut items = Vec::new();
    let mut at = blank(text, 0, true)?;
    while at < text.len() {
        let (item, end) = item(text, at)?;
        items.push(item);
        at = blank(text, end, true)?;
    }
    Some(items)
}

fn item(text: &str, start: usize) -> Option<(Item<'_>, usize)> {
    let name_end = name(text, start)?;
    let kind = text.get(start..name_end)?;
    let mut at = blank(text, name_end, false)?;
    if text.get(at..)?.starts_with('=') {
        let from = blank(text, at + 1, false)?;
        let end = value_end(text, from)?;
        return Some((Item::Attribute(kind, text.get(from..end)?.trim_end()), end));
    }
    let mut labels = Vec::new();
    loop {
        match text.get(at..)?.chars().next()? {
            '{' => {
                let end = bracket_end(text, at)?;
                let body = text.get(at + 1..end - 1)?;
                return Some((Item::Block { kind, labels, body, place: start..end }, end));
            }
            '"' => {
                let end = string_end(text, at)?;
                labels.push(self::text(text.get(at..end)?)?);
                at = blank(text, end, false)?;
            }
            _ => {
                let end = name(text, at)?;
                labels.push(text.get(at..end)?.to_owned());
                at = blank(text, end, false)?;
            }
        }
    }
}

/// The text that a plain string literal means.
pub(crate) fn text(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\\' => out.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                same @ ('"' | '\\') => same,
                _ => return None,
            }),
            // A second string in it, or a template.
            '"' => return None,
            '$' | '%' if chars.peek() == Some(&'{') => return None,
            other => out.push(other),
        }
    }
    Some(out)
}

/// The texts of a list of plain string literals.
pub(crate) fn texts(list: &str) -> Option<Vec<String>> {
    let inner = list.strip_prefix('[')?.strip_suffix(']')?;
    let mut texts = Vec::new();
    let mut at = blank(inner, 0, true)?;
    while at < inner.len() {
        let end = string_end(inner, at)?;
        texts.push(text(inner.get(at..end)?)?);
        at = blank(inner, end, true)?;
        match inner.get(at..)?.chars().next() {
            Some(',') => at = blank(inner, at + 1, true)?,
            None => break,
            Some(_) => return None,
        }
    }
    Some(texts)
}

/// The names in an object: `{ a = 1, b = 2 }`.
pub(crate) fn keys(object: &str) -> Option<Vec<String>> {
    let inner = object.strip_prefix('{')?.strip_suffix('}')?;
    let mut keys = Vec::new();
    let mut at = blank(inner, 0, true)?;
    while at < inner.len() {
        let end = name(inner, at)?;
        keys.push(inner.get(at..end)?.to_owned());
        at = blank(inner, end, false)?;
        inner.get(at..)?.chars().next().filter(|ch| matches!(ch, '=' | ':'))?;
        at = value_end(inner, at + 1)?;
        at = blank(inner, at, true)?;
        if inner.get(at..)?.starts_with(',') {
            at = blank(inner, at + 1, true)?;
        }
    }
    Some(keys)
}

/// Where a name ends that begins here; `None` if none does.
fn name(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let is_part = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-');
    let length = rest.find(|ch| !is_part(ch)).unwrap_or(rest.len());
    (length > 0).then_some(start + length)
}

/// The first place from here on that is no space and no comment; line ends count as space where `lines` says so.
fn blank(text: &str, start: usize, lines: bool) -> Option<usize> {
    let mut at = start;
    loop {
        let rest = text.get(at..)?;
        let Some(first) = rest.chars().next() else { return Some(at) };
        match first {
            '\n' if !lines => return Some(at),
            ' ' | '\t' | '\r' | '\n' => at += 1,
            '#' | '/' => match comment_end(text, at)? {
                end if end == at => return Some(at),
                end => at = end,
            },
            _ => return Some(at),
        }
    }
}

/// Where a comment ends that begins here, its line end left out; the same place if none does.
fn comment_end(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    if rest.starts_with('#') || rest.starts_with("//") {
        return Some(start + rest.find('\n').unwrap_or(rest.len()));
    }
    match rest.strip_prefix("/*") {
        Some(inner) => Some(start + 2 + inner.find("*/")? + 2),
        None => Some(start),
    }
}

/// Where a value ends: at the end of its line, at a comma or a comment, outside of brackets.
fn value_end(text: &str, start: usize) -> Option<usize> {
    let mut at = start;
    while let Some(ch) = text.get(at..)?.chars().next() {
        match ch {
            '\n' | ',' | '}' | ']' | ')' => break,
            '#' | '/' if comment_end(text, at)? > at => break,
            _ => at = step(text, at, ch)?,
        }
    }
    Some(at)
}

/// Where the bracket that opens here is closed.
fn bracket_end(text: &str, start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let ch = text.get(at..)?.chars().next()?;
        match ch {
            '}' | ']' | ')' => return Some(at + 1),
            _ => at = step(text, at, ch)?,
        }
    }
}

/// Past the character, string, comment or bracket that begins here.
fn step(text: &str, at: usize, ch: char) -> Option<usize> {
    match ch {
        '"' => string_end(text, at),
        '{' | '[' | '(' => bracket_end(text, at),
        '#' | '/' => comment_end(text, at).map(|end| end.max(at + 1)),
        // Heredocs are not followed.
        '<' if text.get(at..)?.starts_with("<<") => None,
        other => Some(at + other.len_utf8()),
    }
}

/// Where the string that begins here ends; what is interpolated in it may hold strings of its own.
fn string_end(text: &str, start: usize) -> Option<usize> {
    text.get(start..)?.strip_prefix('"')?;
    let mut at = start + 1;
    loop {
        let rest = text.get(at..)?;
        let ch = rest.chars().next()?;
        match ch {
            '"' => return Some(at + 1),
            '\n' => return None,
            '\\' => at += 1 + rest.chars().nth(1)?.len_utf8(),
            '$' | '%' if rest.starts_with("$${") || rest.starts_with("%%{") => at += 3,
            '$' | '%' if rest.get(1..)?.starts_with('{') => at = bracket_end(text, at + 1)?,
            other => at += other.len_utf8(),
        }
    }
}
