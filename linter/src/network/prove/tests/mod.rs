//! Topologies written in HCL, with the verdicts that AWS gives: what the tests share.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod edges;
mod filters;
mod gateways;
mod intents;
mod laws;
mod services;
mod transit;

use std::collections::BTreeMap;
use std::path::Path;

use super::super::build::Input;
use super::super::model::connection::Level;
use super::super::model::{Relays, Verdict, Version};
use super::{Endpoint, Manner, Model};
use crate::graph::{EnvironmentSettings, Graph};
use crate::source::{Boundary, Memory, SourceMap};
use crate::terraform::{Options, Root, load_directory};

pub(super) fn root(text: &str) -> Root {
    let mut system = Memory::new();
    system.add("/w/main.tf", text);
    let (map, boundary) = (SourceMap::default(), Boundary::at(&system, Path::new("/w")));
    let loaded = load_directory(&system, &map, &boundary, Path::new("/w"), &Options::default());
    assert!(loaded.diagnostics.is_empty(), "{:?}\n{text}", loaded.diagnostics);
    loaded.root
}

/// Options of a question: `packet`, `six`, `balancers`, `hosts`.
pub(super) fn manner(service: &str, options: &[&str]) -> Manner {
    let has = |name: &str| options.contains(&name);
    Manner {
        services: service.parse().unwrap(),
        version: if has("six") { Version::V6 } else { Version::V4 },
        level: if has("packet") { Level::Packet } else { Level::Connection },
        relays: match () {
            () if has("hosts") => Relays::Hosts,
            () if has("balancers") => Relays::LoadBalancers,
            () => Relays::None,
        },
    }
}

/// Each case: `from -> to service verdict [options]`.
#[track_caller]
pub(super) fn check(text: &str, cases: &[&str]) {
    let root = root(text);
    let graph = Graph::new(&root, EnvironmentSettings::default());
    let mut model = Model::new(&[Input { graph: &graph, name: "" }], BTreeMap::new(), BTreeMap::new());
    for case in cases {
        let words: Vec<&str> = case.split_whitespace().collect();
        let [from, "->", to, service, expected, options @ ..] = words.as_slice() else { panic!("{case}") };
        let (from, to): (Endpoint, Endpoint) = (from.parse().unwrap(), to.parse().unwrap());
        let asked = model.ask(&from, &to, &manner(service, options)).unwrap_or_else(|error| panic!("{case}: {error}"));
        let answer = &asked.answer;
        assert_eq!(answer.verdict.as_str(), *expected, "{case}\n{answer:#?}");
        super::super::model::recheck(&model.topology, answer);
        match answer.verdict {
            Verdict::Reachable => assert!(answer.witness.is_some(), "{case}"),
            Verdict::Unreachable => assert!(!answer.cuts.is_empty(), "{case}: no cut"),
            Verdict::Undetermined => assert!(!answer.because.is_empty(), "{case}: no reason\n{answer:#?}"),
        }
    }
}

/// Two subnets of one VPC, with a gateway and a host in each.
pub(super) const VPC: &str = r#"
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_security_group" "open" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "a" {
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.open.id]
}
"#;

pub(super) fn with(more: &str) -> String {
    format!("{VPC}\n{more}")
}

pub(super) fn host(name: &str, subnet: &str, groups: &str) -> String {
    format!(
        "resource \"aws_instance\" \"{name}\" {{\n subnet_id = aws_subnet.{subnet}.id\n vpc_security_group_ids = [{groups}]\n}}\n"
    )
}

pub(super) fn group(name: &str, rules: &str) -> String {
    format!("resource \"aws_security_group\" \"{name}\" {{\n vpc_id = aws_vpc.v.id\n {rules}\n}}\n")
}

pub(super) fn rule(way: &str, service: &str, from: u16, to: u16, peer: &str) -> String {
    format!("{way} {{\n protocol = \"{service}\"\n from_port = {from}\n to_port = {to}\n {peer}\n}}\n")
}

/// A gateway, with the second subnet behind it.
pub(super) const INTERNET: &str = r#"
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_route_table_association" "b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.public.id
}
"#;
