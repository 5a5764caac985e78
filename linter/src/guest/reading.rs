//! What all readers of a guest's configuration share: the holes, the clock, where they are, how much work is left.

use std::sync::Arc;

use super::client::Client;
use super::clock::{Clock, Slot};
use super::files;
use super::text::{Holes, MAX_BYTES, has_hole};
use super::time_source::{SourceName, TimeSource};
use super::windows::WindowsTime;
use crate::value::{Reason, Value};

/// Texts within texts deeper than this are not read.
pub(super) const MAX_DEPTH: usize = 8;

/// All text that is read for one guest, in bytes, however often it is decoded.
const MAX_WORK: usize = 4 * MAX_BYTES;

/// The reading of one guest's configuration.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) holes: Holes,
    pub(super) clock: Clock,
    pub(super) windows: WindowsTime,
    /// What is being read, for evidence: `user_data`.
    pub(super) place: String,
    /// How many texts around the current one.
    pub(super) depth: usize,
    work_left: usize,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            holes: Holes::default(),
            clock: Clock::default(),
            windows: WindowsTime::default(),
            place: String::new(),
            depth: 0,
            work_left: MAX_WORK,
        }
    }
}

impl Reading {
    /// Takes up work on so many bytes, one level deeper. `false`, with a doubt noted, if that is too much.
    pub(super) fn enter(&mut self, bytes: usize) -> bool {
        let Some(left) = self.work_left.checked_sub(bytes) else {
            self.limit(format!("{MAX_WORK} bytes of configuration in one guest"));
            return false;
        };
        if self.depth >= MAX_DEPTH {
            self.limit(format!("{MAX_DEPTH} texts within texts"));
            return false;
        }
        self.work_left = left;
        self.depth += 1;
        true
    }

    /// The work that was entered is done.
    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// A bound was reached: anything may stand in what is not read.
    pub(super) fn limit(&mut self, what: String) {
        self.clock.doubt(vec![Reason::Limit(what.into())]);
    }

    /// A part cannot be understood.
    pub(super) fn doubt(&mut self, why: String) {
        let message = format!("{}: {why}", self.place);
        self.clock.doubt(vec![Reason::Error(message.into())]);
    }

    /// A part cannot be understood that changes the sources.
    pub(super) fn doubt_sources(&mut self, why: String) {
        let message = format!("{}: {why}", self.place);
        self.clock.doubt_sources(vec![Reason::Error(message.into())]);
    }

    /// A part is a hole: what stands there is not known.
    pub(super) fn doubt_hole(&mut self, text: &str) {
        let reasons = self.holes.reasons_in(text);
        self.clock.doubt(reasons);
    }

    /// Evidence within the current place.
    pub(super) fn evidence(&self, what: &str) -> String {
        format!("{}: {}", self.place, super::text::shown(what))
    }

    /// A file was written or appended to.
    pub(super) fn write_file(&mut self, path: &str, text: &str, appends: bool) {
        let Some(kind) = super::client::Client::of_file(path) else { return };
        let holes = &self.holes;
        let content = files::read(kind, text, path, &|word| name_of(holes, word));
        let doubts = content.doubts.is_empty();
        self.clock.file(path, kind, content, appends);
        if !doubts {
            let reasons = self.holes.reasons_in(text);
            self.clock.doubt_sources(reasons);
        }
    }

    /// A client was told these names.
    pub(super) fn set_sources(&mut self, slot: Slot, client: Option<Client>, names: &[String], what: &str) {
        let evidence: Arc<str> = self.evidence(what).into();
        let source = |name: &String| TimeSource {
            name: name_of(&self.holes, name),
            evidence: evidence.clone(),
            is_authenticated: false,
        };
        let sources = names.iter().map(source).collect();
        self.clock.sources(slot, client, sources, &evidence);
    }
}

/// A name that may have a hole.
pub(super) fn name_of(holes: &Holes, word: &str) -> SourceName {
    if has_hole(word) {
        return SourceName::Unknown(holes.reasons_in(word).into());
    }
    let word = word.trim_matches(['"', '\'']);
    let plain = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')).unwrap_or(word);
    SourceName::Known(plain.into())
}

/// The field of a document.
pub(super) fn get<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.as_fields()?.get(name)
}

/// The field at a path of names.
pub(super) fn get_path<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, name| get(value, name))
}

/// The texts of a list, or the one text there is; numbers as they are written.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    let items = value.as_items().unwrap_or(std::slice::from_ref(value));
    items.iter().filter_map(scalar).collect()
}

/// A scalar as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    value.as_number().map(ToString::to_string)
}

/// A truth value as YAML 1.1 and people write it.
pub(super) fn truth(value: &Value) -> Option<bool> {
    if let Some(value) = value.as_bool() {
        return Some(value);
    }
    match value.as_str()?.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some(true),
        "false" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}
