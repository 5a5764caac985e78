//! Joins: which instances of a type point at an instance through one attribute.

use rustc_hash::FxHashMap;

use super::Graph;
use super::identity::{Reach, has_open_name, identities, names_another, names_within};
use super::index::{Found, Node, exists, same_provider};
use super::reference::{Certainty, Pointer, pointers, values_at};
use crate::terraform::Instance;
use crate::value::{Reason, Unknown};

/// Once this many are found, no more are added that only may point.
const MAX_POSSIBLE: usize = 64;

/// The instances that point at another one.
#[derive(Clone, Debug, Default)]
pub struct Related<'r> {
    /// They do.
    pub certain: Vec<&'r Instance>,
    /// They may: their key is not known, or it is not known whether they will exist.
    pub possible: Vec<&'r Instance>,
    /// Why it is not known which of `possible` do.
    pub reasons: Vec<Reason>,
}

impl<'r> Related<'r> {
    /// All of them, certain ones first.
    pub fn all(&self) -> impl Iterator<Item = &'r Instance> {
        self.certain.iter().chain(&self.possible).copied()
    }

    /// Whether there certainly is none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.certain.is_empty() && self.possible.is_empty()
    }
}

/// One holder of a key.
#[derive(Clone, Copy, Debug)]
struct Link<'r> {
    holder: Node<'r>,
    certainty: Certainty,
}

/// A holder whose key is not known.
#[derive(Clone, Debug)]
struct OpenLink<'r> {
    holder: Node<'r>,
    prefix: Box<str>,
    /// Whether the text comes from outside and can only be something that already has a name.
    is_given: bool,
    reasons: Box<[Reason]>,
}

/// All keys that the instances of one type hold at one path, inverted.
#[derive(Debug, Default)]
pub(super) struct Relation<'r> {
    by_target: FxHashMap<u32, Vec<Link<'r>>>,
    by_text: FxHashMap<Box<str>, Vec<Link<'r>>>,
    /// Names within longer identifiers.
    by_inner_name: FxHashMap<Box<str>, Vec<Link<'r>>>,
    /// Everybody who holds a known text, in order.
    named: Vec<Node<'r>>,
    open: Vec<OpenLink<'r>>,
    /// Whether the path asks for an id or ARN, which does not exist before the instance does.
    is_id: bool,
}

impl<'r> Relation<'r> {
    /// Reads the attribute of every instance of the type once.
    pub(super) fn build(graph: &Graph<'r>, resource_type: &str, path: &str) -> Self {
        let names: Vec<&str> = path.split('.').filter(|name| !name.is_empty()).collect();
        let last = names.last().copied().unwrap_or("");
        let is_id = ["_id", "_ids", "_arn", "_arns"].iter().any(|end| last.ends_with(end)) || last == "id";
        let mut relation = Self { is_id, ..Self::default() };
        for &holder in graph.nodes_of_type(resource_type) {
            values_at(&holder.instance.values, &names, &mut |value, outer| {
                pointers(value, &mut |pointer, inner| relation.add(graph, holder, pointer, outer.and(inner)));
            });
        }
        relation
    }

    fn add(&mut self, graph: &Graph<'r>, holder: Node<'r>, pointer: Pointer<'_>, certainty: Certainty) {
        let link = Link { holder, certainty };
        match pointer {
            Pointer::Text(text) => {
                self.named.push(holder);
                self.by_text.entry(text.into()).or_default().push(link);
                for name in names_within(text) {
                    self.by_inner_name.entry(name.into()).or_default().push(link);
                }
            }
            Pointer::Open(unknown, prefix) => self.open.push(open_link(holder, unknown, prefix)),
            Pointer::Identity(address) => self.add_target(graph, link, address),
            Pointer::Symbol(symbol) if !names_another(&symbol.attribute) => {
                self.add_target(graph, link, &symbol.address);
            }
            Pointer::Symbol(_) => {}
        }
    }

    fn add_target(&mut self, graph: &Graph<'r>, link: Link<'r>, address: &str) {
        for (target, certainty) in graph.targets(address) {
            // A generic holder and a generic target come from the same unknown keys: there is one for each.
            let pair = match (exists(link.holder.instance), exists(target.instance)) {
                (Certainty::Possible, Certainty::Possible) | (Certainty::Certain, Certainty::Certain) => certainty,
                (Certainty::Possible, Certainty::Certain) | (Certainty::Certain, Certainty::Possible) => {
                    Certainty::Possible
                }
            };
            let certainty = link.certainty.and(pair);
            self.by_target.entry(target.idx).or_default().push(Link { certainty, ..link });
        }
    }

    /// Who points at the instance.
    pub(super) fn find(&self, target: Node<'r>) -> Related<'r> {
        let mut found = Found::default();
        let mut note = |link: &Link<'r>, certainty: Certainty| {
            if link.holder.idx != target.idx {
                found.note(link.holder, link.certainty.and(certainty));
            }
        };
        for link in self.by_target.get(&target.idx).into_iter().flatten() {
            note(link, Certainty::Certain);
        }
        let has_texts = !self.by_text.is_empty();
        let names = identities(target.instance).take_while(|_| has_texts);
        for (text, reach) in names.filter_map(|(value, reach)| Some((value.as_str()?, reach))) {
            let whole = self.by_text.get(text).into_iter().flatten();
            let inner = self.by_inner_name.get(text).into_iter().flatten();
            whole
                .chain(inner)
                .filter(|link| same_provider(link.holder.instance, target.instance, reach))
                .for_each(|link| note(link, exists(link.holder.instance).and(exists(target.instance))));
        }
        let reasons = self.add_open(target, &mut found);
        let (certain, possible) = found.split();
        Related { certain, possible, reasons }
    }

    /// Adds those that may point at the instance because its name or their key is not known, and says why.
    fn add_open(&self, target: Node<'r>, found: &mut Found<'r>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.open.is_empty() && (self.is_id || self.named.is_empty()) {
            return reasons;
        }
        let open_name = has_open_name(target.instance);
        let named = self.named.iter().filter(|_| open_name && !self.is_id).map(|holder| (*holder, None));
        let open = self.open.iter().filter(|link| self.may_point(link, target.instance, open_name));
        for (holder, link) in named.chain(open.map(|link| (link.holder, Some(link)))) {
            // A few candidates make the answer open; thousands would not make it more so.
            if found.len() >= MAX_POSSIBLE {
                break;
            }
            if holder.idx != target.idx {
                found.note(holder, Certainty::Possible);
            }
            for reason in link.iter().flat_map(|link| link.reasons.iter()) {
                if !reasons.contains(reason) && reasons.len() < Unknown::MAX_REASONS {
                    reasons.push(reason.clone());
                }
            }
        }
        reasons
    }

    /// Whether a key that is not known could be this instance's.
    fn may_point(&self, link: &OpenLink<'r>, target: &Instance, open_name: bool) -> bool {
        if !same_provider(link.holder.instance, target, Reach::Global) || (self.is_id && link.is_given) {
            return false;
        }
        let mut texts = identities(target).filter_map(|(value, _)| value.as_str());
        link.prefix.is_empty() || open_name || self.is_id || texts.any(|text| text.starts_with(&*link.prefix))
    }
}

fn open_link<'r>(holder: Node<'r>, unknown: &Unknown, prefix: &str) -> OpenLink<'r> {
    // What a module that is not here gives is its own: none of the instances that are.
    let is_outside = |reason: &Reason| match reason {
        Reason::NoValue(_) | Reason::DataSource(_) | Reason::ModuleNotInstalled(_) => true,
        Reason::Computed(..)
        | Reason::Function(_)
        | Reason::NotInPlan(..)
        | Reason::Error(_)
        | Reason::Cycle(_)
        | Reason::Unreadable(_)
        | Reason::Limit(_)
        | Reason::InstanceKey(_) => false,
    };
    OpenLink {
        holder,
        prefix: prefix.into(),
        is_given: !unknown.reasons.is_empty() && unknown.reasons.iter().all(is_outside),
        reasons: unknown.reasons.iter().cloned().collect(),
    }
}
