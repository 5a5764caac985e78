//! Load balancers, managed services, VPNs, firewalls, IPv6.

use super::{INTERNET, check, with};

const BALANCED: &str = r#"
resource "aws_security_group" "lb" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "app" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8080
    security_groups = [aws_security_group.lb.id]
  }
}
resource "aws_instance" "app" {
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
resource "aws_lb" "l" {
  subnets         = [aws_subnet.b.id]
  security_groups = [aws_security_group.lb.id]
}
resource "aws_lb_target_group" "t" {
  vpc_id   = aws_vpc.v.id
  port     = 8080
  protocol = "HTTP"
}
resource "aws_lb_target_group_attachment" "t" {
  target_group_arn = aws_lb_target_group.t.arn
  target_id        = aws_instance.app.id
}
resource "aws_lb_listener" "s" {
  load_balancer_arn = aws_lb.l.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.t.arn
  }
}
"#;

#[test]
fn load_balancers_take_what_they_listen_on_and_pass_it_on() {
    check(
        &with(&format!("{INTERNET}{BALANCED}")),
        &[
            "internet -> aws_lb.l tcp/443 reachable",
            "internet -> aws_lb.l tcp/80 unreachable",
            "internet -> aws_instance.app tcp/8080 unreachable",
            "internet -> aws_instance.app tcp/8080 reachable balancers",
            "internet -> aws_instance.app tcp/22 unreachable balancers",
            "aws_instance.a -> aws_instance.app tcp/8080 unreachable",
            "aws_instance.a -> aws_instance.app tcp/8080 reachable balancers",
        ],
    );
    let internal = BALANCED.replace("resource \"aws_lb\" \"l\" {", "resource \"aws_lb\" \"l\" {\n  internal = true");
    check(
        &with(&format!("{INTERNET}{internal}")),
        &[
            "internet -> aws_lb.l tcp/443 unreachable",
            "internet -> aws_instance.app tcp/8080 unreachable balancers",
            "aws_instance.a -> aws_lb.l tcp/443 reachable",
        ],
    );
}

#[test]
fn network_load_balancers_show_targets_the_client() {
    let network = BALANCED
        .replace("resource \"aws_lb\" \"l\" {", "resource \"aws_lb\" \"l\" {\n  load_balancer_type = \"network\"")
        .replace(
            "  security_groups = [aws_security_group.lb.id]\n}\nresource \"aws_lb_target_group\"",
            "}\nresource \"aws_lb_target_group\"",
        )
        .replace("\"HTTP\"", "\"TCP\"")
        .replace("\"HTTPS\"", "\"TCP\"");
    let text = with(&format!("{INTERNET}{network}"));
    // The target's group knows only the load balancer's group, and sees strangers.
    check(
        &text,
        &["internet -> aws_instance.app tcp/8080 unreachable balancers", "internet -> aws_lb.l tcp/443 reachable"],
    );
    let open = text.replace(
        "security_groups = [aws_security_group.lb.id]\n  }\n}\nresource \"aws_instance\"",
        "cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\nresource \"aws_instance\"",
    );
    check(
        &open,
        &[
            "internet -> aws_instance.app tcp/8080 reachable balancers",
            "internet -> aws_instance.app tcp/8080 unreachable",
        ],
    );
}

#[test]
fn managed_databases_are_where_their_subnet_group_is() {
    let database = |public: &str| {
        format!(
            "resource \"aws_db_subnet_group\" \"g\" {{\n subnet_ids = [aws_subnet.b.id]\n}}\nresource \"aws_db_instance\" \"d\" {{\n instance_class = \"db.t3.micro\"\n db_subnet_group_name = aws_db_subnet_group.g.name\n vpc_security_group_ids = [aws_security_group.open.id]\n {public}\n}}\n"
        )
    };
    check(
        &with(&format!("{INTERNET}{}", database(""))),
        &[
            "internet -> aws_db_instance.d tcp/5432 unreachable",
            "aws_instance.a -> aws_db_instance.d tcp/5432 reachable",
        ],
    );
    check(
        &with(&format!("{INTERNET}{}", database("publicly_accessible = true"))),
        &["internet -> aws_db_instance.d tcp/5432 reachable"],
    );
    check(
        &with(&database("publicly_accessible = true")),
        &["internet -> aws_db_instance.d tcp/5432 unreachable packet"],
    );
}

#[test]
fn functions_open_connections_and_take_none() {
    let function = "resource \"aws_lambda_function\" \"f\" {\n function_name = \"f\"\n role = \"r\"\n vpc_config {\n  subnet_ids = [aws_subnet.b.id]\n  security_group_ids = [aws_security_group.open.id]\n }\n}\n";
    check(
        &with(function),
        &[
            "aws_lambda_function.f -> aws_instance.a tcp/22 reachable",
            "aws_instance.a -> aws_lambda_function.f tcp/22 unreachable packet",
        ],
    );
}

#[test]
fn services_with_interfaces_of_their_own_are_hosts() {
    let service = |public: &str| {
        format!(
            "resource \"aws_ecs_service\" \"s\" {{\n name = \"s\"\n network_configuration {{\n  subnets = [aws_subnet.b.id]\n  security_groups = [aws_security_group.open.id]\n  {public}\n }}\n}}\n"
        )
    };
    check(
        &with(&format!("{INTERNET}{}", service("assign_public_ip = true"))),
        &["internet -> aws_ecs_service.s tcp/80 reachable"],
    );
    check(&with(&format!("{INTERNET}{}", service(""))), &["internet -> aws_ecs_service.s tcp/80 unreachable"]);
}

#[test]
fn clusters_are_open_to_the_ranges_that_are_written() {
    let cluster = |options: &str| {
        format!(
            "resource \"aws_eks_cluster\" \"c\" {{\n name = \"c\"\n role_arn = \"r\"\n vpc_config {{\n  subnet_ids = [aws_subnet.b.id]\n  {options}\n }}\n}}\nresource \"aws_eks_node_group\" \"n\" {{\n cluster_name = aws_eks_cluster.c.name\n node_role_arn = \"r\"\n subnet_ids = [aws_subnet.a.id]\n scaling_config {{\n  desired_size = 1\n  max_size = 1\n  min_size = 1\n }}\n}}\n"
        )
    };
    check(
        &with(&cluster("")),
        &[
            "internet -> aws_eks_cluster.c tcp/443 reachable",
            "internet -> aws_eks_cluster.c tcp/22 unreachable",
            "aws_eks_node_group.n -> aws_eks_cluster.c tcp/443 reachable",
            "aws_instance.a -> aws_eks_node_group.n tcp/22 unreachable",
        ],
    );
    check(&with(&cluster("endpoint_public_access = false")), &["internet -> aws_eks_cluster.c tcp/443 unreachable"]);
    check(
        &with(&cluster("public_access_cidrs = [\"10.0.0.0/8\"]")),
        &["internet -> aws_eks_cluster.c tcp/443 unreachable"],
    );
}

#[test]
fn networks_behind_a_vpn_come_in_by_the_gateway() {
    let vpn = |routes: &str| {
        format!(
            r#"
resource "aws_vpn_gateway" "g" {{ vpc_id = aws_vpc.v.id }}
resource "aws_customer_gateway" "c" {{
  bgp_asn    = 65000
  ip_address = "172.0.0.1"
  type       = "ipsec.1"
}}
resource "aws_vpn_connection" "c" {{
  vpn_gateway_id      = aws_vpn_gateway.g.id
  customer_gateway_id = aws_customer_gateway.c.id
  type                = "ipsec.1"
  static_routes_only  = true
}}
resource "aws_vpn_connection_route" "r" {{
  vpn_connection_id      = aws_vpn_connection.c.id
  destination_cidr_block = "192.168.0.0/16"
}}
{routes}
"#
        )
    };
    let propagation = "resource \"aws_vpn_gateway_route_propagation\" \"p\" {\n vpn_gateway_id = aws_vpn_gateway.g.id\n route_table_id = aws_vpc.v.main_route_table_id\n}\n";
    check(
        &with(&vpn(propagation)),
        &[
            "cidr:192.168.1.0/24 -> aws_instance.a tcp/22 reachable",
            "aws_instance.a -> cidr:192.168.1.0/24 tcp/22 reachable",
            "aws_instance.a -> internet tcp/22 unreachable",
        ],
    );
    check(
        &with(&vpn("")),
        &[
            "cidr:192.168.1.0/24 -> aws_instance.a tcp/22 unreachable",
            "cidr:192.168.1.0/24 -> aws_instance.a tcp/22 reachable packet",
        ],
    );
}

#[test]
fn firewalls_are_passed_where_routes_lead_to_them() {
    let firewall = |policy: &str| {
        format!(
            r#"
{INTERNET}
resource "aws_subnet" "fw" {{
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.9.0/24"
}}
resource "aws_route_table_association" "fw" {{
  subnet_id      = aws_subnet.fw.id
  route_table_id = aws_route_table.public.id
}}
resource "aws_networkfirewall_firewall_policy" "p" {{
  name = "p"
  firewall_policy {{
    stateless_default_actions          = ["{policy}"]
    stateless_fragment_default_actions = ["{policy}"]
  }}
}}
resource "aws_networkfirewall_firewall" "f" {{
  name                = "f"
  vpc_id              = aws_vpc.v.id
  firewall_policy_arn = aws_networkfirewall_firewall_policy.p.arn
  subnet_mapping {{ subnet_id = aws_subnet.fw.id }}
}}
resource "aws_route" "out" {{
  route_table_id         = aws_vpc.v.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  vpc_endpoint_id        = tolist(aws_networkfirewall_firewall.f.firewall_status[0].sync_states)[0].attachment[0].endpoint_id
}}
resource "aws_eip" "e" {{ instance = aws_instance.a.id }}
"#
        )
    };
    check(&with(&firewall("aws:pass")), &["aws_instance.a -> internet tcp/443 reachable packet"]);
    check(&with(&firewall("aws:drop")), &["aws_instance.a -> internet tcp/443 unreachable packet"]);
}

#[test]
fn types_that_are_not_modelled_are_listed_and_decide_nothing() {
    let text = with(
        "resource \"aws_workspaces_directory\" \"w\" {\n directory_id = \"d\"\n subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]\n}\n",
    );
    check(&text, &["aws_workspaces_directory.w -> aws_instance.a tcp/22 undetermined"]);
}

#[test]
fn ipv6_needs_no_translation() {
    let text = with(
        r#"
resource "aws_vpc" "six" {
  cidr_block                       = "10.7.0.0/16"
  assign_generated_ipv6_cidr_block = true
}
resource "aws_subnet" "six" {
  vpc_id                          = aws_vpc.six.id
  cidr_block                      = "10.7.1.0/24"
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.six.ipv6_cidr_block, 8, 1)
  assign_ipv6_address_on_creation = true
}
resource "aws_security_group" "six" {
  vpc_id = aws_vpc.six.id
  ingress {
    protocol         = "tcp"
    from_port        = 22
    to_port          = 22
    ipv6_cidr_blocks = ["::/0"]
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    ipv6_cidr_blocks = ["::/0"]
  }
}
resource "aws_instance" "six" {
  subnet_id              = aws_subnet.six.id
  vpc_security_group_ids = [aws_security_group.six.id]
}
"#,
    );
    let way = |kind: &str, attribute: &str| {
        format!(
            "{text}\nresource \"{kind}\" \"g\" {{\n vpc_id = aws_vpc.six.id\n}}\nresource \"aws_route\" \"six\" {{\n route_table_id = aws_vpc.six.main_route_table_id\n destination_ipv6_cidr_block = \"::/0\"\n {attribute} = {kind}.g.id\n}}\n"
        )
    };
    check(
        &way("aws_internet_gateway", "gateway_id"),
        &[
            "internet -> aws_instance.six tcp/22 reachable six",
            "internet -> aws_instance.six tcp/22 unreachable",
            "aws_instance.six -> internet tcp/443 reachable six",
        ],
    );
    check(
        &way("aws_egress_only_internet_gateway", "egress_only_gateway_id"),
        &[
            "internet -> aws_instance.six tcp/22 unreachable six packet",
            "aws_instance.six -> internet tcp/443 reachable six",
        ],
    );
}
