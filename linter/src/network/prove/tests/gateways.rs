//! Ways in and out: Internet gateways, NAT, main tables, peering.

use super::{INTERNET, check, group, host, rule, with};

#[test]
fn the_internet_reaches_hosts_with_a_public_address_and_a_way_back() {
    let public = |name: &str, subnet: &str| {
        format!(
            "resource \"aws_instance\" \"{name}\" {{\n subnet_id = aws_subnet.{subnet}.id\n associate_public_ip_address = true\n vpc_security_group_ids = [aws_security_group.open.id]\n}}\n"
        )
    };
    let text = with(
        &(INTERNET.to_owned() + &public("p", "b") + &public("q", "a") + &host("r", "b", "aws_security_group.open.id")),
    );
    check(
        &text,
        &[
            "internet -> aws_instance.p tcp/22 reachable",
            "aws_instance.p -> internet tcp/443 reachable",
            "internet -> aws_instance.r tcp/22 unreachable",
            "aws_instance.r -> internet tcp/443 unreachable",
            // Packets come in, but answers have no way out.
            "internet -> aws_instance.q tcp/22 unreachable",
            "internet -> aws_instance.q tcp/22 reachable packet",
            "aws_instance.q -> internet tcp/443 unreachable",
        ],
    );
    let eip = format!(
        "{INTERNET}{}resource \"aws_eip\" \"e\" {{\n instance = aws_instance.r.id\n}}\n",
        host("r", "b", "aws_security_group.open.id")
    );
    check(&with(&eip), &["internet -> aws_instance.r tcp/22 reachable"]);
}

#[test]
fn nat_gateways_lead_out_and_let_nothing_in() {
    let nat = r#"
resource "aws_eip" "n" {}
resource "aws_nat_gateway" "n" {
  subnet_id     = aws_subnet.b.id
  allocation_id = aws_eip.n.id
}
resource "aws_route_table" "private" { vpc_id = aws_vpc.v.id }
resource "aws_route" "out" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.n.id
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.private.id
}
"#;
    check(
        &with(&format!("{INTERNET}{nat}")),
        &[
            "aws_instance.a -> internet tcp/443 reachable",
            "aws_instance.a -> internet udp/53 reachable",
            "aws_instance.a -> internet esp unreachable",
            "internet -> aws_instance.a tcp/443 unreachable packet",
            "internet -> aws_instance.a all unreachable packet",
        ],
    );
    // The gateway's own subnet has no way out.
    check(&with(nat), &["aws_instance.a -> internet tcp/443 unreachable"]);
}

#[test]
fn the_main_table_serves_subnets_without_association() {
    let text = r#"
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_default_route_table" "d" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_eip" "e" { instance = aws_instance.a.id }
"#;
    check(&with(text), &["internet -> aws_instance.a tcp/22 reachable"]);
    let route = r#"
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_route" "r" {
  route_table_id         = aws_vpc.v.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.g.id
}
resource "aws_eip" "e" { instance = aws_instance.a.id }
"#;
    check(&with(route), &["internet -> aws_instance.a tcp/22 reachable"]);
    let other = r#"
resource "aws_route_table" "closed" { vpc_id = aws_vpc.v.id }
resource "aws_main_route_table_association" "m" {
  vpc_id         = aws_vpc.v.id
  route_table_id = aws_route_table.closed.id
}
"#;
    let text = text.replace("aws_default_route_table\" \"d\"", "aws_default_route_table\" \"x\"");
    check(&with(&format!("{text}{other}")), &["internet -> aws_instance.a tcp/22 unreachable"]);
}

/// A second VPC with a host, peered.
fn peered(options: &str, routes: &str) -> String {
    with(&format!(
        r#"
resource "aws_vpc" "w" {{ cidr_block = "10.1.0.0/16" }}
resource "aws_subnet" "w" {{
  vpc_id     = aws_vpc.w.id
  cidr_block = "10.1.1.0/24"
}}
resource "aws_security_group" "w" {{
  vpc_id = aws_vpc.w.id
  {}{}
}}
resource "aws_instance" "w" {{
  subnet_id              = aws_subnet.w.id
  vpc_security_group_ids = [aws_security_group.w.id]
}}
resource "aws_vpc_peering_connection" "p" {{
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.w.id
  {options}
}}
{routes}
"#,
        rule("ingress", "tcp", 22, 22, "cidr_blocks = [\"10.0.0.0/8\"]"),
        rule("ingress", "tcp", 80, 80, "security_groups = [aws_security_group.open.id]"),
    ))
}

const THERE: &str = r#"
resource "aws_route" "there" {
  route_table_id            = aws_vpc.v.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
}
"#;
const BACK: &str = r#"
resource "aws_route" "back" {
  route_table_id            = aws_vpc.w.main_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
}
"#;

#[test]
fn peering_needs_both_tables_and_acceptance() {
    let both = format!("{THERE}{BACK}");
    check(
        &peered("auto_accept = true", &both),
        &[
            "aws_instance.a -> aws_instance.w tcp/22 reachable",
            "aws_instance.a -> aws_instance.w tcp/80 reachable",
            "aws_instance.a -> aws_instance.w tcp/443 unreachable",
            "aws_instance.w -> aws_instance.a tcp/22 unreachable",
        ],
    );
    check(
        &peered("auto_accept = true", THERE),
        &[
            "aws_instance.a -> aws_instance.w tcp/22 unreachable",
            "aws_instance.a -> aws_instance.w tcp/22 reachable packet",
        ],
    );
    check(&peered("auto_accept = true", BACK), &["aws_instance.a -> aws_instance.w tcp/22 unreachable packet"]);
    check(&peered("", &both), &["aws_instance.a -> aws_instance.w tcp/22 undetermined"]);
    let accepter = format!(
        "{both}\nresource \"aws_vpc_peering_connection_accepter\" \"a\" {{\n vpc_peering_connection_id = aws_vpc_peering_connection.p.id\n auto_accept = true\n}}\n"
    );
    check(&peered("", &accepter), &["aws_instance.a -> aws_instance.w tcp/22 reachable"]);
    // References to groups end at the border of a region.
    check(
        &peered("auto_accept = true\n peer_region = \"eu-west-2\"", &both),
        &["aws_instance.a -> aws_instance.w tcp/22 reachable", "aws_instance.a -> aws_instance.w tcp/80 unreachable"],
    );
}

#[test]
fn peering_leads_no_further_than_the_peer() {
    let more = format!(
        r#"{THERE}{BACK}
resource "aws_internet_gateway" "g" {{ vpc_id = aws_vpc.w.id }}
resource "aws_route" "out" {{
  route_table_id            = aws_vpc.v.main_route_table_id
  destination_cidr_block    = "0.0.0.0/0"
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
}}
resource "aws_route" "w" {{
  route_table_id         = aws_vpc.w.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.g.id
}}
"#
    );
    check(&peered("auto_accept = true", &more), &["aws_instance.a -> internet tcp/443 unreachable packet"]);
}

#[test]
fn unknown_values_decide() {
    let text = |cidr: &str| {
        let rule = rule("ingress", "tcp", 22, 22, &format!("cidr_blocks = [{cidr}]"));
        with(&("variable \"office\" {}\n".to_owned() + &group("b", &rule) + &host("b", "b", "aws_security_group.b.id")))
    };
    check(&text("var.office"), &["aws_instance.a -> aws_instance.b tcp/22 undetermined"]);
    check(&text("var.office, \"10.0.0.0/8\""), &["aws_instance.a -> aws_instance.b tcp/22 reachable"]);
    // Half of the subnet: it depends on the address that the host gets.
    check(&text("\"10.0.1.0/25\""), &["aws_instance.a -> aws_instance.b tcp/22 undetermined"]);
    check(&text("\"10.0.1.0/25\", \"10.0.1.128/25\""), &["aws_instance.a -> aws_instance.b tcp/22 reachable"]);
    // The range of the VPC is not known, but both hosts are in it.
    let unnamed = with(&host("b", "b", "aws_security_group.open.id"))
        .replace("\"10.0.0.0/16\"", "var.range")
        .replace("\"10.0.1.0/24\"", "cidrsubnet(var.range, 8, 1)")
        .replace("\"10.0.2.0/24\"", "cidrsubnet(var.range, 8, 2)");
    check(
        &format!("variable \"range\" {{}}\n{unnamed}"),
        &["aws_instance.a -> aws_instance.b tcp/22 reachable", "internet -> aws_instance.b tcp/22 unreachable"],
    );
}

#[test]
fn what_is_not_placed_may_be_anywhere() {
    let text = with(
        "variable \"subnet\" {}\nresource \"aws_instance\" \"x\" {\n subnet_id = var.subnet\n vpc_security_group_ids = [aws_security_group.open.id]\n}\n",
    );
    check(
        &text,
        &[
            "aws_instance.x -> aws_instance.a tcp/22 undetermined",
            "aws_instance.a -> aws_instance.x tcp/22 undetermined",
        ],
    );
}
