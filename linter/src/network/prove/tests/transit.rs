//! Transit gateways.

use super::{check, rule};

/// Three VPCs with a host in each, all attached to one transit gateway.
fn transit(options: &str, more: &str) -> String {
    let mut text = String::new();
    for (idx, name) in ["x", "y", "z"].iter().enumerate() {
        text.push_str(&format!(
            r#"
resource "aws_vpc" "{name}" {{ cidr_block = "10.{idx}.0.0/16" }}
resource "aws_subnet" "{name}" {{
  vpc_id            = aws_vpc.{name}.id
  cidr_block        = "10.{idx}.1.0/24"
  availability_zone = "eu-west-1a"
}}
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.{name}.id
  {}{}
}}
resource "aws_instance" "{name}" {{
  subnet_id              = aws_subnet.{name}.id
  vpc_security_group_ids = [aws_security_group.{name}.id]
}}
resource "aws_ec2_transit_gateway_vpc_attachment" "{name}" {{
  transit_gateway_id = aws_ec2_transit_gateway.t.id
  vpc_id             = aws_vpc.{name}.id
  subnet_ids         = [aws_subnet.{name}.id]
}}
resource "aws_route" "{name}" {{
  route_table_id         = aws_vpc.{name}.main_route_table_id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway.t.id
}}
"#,
            rule("ingress", "tcp", 22, 22, "cidr_blocks = [\"10.0.0.0/8\"]"),
            rule("egress", "-1", 0, 0, "cidr_blocks = [\"0.0.0.0/0\"]"),
        ));
    }
    format!("{text}\nresource \"aws_ec2_transit_gateway\" \"t\" {{\n {options}\n}}\n{more}")
}

#[test]
fn transit_gateways_join_what_is_attached_by_default() {
    check(
        &transit("", ""),
        &[
            "aws_instance.x -> aws_instance.y tcp/22 reachable",
            "aws_instance.y -> aws_instance.z tcp/22 reachable",
            "aws_instance.x -> aws_instance.y tcp/80 unreachable",
        ],
    );
    let off = "default_route_table_association = \"disable\"\n default_route_table_propagation = \"disable\"";
    check(&transit(off, ""), &["aws_instance.x -> aws_instance.y tcp/22 unreachable packet"]);
}

#[test]
fn transit_tables_keep_networks_apart() {
    let off = "default_route_table_association = \"disable\"\n default_route_table_propagation = \"disable\"";
    let attach = |kind: &str, name: &str, table: &str| {
        format!(
            "resource \"aws_ec2_transit_gateway_route_table_{kind}\" \"{name}_{table}\" {{\n transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.{name}.id\n transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.{table}.id\n}}\n"
        )
    };
    let tables = "resource \"aws_ec2_transit_gateway_route_table\" \"spoke\" {\n transit_gateway_id = aws_ec2_transit_gateway.t.id\n}\nresource \"aws_ec2_transit_gateway_route_table\" \"hub\" {\n transit_gateway_id = aws_ec2_transit_gateway.t.id\n}\n";
    let hub = [
        attach("association", "x", "spoke"),
        attach("association", "y", "spoke"),
        attach("association", "z", "hub"),
        attach("propagation", "z", "spoke"),
        attach("propagation", "x", "hub"),
        attach("propagation", "y", "hub"),
    ];
    let text = format!("{tables}{}", hub.concat());
    check(
        &transit(off, &text),
        &[
            "aws_instance.x -> aws_instance.z tcp/22 reachable",
            "aws_instance.z -> aws_instance.y tcp/22 reachable",
            "aws_instance.x -> aws_instance.y tcp/22 unreachable packet",
        ],
    );
    let hole = "resource \"aws_ec2_transit_gateway_route\" \"hole\" {\n destination_cidr_block = \"10.2.0.0/16\"\n blackhole = true\n transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.spoke.id\n}\n";
    check(&transit(off, &format!("{text}{hole}")), &["aws_instance.x -> aws_instance.z tcp/22 unreachable packet"]);
    let leak = "resource \"aws_ec2_transit_gateway_route\" \"leak\" {\n destination_cidr_block = \"10.1.0.0/16\"\n transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.y.id\n transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.spoke.id\n}\n";
    // The way there is open; the answer finds its way by the hub's table or by the same leak.
    check(&transit(off, &format!("{text}{leak}")), &["aws_instance.x -> aws_instance.y tcp/22 reachable packet"]);
}

#[test]
fn transit_gateways_take_packets_only_from_zones_they_are_in() {
    let other = transit("", "").replacen("eu-west-1a", "eu-west-1b", 1).replacen(
        "subnet_ids         = [aws_subnet.x.id]",
        "subnet_ids         = [aws_subnet.other.id]",
        1,
    );
    let text = format!(
        "{other}\nresource \"aws_subnet\" \"other\" {{\n vpc_id = aws_vpc.x.id\n cidr_block = \"10.0.9.0/24\"\n availability_zone = \"eu-west-1a\"\n}}\n"
    );
    check(
        &text,
        &[
            "aws_instance.x -> aws_instance.y tcp/22 unreachable packet",
            "aws_instance.y -> aws_instance.x tcp/22 reachable packet",
        ],
    );
}

#[test]
fn references_to_groups_cross_transit_gateways_only_where_both_sides_say_so() {
    let by_group = |support: &str| {
        transit(support, "").replacen(
            "cidr_blocks = [\"10.0.0.0/8\"]",
            "security_groups = [aws_security_group.y.id]",
            1,
        )
    };
    check(&by_group(""), &["aws_instance.y -> aws_instance.x tcp/22 unreachable"]);
    check(
        &by_group("security_group_referencing_support = \"enable\""),
        &["aws_instance.y -> aws_instance.x tcp/22 reachable"],
    );
}
