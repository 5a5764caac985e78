//! Reading addresses, ports and lists out of values that may be unknown.

use std::sync::Arc;

use super::address::AddressSet;
use super::bounds::Bounds;
use super::cidr::Cidr;
use super::filter::{Peer, PeerKind};
use crate::value::{Kind, Knowledge, Origin, OriginKind, Reason, Symbol, TemplatePart, Unknown, Value};

/// The entries of a collection, as far as they are known.
#[derive(Debug, Default)]
pub struct Entries<'v> {
    /// The entries known of.
    pub entries: Vec<Entry<'v>>,
    /// When there may be others of which nothing is known: why.
    pub others: Option<Arc<[Reason]>>,
}

/// An entry of a collection.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'v> {
    /// The entry.
    pub value: &'v Value,
    /// Whether it is certainly there.
    pub exists: Bounds<bool>,
}

/// A scalar, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<T> {
    /// Not set, or null.
    Absent,
    /// Known.
    Known(T),
    /// Not known; why.
    Unknown(Arc<[Reason]>),
}

/// The attribute or block list of an object; `None` if it is left out.
#[must_use]
pub fn field<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.as_fields()?.get(name).filter(|value| !value.is_null())
}

/// The entries of a list, set or tuple. A single object counts as a list of one, as in plans of single blocks.
#[must_use]
pub fn entries(value: Option<&Value>) -> Entries<'_> {
    let Some(value) = value else { return Entries::default() };
    if let Some(items) = value.as_items() {
        let entries = items.iter().map(|value| Entry { value, exists: Bounds::YES }).collect();
        return Entries { entries, others: None };
    }
    match &value.kind {
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::Members(members) => {
                let exists = |certain: bool| if certain { Bounds::YES } else { Bounds::PERHAPS };
                let entries: Vec<_> = members
                    .iter()
                    .map(|member| Entry { value: &member.value, exists: exists(member.certain) })
                    .collect();
                // Members that may be there any number of times stand for all that is not certain.
                let open = members.iter().all(|member| member.certain);
                Entries { entries, others: open.then(|| unknown.reasons.clone()) }
            }
            Knowledge::OneOf(choices) => one_of(choices, unknown),
            _ => Entries { entries: Vec::new(), others: Some(unknown.reasons.clone()) },
        },
        Kind::Object(_) | Kind::Map(..) => {
            Entries { entries: vec![Entry { value, exists: Bounds::YES }], others: None }
        }
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Entries::default(),
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => Entries::default(),
    }
}

/// The entries of a collection that is one of several: each may be there.
fn one_of<'v>(choices: &'v [Value], unknown: &Unknown) -> Entries<'v> {
    let mut all = Entries::default();
    for choice in choices {
        let nested = match choice.as_unknown() {
            Some(_) => Entries { entries: Vec::new(), others: Some(unknown.reasons.clone()) },
            None => entries(Some(choice)),
        };
        all.entries.extend(nested.entries.iter().map(|entry| Entry { exists: Bounds::PERHAPS, ..*entry }));
        all.others = all.others.or(nested.others);
    }
    all
}

/// Text, with numbers written out.
#[must_use]
pub fn text(value: Option<&Value>) -> Scalar<String> {
    let Some(value) = value else { return Scalar::Absent };
    match &value.kind {
        Kind::String(text) => Scalar::Known(text.to_string()),
        Kind::Number(number) => Scalar::Known(number.to_string()),
        Kind::Bool(value) => Scalar::Known(value.to_string()),
        Kind::Unknown(unknown) => Scalar::Unknown(unknown.reasons.clone()),
        Kind::Null(_) | Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => {
            Scalar::Absent
        }
    }
}

/// A whole number, also when it is written as text.
#[must_use]
pub fn whole(value: Option<&Value>) -> Scalar<i64> {
    let Some(value) = value else { return Scalar::Absent };
    let number = match &value.kind {
        Kind::Number(number) => number.to_i64(),
        Kind::String(text) => text.parse().ok(),
        Kind::Unknown(unknown) => return Scalar::Unknown(unknown.reasons.clone()),
        Kind::Null(_) | Kind::Bool(_) | Kind::List(..) | Kind::Set(..) => None,
        Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => None,
    };
    number.map_or(Scalar::Absent, Scalar::Known)
}

/// A truth value.
#[must_use]
pub fn truth(value: Option<&Value>) -> Scalar<bool> {
    match text(value) {
        Scalar::Known(text) => text.parse().map_or(Scalar::Absent, Scalar::Known),
        Scalar::Absent => Scalar::Absent,
        Scalar::Unknown(reasons) => Scalar::Unknown(reasons),
    }
}

/// All values that an unknown one may have, as far as they are listed; a known value is its own only choice.
#[must_use]
pub fn choices(value: Option<&Value>) -> Vec<Option<&Value>> {
    const MOST: usize = 16;
    if let Some(unknown) = value.and_then(Value::as_unknown)
        && let Knowledge::OneOf(choices) = &unknown.knowledge
        && choices.len() <= MOST
    {
        return choices.iter().map(Some).collect();
    }
    vec![value]
}

/// Which addresses an attribute can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
    /// Both.
    Both,
}

impl Family {
    /// All addresses of the family.
    #[must_use]
    pub fn world(self) -> AddressSet {
        match self {
            Self::V4 => AddressSet::world_v4(),
            Self::V6 => AddressSet::world_v6(),
            Self::Both => AddressSet::world(),
        }
    }
}

/// Reads an address, CIDR block or range.
#[must_use]
pub fn peer(value: &Value, family: Family) -> Peer {
    let origin = value.origin.clone();
    match &value.kind {
        Kind::String(text) => {
            let shown = if value.marks.is_sensitive() { "(sensitive)" } else { text };
            Peer::known(text.parse().unwrap_or_default(), shown, origin)
        }
        Kind::Unknown(unknown) => unknown_peer(unknown, family, origin),
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::List(..) | Kind::Set(..) => {
            Peer::known(AddressSet::empty(), "nothing", origin)
        }
        Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => Peer::known(AddressSet::empty(), "nothing", origin),
    }
}

/// The other side that unknown entries of a list may name.
#[must_use]
pub fn others(reasons: &Arc<[Reason]>, family: Family, origin: Option<Arc<Origin>>) -> Peer {
    let addresses = Bounds { must: AddressSet::empty(), may: family.world() };
    Peer { addresses, kind: PeerKind::Addresses, text: "not known yet".into(), reasons: reasons.clone(), origin }
}

/// The peers of a list of addresses.
#[must_use]
pub fn peers(value: Option<&Value>, family: Family) -> Vec<Peer> {
    if let Some(symbol) = value.and_then(Value::symbol)
        && let Some(value) = value
        && is_network_range(&symbol.attribute)
    {
        return vec![peer(value, family)];
    }
    let list = entries(value);
    let mut peers: Vec<Peer> = Vec::with_capacity(list.entries.len());
    for entry in &list.entries {
        let mut peer = peer(entry.value, family);
        if !entry.exists.must {
            peer.addresses.must = AddressSet::empty();
        }
        peer.origin = place(peer.origin, value.and_then(|value| value.origin.clone()));
        peers.push(peer);
    }
    peers.extend(list.others.map(|reasons| others(&reasons, family, value.and_then(|value| value.origin.clone()))));
    peers
}

/// Where an entry of a list is to be mended: at the entry if it is written in the attribute, otherwise at the attribute.
#[must_use]
pub fn place(entry: Option<Arc<Origin>>, attribute: Option<Arc<Origin>>) -> Option<Arc<Origin>> {
    let (Some(inner), Some(outer)) = (&entry, &attribute) else { return entry.or(attribute) };
    let inside = match (inner.span, outer.span, &inner.kind) {
        (None, ..) | (_, None, _) | (_, _, OriginKind::Reference(_)) => false,
        (Some(inner), Some(outer), _) => {
            inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end
        }
    };
    if inside { entry } else { Some(Origin::after(outer.kind.clone(), outer.span, entry)) }
}

fn unknown_peer(unknown: &Unknown, family: Family, origin: Option<Arc<Origin>>) -> Peer {
    let mut peer = others(&unknown.reasons, family, origin);
    match &unknown.knowledge {
        Knowledge::Symbol(symbol) => {
            peer.text = format!("{}.{}", symbol.address, symbol.attribute).into();
            if is_network_range(&symbol.attribute) {
                peer.kind = PeerKind::Network(symbol.clone());
            } else if is_one_address(&symbol.attribute) {
                peer.kind = PeerKind::Narrow;
            }
        }
        Knowledge::Template(parts) => {
            if let Some(prefix) = prefix_length(parts) {
                let narrow = if family == Family::V6 { 48 } else { 24 };
                if prefix >= narrow {
                    peer.kind = PeerKind::Narrow;
                }
            }
            if let Some(network) = whole_network(parts) {
                peer.kind = PeerKind::Network(network.clone());
            }
            if let Some(TemplatePart::Text(start)) = parts.first() {
                peer.addresses.may = peer.addresses.may.intersect(&domain(start));
            }
        }
        Knowledge::OneOf(choices) => return any_of(choices, family, peer),
        Knowledge::Nothing | Knowledge::Json(_) | Knowledge::Yaml(_) | Knowledge::Base64(_) | Knowledge::Members(_) => {
        }
    }
    if let Some(prefix) = &unknown.refinement.prefix {
        peer.addresses.may = peer.addresses.may.intersect(&domain(prefix));
    }
    peer
}

/// What holds for every choice is certain, what holds for one is possible.
fn any_of(choices: &[Value], family: Family, whole: Peer) -> Peer {
    let read: Vec<Peer> = choices.iter().map(|choice| peer(choice, family)).collect();
    let Some(first) = read.first() else { return whole };
    let mut addresses = first.addresses.clone();
    for choice in &read {
        addresses.must = addresses.must.intersect(&choice.addresses.must);
        addresses.may = addresses.may.union(&choice.addresses.may);
    }
    let kind =
        if read.iter().all(|choice| choice.kind == first.kind) { first.kind.clone() } else { PeerKind::Addresses };
    let text = read.iter().map(|choice| &*choice.text).collect::<Vec<_>>().join(" or ").into();
    Peer { addresses, kind, text, ..whole }
}

/// The length after the `/` that ends a text with holes.
fn prefix_length(parts: &[TemplatePart]) -> Option<u8> {
    let Some(TemplatePart::Text(end)) = parts.last() else { return None };
    let (_, digits) = end.rsplit_once('/')?;
    digits.parse().ok()
}

/// The own network that a text names with its first hole: `${google_compute_global_address.a.address}/${var.bits}`.
fn whole_network(parts: &[TemplatePart]) -> Option<&Symbol> {
    match parts {
        [TemplatePart::Hole(value)] => value.symbol().filter(|symbol| is_network_range(&symbol.attribute)),
        [TemplatePart::Hole(value), ..] => value.symbol().filter(|symbol| {
            is_one_address(&symbol.attribute) && !symbol.address.split('.').any(|part| part == "data")
        }),
        [TemplatePart::Text(_), ..] | [] => None,
    }
}

/// The addresses whose text begins like this: only whole octets count.
fn domain(start: &str) -> AddressSet {
    let octets: Vec<&str> = start.split('.').collect();
    let whole = octets.len().saturating_sub(1);
    if !(1..=3).contains(&whole) {
        return AddressSet::world();
    }
    let mut address = octets.iter().take(whole).copied().collect::<Vec<_>>().join(".");
    for _ in whole..4 {
        address.push_str(".0");
    }
    Cidr::parse(&format!("{address}/{}", whole * 8)).map_or_else(AddressSet::world, AddressSet::from)
}

/// The last name in an attribute path: `cidr_block` of `vpc[0].cidr_block`.
fn last_name(path: &str) -> &str {
    let name = path.rsplit('.').next().unwrap_or(path);
    name.split('[').next().unwrap_or(name)
}

/// Whether an attribute with this path holds the range of a network that somebody runs.
fn is_network_range(path: &str) -> bool {
    const NAMES: &[&str] = &[
        "cidr_block",
        "cidr_blocks",
        "ipv6_cidr_block",
        "ipv4_cidr_block",
        "address_space",
        "address_prefix",
        "address_prefixes",
        "ip_cidr_range",
        "ipv6_cidr_range",
        "internal_ipv6_range",
        "external_ipv6_prefix",
        "cluster_ipv4_cidr",
        "cluster_ipv4_cidr_block",
        "services_ipv4_cidr",
        "services_ipv4_cidr_block",
        "service_ipv4_cidr",
        "cluster_secondary_range",
        "private_ip_address_range",
    ];
    NAMES.contains(&last_name(path))
}

/// Whether an attribute with this path holds one address.
fn is_one_address(path: &str) -> bool {
    let name = last_name(path);
    name.ends_with("_ip") || name.ends_with("ip_address") || matches!(name, "address" | "nat_ip" | "ip" | "network_ip")
}
