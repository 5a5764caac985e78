//! Network interfaces: a site for each, in its subnet, behind its security groups.

use std::sync::Arc;

use super::super::super::address::AddressSet;
use super::super::super::bounds::Bounds;
use super::super::super::build::{Builder, Item, References};
use super::super::super::filter::Direction;
use super::super::super::interval::Intervals;
use super::super::super::model::topology::Memory;
use super::super::super::model::{
    Face, FaceKind, FilterId, Label, Multiplicity, NodeId, Serves, Site, SiteId, Step, Version,
};
use super::security_group::Groups;
use super::{World, doubts};
use crate::value::Reason;

/// A public IPv4 address that an interface may have.
#[derive(Clone, Debug)]
pub(super) struct Public {
    pub(super) exists: Bounds<bool>,
    pub(super) doubts: Arc<[Reason]>,
    /// The address, if it is known.
    pub(super) address: Option<AddressSet>,
}

impl Public {
    /// It has none.
    pub(super) fn none() -> Self {
        Self { exists: Bounds::NO, doubts: [].into(), address: None }
    }

    /// It has one.
    pub(super) fn some(address: Option<AddressSet>) -> Self {
        Self { exists: Bounds::YES, doubts: [].into(), address }
    }

    /// Nobody knows whether it has one.
    pub(super) fn perhaps(doubts: Arc<[Reason]>) -> Self {
        Self { exists: Bounds::PERHAPS, doubts, address: None }
    }
}

/// What there is to say of an interface.
#[derive(Clone, Debug)]
pub(super) struct Interface {
    pub(super) label: Label,
    pub(super) exists: Bounds<bool>,
    pub(super) doubts: Arc<[Reason]>,
    pub(super) groups: Groups,
    /// Its private IPv4 addresses, if they are known.
    pub(super) private: Option<AddressSet>,
    /// Its IPv6 addresses: known ones, or one of its subnet's.
    pub(super) six: Six,
    pub(super) public: Public,
    pub(super) serves: Option<Serves>,
    pub(super) multiplicity: Multiplicity,
    /// Whether anybody can open connections to it.
    pub(super) inward: bool,
    /// What it listens on, where that is known.
    pub(super) listens: Option<FilterId>,
}

/// Whether an interface has an IPv6 address.
#[derive(Clone, Debug)]
pub(super) enum Six {
    /// It has none.
    None,
    /// It has one out of its subnet's range.
    OfSubnet,
    /// It has these.
    Known(AddressSet),
    /// Nobody knows.
    Perhaps(Arc<[Reason]>),
}

impl Interface {
    /// An interface of an instance, without any address but its private one.
    pub(super) fn of(builder: &Builder<'_, '_>, item: Item<'_>, role: &'static str, groups: Groups) -> Self {
        let (exists, doubts) = builder.existence(item);
        Self {
            label: builder.label(item, role),
            exists,
            doubts,
            groups,
            private: None,
            six: Six::None,
            public: Public::none(),
            serves: None,
            multiplicity: Multiplicity::One,
            inward: true,
            listens: None,
        }
    }

    /// Puts it into each of the subnets.
    pub(super) fn place(&self, builder: &mut Builder<'_, '_>, world: &mut World, subnets: &References) -> Vec<SiteId> {
        let mut sites = Vec::new();
        for (key, certain) in subnets.all() {
            let mut own = self.clone();
            if !certain {
                own.exists.must = false;
                own.doubts = own.doubts.iter().cloned().chain(doubts(subnets, "its subnet").iter().cloned()).collect();
            }
            sites.push(match world.subnets.contains_key(key) {
                true => own.in_subnet(builder, world, key),
                false => {
                    let why = format!("{key} is not in this configuration");
                    own.unplaced(builder, world, &[Reason::Error(why.into())].into())
                }
            });
        }
        if sites.is_empty() {
            sites.push(self.unplaced(
                builder,
                world,
                &doubts(subnets, &format!("the subnet of {}", self.label.resource)),
            ));
        }
        world.interfaces.entry(self.label.resource.clone()).or_default().extend(sites.iter().copied());
        sites
    }

    fn in_subnet(&self, builder: &mut Builder<'_, '_>, world: &World, key: &Arc<str>) -> SiteId {
        let Some(subnet) = world.subnets.get(key) else { return builder.internet };
        let (entry, home, vpc) = (subnet.entry, subnet.home, subnet.vpc.clone());
        let way_in = world.vpcs.get(&vpc).and_then(|vpc| vpc.way_in);
        let mut faces = Vec::new();
        let face = |addresses: AddressSet, entry: Option<NodeId>| Face {
            addresses,
            exists: Bounds::YES,
            doubts: [].into(),
            entry,
        };
        let own = self.private.clone().unwrap_or_else(|| subnet.four.region.addresses.may.clone());
        if !own.is_empty() {
            faces.push((FaceKind::Private, face(own, None)));
        }
        faces.extend(self.public_face(way_in));
        let six = subnet.six.as_ref().map(|range| range.region.addresses.may.clone());
        match (&self.six, six) {
            (Six::None, _) | (Six::OfSubnet | Six::Perhaps(_), None) => {}
            (Six::OfSubnet, Some(addresses)) => faces.push((FaceKind::Six, face(addresses, way_in))),
            (Six::Known(addresses), _) => faces.push((FaceKind::Six, face(addresses.clone(), way_in))),
            (Six::Perhaps(doubts), Some(addresses)) => {
                let face = Face { exists: Bounds::PERHAPS, doubts: doubts.clone(), ..face(addresses, way_in) };
                faces.push((FaceKind::Six, face));
            }
        }
        let place = Place { segment: Some(key.clone()), network: Some(vpc.clone()), entry, home: Some(home) };
        let ranges = vec![key.clone(), vpc];
        self.site(builder, place, faces, ranges)
    }

    /// An interface of which nobody knows where it is: its packets may come out anywhere, and any may reach it.
    fn unplaced(&self, builder: &mut Builder<'_, '_>, world: &mut World, doubts: &Arc<[Reason]>) -> SiteId {
        let domain = super::super::super::build::unmanaged_domain(Version::V4);
        let face = |addresses: AddressSet| Face { addresses, exists: Bounds::YES, doubts: [].into(), entry: None };
        let mut faces = vec![(FaceKind::Private, face(self.private.clone().unwrap_or(domain)))];
        let entry = builder.anywhere(self.label.saying("is somewhere that is not known"), doubts.clone());
        world.unplaced = world.unplaced.or(Some(entry));
        let site_nodes = Place { segment: None, network: None, entry, home: None };
        let id = self.site(builder, site_nodes, Vec::new(), Vec::new());
        let door = builder.topology.site(id).map_or(builder.arrival, |site| site.door);
        let label = self.label.saying("is somewhere that is not known");
        let home = builder.topology.add_doubtful_node(label, Step::AnyOf(vec![door]), doubts.clone());
        faces.extend(self.public_face(Some(home)).map(|(kind, face)| (kind, Face { entry: Some(home), ..face })));
        if let Some(site) = builder.topology.site_mut(id) {
            site.home = home;
            site.faces = faces;
        }
        id
    }

    /// Where packets have arrived: after what the interface listens on, or only as replies.
    fn arrival(&self, builder: &mut Builder<'_, '_>) -> NodeId {
        let (filters, text) = match (self.listens, self.inward) {
            (Some(filter), _) => (vec![filter], "takes what its listeners name"),
            (None, false) => (Vec::new(), "takes no connections"),
            (None, true) => return builder.arrival,
        };
        let next = builder.arrival;
        let names = device_of(&self.groups);
        let device = if names.is_empty() { self.label.resource.clone() } else { names };
        let step = Step::Filter {
            filters,
            direction: Direction::Ingress,
            memory: Memory::Connections,
            device,
            of: None,
            next,
        };
        builder.topology.add_node(self.label.saying(text), step)
    }

    fn public_face(&self, way_in: Option<NodeId>) -> Option<(FaceKind, Face)> {
        let public = &self.public;
        public.exists.may.then(|| {
            let any = || AddressSet { v4: AddressSet::public().v4.clone(), v6: Intervals::default() };
            let addresses = public.address.clone().unwrap_or_else(any);
            let face = Face { addresses, exists: public.exists, doubts: public.doubts.clone(), entry: way_in };
            (FaceKind::Public, face)
        })
    }

    fn site(
        &self,
        builder: &mut Builder<'_, '_>,
        place: Place,
        faces: Vec<(FaceKind, Face)>,
        ranges: Vec<Arc<str>>,
    ) -> SiteId {
        let arrival = self.arrival(builder);
        let (start, door) = match self.groups.is_none() {
            true => (place.entry, arrival),
            false => {
                let start = guard(builder, &self.label, &self.groups, Direction::Egress, place.entry);
                (start, guard(builder, &self.label, &self.groups, Direction::Ingress, arrival))
            }
        };
        builder.topology.add_site(Site {
            label: self.label.clone(),
            multiplicity: self.multiplicity,
            faces,
            groups: self.groups.members.clone(),
            open_groups: (!self.groups.open.is_empty()).then(|| self.groups.open.clone().into()),
            ranges,
            segment: place.segment,
            network: place.network,
            start,
            door,
            home: place.home.unwrap_or(door),
            exists: self.exists,
            doubts: self.doubts.clone(),
            forwards: Vec::new(),
            serves: self.serves,
        })
    }
}

/// Where an interface is.
struct Place {
    segment: Option<Arc<str>>,
    network: Option<Arc<str>>,
    entry: NodeId,
    home: Option<NodeId>,
}

/// The groups' filter before an interface, on to `next`. Interfaces with the same groups and neighbours share it.
fn guard(builder: &mut Builder<'_, '_>, label: &Label, groups: &Groups, direction: Direction, next: NodeId) -> NodeId {
    let names: Vec<&str> = groups.members.iter().map(|member| &*member.group).collect();
    let device: Arc<str> = match groups.open.is_empty() {
        true => format!("interfaces with {} at {}", names.join(", "), next.0).into(),
        false => label.resource.clone(),
    };
    let step = Step::Filter {
        filters: groups.filters.clone(),
        direction,
        memory: Memory::Connections,
        device: device_of(groups),
        of: None,
        next,
    };
    let resource: Arc<str> = if names.is_empty() { label.resource.clone() } else { names.join(", ").into() };
    let shown =
        Label { resource, role: "security group", text: "".into(), origin: origin_of(builder, groups), implied: false };
    builder.shared_node(device, direction, shown, step)
}

/// What remembers connections: interfaces with the same groups are taken together, which no pair of ends notices.
fn device_of(groups: &Groups) -> Arc<str> {
    let names: Vec<&str> = groups.members.iter().map(|member| &*member.group).collect();
    names.join(", ").into()
}

fn origin_of(builder: &Builder<'_, '_>, groups: &Groups) -> Option<Arc<crate::value::Origin>> {
    groups.filters.iter().find_map(|filter| builder.topology.filter(*filter)?.label.origin.clone())
}
