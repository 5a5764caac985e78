//! Evaluation against a plain reading of the rules, for random filters and random outcomes of what is unknown.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::network::cidr::Address;
use crate::network::service::protocol::TCP;

/// A rule over eight ports and eight addresses: bits for what is certain and for what is possible besides.
#[derive(Clone, Debug)]
struct Plan {
    allow: bool,
    order: Option<u8>,
    ports: (u8, u8),
    hosts: (u8, u8),
    local: Option<(u8, u8)>,
    exists: bool,
    /// How the unknown parts turn out.
    outcome: (u8, u8, u8, bool, u8),
}

const LOCALS: u32 = 8;

fn hosts(bits: u8) -> AddressSet {
    let one = |bit: u32| AddressSet::range(Address::V4(0x0800_0000 + bit), Address::V4(0x0800_0000 + bit));
    (0..8).filter(|bit| bits >> bit & 1 == 1).fold(AddressSet::empty(), |sum, bit| sum.union(&one(bit)))
}

fn ports(bits: u8) -> ServiceSet {
    let one = |bit: u16| ServiceSet::ports(TCP, bit, bit);
    (0..8).filter(|bit| bits >> bit & 1 == 1).fold(ServiceSet::empty(), |sum, bit| sum.union(&one(bit)))
}

fn rule(plan: &Plan) -> FilterRule {
    let addresses = Bounds { must: hosts(plan.hosts.0), may: hosts(plan.hosts.0 | plan.hosts.1) };
    let set = Bounds { must: ports(plan.ports.0), may: ports(plan.ports.0 | plan.ports.1) };
    let local = |(must, may): (u8, u8)| Local::Addresses(Bounds { must: hosts(must), may: hosts(must | may) });
    FilterRule {
        owner: "r".into(),
        direction: Direction::Ingress,
        decision: if plan.allow { Decision::Allow } else { Decision::Deny },
        order: plan.order.map(u64::from),
        peers: vec![Peer { addresses, kind: PeerKind::Addresses, text: "x".into(), reasons: [].into(), origin: None }],
        services: vec![Services { set, reasons: [].into(), origin: None }],
        local: plan.local.map_or(Local::Everything, local),
        exists: if plan.exists { Bounds::YES } else { Bounds::PERHAPS },
        origin: None,
    }
}

/// Whether a concrete packet passes when all unknowns turn out as planned.
fn passes(plans: &[Plan], kind: FilterKind, port: u32, host: u32, local: u32) -> bool {
    let mut rules: Vec<&Plan> = plans.iter().filter(|plan| plan.exists || plan.outcome.3).collect();
    let place = |plan: &Plan| (plan.order.unwrap_or(plan.outcome.4), plan.allow);
    rules.sort_by_key(|plan| place(plan));
    let matches = |plan: &&&Plan| {
        let has = |must: u8, may: u8, outcome: u8, bit: u32| (must | (may & outcome)) >> bit & 1 == 1;
        has(plan.ports.0, plan.ports.1, plan.outcome.0, port)
            && has(plan.hosts.0, plan.hosts.1, plan.outcome.1, host)
            && plan.local.is_none_or(|(must, may)| has(must, may, plan.outcome.2, local))
    };
    match kind {
        FilterKind::AllowList => rules.iter().filter(matches).any(|plan| plan.allow),
        FilterKind::FirstMatch => rules.iter().find(matches).is_some_and(|plan| plan.allow),
    }
}

fn plan() -> impl Strategy<Value = Plan> {
    let sure = prop_oneof![Just(true), Just(true), any::<bool>()];
    let bits = || prop_oneof![(any::<u8>(), Just(0)), any::<(u8, u8)>()];
    let order = prop_oneof![(0u8..5).prop_map(Some), (0u8..5).prop_map(Some), Just(None)];
    let outcome = (any::<u8>(), any::<u8>(), any::<u8>(), any::<bool>(), 0u8..5);
    (any::<bool>(), order, bits(), bits(), proptest::option::of(bits()), sure, outcome).prop_map(
        |(allow, order, ports, hosts, local, exists, outcome)| Plan {
            allow,
            order,
            ports,
            hosts,
            local,
            exists,
            outcome,
        },
    )
}

fn kinds() -> impl Strategy<Value = FilterKind> {
    prop_oneof![Just(FilterKind::AllowList), Just(FilterKind::FirstMatch)]
}

fn filter(plans: &[Plan], kind: FilterKind) -> Filter {
    let mut plans = plans.to_vec();
    if kind == FilterKind::AllowList {
        // Allow lists have no own side: it is one for all rules.
        plans.iter_mut().for_each(|plan| plan.local = None);
    }
    Filter { kind, rules: plans.iter().map(rule).collect(), trusted: AddressSet::empty() }
}

fn asked<'q>(services: &'q ServiceSet, addresses: &'q AddressSet, view: View) -> Question<'q> {
    Question { direction: Direction::Ingress, services, addresses, view, owner: None }
}

fn has(traffic: &Traffic, port: u32, host: u32) -> bool {
    let address = Address::V4(0x0800_0000 + host);
    traffic
        .parts()
        .iter()
        .any(|(services, addresses)| services.contains(TCP, port as u16) && addresses.contains(address))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_outcome_contradicts_the_bounds(plans in vec(plan(), 0..6), kind in kinds(), strangers in any::<bool>()) {
        let filter = filter(&plans, kind);
        let plans: Vec<Plan> = match kind {
            FilterKind::AllowList => plans.into_iter().map(|plan| Plan { local: None, ..plan }).collect(),
            FilterKind::FirstMatch => plans,
        };
        let (services, addresses) = (ServiceSet::all(), AddressSet::world());
        let view = if strangers { View::Strangers } else { View::Anyone };
        let question = asked(&services, &addresses, view);
        let (must, may) = (filter.traffic(question, Certainty::Must), filter.traffic(question, Certainty::May));
        prop_assert!(may.includes(&must));
        for port in 0..8 {
            for host in 0..8 {
                let somewhere = (0..LOCALS).any(|local| passes(&plans, kind, port, host, local));
                let elsewhere = passes(&plans.iter().filter(|p| p.local.is_none()).cloned().collect::<Vec<_>>(), kind, port, host, 0);
                prop_assert!(!has(&must, port, host) || somewhere || elsewhere, "must {port} {host}");
                prop_assert!(!somewhere || has(&may, port, host), "may {port} {host}");
            }
        }
    }

    #[test]
    fn known_filters_have_one_answer(plans in vec(plan(), 0..6), kind in kinds()) {
        let known = |plan: Plan| Plan {
            ports: (plan.ports.0, 0),
            hosts: (plan.hosts.0, 0),
            local: plan.local.map(|(must, _)| (must, 0)),
            exists: true,
            order: Some(plan.order.unwrap_or(9)),
            ..plan
        };
        let plans: Vec<Plan> = plans.into_iter().map(known).collect();
        let filter = filter(&plans, kind);
        let (services, addresses) = (ServiceSet::all(), AddressSet::world());
        let question = asked(&services, &addresses, View::Anyone);
        prop_assert_eq!(filter.traffic(question, Certainty::Must), filter.traffic(question, Certainty::May));
    }

    #[test]
    fn denials_never_open_and_allowances_never_close(plans in vec(plan(), 0..6), more in plan(), kind in kinds()) {
        let (services, addresses) = (ServiceSet::all(), AddressSet::world());
        let question = asked(&services, &addresses, View::Anyone);
        let before = filter(&plans, kind);
        let mut plans = plans;
        plans.push(more.clone());
        let after = filter(&plans, kind);
        for certainty in [Certainty::Must, Certainty::May] {
            let (before, after) = (before.traffic(question, certainty), after.traffic(question, certainty));
            if more.allow {
                prop_assert!(after.includes(&before));
            } else {
                prop_assert!(before.includes(&after));
            }
        }
    }
}
