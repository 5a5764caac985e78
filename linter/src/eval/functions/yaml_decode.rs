//! YAML text to values, as Terraform reads it.
//!
//! Aliases share the value they stand for, but count with its full size: a document that would grow out of all
//! proportion when it is gone through is refused.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use super::FunctionError;
use super::yaml_scalar::{resolve, to_key};
use crate::eval::Limits;
use crate::value::{Fields, Kind, Reason, Type, Value};

/// The value of a YAML document; unknown if it is laid out in a way that Terraform may read and we do not.
///
/// # Errors
/// When the text is not one YAML document that Terraform takes, or is too large or too deep.
pub(super) fn decode(text: &str, limits: &Limits) -> Result<Value, FunctionError> {
    if let Some(control) = text.chars().find(|&c| is_forbidden(c)) {
        return Err(FunctionError::new(format!("control characters are not allowed: {control:?}")));
    }
    if !has_known_version(text) {
        return Err(FunctionError::new("found incompatible YAML document"));
    }
    let parser = Parser::new_from_str(text);
    let mut decoder =
        Decoder { parser, anchors: Vec::new(), values: 0, doubtful: false, open_end: OpenEnd::of(text), limits };
    match decoder.document() {
        Err(error) if decoder.doubtful => Ok(Value::unknown(Type::Any, Reason::Error(error.message.into()))),
        result => result,
    }
}

/// Words of complaints about layout that the YAML of Terraform, an older one, may take.
const STRICTER: &[&str] = &["indentation", "tab", "plain scalar cannot start", "comment intercepting"];

/// Whether Terraform refuses the character wherever it stands.
fn is_forbidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\0'..=' ' => character != ' ',
        '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => false,
    }
}

/// Whether a `%YAML` line, if there is one, says what Terraform reads.
fn has_known_version(text: &str) -> bool {
    let head = text.lines().take_while(|line| line.is_empty() || line.starts_with(['%', '#']));
    let mut versions = head.filter_map(|line| line.strip_prefix("%YAML")?.split_whitespace().next());
    versions.all(|version| version == "1.1")
}

/// The last line of a text that does not end with a line break.
struct OpenEnd<'t> {
    line: &'t str,
    characters: usize,
}

impl<'t> OpenEnd<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let line = text.rsplit('\n').next().map(str::trim_start).filter(|line| !line.is_empty())?;
        Some(Self { line, characters: text.chars().count() })
    }

    /// A block as Terraform reads it: the line break that the text lacks is not added to it.
    fn closed<'v>(&self, block: &'v str, span: &Span) -> &'v str {
        let without_break = block.strip_suffix('\n').unwrap_or(block);
        let last = without_break.rsplit('\n').next().map(str::trim_start);
        let at_end = span.end.index() >= self.characters && last.is_some_and(|last| last.ends_with(self.line));
        if at_end { without_break } else { block }
    }
}

/// Documents nest no deeper than this, lest they use up the stack of a small thread.
const MAX_DEPTH: usize = 128;

struct Decoder<'t, 'l> {
    parser: Parser<'t, StrInput<'t>>,
    /// By number of the anchor: its value and how many values that is; `None` while it is being read.
    anchors: Vec<Option<(Value, usize)>>,
    /// Values so far.
    values: usize,
    /// Whether what went wrong may be right for Terraform.
    doubtful: bool,
    open_end: Option<OpenEnd<'t>>,
    limits: &'l Limits,
}

type Decoded<T> = Result<T, FunctionError>;

fn fail<T>(mark: &Marker, message: impl std::fmt::Display) -> Decoded<T> {
    let place = match (mark.line(), mark.col()) {
        (0 | 1, 0) => String::new(),
        (line, column) => format!("on line {line}, column {}: ", column + 1),
    };
    Err(FunctionError::new(format!("{place}{message}")))
}

const MAP_TAG: &str = "tag:yaml.org,2002:map";
const SEQUENCE_TAG: &str = "tag:yaml.org,2002:seq";

impl<'t> Decoder<'t, '_> {
    fn next(&mut self) -> Decoded<(Event<'t>, Span)> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                self.doubtful = STRICTER.iter().any(|words| error.info().contains(words));
                fail(error.marker(), error.info())
            }
            None => Err(FunctionError::new("unexpected end of stream")),
        }
    }

    fn document(&mut self) -> Decoded<Value> {
        self.next()?;
        let (start, span) = self.next()?;
        if !matches!(start, Event::DocumentStart(_)) {
            return fail(&span.start, "missing start of document");
        }
        let (event, span) = self.next()?;
        let value = self.value(event, &span, 0)?;
        self.next()?;
        match self.next()? {
            (Event::StreamEnd, _) => Ok(value),
            (_, span) => fail(&span.start, "unexpected extra content after value"),
        }
    }

    fn value(&mut self, event: Event<'t>, span: &Span, depth: usize) -> Decoded<Value> {
        self.count(1)?;
        let deepest = self.limits.depth.min(MAX_DEPTH);
        if depth > deepest {
            return Err(FunctionError::limit(format!("{deepest} levels of nesting in one document")));
        }
        let before = self.values;
        let (anchor, value) = match event {
            Event::Alias(anchor) => return self.alias(anchor, span),
            Event::Scalar(text, style, anchor, tag) => {
                let in_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let text = match &self.open_end {
                    Some(end) if in_block => end.closed(&text, span),
                    _ => &text,
                };
                (anchor, scalar(text, style, tag_text(tag.as_deref()), span)?)
            }
            Event::SequenceStart(anchor, tag) => {
                check_tag("sequence", SEQUENCE_TAG, tag.as_deref(), span)?;
                (anchor, self.sequence(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                check_tag("mapping", MAP_TAG, tag.as_deref(), span)?;
                (anchor, self.mapping(depth)?)
            }
            _ => return fail(&span.start, "expected a value"),
        };
        if anchor > 0 {
            self.complete(anchor, &value, self.values - before + 1)?;
        }
        Ok(value)
    }

    fn count(&mut self, values: usize) -> Decoded<()> {
        self.values = self.values.saturating_add(values);
        if self.values > self.limits.items {
            return Err(FunctionError::limit(format!("{} values in one document", self.limits.items)));
        }
        Ok(())
    }

    fn complete(&mut self, anchor: usize, value: &Value, size: usize) -> Decoded<()> {
        // The parser numbers anchors one by one.
        if anchor > self.limits.items {
            return Err(FunctionError::limit(format!("{} anchors in one document", self.limits.items)));
        }
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, None);
        }
        if let Some(slot) = self.anchors.get_mut(anchor) {
            *slot = Some((value.clone(), size));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: &Span) -> Decoded<Value> {
        match self.anchors.get(anchor).cloned().flatten() {
            Some((value, size)) => self.count(size).map(|()| value),
            None => fail(&span.start, "an alias refers to an anchor that is not complete or not on a value"),
        }
    }

    fn sequence(&mut self, depth: usize) -> Decoded<Value> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::tuple(items)),
                (event, span) => items.push(self.value(event, &span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Decoded<Value> {
        let mut fields = Fields::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::object(fields)),
                Event::Scalar(text, style, _, tag) => match (text.as_ref(), tag_text(tag.as_deref())) {
                    ("<<", None) => None,
                    (text, tag) => Some(key(text, style, tag, &span)?),
                },
                _ => return fail(&span.start, "only strings are allowed as mapping keys"),
            };
            let (event, value_span) = self.next()?;
            let value = self.value(event, &value_span, depth + 1)?;
            match key {
                Some(key) => drop(fields.insert(key.into(), value)),
                None => self.merge(&mut fields, &value, &span)?,
            }
        }
    }

    /// Takes over the fields of a mapping that stands beside `<<`. Terraform takes no sequence of mappings there.
    fn merge(&mut self, fields: &mut Fields, value: &Value, span: &Span) -> Decoded<()> {
        let Some(merged) = value.as_fields() else {
            return fail(&span.start, format!("cannot merge {} into mapping", kind_name(value)));
        };
        self.count(merged.len())?;
        fields.extend(merged.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(())
    }
}

fn kind_name(value: &Value) -> &'static str {
    match value.type_of() {
        Type::Any => "dynamic",
        Type::Bool => "bool",
        Type::Number => "number",
        Type::String => "string",
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => "tuple",
        Type::Map(_) | Type::Object(_) => "object",
    }
}

fn tag_text(tag: Option<&Tag>) -> Option<String> {
    tag.map(|tag| format!("{}{}", tag.handle, tag.suffix))
}

fn check_tag(what: &str, expected: &str, tag: Option<&Tag>, span: &Span) -> Decoded<()> {
    match tag_text(tag) {
        Some(tag) if tag != expected => fail(&span.start, format!("can't interpret {what} as {tag}")),
        _ => Ok(()),
    }
}

fn is_quoted(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<String>, span: &Span) -> Decoded<Value> {
    let in_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) && tag.is_none();
    let value = match resolve(text, is_quoted(style), tag.as_deref()) {
        Ok(value) => value,
        Err(message) => return fail(&span.start, message),
    };
    // Terraform resolves the text of a block too, then notices that it should be a string.
    if !in_block {
        return Ok(value);
    }
    Ok(match to_key(&value) {
        Some(text) => Value::string(text),
        None => Kind::Null(Type::String).into(),
    })
}

fn key(text: &str, style: ScalarStyle, tag: Option<String>, span: &Span) -> Decoded<String> {
    let value = resolve(text, is_quoted(style), tag.as_deref());
    match value.map(|value| to_key(&value)) {
        Ok(Some(key)) => Ok(Value::string(key).as_str().unwrap_or_default().to_owned()),
        Ok(None) => fail(&span.start, "mapping key cannot be null"),
        Err(message) => fail(&span.start, message),
    }
}
