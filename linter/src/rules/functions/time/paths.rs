//! Whether packet filters let a host reach the time servers that it is configured with, and let them answer.

use super::super::Surroundings;
use super::agreed;
use crate::guest::{SourceName, TimeFinding, TimeSource};
use crate::network::address::AddressSet;
use crate::network::bounds::Certainty;
use crate::network::cidr::{Address, Cidr};
use crate::network::filter::{Decision, Direction, Filter, FilterRule, Question, View};
use crate::network::reading::{entries, field};
use crate::network::service::{ServiceSet, protocol::UDP};
use crate::network::traffic::Traffic;
use crate::terraform::Instance;
use crate::value::{Reason, Unknown, Value};

/// Whether packets pass.
#[derive(Clone, Debug)]
pub(super) enum Pass {
    Yes,
    /// What stops them, in words.
    No(String),
    NotKnown(Vec<Reason>),
}

/// The way from a host to one of its time servers.
#[derive(Clone, Debug)]
pub(super) struct TimePath<'f> {
    pub(super) source: &'f TimeSource,
    pub(super) name: &'f str,
    pub(super) pass: Pass,
}

/// Ports from which Linux and Windows send, and on which they wait for answers.
const CLIENT_PORTS: (u16, u16) = (49_152, 60_999);

/// A list of the filters that a host is behind; any of them may let packets through, or all of them must.
#[derive(Default)]
struct Groups<'r> {
    known: Vec<&'r Instance>,
    /// Why there may be others.
    open: Vec<Reason>,
}

/// The ways to all servers of a finding that are not on the machine itself.
pub(super) fn of<'f>(
    finding: &'f TimeFinding,
    host: &Instance,
    around: &Surroundings<'_, '_, '_>,
) -> Vec<TimePath<'f>> {
    let mut paths = Vec::new();
    for source in &finding.sources {
        let SourceName::Known(name) = &source.name else { continue };
        let lower = name.to_ascii_lowercase();
        let is_no_server = agreed::is_local(&lower) || lower == "domain-hierarchy" || lower.starts_with("refclock");
        if !is_no_server {
            paths.push(TimePath { source, name, pass: pass(name, host, around) });
        }
    }
    paths
}

fn pass(server: &str, host: &Instance, around: &Surroundings<'_, '_, '_>) -> Pass {
    let addresses = match Address::parse(server) {
        Some(Address::V4(address)) => Cidr::v4(address, 32).map(AddressSet::from),
        Some(Address::V6(address)) => Cidr::v6(address, 128).map(AddressSet::from),
        // A name may be any address.
        None => Some(AddressSet::world_v4()),
    };
    let Some(addresses) = addresses else { return Pass::Yes };
    let through = Passage { server, addresses, around };
    match host.resource_type.split('_').next() {
        Some("aws") => both(through.security_groups(host), || through.network_acl(host)),
        Some("azurerm") => through.azure_groups(host),
        _ => Pass::Yes,
    }
}

/// Both must let packets through.
fn both(first: Pass, second: impl FnOnce() -> Pass) -> Pass {
    match first {
        Pass::No(_) => first,
        Pass::Yes => second(),
        Pass::NotKnown(mut reasons) => match second() {
            Pass::No(what) => Pass::No(what),
            Pass::Yes => Pass::NotKnown(reasons),
            Pass::NotKnown(more) => {
                reasons.extend(more);
                Pass::NotKnown(reasons)
            }
        },
    }
}

/// Packets to one server.
struct Passage<'p, 's, 'f, 'r> {
    server: &'p str,
    addresses: AddressSet,
    around: &'p Surroundings<'s, 'f, 'r>,
}

impl<'r> Passage<'_, '_, '_, 'r> {
    /// Any security group of the host lets it ask; answers come back through them all the same.
    fn security_groups(&self, host: &Instance) -> Pass {
        let lists = group_lists(host);
        if lists.is_empty() {
            // The default group of the VPC lets everything out, unless it is managed.
            return match self.around.facts.graph.of_type("aws_default_security_group").next() {
                Some(group) => self.unknown(format!("{} may be the host's security group", group.address)),
                None => Pass::Yes,
            };
        }
        let groups = self.groups(&lists, "aws_security_group");
        let mut open = groups.open;
        let ntp = ServiceSet::ports(UDP, 123, 123);
        for group in &groups.known {
            match self.lets(group, Direction::Egress, &ntp, &ntp) {
                Pass::Yes => return Pass::Yes,
                Pass::No(_) => {}
                Pass::NotKnown(reasons) => open.extend(reasons),
            }
        }
        if !open.is_empty() {
            return Pass::NotKnown(open);
        }
        let names: Vec<&str> = groups.known.iter().map(|group| &*group.address).collect();
        Pass::No(format!("{} lets no udp/123 out to {}", names.join(" and "), self.server))
    }

    /// The groups that lists of ids name.
    fn groups(&self, lists: &[&Value], kind: &str) -> Groups<'r> {
        let mut groups = Groups::default();
        for list in lists {
            let entries = entries(Some(list));
            groups.open.extend(entries.others.iter().flat_map(|reasons| reasons.iter().cloned()));
            for entry in &entries.entries {
                let found = self.around.facts.graph.resolve(entry.value, None);
                let group = found.certain.iter().find(|it| {
                    it.resource_type.ends_with("security_group") && it.mode == crate::terraform::Mode::Managed
                });
                match group {
                    Some(group) if entry.exists.must => groups.known.push(group),
                    Some(group) => groups.open.push(error(format!("{} may be a group of the host", group.address))),
                    None => groups.open.extend(self.reasons(entry.value, kind)),
                }
            }
        }
        groups
    }

    fn reasons(&self, value: &Value, kind: &str) -> Vec<Reason> {
        match value.as_unknown() {
            Some(unknown) => unknown.reasons.to_vec(),
            None => vec![error(format!("the rules of a {kind} of the host are not in this configuration"))],
        }
    }

    /// The network ACL of the subnet lets questions out and answers in.
    fn network_acl(&self, host: &Instance) -> Pass {
        let graph = &self.around.facts.graph;
        let Some(subnet_id) = field(&host.values, "subnet_id") else { return Pass::Yes };
        let Some(subnet) = graph.resolve(subnet_id, Some("aws_subnet")).certain.first().copied() else {
            return Pass::Yes;
        };
        let acl = match self.acl_of(subnet) {
            Ok(Some(acl)) => acl,
            // The default ACL of the VPC lets everything through.
            Ok(None) => return Pass::Yes,
            Err(reasons) => return Pass::NotKnown(reasons),
        };
        let ntp = ServiceSet::ports(UDP, 123, 123);
        let out = match self.lets(acl, Direction::Egress, &ntp, &ntp) {
            Pass::No(_) => Pass::No(format!("{} lets no udp/123 out to {}", acl.address, self.server)),
            other => other,
        };
        let (first, last) = CLIENT_PORTS;
        let usual = ServiceSet::ports(UDP, first, last);
        let any = ServiceSet::ports(UDP, 1024, u16::MAX).union(&ntp);
        both(out, || match self.lets(acl, Direction::Ingress, &usual, &any) {
            Pass::No(_) => {
                Pass::No(format!("{} lets no answers (udp/1024-65535) in from {}", acl.address, self.server))
            }
            other => other,
        })
    }

    /// The managed ACL of a subnet, if there is one.
    fn acl_of(&self, subnet: &Instance) -> Result<Option<&'r Instance>, Vec<Reason>> {
        let graph = &self.around.facts.graph;
        for kind in ["aws_network_acl", "aws_default_network_acl"] {
            let related = graph.related(subnet, kind, "subnet_ids");
            if let Some(acl) = related.certain.first() {
                return Ok(Some(acl));
            }
            if let Some(acl) = related.possible.first() {
                return Err(or_error(related.reasons.clone(), &acl.address));
            }
        }
        let links = graph.related(subnet, "aws_network_acl_association", "subnet_id");
        if let Some(link) = links.certain.first().and_then(|link| field(&link.values, "network_acl_id")) {
            let found = graph.resolve(link, Some("aws_network_acl"));
            return match found.certain.first() {
                Some(acl) => Ok(Some(acl)),
                None => Err(self.reasons(link, "network ACL")),
            };
        }
        if let Some(link) = links.possible.first() {
            return Err(or_error(links.reasons.clone(), &link.address));
        }
        Ok(self.default_acl(subnet))
    }

    /// The managed default ACL of the subnet's VPC.
    fn default_acl(&self, subnet: &Instance) -> Option<&'r Instance> {
        let graph = &self.around.facts.graph;
        let vpc = field(&subnet.values, "vpc_id")
            .and_then(|id| graph.resolve(id, Some("aws_vpc")).certain.first().copied())?;
        graph.of_type("aws_default_network_acl").find(|acl| {
            let id = field(&acl.values, "default_network_acl_id");
            id.and_then(Value::symbol).is_some_and(|symbol| symbol.address == vpc.address)
        })
    }

    /// The network security groups of the host's interfaces and of their subnets, all of which must let it ask.
    fn azure_groups(&self, host: &Instance) -> Pass {
        let Some(interfaces) = field(&host.values, "network_interface_ids") else { return Pass::Yes };
        let graph = &self.around.facts.graph;
        let mut result = Pass::Yes;
        for interface in graph.resolve(interfaces, Some("azurerm_network_interface")).certain {
            let own = graph.related(
                interface,
                "azurerm_network_interface_security_group_association",
                "network_interface_id",
            );
            let subnet = field(&interface.values, "ip_configuration")
                .and_then(|blocks| field(blocks.as_items()?.first()?, "subnet_id"))
                .and_then(|id| graph.resolve(id, Some("azurerm_subnet")).certain.first().copied());
            let around = subnet
                .map(|subnet| graph.related(subnet, "azurerm_subnet_network_security_group_association", "subnet_id"));
            let links = own.certain.into_iter().chain(around.into_iter().flat_map(|related| related.certain));
            for link in links {
                let id = field(&link.values, "network_security_group_id");
                let found = id.map(|id| graph.resolve(id, Some("azurerm_network_security_group")).certain);
                for group in found.into_iter().flatten() {
                    result = both(result, || self.azure_group(group));
                }
            }
        }
        result
    }

    fn azure_group(&self, group: &Instance) -> Pass {
        // Without denials of its own a group lets everything out to the network and to the Internet.
        let declared = self.around.facts.filters().of_owner(&group.address).map(|filter| filter.rules.as_slice());
        let denies = |rule: &FilterRule| {
            !rule.is_implied() && rule.direction == Direction::Egress && rule.decision == Decision::Deny
        };
        if !declared.is_some_and(|rules| rules.iter().any(denies)) {
            return Pass::Yes;
        }
        let ntp = ServiceSet::ports(UDP, 123, 123);
        match self.lets(group, Direction::Egress, &ntp, &ntp) {
            Pass::No(_) => Pass::No(format!("{} lets no udp/123 out to {}", group.address, self.server)),
            other => other,
        }
    }

    /// Whether a filter lets all of the `wanted` services through, or none of the `any`.
    fn lets(&self, owner: &Instance, direction: Direction, wanted: &ServiceSet, any: &ServiceSet) -> Pass {
        let Some(filter) = self.around.facts.filters().of_owner(&owner.address) else {
            return self.unknown(format!("the rules of {} are not read", owner.address));
        };
        let question =
            |services| Question { direction, services, addresses: &self.addresses, view: View::Anyone, owner: None };
        let must = filter.traffic(question(wanted), Certainty::Must);
        if must.includes(&Traffic::of(wanted.clone(), self.addresses.clone())) {
            return Pass::Yes;
        }
        if filter.traffic(question(any), Certainty::May).is_empty() {
            return Pass::No(String::new());
        }
        let reasons = doubts(filter, direction);
        match reasons.is_empty() {
            true => self.unknown(format!("{} lets only some of it through to {}", owner.address, self.server)),
            false => Pass::NotKnown(reasons),
        }
    }

    fn unknown(&self, why: String) -> Pass {
        Pass::NotKnown(vec![error(why)])
    }
}

fn error(text: String) -> Reason {
    Reason::Error(text.into())
}

fn or_error(reasons: Vec<Reason>, address: &str) -> Vec<Reason> {
    if reasons.is_empty() { vec![error(format!("{address} may be the subnet's"))] } else { reasons }
}

/// Why rules of a filter are not known.
fn doubts(filter: &Filter, direction: Direction) -> Vec<Reason> {
    let rules = filter.rules.iter().filter(|rule| rule.direction == direction);
    let mut reasons: Vec<Reason> = Vec::new();
    for rule in rules {
        let told = rule.peers.iter().map(|peer| &peer.reasons).chain(rule.services.iter().map(|it| &it.reasons));
        for reason in told.flat_map(|reasons| reasons.iter()) {
            if reasons.len() < Unknown::MAX_REASONS && !reasons.contains(reason) {
                reasons.push(reason.clone());
            }
        }
    }
    reasons
}

/// The attributes of a host that list its security groups.
fn group_lists(host: &Instance) -> Vec<&Value> {
    let mut lists: Vec<&Value> = Vec::new();
    let names: &[&str] = match &*host.resource_type {
        "aws_launch_configuration" => &["security_groups"],
        _ => &["vpc_security_group_ids"],
    };
    lists.extend(names.iter().filter_map(|name| field(&host.values, name)));
    let blocks = field(&host.values, "network_interfaces").and_then(Value::as_items).unwrap_or_default();
    lists.extend(blocks.iter().filter_map(|block| field(block, "security_groups")));
    lists
}
