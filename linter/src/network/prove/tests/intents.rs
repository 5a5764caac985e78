//! Intents: what holds, what is violated, what stays open.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use super::super::super::build::Input;
use super::super::{Endpoint, Flow, Intent, IntentKind, Model, OnUnknown, Zone, ZoneMatch, standard_intents};
use super::{Graph, INTERNET, Level, Relays, group, host, root, rule, with};
use crate::graph::EnvironmentSettings;
use crate::network::service::ServiceSet;

fn zone(name: &str) -> Endpoint {
    Endpoint::Zone(name.to_owned())
}

fn services(text: &str) -> ServiceSet {
    text.parse().unwrap()
}

/// Zones `a` and `b` are the two subnets; each intent gives one line for each question.
#[track_caller]
fn check(text: &str, kind: IntentKind, expected: &[&str]) {
    let root = root(text);
    let graph = Graph::new(&root, EnvironmentSettings::default());
    let zones = ["a", "b"].map(|name| {
        let wanted = ZoneMatch { subnets: vec![format!("aws_subnet.{name}")], ..ZoneMatch::default() };
        (name.to_owned(), Zone { matches: vec![wanted], ..Zone::default() })
    });
    let mut model = Model::new(&[Input { graph: &graph, name: "" }], BTreeMap::from(zones), BTreeMap::new());
    let intent = Intent { name: "i".to_owned(), kind };
    let checked = intent.check(&mut model, OnUnknown::Warn).unwrap();
    let lines: Vec<String> =
        checked.iter().map(|it| format!("{} -> {} {}", it.asked.from, it.asked.to, it.outcome.as_str())).collect();
    assert_eq!(lines, expected);
}

fn two_hosts(rules: &str) -> String {
    with(&(group("b", rules) + &host("b", "b", "aws_security_group.b.id")))
}

#[test]
fn isolation_is_asked_both_ways() {
    let kind = || IntentKind::Isolate { between: vec![zone("a"), zone("b")], level: Level::Packet };
    check(&two_hosts(""), kind(), &["zone:a -> zone:b holds", "zone:b -> zone:a holds"]);
    let open = rule("ingress", "tcp", 22, 22, "cidr_blocks = [\"10.0.0.0/8\"]");
    check(&two_hosts(&open), kind(), &["zone:a -> zone:b violated", "zone:b -> zone:a holds"]);
    let unknown = rule("ingress", "tcp", 22, 22, "cidr_blocks = [var.range]");
    let text = format!("variable \"range\" {{}}\n{}", two_hosts(&unknown));
    check(&text, kind(), &["zone:a -> zone:b undetermined", "zone:b -> zone:a holds"]);
}

#[test]
fn only_what_is_allowed_may_pass() {
    let flow = |text: &str| Flow { from: zone("a"), services: services(text), via: Vec::new() };
    let kind = |text: &str| IntentKind::AllowOnly { to: zone("b"), flows: vec![flow(text)] };
    let open = rule("ingress", "tcp", 22, 23, "cidr_blocks = [\"10.0.0.0/8\"]");
    check(&two_hosts(&open), kind("tcp/22-23"), &["zone:a -> zone:b holds", "everybody else -> zone:b holds"]);
    check(&two_hosts(&open), kind("tcp/22"), &["zone:a -> zone:b violated", "everybody else -> zone:b holds"]);
}

#[test]
fn required_services_must_get_there_and_forbidden_ones_must_not() {
    let open = rule("ingress", "tcp", 22, 22, "cidr_blocks = [\"10.0.0.0/8\"]");
    let require = |text: &str| IntentKind::Require { from: zone("a"), to: zone("b"), services: vec![services(text)] };
    check(&two_hosts(&open), require("tcp/22"), &["zone:a -> zone:b holds"]);
    check(&two_hosts(&open), require("tcp/80"), &["zone:a -> zone:b violated"]);
    let forbid = |text: &str| IntentKind::Forbid {
        from: zone("a"),
        to: zone("b"),
        services: services(text),
        relays: Relays::None,
    };
    check(&two_hosts(&open), forbid("tcp/80"), &["zone:a -> zone:b holds"]);
    check(&two_hosts(&open), forbid("tcp/22"), &["zone:a -> zone:b violated"]);
}

#[test]
fn what_leaves_goes_through_the_gateway_that_is_named() {
    let through =
        |name: &str| IntentKind::EgressOnly { from: zone("b"), to: Endpoint::Internet, through: vec![name.to_owned()] };
    let text = with(&format!(
        "{INTERNET}{}resource \"aws_eip\" \"e\" {{\n instance = aws_instance.b.id\n}}\n",
        host("b", "b", "aws_security_group.open.id")
    ));
    check(&text, through("aws_internet_gateway.g"), &["zone:b -> internet holds"]);
    check(&text, through("aws_nat_gateway.n"), &["zone:b -> internet violated"]);
}

#[test]
fn without_configuration_environments_are_apart_and_administration_is_closed() {
    let text = |office: &str| {
        let ssh = rule("ingress", "tcp", 22, 22, &format!("cidr_blocks = [\"{office}\"]"));
        with(&format!(
            "{INTERNET}{}{}resource \"aws_eip\" \"e\" {{\n instance = aws_instance.b.id\n}}\n",
            group("b", &format!("{ssh}{}", rule("egress", "-1", 0, 0, "cidr_blocks = [\"0.0.0.0/0\"]"))),
            host("b", "b", "aws_security_group.b.id")
        ))
    };
    let outcomes = |text: &str| {
        let root = root(text);
        let graph = Graph::new(&root, EnvironmentSettings::default());
        let mut model = Model::new(&[Input { graph: &graph, name: "" }], BTreeMap::new(), BTreeMap::new());
        let intents = standard_intents(&model);
        let checked = intents.iter().flat_map(|intent| intent.check(&mut model, OnUnknown::Warn).unwrap());
        checked.map(|it| format!("{} {}", it.intent, it.outcome.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(&text("0.0.0.0/0")), ["administration ports violated", "datastore ports holds"]);
    // An office is no stranger.
    assert_eq!(outcomes(&text("81.2.3.0/28")), ["administration ports holds", "datastore ports holds"]);
}
