//! How long the model of a network takes: building it, the matrix of its zones, one question with its proof.
//!
//! A generated estate: VPCs with subnets, security groups, rules and hosts, all at one transit gateway whose tables keep
//! twenty zones apart.
#![expect(clippy::unwrap_used, reason = "benchmarks")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use palisade::graph::{EnvironmentSettings, Graph};
use palisade::network::build::Input;
use palisade::network::model::connection::Level;
use palisade::network::model::{Relays, Version};
use palisade::network::prove::{Endpoint, Manner, Model, Zone, ZoneMatch};
use palisade::network::service::ServiceSet;
use palisade::source::{Boundary, Memory, SourceMap};
use palisade::terraform::{Options, Root, load_directory};

/// Rules in one VPC; with it come 50 subnets, 25 groups and 100 hosts.
const RULES: usize = 250;
const ZONES: usize = 20;

fn estate(vpcs: usize) -> String {
    let mut text = String::from(
        "resource \"aws_ec2_transit_gateway\" \"t\" {\n default_route_table_association = \"disable\"\n default_route_table_propagation = \"disable\"\n}\n",
    );
    for zone in 0..ZONES {
        writeln!(text, "resource \"aws_ec2_transit_gateway_route_table\" \"z{zone}\" {{\n transit_gateway_id = aws_ec2_transit_gateway.t.id\n}}").unwrap();
    }
    for vpc in 0..vpcs {
        let (zone, range) = (vpc % ZONES, format!("10.{}.{}.0/20", vpc / 16, vpc % 16 * 16));
        let attach = |kind: &str| {
            format!(
                "resource \"aws_ec2_transit_gateway_route_table_{kind}\" \"v{vpc}\" {{\n transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.v{vpc}.id\n transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.z{zone}.id\n}}\n"
            )
        };
        write!(
            text,
            r#"
resource "aws_vpc" "v{vpc}" {{
  cidr_block = "{range}"
  tags       = {{ Zone = "z{zone}" }}
}}
resource "aws_subnet" "v{vpc}" {{
  count      = 50
  vpc_id     = aws_vpc.v{vpc}.id
  cidr_block = cidrsubnet("{range}", 6, count.index)
}}
resource "aws_security_group" "v{vpc}" {{
  count  = 25
  vpc_id = aws_vpc.v{vpc}.id
}}
resource "aws_vpc_security_group_ingress_rule" "v{vpc}" {{
  count             = {RULES}
  security_group_id = aws_security_group.v{vpc}[count.index % 25].id
  ip_protocol       = "tcp"
  from_port         = 1000 + count.index
  to_port           = 1010 + count.index
  cidr_ipv4         = cidrsubnet("10.0.0.0/8", 8, count.index)
}}
resource "aws_instance" "v{vpc}" {{
  count                  = 100
  ami                    = "ami-1"
  subnet_id              = aws_subnet.v{vpc}[count.index % 50].id
  vpc_security_group_ids = [aws_security_group.v{vpc}[count.index % 25].id]
}}
resource "aws_ec2_transit_gateway_vpc_attachment" "v{vpc}" {{
  transit_gateway_id = aws_ec2_transit_gateway.t.id
  vpc_id             = aws_vpc.v{vpc}.id
  subnet_ids         = [aws_subnet.v{vpc}[0].id]
}}
resource "aws_route" "v{vpc}" {{
  route_table_id         = aws_vpc.v{vpc}.main_route_table_id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway.t.id
}}
"#
        )
        .unwrap();
        text.push_str(&attach("association"));
        text.push_str(&attach("propagation"));
    }
    text
}

fn root(text: &str) -> Root {
    let mut system = Memory::new();
    system.add("/w/main.tf", text);
    let (map, boundary) = (SourceMap::default(), Boundary::at(&system, Path::new("/w")));
    load_directory(&system, &map, &boundary, Path::new("/w"), &Options::default()).root
}

fn zones() -> BTreeMap<String, Zone> {
    let zone = |number: usize| {
        let name = format!("z{number}");
        let wanted = ZoneMatch { tags: BTreeMap::from([("Zone".to_owned(), name.clone())]), ..ZoneMatch::default() };
        (name, Zone { matches: vec![wanted], ..Zone::default() })
    };
    (0..ZONES).map(zone).collect()
}

fn model<'g, 'r>(graph: &'g Graph<'r>) -> Model<'g, 'r> {
    Model::new(&[Input { graph, name: "" }], zones(), BTreeMap::new())
}

fn manner(service: &str, level: Level) -> Manner {
    let services: ServiceSet = service.parse().unwrap();
    Manner { services, version: Version::V4, level, relays: Relays::None }
}

fn network(c: &mut Criterion) {
    let mut group = c.benchmark_group("network");
    group.sample_size(10);
    // `cargo test --benches` only shows that it runs.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let sizes: &[usize] = if is_measured { &[1, 4, 40, 200] } else { &[1, 4] };
    for &vpcs in sizes {
        let root = root(&estate(vpcs));
        let graph = Graph::new(&root, EnvironmentSettings::default());
        let rules = vpcs * RULES;
        group.bench_function(BenchmarkId::new("build", rules), |b| b.iter(|| black_box(model(&graph))));
        let mut model = model(&graph);
        let zones: Vec<Endpoint> = (0..ZONES.min(vpcs)).map(|zone| Endpoint::Zone(format!("z{zone}"))).collect();
        let all = manner("all", Level::Packet);
        group.bench_function(BenchmarkId::new("matrix", rules), |b| {
            b.iter(|| {
                for from in &zones {
                    for to in zones.iter().filter(|to| *to != from) {
                        black_box(model.ask(from, to, &all).unwrap());
                    }
                }
            });
        });
        let one = manner("tcp/1000", Level::Connection);
        let host = |vpc: usize, number: usize| Endpoint::Resource(format!("aws_instance.v{vpc}[{number}]"));
        let (from, to) = (host(0, 0), host(0, 25));
        group.bench_function(BenchmarkId::new("question", rules), |b| {
            b.iter(|| black_box(model.ask(&from, &to, &one).unwrap()));
        });
    }
    group.finish();
}

criterion_group!(benches, network);
criterion_main!(benches);
