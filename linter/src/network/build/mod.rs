//! From instances of resources to the model of their network, for one root or several together.
//!
//! Owns: [`Builder`], which clouds' rooms use to add what they know; [`topology`].
//! Promises: keys are the same for the same thing in every root; what a reference may mean is said with reasons.
//! Must not know: which resources a cloud has.

pub(crate) mod filters;
mod reference;
mod region;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use reference::References;
pub use region::{Range, unmanaged_domain};

use super::address::AddressSet;
use super::bounds::Bounds;
use super::filter::Direction;
use super::filters::Filters;
use super::join::Joins;
use super::model::{Face, FaceKind, FilterId, Label, Multiplicity, NodeId, Serves, Site, SiteId, Step, Topology};
use crate::graph::Graph;
use crate::terraform::{Extent, Instance, Mode};
use crate::value::{Origin, OriginKind, Reason};

/// What the policy of a firewall or appliance lets through, where the configuration does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assumption {
    /// What the configuration says; not known where it does not.
    #[default]
    Configured,
    /// Nothing.
    DenyAll,
    /// Everything.
    AllowAll,
}

/// One root to build from.
#[derive(Clone, Copy)]
pub struct Input<'g, 'r> {
    /// Its instances.
    pub graph: &'g Graph<'r>,
    /// What its resources are called by when there are several roots; empty for a single one.
    pub name: &'r str,
}

/// One root with its look-ups.
pub struct BuildRoot<'g, 'r> {
    /// Its instances.
    pub graph: &'g Graph<'r>,
    /// Who is called what.
    pub joins: Joins,
    /// Its packet filters.
    pub filters: Filters,
    prefix: Arc<str>,
}

/// An instance of one of the roots.
#[derive(Clone, Copy, Debug)]
pub struct Item<'r> {
    /// Number of the root.
    pub root: usize,
    /// The instance.
    pub instance: &'r Instance,
}

/// Puts a topology together.
pub struct Builder<'g, 'r> {
    /// The topology so far.
    pub topology: Topology,
    /// The roots.
    pub roots: Vec<BuildRoot<'g, 'r>>,
    /// The Internet, as a site.
    pub internet: SiteId,
    /// The Internet, as a place that packets pass.
    pub internet_node: NodeId,
    /// Where packets have arrived.
    pub arrival: NodeId,
    /// Assumptions about firewalls, by address.
    pub assumed: BTreeMap<String, Assumption>,
    /// Filters made so far, by key.
    filters: FxHashMap<Arc<str>, FilterId>,
    /// What a known id stands for, by type and id.
    ids: FxHashMap<Arc<str>, Arc<str>>,
    /// Nodes that several share, by name and direction.
    shared: FxHashMap<(Arc<str>, Direction), NodeId>,
}

impl<'g, 'r> Builder<'g, 'r> {
    /// A builder with nothing but the Internet.
    #[must_use]
    pub fn new(inputs: &[Input<'g, 'r>], assumed: BTreeMap<String, Assumption>) -> Self {
        let many = inputs.len() > 1;
        let root = |input: &Input<'g, 'r>| {
            let instances = &input.graph.root().instances;
            let prefix = if many { format!("{}: ", input.name).into() } else { "".into() };
            BuildRoot { graph: input.graph, joins: Joins::of(instances), filters: Filters::of(instances), prefix }
        };
        let mut topology = Topology::default();
        let arrival = topology.add_node(Label::implied("", ""), Step::Arrive);
        let internet_node = topology.add_node(Label::implied("the Internet", ""), Step::Internet(Vec::new()));
        let internet = topology.add_site(internet_site(internet_node, arrival));
        topology.set_step(internet_node, Step::Internet(vec![internet]));
        let mut builder = Self {
            topology,
            roots: inputs.iter().map(root).collect(),
            internet,
            internet_node,
            arrival,
            assumed,
            filters: FxHashMap::default(),
            ids: FxHashMap::default(),
            shared: FxHashMap::default(),
        };
        builder.note_ids();
        builder
    }

    /// The instances of some types in all roots: `aws_vpc`, `data.aws_vpc`.
    #[must_use]
    pub fn items(&self, types: &[&str]) -> Vec<Item<'r>> {
        let of_root = |(root, input): (usize, &BuildRoot<'g, 'r>)| -> Vec<Item<'r>> {
            let instances = types.iter().flat_map(|name| input.graph.of_type(name));
            instances.map(|instance| Item { root, instance }).collect()
        };
        self.roots.iter().enumerate().flat_map(of_root).collect()
    }

    /// The key of an instance: its address, with its root's name where there are several.
    #[must_use]
    pub fn key(&self, item: Item<'_>) -> Arc<str> {
        self.key_of(item.root, &item.instance.address)
    }

    /// The key of an address in a root. What one root calls by a known id may be managed in another.
    #[must_use]
    pub fn key_of(&self, root: usize, address: &Arc<str>) -> Arc<str> {
        if let Some(key) = self.ids.get(address) {
            return key.clone();
        }
        match self.roots.get(root).filter(|root| !root.prefix.is_empty()) {
            // A stand-in for an id, such as aws_vpc:vpc-1, is the same everywhere.
            Some(_) if address.split_once(':').is_some_and(|(kind, _)| !kind.contains(['.', '['])) => address.clone(),
            Some(root) => format!("{}{address}", root.prefix).into(),
            None => address.clone(),
        }
    }

    /// Known ids and what they belong to, so that other roots find it.
    fn note_ids(&mut self) {
        let mut ids: FxHashMap<Arc<str>, Arc<str>> = FxHashMap::default();
        for (root, input) in self.roots.iter().enumerate() {
            for instance in input.graph.root().instances.iter().filter(|instance| instance.mode == Mode::Managed) {
                let fields = instance.values.as_fields();
                if let Some(id) = fields.and_then(|fields| fields.get("id")).and_then(crate::value::Value::as_str) {
                    let stand_in = format!("{}:{id}", instance.resource_type);
                    ids.insert(stand_in.into(), self.key(Item { root, instance }));
                }
            }
        }
        self.ids = ids;
    }

    /// Says that a key means what another one does.
    pub fn alias(&mut self, key: Arc<str>, of: Arc<str>) {
        self.ids.insert(key, of);
    }

    /// The label of an instance.
    #[must_use]
    pub fn label(&self, item: Item<'_>, role: &'static str) -> Label {
        Label::declared(&self.key(item), role, Some(header(item.instance)))
    }

    /// Whether an instance exists, and why that is not known.
    #[must_use]
    pub fn existence(&self, item: Item<'_>) -> (Bounds<bool>, Arc<[Reason]>) {
        match item.instance.extent {
            Extent::Certain => (Bounds::YES, [].into()),
            Extent::Possible => (Bounds::PERHAPS, [Reason::InstanceKey(item.instance.address.clone())].into()),
        }
    }

    /// A node of an instance: as certain as the instance is.
    pub fn node_of(&mut self, item: Item<'_>, label: Label, step: Step) -> NodeId {
        let (exists, doubts) = self.existence(item);
        self.topology.add(super::model::Node { label, step, exists, doubts })
    }

    /// A node that all who ask for the same one share.
    pub fn shared_node(&mut self, name: Arc<str>, direction: Direction, label: Label, step: Step) -> NodeId {
        if let Some(known) = self.shared.get(&(name.clone(), direction)) {
            return *known;
        }
        let node = self.topology.add_node(label, step);
        self.shared.insert((name, direction), node);
        node
    }

    /// A way to nobody knows where.
    pub fn anywhere(&mut self, label: Label, doubts: Arc<[Reason]>) -> NodeId {
        self.topology.add_doubtful_node(label, Step::Anywhere, doubts)
    }

    /// A place where packets end; why.
    pub fn stop(&mut self, label: Label, why: &str) -> NodeId {
        self.topology.add_node(label, Step::Stop(why.into()))
    }

    /// What is assumed of a firewall or appliance.
    #[must_use]
    pub fn assumption(&self, key: &str) -> Assumption {
        let named = |name: &str| name == key || crate::graph::glob_matches(name, key);
        let found = self.assumed.iter().find(|(name, _)| named(name) || key.ends_with(&format!(": {name}")));
        found.map(|(_, assumption)| *assumption).unwrap_or_default()
    }
}

/// The block of an instance as an origin.
#[must_use]
pub fn header(instance: &Instance) -> Arc<Origin> {
    Origin::new(OriginKind::Block(instance.resource_type.clone()), instance.span)
}

fn internet_site(node: NodeId, arrival: NodeId) -> Site {
    let face = |addresses: AddressSet| Face { addresses, exists: Bounds::YES, doubts: [].into(), entry: None };
    let public = AddressSet::public();
    let four = AddressSet { v4: public.v4.clone(), v6: super::interval::Intervals::default() };
    let six = AddressSet { v4: super::interval::Intervals::default(), v6: public.v6.clone() };
    Site {
        label: Label::implied("internet", "internet"),
        multiplicity: Multiplicity::Many,
        faces: vec![(FaceKind::Public, face(four)), (FaceKind::Six, face(six))],
        groups: Vec::new(),
        open_groups: None,
        ranges: Vec::new(),
        segment: None,
        network: None,
        start: node,
        door: arrival,
        home: arrival,
        exists: Bounds::YES,
        doubts: [].into(),
        forwards: Vec::new(),
        serves: Some(Serves::Outside),
    }
}

/// The model of the network of some roots.
#[must_use]
pub fn topology(inputs: &[Input<'_, '_>], assumed: BTreeMap<String, Assumption>) -> Topology {
    let mut builder = Builder::new(inputs, assumed);
    super::aws::topology::convert(&mut builder);
    builder.topology
}
