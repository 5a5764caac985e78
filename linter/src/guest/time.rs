//! The decision on one host: what its configuration says about time, with the evidence.

use std::sync::Arc;

use super::clock::{Status, Summary};
use super::host::{GuestData, guest_data};
use super::payload::{Form, read_text, read_value};
use super::reading::{Reading, get};
use super::time_source::TimeSource;
use crate::terraform::Instance;
use crate::value::{Kind, Knowledge, Marks, Origin, Reason, Value};

/// More alternatives than this of one value are not read.
const MAX_ALTERNATIVES: usize = 8;

/// What the configuration of one guest says about its time.
#[derive(Clone, Debug)]
pub struct TimeFinding {
    /// What it comes to.
    pub status: Status,
    /// The sources it names.
    pub sources: Vec<TimeSource>,
    /// Why there may be other sources; empty if these are all.
    pub open: Vec<Reason>,
    /// What switches the clock off.
    pub disabled_by: Option<Arc<str>>,
    /// The commands that set the clock to a time they name.
    pub set_by_hand: Vec<Arc<str>>,
    /// Why the status is not known; empty if it is.
    pub reasons: Vec<Reason>,
    /// Whether nothing at all of it is known: not even whether the clock is switched off.
    pub is_opaque: bool,
    /// What shows it, for people.
    pub evidence: Option<Arc<str>>,
    /// The attribute that says it.
    pub origin: Option<Arc<Origin>>,
    /// Marks of what was read.
    pub marks: Marks,
}

/// Reads all that an instance tells its guest.
#[must_use]
pub fn time_finding(instance: &Instance) -> TimeFinding {
    let data = guest_data(instance);
    let mut reading = Reading::default();
    for item in &data {
        read_item(&mut reading, item);
    }
    provisioners(&mut reading, &instance.provisioners);
    let summary = reading.clock.summary();
    let is_opaque = !data.is_empty() && data.iter().all(|item| is_opaque(item.value));
    let provisioned = instance.provisioners.iter().map(Value::deep_marks);
    let marks = data.iter().map(|item| item.value.deep_marks()).chain(provisioned);
    let marks = marks.fold(Marks::NONE, Marks::union);
    let origin = origin(instance, &data, &summary);
    finding(summary, is_opaque, origin, marks)
}

fn finding(summary: Summary, is_opaque: bool, origin: Option<Arc<Origin>>, marks: Marks) -> TimeFinding {
    let disabled_by = summary.off.as_ref().filter(|(_, certain)| *certain).map(|(evidence, _)| evidence.clone());
    let shown = summary.sources.first().map(|source| source.evidence.clone());
    let evidence = disabled_by.clone().or(shown).or(summary.evidence);
    TimeFinding {
        status: summary.status,
        sources: summary.sources,
        open: summary.open,
        disabled_by,
        set_by_hand: summary.set_by_hand,
        reasons: summary.reasons,
        is_opaque: is_opaque || summary.off.is_some_and(|(_, certain)| !certain),
        evidence,
        origin,
        marks,
    }
}

fn read_item(reading: &mut Reading, item: &GuestData<'_>) {
    reading.place.clone_from(&item.place);
    if let Kind::Unknown(unknown) = &item.value.kind
        && let Knowledge::OneOf(choices) = &unknown.knowledge
    {
        return read_choices(reading, choices, &unknown.reasons, item.form);
    }
    read_value(reading, item.value, item.form);
}

/// One of several texts: what all of them come to is known, the rest is not.
fn read_choices(reading: &mut Reading, choices: &[Value], reasons: &[Reason], form: Form) {
    if choices.len() > MAX_ALTERNATIVES {
        return reading.clock.doubt(reasons.to_vec());
    }
    let before = reading.clock.clone();
    let mut outcomes = Vec::new();
    for choice in choices {
        reading.clock = before.clone();
        read_value(reading, choice, form);
        outcomes.push(reading.clock.clone());
    }
    let summaries: Vec<Summary> = outcomes.iter().map(super::clock::Clock::summary).collect();
    let same = |left: &Summary, right: &Summary| {
        left.status == right.status && left.sources == right.sources && left.set_by_hand == right.set_by_hand
    };
    let agree = summaries.windows(2).all(|pair| matches!(pair, [left, right] if same(left, right)));
    match outcomes.into_iter().next().filter(|_| agree) {
        Some(clock) => reading.clock = clock,
        None => {
            reading.clock = before;
            reading.clock.doubt(reasons.to_vec());
        }
    }
}

fn provisioners(reading: &mut Reading, provisioners: &[Value]) {
    for provisioner in provisioners {
        let kind = get(provisioner, "type").and_then(Value::as_str).unwrap_or_default();
        if get(provisioner, "when").and_then(Value::as_str) == Some("destroy") {
            continue;
        }
        reading.place = format!("provisioner {kind:?}");
        match kind {
            "remote-exec" => remote_exec(reading, provisioner),
            "file" => file(reading, provisioner),
            _ => {}
        }
    }
}

/// The lines of `inline`; what is not known of them may do anything.
fn remote_exec(reading: &mut Reading, provisioner: &Value) {
    let Some(inline) = get(provisioner, "inline") else { return };
    let Some(lines) = inline.as_items() else {
        if let Some(unknown) = inline.as_unknown() {
            reading.clock.doubt(unknown.reasons.to_vec());
        }
        return;
    };
    let mut script = String::new();
    for line in lines {
        match reading.holes.text_of(line) {
            Some(text) => script.push_str(&text),
            None => script.push(reading.holes.hole_of(line)),
        }
        script.push('\n');
    }
    read_text(reading, &script, Form::Shell);
}

fn file(reading: &mut Reading, provisioner: &Value) {
    let Some(path) = get(provisioner, "destination").and_then(Value::as_str) else { return };
    if super::client::Client::of_file(path).is_none() {
        return;
    }
    match get(provisioner, "content").map(|content| (reading.holes.text_of(content), content)) {
        Some((Some(text), _)) => reading.write_file(path, &text, false),
        Some((None, content)) => {
            let text = reading.holes.hole_of(content).to_string();
            reading.write_file(path, &text, false);
        }
        None => reading.doubt_sources(format!("{path} is copied from a file that is not read")),
    }
}

/// Whether nothing is known of a text.
fn is_opaque(value: &Value) -> bool {
    let Kind::Unknown(unknown) = &value.kind else { return false };
    match &unknown.knowledge {
        Knowledge::Template(_) | Knowledge::Json(_) | Knowledge::Yaml(_) => false,
        Knowledge::Base64(inner) => is_opaque(inner),
        Knowledge::Nothing | Knowledge::Symbol(_) | Knowledge::OneOf(_) | Knowledge::Members(_) => true,
    }
}

/// The attribute that says it: the one that evidence names, or the first there is.
fn origin(instance: &Instance, data: &[GuestData<'_>], summary: &Summary) -> Option<Arc<Origin>> {
    let off = summary.off.as_ref().map(|(evidence, _)| evidence.clone());
    let text = off.or_else(|| summary.sources.first().map(|source| source.evidence.clone()));
    let named = text.and_then(|text| data.iter().find(|item| text.starts_with(&item.place)));
    let found = named.or_else(|| data.first()).and_then(|item| item.origin.clone());
    let provisioner = || instance.provisioners.first().and_then(|provisioner| provisioner.origin.clone());
    found.or_else(provisioner).or_else(|| instance.values.origin.clone())
}
