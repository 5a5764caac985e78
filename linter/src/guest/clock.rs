//! The clock of one guest as its configuration goes by: what was written last counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::client::{Client, ClientFile};
use super::files::FileContent;
use super::time_source::TimeSource;
use crate::value::{Reason, Unknown};

/// What the configuration of a guest says about its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It names sources.
    Explicit,
    /// It says nothing: the image and the cloud decide.
    Default,
    /// It switches the time client off.
    Disabled,
    /// It configures a time client and leaves it without any source.
    Unsynchronised,
    /// Not known.
    Undetermined,
}

impl Status {
    /// The word for it in rules.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Default => "default",
            Self::Disabled => "disabled",
            Self::Unsynchronised => "unsynchronised",
            Self::Undetermined => "undetermined",
        }
    }
}

/// Where sources are kept: each place holds what was written to it last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// A file of a client, by path.
    File(String),
    /// cloud-init's `ntp`.
    CloudInit,
    /// The Windows time service.
    Windows,
    /// Settings of an operating system that has no other.
    System,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    sources: Vec<TimeSource>,
    /// The client it belongs to.
    client: Option<Client>,
    /// Whether it is all that the client has.
    is_main: bool,
    is_open: bool,
    evidence: Arc<str>,
}

/// A client was switched.
#[derive(Clone, Debug)]
struct Switch {
    /// `None`: whatever client there is.
    client: Option<Client>,
    is_on: bool,
    /// Whether it certainly happens.
    is_certain: bool,
    evidence: Arc<str>,
}

/// Something that is not understood.
#[derive(Clone, Debug)]
struct Doubt {
    reasons: Vec<Reason>,
    /// Whether it concerns the list of sources rather than the configuration as a whole.
    is_about_sources: bool,
}

/// More switches and doubts than this are not kept; one of the doubts then says so.
const MAX_EVENTS: usize = 512;

/// The clock so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    kept: BTreeMap<Slot, Kept>,
    switches: Vec<Switch>,
    doubts: Vec<Doubt>,
    set_by_hand: Vec<Arc<str>>,
}

/// What it all comes to.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    pub(super) status: Status,
    pub(super) sources: Vec<TimeSource>,
    /// Why there may be other sources.
    pub(super) open: Vec<Reason>,
    /// What switches the clock off; with `true` if that certainly happens.
    pub(super) off: Option<(Arc<str>, bool)>,
    /// Why the status is not known.
    pub(super) reasons: Vec<Reason>,
    /// What leaves a client without sources.
    pub(super) evidence: Option<Arc<str>>,
    /// The commands that set the clock to a time they name.
    pub(super) set_by_hand: Vec<Arc<str>>,
}

impl Clock {
    /// A client's file was written or appended to.
    pub(super) fn file(&mut self, path: &str, kind: ClientFile, content: FileContent, appends: bool) {
        for doubt in &content.doubts {
            self.doubt_sources(vec![Reason::Error(format!("{doubt} is not known").into())]);
        }
        let before = self.kept.remove(&Slot::File(path.to_owned()));
        let written = Kept {
            sources: content.sources,
            client: Some(kind.client),
            // timesyncd without servers of its own does what it did before.
            is_main: kind.is_main && !appends && kind.client != Client::Timesyncd,
            is_open: content.is_open,
            evidence: path.into(),
        };
        let kept = match before.filter(|_| appends) {
            Some(mut before) => {
                before.sources.extend(written.sources);
                before.is_open |= written.is_open;
                before
            }
            None => written,
        };
        self.kept.insert(Slot::File(path.to_owned()), kept);
    }

    /// A client was given these sources, instead of those in the same slot.
    pub(super) fn sources(&mut self, slot: Slot, client: Option<Client>, sources: Vec<TimeSource>, evidence: &str) {
        let kept = Kept { sources, client, is_main: true, is_open: false, evidence: evidence.into() };
        self.kept.insert(slot, kept);
    }

    /// What stood in a slot counts no longer.
    pub(super) fn forget(&mut self, slot: &Slot) {
        self.kept.remove(slot);
    }

    /// A client was switched on or off; without client any that there is.
    pub(super) fn switch(&mut self, client: Option<Client>, is_on: bool, is_certain: bool, evidence: String) {
        if self.switches.len() < MAX_EVENTS {
            self.switches.push(Switch { client, is_on, is_certain, evidence: evidence.into() });
        } else {
            self.doubt(vec![Reason::Limit(format!("{MAX_EVENTS} commands on time services").into())]);
        }
    }

    /// A command sets the clock to a time that it names.
    pub(super) fn set_by_hand(&mut self, evidence: String) {
        if self.set_by_hand.len() < MAX_EVENTS {
            self.set_by_hand.push(evidence.into());
        } else {
            self.doubt(vec![Reason::Limit(format!("{MAX_EVENTS} commands that set the clock").into())]);
        }
    }

    /// A part is not understood that may configure anything.
    pub(super) fn doubt(&mut self, reasons: Vec<Reason>) {
        self.note_doubt(Doubt { reasons, is_about_sources: false });
    }

    /// A part is not understood that may change the sources.
    pub(super) fn doubt_sources(&mut self, reasons: Vec<Reason>) {
        self.note_doubt(Doubt { reasons, is_about_sources: true });
    }

    fn note_doubt(&mut self, doubt: Doubt) {
        if self.doubts.len() < MAX_EVENTS && !doubt.reasons.is_empty() {
            self.doubts.push(doubt);
        }
    }

    /// What it all comes to.
    pub(super) fn summary(&self) -> Summary {
        let off = self.off();
        let sources: Vec<TimeSource> = self.kept.values().flat_map(|kept| &kept.sources).cloned().collect();
        let is_certainly_off = off.as_ref().is_some_and(|(_, certain)| *certain);
        let is_open = self.kept.values().any(|kept| kept.is_open);
        let bare = self.kept.values().find(|kept| kept.is_main && kept.sources.is_empty() && !kept.is_open);
        let has_doubt = !self.doubts.is_empty();
        let status = if is_certainly_off {
            Status::Disabled
        } else if !sources.is_empty() {
            Status::Explicit
        } else if has_doubt || off.is_some() || (is_open && bare.is_none() && self.has_main()) {
            Status::Undetermined
        } else if bare.is_some() {
            Status::Unsynchronised
        } else {
            Status::Default
        };
        let mut reasons = self.reasons(|_| true);
        if let Some((evidence, false)) = &off {
            push(&mut reasons, Reason::Error(format!("it is not known whether this runs: {evidence}").into()));
        }
        if reasons.is_empty() && status == Status::Undetermined {
            push(&mut reasons, Reason::Error("the time client takes its sources from files that are not shown".into()));
        }
        let evidence = bare.map(|kept| kept.evidence.clone());
        let open = self.reasons(|doubt| doubt.is_about_sources);
        Summary { status, sources, open, off, reasons, evidence, set_by_hand: self.set_by_hand.clone() }
    }

    fn has_main(&self) -> bool {
        self.kept.values().any(|kept| kept.is_main)
    }

    fn reasons(&self, wanted: impl Fn(&Doubt) -> bool) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for reason in self.doubts.iter().filter(|doubt| wanted(doubt)).flat_map(|doubt| &doubt.reasons) {
            push(&mut reasons, reason.clone());
        }
        reasons
    }

    /// The last switch-off that nothing after it, and no other client, makes good.
    fn off(&self) -> Option<(Arc<str>, bool)> {
        let mut found: Option<(Arc<str>, bool)> = None;
        for (idx, off) in self.switches.iter().enumerate().filter(|(_, switch)| !switch.is_on) {
            if self.is_made_good(idx, off) {
                continue;
            }
            if found.as_ref().is_none_or(|(_, certain)| !certain && off.is_certain) {
                found = Some((off.evidence.clone(), off.is_certain));
            }
        }
        found
    }

    fn is_made_good(&self, idx: usize, off: &Switch) -> bool {
        let later_on =
            self.switches.iter().skip(idx + 1).any(|later| {
                later.is_on && (off.client.is_none() || later.client.is_none() || later.client == off.client)
            });
        if later_on {
            return true;
        }
        let Some(client) = off.client else { return false };
        let other = |named: Option<Client>| named.is_some_and(|named| named != client && !self.is_off(named));
        self.switches.iter().any(|switch| switch.is_on && other(switch.client))
            || self.kept.values().any(|kept| !kept.sources.is_empty() && other(kept.client))
    }

    /// Whether the last word on a client is that it is off.
    fn is_off(&self, client: Client) -> bool {
        let last = self.switches.iter().rev().find(|switch| switch.client == Some(client));
        last.is_some_and(|switch| !switch.is_on)
    }
}

fn push(reasons: &mut Vec<Reason>, reason: Reason) {
    if reasons.len() < Unknown::MAX_REASONS && !reasons.contains(&reason) {
        reasons.push(reason);
    }
}
