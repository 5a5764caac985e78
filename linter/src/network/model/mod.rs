//! The network as a whole: what packets can do between hosts, subnets, gateways and the Internet.
//!
//! Owns: the vendor-neutral [`Topology`], searches over it, questions and their answers.
//! Promises: [`Verdict::Reachable`] holds whatever the unknown values are and comes with a packet; so does
//! [`Verdict::Unreachable`], with the places where packets stop; everything else is undetermined, with the values that decide.
//! Must not know: Terraform's resources; each cloud's rooms turn those into nodes, sites, filters and tables.
//!
//! # How a cloud is converted
//!
//! A cloud's room builds the topology through `network::build::Builder`, resource type by resource type, in phases
//! : networks and segments first, then filters, tables and gateways, then the hosts, then what joins
//! them. Each type has a function in a file of its own and a line in the cloud's table of converters.
//!
//! - A **site** ([`Site`]) is one network interface, or hosts outside. Its packets begin at its `start` node and arrive at
//!   its `door` (from its own segment) or its `home` (from elsewhere in its network). Both lead to [`Step::Arrive`].
//! - A **face** is an address it is met under: private, public (translated by [`Step::ToPublic`] and [`Step::ToPrivate`]), IPv6.
//! - A single host whose address nobody knows yet has its subnet's range as address; what is certain must then hold for each.
//! - **Unknown** facts are bounds: a node, route, rule or site `exists` in [must, may], regions and services have both
//!   sets, and each carries the reasons. Ranges that are known by name only ([`Region::ranges`]) hold the sites in them.
//! - What the cloud makes by itself gets a label that is `implied`.
//! - A type with an effect that is not modelled goes to [`Topology::unmodelled`], and a doubtful [`Step::Anywhere`] or
//!   [`Step::AnyOf`] stands where its packets could come out.

pub mod connection;
pub mod filter;
pub mod label;
pub mod packets;
pub mod path;
pub mod query;
#[cfg(test)]
mod random;
pub mod region;
pub mod search;
#[cfg(test)]
mod simulate;
pub mod site;
pub mod sweep;
pub mod table;
pub mod topology;
pub mod way;
pub mod witness;

pub use label::Label;
pub use query::{Answer, Cut, Query, Relays, Verdict};
pub use region::Region;
pub use site::{Face, FaceKind, Forwarding, Membership, Multiplicity, Serves, Site, Version};
pub use topology::{FilterId, Node, NodeId, SiteId, Step, TableId, Topology, Unmodelled, Zone};

#[cfg(test)]
pub(crate) use simulate::recheck;
