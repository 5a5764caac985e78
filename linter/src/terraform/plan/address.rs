//! Addresses of resource instances as text, and their parts.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::terraform::{Instance, InstanceKey, Mode};

/// The parts of `module.net["a"].aws_subnet.b[2]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `module.net["a"]`; empty in the root module.
    pub module: Arc<str>,
    /// Managed or data.
    pub mode: Mode,
    /// `aws_subnet`
    pub resource_type: Arc<str>,
    /// `b`
    pub name: Arc<str>,
    /// `[2]`
    pub key: InstanceKey,
}

/// Module calls nested deeper than this are no address.
const MAX_MODULES: usize = 200;

impl Address {
    /// The parts of an address; `None` if the text is no address of a resource instance.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        for _ in 0..MAX_MODULES {
            let start = reader.at;
            let mut word = reader.name()?;
            if word == "module" {
                reader.dot()?;
                reader.name()?;
                reader.key()?;
                reader.dot()?;
                continue;
            }
            let module = text.get(..start)?.trim_end_matches('.');
            let mode = if word == "data" { Mode::Data } else { Mode::Managed };
            if mode == Mode::Data {
                reader.dot()?;
                word = reader.name()?;
            }
            reader.dot()?;
            let name = reader.name()?;
            let key = reader.key()?;
            let parts = Self { module: module.into(), mode, resource_type: word.into(), name: name.into(), key };
            return reader.is_done().then_some(parts);
        }
        None
    }

    /// The address of the resource without the instance's key.
    #[must_use]
    pub fn resource(&self) -> String {
        let mut text = String::new();
        if !self.module.is_empty() {
            let _ = write!(text, "{}.", self.module);
        }
        if self.mode == Mode::Data {
            text.push_str("data.");
        }
        let _ = write!(text, "{}.{}", self.resource_type, self.name);
        text
    }

    /// The whole address.
    #[must_use]
    pub fn full(&self) -> String {
        let mut text = self.resource();
        push_key(&mut text, &self.key);
        text
    }
}

/// The module calls of a module address without their keys: `module.a["x"].module.b` gives `a`, `b`.
#[must_use]
pub(super) fn module_names(module: &str) -> Option<Vec<String>> {
    let mut reader = Reader { text: module, at: 0 };
    let mut names = Vec::new();
    while !reader.is_done() && names.len() < MAX_MODULES {
        (reader.name()? == "module").then_some(())?;
        reader.dot()?;
        names.push(reader.name()?.to_owned());
        reader.key()?;
        if !reader.is_done() {
            reader.dot()?;
        }
    }
    reader.is_done().then_some(names)
}

/// The address of an instance's block: `module.net.aws_subnet.b` for all keys of the modules and of the resource.
pub(super) fn static_address(instance: &Instance) -> String {
    let mut text = String::new();
    for name in module_names(&instance.module).unwrap_or_else(|| vec![instance.module.to_string()]) {
        let _ = write!(text, "module.{name}.");
    }
    if instance.mode == Mode::Data {
        text.push_str("data.");
    }
    let _ = write!(text, "{}.{}", instance.resource_type, instance.name);
    text
}

/// Adds `[2]`, `["a"]` or nothing, as Terraform writes it.
pub fn push_key(text: &mut String, key: &InstanceKey) {
    match key {
        InstanceKey::None => {}
        InstanceKey::Index(index) => {
            let _ = write!(text, "[{index}]");
        }
        InstanceKey::Name(name) => {
            text.push_str("[\"");
            push_quoted(text, name);
            text.push_str("\"]");
        }
        InstanceKey::Unknown => text.push_str("[*]"),
    }
}

fn push_quoted(text: &mut String, name: &str) {
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => {
                text.push(letter);
                text.push(letter);
            }
            other => text.push(other),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let end = rest.find(['.', '[', ']', '"', ' ']).unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| !name.is_empty())?;
        self.at += end;
        Some(name)
    }

    fn dot(&mut self) -> Option<()> {
        self.rest().starts_with('.').then(|| self.at += 1)
    }

    /// `[2]`, `["a"]` or nothing; `None` if a bracket opens something else.
    fn key(&mut self) -> Option<InstanceKey> {
        let Some(inside) = self.rest().strip_prefix('[') else { return Some(InstanceKey::None) };
        if let Some(quoted) = inside.strip_prefix('"') {
            let (name, length) = unquote(quoted)?;
            let after = quoted.get(length..)?;
            after.starts_with(']').then_some(())?;
            self.at += 2 + length + 1;
            return Some(InstanceKey::Name(name.into()));
        }
        let end = inside.find(']')?;
        let key = match inside.get(..end)? {
            "*" => InstanceKey::Unknown,
            index => InstanceKey::Index(index.parse().ok()?),
        };
        self.at += end + 2;
        Some(key)
    }
}

/// The text up to the closing quote, and how many bytes it and the quote take.
fn unquote(text: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((name, at + 1)),
            '\\' => match letters.next()?.1 {
                'n' => name.push('\n'),
                'r' => name.push('\r'),
                't' => name.push('\t'),
                kind @ ('u' | 'U') => {
                    let digits: String =
                        letters.by_ref().take(if kind == 'u' { 4 } else { 8 }).map(|(_, c)| c).collect();
                    name.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                other => name.push(other),
            },
            '$' | '%'
                if text.get(at + 1..).is_some_and(|rest| rest.starts_with([letter]) && rest.get(1..2) == Some("{")) =>
            {
                letters.next();
                name.push(letter);
            }
            other => name.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn parts_of_addresses_are_found_and_put_together_again() {
        for text in [
            "aws_vpc.main",
            "data.aws_vpc.main",
            "module.a.aws_vpc.main[0]",
            "module.a[\"x.y\"].module.b[3].data.aws_vpc.main[\"k\\\"]\"]",
            "aws_vpc.main[\"$${a}\"]",
            "aws_vpc.main[\"tab\\t\"]",
        ] {
            assert_eq!(Address::parse(text).unwrap().full(), text);
        }
        let deep = Address::parse("module.a[\"x.y\"].module.b[3].data.aws_vpc.main[\"k\"]").unwrap();
        assert_eq!(&*deep.module, "module.a[\"x.y\"].module.b[3]");
        assert_eq!(deep.mode, Mode::Data);
        assert_eq!(&*deep.resource_type, "aws_vpc");
        assert_eq!(deep.key, InstanceKey::Name("k".into()));
        assert_eq!(module_names(&deep.module).unwrap(), ["a", "b"]);
        assert_eq!(module_names("").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn text_that_is_no_address_is_refused() {
        for text in
            ["", "aws_vpc", "module.a", "module.a.", "aws_vpc.main[", "aws_vpc.main[x]", "aws_vpc.main[\"x]", "a.b.c"]
        {
            assert_eq!(Address::parse(text), None, "{text}");
        }
        assert_eq!(Address::parse(&"module.a.".repeat(10_000)), None);
    }
}
