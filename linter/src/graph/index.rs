//! The graph: one root's instances, found by type, address and what they point at.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

use rustc_hash::FxHashMap;

use super::address::{canonical_type, type_of, without_instance_key};
use super::environment::{Environment, EnvironmentSettings, environment_of};
use super::identity::{Reach, family, identities};
use super::reference::{Certainty, Pointer, Resolution, pointers};
use super::relation::{Related, Relation};
use crate::terraform::{Extent, Instance, InstanceKey, Root};
use crate::value::{Symbol, Value};

/// An instance and its position in its root.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'r> {
    pub(super) idx: u32,
    pub(super) instance: &'r Instance,
}

/// Look-ups of relations by type, then path.
type Relations<'r> = FxHashMap<Arc<str>, FxHashMap<Arc<str>, Arc<Relation<'r>>>>;

/// One root with its indexes. Look-ups that need work are done once, when first asked for, from any thread.
#[derive(Debug)]
pub struct Graph<'r> {
    root: &'r Root,
    settings: EnvironmentSettings,
    by_type: BTreeMap<Arc<str>, Vec<Node<'r>>>,
    by_address: FxHashMap<Arc<str>, Node<'r>>,
    by_resource: FxHashMap<&'r str, Vec<Node<'r>>>,
    by_text: OnceLock<FxHashMap<&'r str, Vec<(Node<'r>, Reach)>>>,
    relations: RwLock<Relations<'r>>,
    environments: Vec<OnceLock<Environment>>,
}

impl<'r> Graph<'r> {
    /// The graph of a root. `settings` say how environments are found.
    #[must_use]
    pub fn new(root: &'r Root, settings: EnvironmentSettings) -> Self {
        let mut by_type: BTreeMap<Arc<str>, Vec<Node<'r>>> = BTreeMap::new();
        let mut by_resource: FxHashMap<&str, Vec<Node<'r>>> = FxHashMap::default();
        let mut by_address = FxHashMap::default();
        for (idx, instance) in (0..).zip(&root.instances) {
            let node = Node { idx, instance };
            by_type.entry(type_of(instance)).or_default().push(node);
            by_resource.entry(without_instance_key(&instance.address)).or_default().push(node);
            by_address.insert(instance.address.clone(), node);
        }
        Self {
            root,
            settings,
            by_type,
            by_address,
            by_resource,
            by_text: OnceLock::new(),
            relations: RwLock::default(),
            environments: root.instances.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> &'r Root {
        self.root
    }

    /// How environments are found.
    #[must_use]
    pub fn environment_settings(&self) -> &EnvironmentSettings {
        &self.settings
    }

    /// The types that occur, in order: `aws_vpc`, `data.aws_ami`. Old names such as `aws_alb` stand under the new one.
    pub fn types(&self) -> impl Iterator<Item = &Arc<str>> {
        self.by_type.keys()
    }

    /// The instances of a type, in the root's order. `data.aws_vpc` gives data sources; old and new names are the same.
    pub fn of_type(&self, resource_type: &str) -> impl ExactSizeIterator<Item = &'r Instance> {
        self.nodes_of_type(resource_type).iter().map(|node| node.instance)
    }

    /// The instance at an address.
    #[must_use]
    pub fn instance(&self, address: &str) -> Option<&'r Instance> {
        self.by_address.get(address).map(|node| node.instance)
    }

    /// The instances of one resource block: the address without instance key.
    pub fn instances_of_resource(&self, address: &str) -> impl Iterator<Item = &'r Instance> {
        self.by_resource.get(address).into_iter().flatten().map(|node| node.instance)
    }

    /// The instances of `resource_type` whose attribute at `path` points at `to`.
    ///
    /// The path names nested blocks and attributes: `rule.bucket`; list items are gone through.
    #[must_use]
    pub fn related(&self, to: &Instance, resource_type: &str, path: &str) -> Related<'r> {
        let holders = self.nodes_of_type(resource_type);
        let Some(&target) = self.by_address.get(&to.address).filter(|_| !holders.is_empty()) else {
            return Related::default();
        };
        self.relation(resource_type, path).find(target)
    }

    /// The instances that a value points at: by symbol, by being the object, or by an id, ARN or link that is known.
    ///
    /// With a type, only its instances are given, and they are found by their names as well.
    #[must_use]
    pub fn resolve(&self, value: &Value, resource_type: Option<&str>) -> Resolution<'r> {
        let wanted = resource_type.map(canonical_type);
        let is_wanted = |node: &Node<'r>| wanted.as_deref().is_none_or(|wanted| *type_of(node.instance) == *wanted);
        let mut found = Found::default();
        let mut open = Vec::new();
        pointers(value, &mut |pointer, certainty| match pointer {
            Pointer::Open(unknown, _) => open.extend(unknown.reasons.iter().cloned()),
            Pointer::Text(text) => {
                let reach = if wanted.is_some() { Reach::Local } else { Reach::Global };
                self.known_by(text, reach).filter(is_wanted).for_each(|node| found.note(node, certainty));
            }
            Pointer::Symbol(Symbol { address, .. }) | Pointer::Identity(address) => self
                .targets(address)
                .filter(|(node, _)| is_wanted(node))
                .for_each(|(node, here)| found.note(node, certainty.and(here))),
        });
        open.dedup();
        let (certain, possible) = found.split();
        Resolution { certain, possible, open }
    }

    /// The environment of an instance.
    #[must_use]
    pub fn environment(&self, instance: &Instance) -> &Environment {
        static NONE: Environment = Environment::NONE;
        let slot = self.by_address.get(&instance.address).and_then(|node| self.environments.get(node.idx as usize));
        slot.map_or(&NONE, |slot| slot.get_or_init(|| environment_of(self.root, instance, &self.settings)))
    }

    pub(super) fn nodes_of_type(&self, resource_type: &str) -> &[Node<'r>] {
        self.by_type.get(&*canonical_type(resource_type)).map_or(&[], Vec::as_slice)
    }

    /// The instances that an address in a symbol means: the instance itself, or those that a generic one stands for.
    pub(super) fn targets(&self, address: &str) -> impl Iterator<Item = (Node<'r>, Certainty)> {
        let exact = self.by_address.get(address).copied();
        let others = match exact {
            Some(_) => &[],
            None => self.by_resource.get(without_instance_key(address)).map_or(&[][..], Vec::as_slice),
        };
        // `aws_vpc.main[0]` may be what the generic `aws_vpc.main` stands for; `aws_vpc.main[5]` is not `aws_vpc.main[0]`.
        let is_bare = without_instance_key(address) == address;
        let by_key = others.iter().filter(move |node| is_bare || matches!(node.instance.key, InstanceKey::Unknown));
        exact.map(|node| (node, Certainty::Certain)).into_iter().chain(by_key.map(|&node| (node, Certainty::Possible)))
    }

    fn known_by(&self, text: &str, reach: Reach) -> impl Iterator<Item = Node<'r>> {
        let found = self.texts().get(text).into_iter().flatten();
        found.filter(move |(_, here)| reach == Reach::Local || *here == Reach::Global).map(|&(node, _)| node)
    }

    fn texts(&self) -> &FxHashMap<&'r str, Vec<(Node<'r>, Reach)>> {
        self.by_text.get_or_init(|| {
            let mut texts: FxHashMap<&'r str, Vec<(Node<'r>, Reach)>> = FxHashMap::default();
            for (idx, instance) in (0..).zip(&self.root.instances) {
                for (value, reach) in identities(instance) {
                    if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
                        texts.entry(text).or_default().push((Node { idx, instance }, reach));
                    }
                }
            }
            texts
        })
    }

    fn relation(&self, resource_type: &str, path: &str) -> Arc<Relation<'r>> {
        let name = canonical_type(resource_type);
        let relations = self.relations.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(relation) = relations.get(&*name).and_then(|paths| paths.get(path)) {
            return relation.clone();
        }
        drop(relations);
        let relation = Arc::new(Relation::build(self, resource_type, path));
        let mut relations = self.relations.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        relations.entry(name.into()).or_default().entry(path.into()).or_insert(relation).clone()
    }
}

/// Instances found, in the root's order, each with the best certainty seen.
#[derive(Debug, Default)]
pub(super) struct Found<'r>(BTreeMap<u32, (&'r Instance, Certainty)>);

impl<'r> Found<'r> {
    pub(super) fn note(&mut self, node: Node<'r>, certainty: Certainty) {
        let entry = self.0.entry(node.idx).or_insert((node.instance, certainty));
        entry.1 = entry.1.min(certainty);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The certain ones and the possible ones.
    pub(super) fn split(self) -> (Vec<&'r Instance>, Vec<&'r Instance>) {
        let (certain, possible): (Vec<_>, Vec<_>) =
            self.0.into_values().partition(|(_, certainty)| *certainty == Certainty::Certain);
        let instances = |list: Vec<(&'r Instance, Certainty)>| list.into_iter().map(|(instance, _)| instance).collect();
        (instances(certain), instances(possible))
    }
}

/// Whether two instances come from the same provider, and whether through the same configuration of it.
pub(super) fn same_provider(left: &Instance, right: &Instance, reach: Reach) -> bool {
    let (a, b) = (&left.provider, &right.provider);
    let either_unsaid = a.source.is_empty() || b.source.is_empty();
    if !either_unsaid && family(&a.source) != family(&b.source) {
        return false;
    }
    match reach {
        Reach::Global => true,
        Reach::Local => a.name.is_empty() || b.name.is_empty() || family(&a.source) == "google" || a.name == b.name,
    }
}

/// Whether the instance certainly exists.
pub(super) fn exists(instance: &Instance) -> Certainty {
    match instance.extent {
        Extent::Certain => Certainty::Certain,
        Extent::Possible => Certainty::Possible,
    }
}
