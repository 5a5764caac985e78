//! Interfaces, addresses and gateways of their own kind: elastic addresses, appliances, edge tables, endpoints.

use super::{INTERNET, check, group, host, rule, with};

#[test]
fn interfaces_of_their_own_carry_address_and_groups() {
    let text = with(&format!(
        r#"{INTERNET}
resource "aws_network_interface" "n" {{
  subnet_id       = aws_subnet.b.id
  private_ips     = ["10.0.2.10"]
  security_groups = [aws_security_group.open.id]
}}
resource "aws_instance" "i" {{
  network_interface {{
    network_interface_id = aws_network_interface.n.id
    device_index         = 0
  }}
}}
resource "aws_eip" "e" {{}}
resource "aws_eip_association" "e" {{
  allocation_id        = aws_eip.e.id
  network_interface_id = aws_network_interface.n.id
}}
"#
    ));
    check(
        &text,
        &[
            "internet -> aws_instance.i tcp/22 reachable",
            "aws_instance.a -> aws_instance.i tcp/22 reachable",
            "cidr:10.0.2.10 -> aws_instance.a tcp/22 reachable",
        ],
    );
}

#[test]
fn groups_that_are_attached_later_count() {
    let text = with(
        &(group("b", "")
            + &host("b", "b", "aws_security_group.b.id")
            + "resource \"aws_network_interface_sg_attachment\" \"x\" {\n security_group_id = aws_security_group.open.id\n network_interface_id = aws_instance.b.primary_network_interface_id\n}\n"),
    );
    check(&text, &["aws_instance.a -> aws_instance.b tcp/22 reachable"]);
}

#[test]
fn groups_of_hosts_follow_their_template() {
    let text = with(&format!(
        r#"{INTERNET}
resource "aws_launch_template" "t" {{
  image_id      = "ami-1"
  instance_type = "t3.micro"
  network_interfaces {{
    associate_public_ip_address = true
    security_groups             = [aws_security_group.open.id]
  }}
}}
resource "aws_autoscaling_group" "g" {{
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = [aws_subnet.b.id]
  launch_template {{ id = aws_launch_template.t.id }}
}}
"#
    ));
    check(&text, &["internet -> aws_autoscaling_group.g tcp/22 reachable"]);
}

#[test]
fn prefix_lists_are_what_is_in_them() {
    let list = "resource \"aws_ec2_managed_prefix_list\" \"l\" {\n name = \"l\"\n address_family = \"IPv4\"\n max_entries = 2\n entry {\n  cidr = \"10.0.1.0/24\"\n }\n}\n";
    let open = rule("ingress", "tcp", 22, 22, "prefix_list_ids = [aws_ec2_managed_prefix_list.l.id]");
    let text = with(&(list.to_owned() + &group("b", &open) + &host("b", "b", "aws_security_group.b.id")));
    check(
        &text,
        &["aws_instance.a -> aws_instance.b tcp/22 reachable", "aws_instance.a -> aws_instance.b tcp/23 unreachable"],
    );
    let foreign = text.replace("[aws_ec2_managed_prefix_list.l.id]", "[\"pl-1\"]");
    check(&foreign, &["aws_instance.a -> aws_instance.b tcp/22 undetermined"]);
    let route = "resource \"aws_internet_gateway\" \"g\" {\n vpc_id = aws_vpc.v.id\n}\nresource \"aws_eip\" \"e\" {\n instance = aws_instance.a.id\n}\nresource \"aws_route\" \"r\" {\n route_table_id = aws_vpc.v.main_route_table_id\n destination_prefix_list_id = aws_ec2_managed_prefix_list.l.id\n gateway_id = aws_internet_gateway.g.id\n}\n";
    let wide = format!("{list}{route}").replace("10.0.1.0/24", "8.8.8.0/24");
    check(
        &with(&wide),
        &["aws_instance.a -> cidr:8.8.8.8 udp/53 reachable", "aws_instance.a -> cidr:9.9.9.9 udp/53 unreachable"],
    );
}

#[test]
fn longer_prefixes_win_and_other_networks_gateways_lead_nowhere() {
    let routes = r#"
resource "aws_vpc" "other" { cidr_block = "10.9.0.0/16" }
resource "aws_internet_gateway" "other" { vpc_id = aws_vpc.other.id }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_eip" "e" { instance = aws_instance.a.id }
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
  route {
    cidr_block = "8.0.0.0/8"
    gateway_id = aws_internet_gateway.other.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.t.id
}
"#;
    check(
        &with(routes),
        &["aws_instance.a -> cidr:9.9.9.9 udp/53 reachable", "aws_instance.a -> cidr:8.8.8.8 udp/53 unreachable"],
    );
}

#[test]
fn blocked_public_access_beats_every_gateway() {
    let blocked = |mode: &str, more: &str| {
        with(&format!(
            "{INTERNET}{}resource \"aws_eip\" \"e\" {{\n instance = aws_instance.b.id\n}}\nresource \"aws_vpc_block_public_access_options\" \"o\" {{\n internet_gateway_block_mode = \"{mode}\"\n}}\n{more}",
            host("b", "b", "aws_security_group.open.id")
        ))
    };
    check(
        &blocked("block-bidirectional", ""),
        &[
            "internet -> aws_instance.b tcp/22 unreachable packet",
            "aws_instance.b -> internet tcp/443 unreachable packet",
        ],
    );
    check(
        &blocked("block-ingress", ""),
        &[
            "internet -> aws_instance.b tcp/22 unreachable packet",
            "aws_instance.b -> internet tcp/443 reachable packet",
        ],
    );
    check(&blocked("off", ""), &["internet -> aws_instance.b tcp/22 reachable"]);
    let excluded = "resource \"aws_vpc_block_public_access_exclusion\" \"x\" {\n vpc_id = aws_vpc.v.id\n internet_gateway_exclusion_mode = \"allow-bidirectional\"\n}\n";
    check(&blocked("block-bidirectional", excluded), &["internet -> aws_instance.b tcp/22 reachable"]);
}

#[test]
fn endpoints_are_interfaces_with_groups() {
    let endpoint = with(
        "resource \"aws_vpc_endpoint\" \"e\" {\n vpc_id = aws_vpc.v.id\n service_name = \"com.amazonaws.eu-west-1.sqs\"\n vpc_endpoint_type = \"Interface\"\n subnet_ids = [aws_subnet.b.id]\n security_group_ids = [aws_security_group.open.id]\n}\n",
    );
    check(&endpoint, &["aws_instance.a -> aws_vpc_endpoint.e tcp/443 reachable"]);
}

#[test]
fn further_ranges_of_a_network_are_local_too() {
    let text = with(
        "resource \"aws_vpc_ipv4_cidr_block_association\" \"more\" {\n vpc_id = aws_vpc.v.id\n cidr_block = \"100.64.0.0/16\"\n}\nresource \"aws_subnet\" \"more\" {\n vpc_id = aws_vpc_ipv4_cidr_block_association.more.vpc_id\n cidr_block = \"100.64.1.0/24\"\n}\nresource \"aws_instance\" \"more\" {\n subnet_id = aws_subnet.more.id\n vpc_security_group_ids = [aws_security_group.open.id]\n}\n",
    );
    check(&text, &["aws_instance.a -> aws_instance.more tcp/22 reachable"]);
}
