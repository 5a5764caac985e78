//! Laws: writing the same network in another way changes nothing; more permission never takes a way away.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use super::super::super::build::Input;
use super::super::super::model::Verdict;
use super::super::{Endpoint, Model};
use super::{Graph, group, host, manner, root, rule, with};
use crate::graph::EnvironmentSettings;

fn verdict(text: &str, from: &str, to: &str, service: &str) -> Verdict {
    let root = root(text);
    let graph = Graph::new(&root, EnvironmentSettings::default());
    let mut model = Model::new(&[Input { graph: &graph, name: "" }], BTreeMap::new(), BTreeMap::new());
    let (from, to): (Endpoint, Endpoint) = (from.parse().unwrap(), to.parse().unwrap());
    model.ask(&from, &to, &manner(service, &[])).unwrap().answer.verdict
}

/// The verdicts for some services between the two hosts.
fn verdicts(rules: &str) -> Vec<Verdict> {
    let text = with(&(group("b", rules) + &host("b", "b", "aws_security_group.b.id")));
    ["tcp/21", "tcp/22", "tcp/23", "udp/22", "icmp/8"]
        .map(|service| verdict(&text, "aws_instance.a", "aws_instance.b", service))
        .to_vec()
}

#[test]
fn split_ranges_and_ports_are_the_same() {
    let from =
        |cidrs: &str, first: u16, last: u16| rule("ingress", "tcp", first, last, &format!("cidr_blocks = [{cidrs}]"));
    let whole = verdicts(&from("\"10.0.0.0/16\"", 21, 22));
    assert_eq!(whole, verdicts(&from("\"10.0.0.0/17\", \"10.0.128.0/17\"", 21, 22)));
    assert_eq!(whole, verdicts(&from("\"10.0.128.0/17\", \"10.0.0.0/17\"", 21, 22)));
    assert_eq!(whole, verdicts(&(from("\"10.0.0.0/16\"", 22, 22) + &from("\"10.0.0.0/16\"", 21, 21))));
}

#[test]
fn more_rules_never_close_what_was_open() {
    let rules = [
        rule("ingress", "tcp", 22, 22, "cidr_blocks = [\"10.0.1.0/24\"]"),
        rule("ingress", "icmp", 8, 0, "cidr_blocks = [\"10.0.0.0/8\"]"),
        rule("ingress", "udp", 0, 65535, "cidr_blocks = [\"10.0.0.0/8\"]"),
        rule("ingress", "-1", 0, 0, "self = true"),
    ];
    let mut before = verdicts("");
    for count in 1..=rules.len() {
        let after = verdicts(&rules.iter().take(count).map(String::as_str).collect::<String>());
        for (old, new) in before.iter().zip(&after) {
            assert!(*old != Verdict::Reachable || *new == Verdict::Reachable, "{count}");
        }
        before = after;
    }
}

#[test]
fn names_and_order_do_not_matter() {
    let text = with(
        &(group("b", &rule("ingress", "tcp", 22, 22, "cidr_blocks = [\"10.0.0.0/16\"]"))
            + &host("b", "b", "aws_security_group.b.id")),
    );
    let renamed = text.replace("\"open\"", "\"zz\"").replace("aws_security_group.open", "aws_security_group.zz");
    let moved: String = text
        .split("\nresource ")
        .skip(1)
        .map(|part| format!("resource {part}\n"))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    for (from, to, service) in
        [("aws_instance.a", "aws_instance.b", "tcp/22"), ("aws_instance.b", "aws_instance.a", "tcp/22")]
    {
        let expected = verdict(&text, from, to, service);
        assert_eq!(expected, verdict(&renamed, from, to, service));
        assert_eq!(expected, verdict(&moved, from, to, service));
    }
}

#[test]
fn counted_hosts_are_as_written_ones() {
    let counted = with(
        "resource \"aws_instance\" \"c\" {\n count = 2\n subnet_id = element([aws_subnet.a.id, aws_subnet.b.id], count.index)\n vpc_security_group_ids = [aws_security_group.open.id]\n}\n",
    );
    assert_eq!(verdict(&counted, "aws_instance.c[0]", "aws_instance.c[1]", "tcp/22"), Verdict::Reachable);
    assert_eq!(verdict(&counted, "aws_instance.c", "internet", "tcp/22"), Verdict::Unreachable);
}

#[test]
fn roots_are_one_network_where_they_name_the_same_things() {
    let hub = "resource \"aws_ec2_transit_gateway\" \"t\" {\n id = \"tgw-1\"\n}\n";
    let spoke = |number: u8| {
        format!(
            "resource \"aws_vpc\" \"v\" {{\n cidr_block = \"10.{number}.0.0/16\"\n}}\nresource \"aws_subnet\" \"s\" {{\n vpc_id = aws_vpc.v.id\n cidr_block = \"10.{number}.1.0/24\"\n}}\nresource \"aws_ec2_transit_gateway_vpc_attachment\" \"a\" {{\n transit_gateway_id = \"tgw-1\"\n vpc_id = aws_vpc.v.id\n subnet_ids = [aws_subnet.s.id]\n}}\nresource \"aws_route\" \"r\" {{\n route_table_id = aws_vpc.v.main_route_table_id\n destination_cidr_block = \"10.0.0.0/8\"\n transit_gateway_id = \"tgw-1\"\n}}\n"
        )
    };
    let ask = |texts: &[String]| {
        let roots: Vec<_> = texts.iter().map(|text| root(text)).collect();
        let graphs: Vec<Graph<'_>> =
            roots.iter().map(|root| Graph::new(root, EnvironmentSettings::default())).collect();
        let names = ["x", "y", "hub"];
        let inputs: Vec<_> = graphs.iter().zip(names).map(|(graph, name)| Input { graph, name }).collect();
        let mut model = Model::new(&inputs, BTreeMap::new(), BTreeMap::new());
        let end = |text: &str| text.parse::<Endpoint>().unwrap();
        let asked = model.ask(&end("x: aws_subnet.s"), &end("y: aws_subnet.s"), &manner("tcp/22", &[])).unwrap();
        asked.answer.verdict
    };
    // Without the gateway's own tables nobody knows what they join.
    assert_eq!(ask(&[spoke(1), spoke(2)]), Verdict::Undetermined);
    assert_eq!(ask(&[spoke(1), spoke(2), hub.to_owned()]), Verdict::Reachable);
}
