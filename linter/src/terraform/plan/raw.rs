//! JSON text to raw values: what it says, before anybody asked what the provider declares.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr2;
use rustc_hash::FxHashSet;

use crate::value::{Fields, Kind, Number, Value};

/// Values nested deeper are refused, as serde_json does.
const MAX_DEPTH: usize = 128;

/// How many values a document may still make. Shared by the threads that read it.
#[derive(Debug)]
pub(in crate::terraform) struct Budget(AtomicU64);

impl Budget {
    /// Values in one document: far above real plans, far below what fills memory.
    pub(in crate::terraform) const VALUES: u64 = 30_000_000;

    pub(in crate::terraform) fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Counts values; `false` once there are too many.
    pub(in crate::terraform) fn spend(&self, values: u64) -> bool {
        self.0.fetch_add(values, Ordering::Relaxed).saturating_add(values) <= Self::VALUES
    }

    pub(in crate::terraform) fn is_exhausted(&self) -> bool {
        self.0.load(Ordering::Relaxed) > Self::VALUES
    }
}

/// Names and short texts seen so far, so that each is kept once.
#[derive(Debug, Default)]
pub(in crate::terraform) struct Names {
    names: FxHashSet<Arc<str>>,
    texts: FxHashSet<Arc<str>>,
}

impl Names {
    /// Past this many different ones (keys of maps are names too) new ones are not kept.
    const MAX: usize = 20_000;
    /// Longer texts seldom come twice.
    const MAX_TEXT: usize = 40;

    pub(in crate::terraform) fn get(&mut self, name: &str) -> Arc<str> {
        kept(&mut self.names, name)
    }

    fn text(&mut self, text: &str) -> Value {
        if text.len() > Self::MAX_TEXT || !text.is_ascii() {
            return Value::string(text);
        }
        Kind::String(kept(&mut self.texts, text)).into()
    }
}

fn kept(set: &mut FxHashSet<Arc<str>>, text: &str) -> Arc<str> {
    if let Some(known) = set.get(text) {
        return Arc::clone(known);
    }
    let text: Arc<str> = text.into();
    if set.len() < Names::MAX {
        set.insert(Arc::clone(&text));
    }
    text
}

/// What a document says, before it is known what the provider declares: an array may become a list, a set or blocks.
#[derive(Clone, Debug)]
pub(in crate::terraform) enum Raw {
    /// A value without parts, or one whose type is known already.
    Value(Value),
    /// An array.
    Items(Vec<Raw>),
    /// An object, in the document's order.
    Fields(Vec<(Arc<str>, Raw)>),
}

impl Raw {
    pub(in crate::terraform) fn null() -> Self {
        Self::Value(Value::null())
    }

    pub(in crate::terraform) fn is_unknown(&self) -> bool {
        match self {
            Self::Value(value) => value.is_unknown(),
            Self::Items(_) | Self::Fields(_) => false,
        }
    }

    /// The value it is with nothing declared: arrays are tuples, objects are objects.
    pub(in crate::terraform) fn into_value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Items(items) => Value::tuple(items.into_iter().map(Self::into_value).collect::<Arc<[Value]>>()),
            Self::Fields(fields) => {
                Value::object(fields.into_iter().map(|(name, raw)| (name, raw.into_value())).collect::<Fields>())
            }
        }
    }
}

impl From<Value> for Raw {
    fn from(value: Value) -> Self {
        match value.kind {
            Kind::Tuple(items) => Self::Items(items.iter().cloned().map(Self::from).collect()),
            Kind::Object(object) => {
                let fields = object.fields.iter().map(|(name, value)| (Arc::clone(name), value.clone().into()));
                Self::Fields(fields.collect())
            }
            Kind::Unknown(_)
            | Kind::Null(_)
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::List(..)
            | Kind::Set(..)
            | Kind::Map(..) => Self::Value(value),
        }
    }
}

/// Text that is not read: no JSON, nested too deep, or past the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::terraform) struct Unread;

/// What JSON text says. Numbers keep all digits; of equal names the last one counts.
///
/// Written by hand because serde_json, when it keeps the digits of numbers, hands each of them over as a map with an
/// owned text in it. The text has been through serde_json before, as [`serde_json::value::RawValue`].
///
/// # Errors
/// When the text is no JSON, nested deeper than 128, or the budget is spent.
pub(in crate::terraform) fn read(text: &str, names: &mut Names, budget: &Budget) -> Result<Raw, Unread> {
    let mut scanner = Scanner { text, at: 0, names, budget };
    let raw = scanner.value(0)?;
    match scanner.next() {
        None => Ok(raw),
        Some(_) => Err(Unread),
    }
}

struct Scanner<'t, 'n> {
    text: &'t str,
    at: usize,
    names: &'n mut Names,
    budget: &'n Budget,
}

impl<'t> Scanner<'t, '_> {
    /// The next byte that is no white space; it is not consumed.
    fn next(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let skipped = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\t' | b'\r'));
        self.at += skipped.unwrap_or(rest.len());
        rest.get(skipped?).copied()
    }

    /// Consumes a byte, which must come next.
    fn expect(&mut self, byte: u8) -> Result<(), Unread> {
        if self.next() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(Unread)
    }

    fn value(&mut self, depth: usize) -> Result<Raw, Unread> {
        if depth >= MAX_DEPTH {
            return Err(Unread);
        }
        match self.next().ok_or(Unread)? {
            b'{' => self.fields(depth),
            b'[' => self.items(depth),
            b'"' => self.string().map(Raw::Value),
            b't' => self.literal("true", true.into()),
            b'f' => self.literal("false", false.into()),
            b'n' => self.literal("null", Value::null()),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(Unread),
        }
    }

    fn fields(&mut self, depth: usize) -> Result<Raw, Unread> {
        self.expect(b'{')?;
        let mut fields = Vec::new();
        if self.next() != Some(b'}') {
            loop {
                let name = self.name()?;
                self.expect(b':')?;
                fields.push((name, self.value(depth + 1)?));
                if self.next() != Some(b',') {
                    break;
                }
                self.at += 1;
            }
        }
        self.expect(b'}')?;
        self.afford(fields.len())?;
        Ok(Raw::Fields(fields))
    }

    fn items(&mut self, depth: usize) -> Result<Raw, Unread> {
        self.expect(b'[')?;
        let mut items = Vec::new();
        if self.next() != Some(b']') {
            loop {
                items.push(self.value(depth + 1)?);
                if self.next() != Some(b',') {
                    break;
                }
                self.at += 1;
            }
        }
        self.expect(b']')?;
        self.afford(items.len())?;
        Ok(Raw::Items(items))
    }

    fn afford(&self, values: usize) -> Result<(), Unread> {
        if self.budget.spend(values as u64 + 1) { Ok(()) } else { Err(Unread) }
    }

    fn name(&mut self) -> Result<Arc<str>, Unread> {
        match self.quoted()? {
            Quoted::Plain(name) => Ok(self.names.get(name)),
            Quoted::Escaped(name) => Ok(self.names.get(&unescaped(name)?)),
        }
    }

    fn string(&mut self) -> Result<Value, Unread> {
        match self.quoted()? {
            Quoted::Plain(text) => Ok(self.names.text(text)),
            Quoted::Escaped(text) => Ok(Value::string(unescaped(text)?)),
        }
    }

    fn quoted(&mut self) -> Result<Quoted<'t>, Unread> {
        self.expect(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).ok_or(Unread)?;
            let found = memchr2(b'"', b'\\', rest).ok_or(Unread)?;
            self.at += found + 1;
            if rest.get(found) == Some(&b'"') {
                break;
            }
            escaped = true;
            self.at += 1;
        }
        if escaped {
            return self.text.get(start - 1..self.at).map(Quoted::Escaped).ok_or(Unread);
        }
        self.text.get(start..self.at - 1).map(Quoted::Plain).ok_or(Unread)
    }

    fn number(&mut self) -> Result<Raw, Unread> {
        let rest = self.text.get(self.at..).ok_or(Unread)?;
        let end = rest.find(|c| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let digits = rest.get(..end).ok_or(Unread)?;
        self.at += end;
        Number::parse(digits).map(|number| Raw::Value(number.into())).ok_or(Unread)
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Raw, Unread> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(Unread);
        }
        self.at += word.len();
        Ok(Raw::Value(value))
    }
}

/// Text between quotes.
enum Quoted<'t> {
    /// As it stands.
    Plain(&'t str),
    /// With escapes in it, quotes included.
    Escaped(&'t str),
}

fn unescaped(quoted: &str) -> Result<String, Unread> {
    serde_json::from_str(quoted).map_err(|_| Unread)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::value::equal;

    fn value(text: &str) -> Result<Value, Unread> {
        read(text, &mut Names::default(), &Budget::new()).map(Raw::into_value)
    }

    fn by_serde(json: &serde_json::Value) -> Value {
        match json {
            serde_json::Value::Null => Value::null(),
            serde_json::Value::Bool(value) => (*value).into(),
            serde_json::Value::Number(number) => Number::parse(&number.to_string()).unwrap().into(),
            serde_json::Value::String(text) => Value::string(text),
            serde_json::Value::Array(items) => Value::tuple(items.iter().map(by_serde).collect::<Vec<_>>()),
            serde_json::Value::Object(fields) => {
                Value::object(fields.iter().map(|(name, value)| (name.as_str().into(), by_serde(value))).collect())
            }
        }
    }

    fn agrees(text: &str) {
        let read = value(text);
        match serde_json::from_str(text) {
            Ok(json) => {
                let read = read.unwrap();
                assert_eq!(equal(&read, &by_serde(&json)), Some(true), "{text}: {read:?}");
            }
            Err(_) => assert_eq!(read.unwrap_err(), Unread, "{text}"),
        }
    }

    #[test]
    fn reads_what_serde_json_reads() {
        for text in [
            "null",
            " true ",
            "[]",
            "{}",
            "[1, -2.50e3,\n12345678901234567890123]",
            r#"{"a":{"b":[false,"x"]},"c":""}"#,
            r#""q\"\\\u00e9\ud83d\ude00\n""#,
            "\"\u{e9}\"",
            r#"{"\u0061":1}"#,
        ] {
            agrees(text);
        }
    }

    #[test]
    fn of_equal_names_the_last_counts() {
        let object = value(r#"{"a":1,"a":2}"#).unwrap();
        let number = object.as_fields().unwrap().get("a").unwrap().as_number().unwrap().to_i64();
        assert_eq!(number, Some(2));
    }

    #[test]
    fn what_is_no_json_is_not_read() {
        for text in ["", "tru", "[1", "{\"a\"}", "\"a", "1 2", "[1,]", "{,}", "\"\\", "nul", "[\"\\ud800\"]"] {
            assert_eq!(value(text).unwrap_err(), Unread, "{text}");
        }
        assert_eq!(value(&"[".repeat(100_000)).unwrap_err(), Unread);
        assert_eq!(value(&format!("{}{}", "[".repeat(200), "]".repeat(200))).unwrap_err(), Unread);
    }

    proptest! {
        #[test]
        fn any_document_reads_as_serde_json_reads_it(json in document()) {
            agrees(&json.to_string());
            agrees(&serde_json::to_string_pretty(&json).unwrap());
        }
    }

    fn document() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(serde_json::Value::from),
            any::<i64>().prop_map(serde_json::Value::from),
            any::<u64>().prop_map(serde_json::Value::from),
            (-1e9..1e9f64).prop_map(serde_json::Value::from),
            ".{0,12}".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
                prop::collection::vec((".{0,6}", inner), 0..6)
                    .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
            ]
        })
    }
}
