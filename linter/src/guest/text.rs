//! Text with holes as plain text: each hole is one character that stands for a value that is not known.

use std::sync::Arc;

use crate::eval::functions::{FunctionError, encode_json, encode_yaml};
use crate::value::{Kind, Knowledge, Reason, TemplatePart, Unknown, Value};

type Encode = fn(&Value) -> Result<String, FunctionError>;

/// Holes are written as characters from here on; nobody assigns them a meaning.
const FIRST: u32 = 0xF_0000;

/// The last of these characters; further holes share it.
const LAST: u32 = 0xF_FFFD;

/// A hole that only the running script can fill.
pub(super) const AT_RUN_TIME: char = '\u{10_fffd}';

/// Longest text that is looked at, in bytes.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// Values within values deeper than this become one hole.
const MAX_DEPTH: usize = 64;

/// Why each hole is one.
#[derive(Debug, Default)]
pub(super) struct Holes {
    reasons: Vec<Arc<[Reason]>>,
}

impl Holes {
    /// The character for a value that is unknown for these reasons.
    pub(super) fn add(&mut self, reasons: Arc<[Reason]>) -> char {
        let known = self.reasons.iter().rposition(|known| *known == reasons);
        let idx = known.unwrap_or_else(|| {
            if self.reasons.len() < (LAST - FIRST) as usize {
                self.reasons.push(reasons);
            }
            self.reasons.len().saturating_sub(1)
        });
        let code = u32::try_from(idx).map_or(LAST, |idx| (FIRST + idx).min(LAST));
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// The reasons of all holes in a text, without duplicates.
    pub(super) fn reasons_in(&self, text: &str) -> Vec<Reason> {
        let mut found: Vec<Reason> = Vec::new();
        for reason in text.chars().filter(|&c| is_hole(c)).filter_map(|c| self.reasons_of(c)).flatten() {
            if found.len() < Unknown::MAX_REASONS && !found.contains(reason) {
                found.push(reason.clone());
            }
        }
        if found.is_empty() && has_hole(text) {
            found.push(Reason::Error("it is known only when the script runs".into()));
        }
        found
    }

    fn reasons_of(&self, hole: char) -> Option<&[Reason]> {
        let idx = u32::from(hole).checked_sub(FIRST)?;
        self.reasons.get(idx as usize).map(|reasons| &**reasons)
    }

    /// Known text in which nothing looks like a hole.
    fn plain(text: &str) -> String {
        if !has_hole(text) {
            return text.to_owned();
        }
        text.chars().map(|c| if is_hole(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
    }

    /// A string value as text; `None` if it is no string at all or nothing is known of it.
    pub(super) fn text_of(&mut self, value: &Value) -> Option<String> {
        match &value.kind {
            Kind::String(text) if text.len() <= MAX_BYTES => Some(Self::plain(text)),
            Kind::Number(number) => Some(number.to_string()),
            Kind::Bool(value) => Some(value.to_string()),
            Kind::Unknown(unknown) => match &unknown.knowledge {
                // Whoever asks reads the document itself.
                Knowledge::Json(_) => None,
                Knowledge::Template(_)
                | Knowledge::Yaml(_)
                | Knowledge::Nothing
                | Knowledge::Symbol(_)
                | Knowledge::Base64(_)
                | Knowledge::OneOf(_)
                | Knowledge::Members(_) => self.nested(value, 0),
            },
            Kind::String(_) | Kind::Null(_) | Kind::List(..) | Kind::Set(..) => None,
            Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => None,
        }
    }

    fn template(&mut self, parts: &[TemplatePart], depth: usize) -> Option<String> {
        let mut text = String::new();
        for part in parts {
            match part {
                TemplatePart::Text(known) => text.push_str(&Self::plain(known)),
                TemplatePart::Hole(value) => match self.nested(value, depth + 1) {
                    Some(inner) => text.push_str(&inner),
                    None => text.push(self.hole_of(value)),
                },
            }
            if text.len() > MAX_BYTES {
                return None;
            }
        }
        Some(text)
    }

    /// What is known of text that is not known as a whole.
    fn nested(&mut self, value: &Value, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH {
            return None;
        }
        match &value.as_unknown()?.knowledge {
            Knowledge::Template(parts) => self.template(parts, depth),
            Knowledge::Yaml(document) => self.document(document, depth, encode_yaml),
            Knowledge::Json(document) => self.document(document, depth, encode_json),
            Knowledge::Nothing
            | Knowledge::Symbol(_)
            | Knowledge::Base64(_)
            | Knowledge::OneOf(_)
            | Knowledge::Members(_) => None,
        }
    }

    /// The text of a partly known document: what is unknown in it is text with holes.
    fn document(&mut self, document: &Value, depth: usize, encode: Encode) -> Option<String> {
        let filled = self.fill_within(document, depth + 1);
        encode(&filled).ok().filter(|text| text.len() <= MAX_BYTES)
    }

    /// The hole that a value is.
    pub(super) fn hole_of(&mut self, value: &Value) -> char {
        let reasons = Unknown::derived(value.type_of(), value.unknowns_within()).reasons;
        self.add(reasons)
    }

    /// A document in which everything unknown is text with holes.
    pub(super) fn fill(&mut self, value: &Value) -> Value {
        self.fill_within(value, 0)
    }

    fn fill_within(&mut self, value: &Value, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            let reason = Reason::Limit(format!("{MAX_DEPTH} levels of nesting").into());
            return Value::string(self.add([reason].into()).to_string());
        }
        match &value.kind {
            Kind::Unknown(_) => {
                let text = self.nested(value, depth + 1).unwrap_or_else(|| self.hole_of(value).to_string());
                Value::string(text)
            }
            Kind::String(text) => Value::string(Self::plain(text)),
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                let items: Vec<Value> = items.iter().map(|item| self.fill_within(item, depth + 1)).collect();
                Value::tuple(items)
            }
            Kind::Map(_, fields) => self.fill_fields(fields, depth),
            Kind::Object(object) => self.fill_fields(&object.fields, depth),
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => value.clone(),
        }
    }

    fn fill_fields(&mut self, fields: &crate::value::Fields, depth: usize) -> Value {
        let filled = fields.iter().map(|(name, value)| (name.clone(), self.fill_within(value, depth + 1)));
        Value::object(filled.collect())
    }
}

/// Whether the character stands for something that is not known.
pub(super) fn is_hole(character: char) -> bool {
    is_configured(character) || character == AT_RUN_TIME
}

/// Whether the character stands for something that the configuration does not know.
pub(super) fn is_configured(character: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(character))
}

/// Whether something in the text is not known.
pub(super) fn has_hole(text: &str) -> bool {
    // Holes need four bytes, and few texts have any such character.
    text.bytes().any(|byte| byte >= 0xF3) && text.chars().any(is_hole)
}

/// The text as people should see it: holes as an ellipsis, cut to a decent length, in one line.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 100;
    let clean = text.trim().chars().take(MOST + 1).map(|c| match c {
        c if is_hole(c) => '…',
        c if c.is_control() => ' ',
        c => c,
    });
    let mut shown: String = clean.collect();
    if shown.chars().count() > MOST {
        shown = shown.chars().take(MOST).collect();
        shown.push('…');
    }
    shown
}
