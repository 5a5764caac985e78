//! The network as a graph: nodes that pass packets on, the tables and filters they use, the sites at its ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::bounds::Bounds;
use super::super::filter::Direction;
use super::super::service::ServiceSet;
use super::filter::PacketFilter;
use super::label::Label;
use super::region::Region;
use super::site::Site;
use super::sweep::Shortcuts;
use super::table::RouteTable;
use crate::value::Reason;

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident),*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            pub(super) fn idx(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids!(
    /// Number of a node.
    NodeId,
    /// Number of a site.
    SiteId,
    /// Number of a filter.
    FilterId,
    /// Number of a route table.
    TableId
);

/// What a filter remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Replies to what it let through pass.
    Connections,
    /// Nothing: replies need rules of their own.
    Nothing,
}

/// The zone of a site's packets, where transit gateways keep to it.
pub type Zone = Option<Arc<str>>;

/// What a node does with packets.
#[derive(Clone, Debug)]
pub enum Step {
    /// They have arrived at the site they are for.
    Arrive,
    /// Those go on that one of the filters lets through.
    Filter {
        /// The filters; what any of them allows passes.
        filters: Vec<FilterId>,
        /// Which way the packets go, seen from what it protects.
        direction: Direction,
        /// Whether replies pass by themselves.
        memory: Memory,
        /// What the filter stands before: replies pass where the way out has passed the same.
        device: Arc<str>,
        /// The interface that it protects, if it is neither end of the packets.
        of: Option<SiteId>,
        /// Where they go on.
        next: NodeId,
    },
    /// The longest prefix decides.
    Route(TableId),
    /// Those go on that come from and go to these.
    Admit {
        /// Sources; `None` for all.
        sources: Option<Region>,
        /// Destinations; `None` for all.
        destinations: Option<Region>,
        /// Where they go on.
        next: NodeId,
    },
    /// Delivers to the door of the site they are for, if it is in this segment; others go on.
    Segment {
        /// The key of the segment.
        key: Arc<str>,
        /// Where others go.
        otherwise: Option<NodeId>,
    },
    /// Delivers to the home of the site they are for, if it is in this network.
    Network(Arc<str>),
    /// Their source becomes the public address of the site they come from, if it has one.
    ToPublic(NodeId),
    /// Their destination becomes the private address of the site they go to.
    ToPrivate(NodeId),
    /// Their source becomes the site.
    SourceNat {
        /// The site whose address they get.
        site: SiteId,
        /// Others are dropped.
        services: ServiceSet,
        /// Where they go on.
        next: NodeId,
    },
    /// From the Internet to whoever has the address: these sites for those that nobody here has.
    Internet(Vec<SiteId>),
    /// To one of these sites outside, whichever they are for.
    Outside(Vec<SiteId>),
    /// They are in this zone from here on.
    EnterZone(Zone, NodeId),
    /// The exit of their own zone if there is one; otherwise any.
    LeaveZone {
        /// Exits by zone.
        exits: Vec<(Zone, NodeId)>,
        /// Whether any exit may be taken although their own zone has one.
        spread: bool,
    },
    /// From here on references to groups do not know who sends them.
    ForgetGroups(NodeId),
    /// Any of these.
    AnyOf(Vec<NodeId>),
    /// Nobody knows where: to the home of the site they are for, or to the Internet's way in.
    Anywhere,
    /// They go no further; why.
    Stop(Arc<str>),
}

/// A place that packets pass.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub label: Label,
    /// What it does.
    pub step: Step,
    /// Whether it is there.
    pub exists: Bounds<bool>,
    /// Why that is not known.
    pub doubts: Arc<[Reason]>,
}

/// What has an effect on the network and is not modelled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmodelled {
    /// The resource type.
    pub resource_type: Arc<str>,
    /// The instance.
    pub address: Arc<str>,
    /// What it does, as far as that is known.
    pub reason: Arc<str>,
}

/// A whole network.
#[derive(Clone, Debug, Default)]
pub struct Topology {
    /// Places.
    pub nodes: Vec<Node>,
    /// Ends.
    pub sites: Vec<Site>,
    /// Filters.
    pub filters: Vec<PacketFilter>,
    /// Route tables.
    pub tables: Vec<RouteTable>,
    /// What every verdict takes for granted.
    pub assumptions: Vec<Arc<str>>,
    /// What is not modelled.
    pub unmodelled: Vec<Unmodelled>,
    /// The sites that a resource is, by its key.
    resources: BTreeMap<Arc<str>, Vec<SiteId>>,
    /// What is worked out once.
    pub(super) shortcuts: Shortcuts,
}

impl Topology {
    /// Adds a node that certainly is there.
    pub fn add_node(&mut self, label: Label, step: Step) -> NodeId {
        self.add(Node { label, step, exists: Bounds::YES, doubts: [].into() })
    }

    /// Adds a node that may be there.
    pub fn add_doubtful_node(&mut self, label: Label, step: Step, doubts: Arc<[Reason]>) -> NodeId {
        self.add(Node { label, step, exists: Bounds::PERHAPS, doubts })
    }

    /// Adds a node.
    pub fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId((self.nodes.len() - 1) as u32)
    }

    /// A node whose step is given later, by [`Self::set_step`].
    pub fn reserve_node(&mut self, label: Label) -> NodeId {
        self.add_node(label, Step::Stop("nothing is known of it".into()))
    }

    /// Says what a node does.
    pub fn set_step(&mut self, id: NodeId, step: Step) {
        self.shortcuts = Shortcuts::default();
        if let Some(node) = self.nodes.get_mut(id.idx()) {
            node.step = step;
        }
    }

    /// Adds a site.
    pub fn add_site(&mut self, site: Site) -> SiteId {
        let id = SiteId(self.sites.len() as u32);
        self.shortcuts = Shortcuts::default();
        self.resources.entry(site.label.resource.clone()).or_default().push(id);
        self.sites.push(site);
        id
    }

    /// Says that a resource is a site as well, such as an instance with an interface of its own.
    pub fn also_called(&mut self, resource: &Arc<str>, site: SiteId) {
        let sites = self.resources.entry(resource.clone()).or_default();
        if !sites.contains(&site) {
            sites.push(site);
        }
    }

    /// Adds a filter.
    pub fn add_filter(&mut self, filter: PacketFilter) -> FilterId {
        self.filters.push(filter);
        FilterId((self.filters.len() - 1) as u32)
    }

    /// Adds a route table.
    pub fn add_table(&mut self, table: RouteTable) -> TableId {
        self.tables.push(table);
        TableId((self.tables.len() - 1) as u32)
    }

    /// The node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.idx())
    }

    /// The site.
    #[must_use]
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites.get(id.idx())
    }

    /// The site, to change it.
    pub fn site_mut(&mut self, id: SiteId) -> Option<&mut Site> {
        self.sites.get_mut(id.idx())
    }

    /// The filter.
    #[must_use]
    pub fn filter(&self, id: FilterId) -> Option<&PacketFilter> {
        self.filters.get(id.idx())
    }

    /// The table.
    #[must_use]
    pub fn table(&self, id: TableId) -> Option<&RouteTable> {
        self.tables.get(id.idx())
    }

    /// The sites that a resource is: its interfaces, one per subnet.
    #[must_use]
    pub fn sites_of(&self, resource: &str) -> &[SiteId] {
        self.resources.get(resource).map(Vec::as_slice).unwrap_or_default()
    }

    /// All sites with their numbers.
    pub fn all_sites(&self) -> impl Iterator<Item = (SiteId, &Site)> {
        (0..).map(SiteId).zip(&self.sites)
    }
}
