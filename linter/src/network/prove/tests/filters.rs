//! Security groups, network ACLs and what is not known of them.

use super::{check, group, host, rule, with};

#[test]
fn security_groups_filter_in_all_three_forms() {
    let ssh = rule("ingress", "tcp", 22, 22, "cidr_blocks = [\"10.0.1.0/24\"]");
    let inline = with(&(group("b", &ssh) + &host("b", "b", "aws_security_group.b.id")));
    let cases = [
        "aws_instance.a -> aws_instance.b tcp/22 reachable",
        "aws_instance.a -> aws_instance.b tcp/23 unreachable",
        "aws_instance.a -> aws_instance.b udp/22 unreachable",
        // A group that Terraform makes lets nothing out.
        "aws_instance.b -> aws_instance.a tcp/22 unreachable",
    ];
    check(&inline, &cases);
    let classic = with(&(group("b", "") + &host("b", "b", "aws_security_group.b.id")))
        + r#"
resource "aws_security_group_rule" "r" {
  type              = "ingress"
  security_group_id = aws_security_group.b.id
  protocol          = "6"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["10.0.1.0/24"]
}"#;
    check(&classic, &cases);
    let separate = with(&(group("b", "") + &host("b", "b", "aws_security_group.b.id")))
        + r#"
resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = aws_security_group.b.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "10.0.1.0/24"
}"#;
    check(&separate, &cases);
}

#[test]
fn a_group_means_its_members_wherever_their_addresses_are() {
    let by_group = rule("ingress", "tcp", 5432, 5432, "security_groups = [aws_security_group.app.id]");
    let text = with(
        &(group("app", &rule("egress", "-1", 0, 0, "cidr_blocks = [\"0.0.0.0/0\"]"))
            + &group("db", &by_group)
            + &host("app", "a", "aws_security_group.app.id")
            + &host("db", "b", "aws_security_group.db.id")),
    );
    check(
        &text,
        &[
            "aws_instance.app -> aws_instance.db tcp/5432 reachable",
            "aws_instance.app -> aws_instance.db tcp/22 unreachable",
            "aws_instance.a -> aws_instance.db tcp/5432 unreachable",
            "aws_instance.db -> aws_instance.app tcp/22 unreachable",
        ],
    );
}

#[test]
fn interfaces_without_groups_are_in_the_default_one() {
    let bare = "resource \"aws_instance\" \"x\" {\n subnet_id = aws_subnet.b.id\n}\nresource \"aws_instance\" \"y\" {\n subnet_id = aws_subnet.a.id\n}\n";
    check(
        &with(bare),
        &[
            "aws_instance.x -> aws_instance.y tcp/22 reachable",
            "aws_instance.a -> aws_instance.x tcp/22 unreachable",
            "aws_instance.x -> aws_instance.a tcp/22 reachable",
        ],
    );
    // Adoption takes all rules away.
    let adopted = format!("{bare}\nresource \"aws_default_security_group\" \"d\" {{\n vpc_id = aws_vpc.v.id\n}}\n");
    check(&with(&adopted), &["aws_instance.x -> aws_instance.y tcp/22 unreachable"]);
}

fn acl(rules: &str) -> String {
    format!(
        "resource \"aws_network_acl\" \"n\" {{\n vpc_id = aws_vpc.v.id\n subnet_ids = [aws_subnet.b.id]\n {rules}\n}}\n"
    )
}

fn entry(way: &str, number: u16, action: &str, service: &str, from: u16, to: u16, cidr: &str) -> String {
    format!(
        "{way} {{\n rule_no = {number}\n action = \"{action}\"\n protocol = \"{service}\"\n from_port = {from}\n to_port = {to}\n cidr_block = \"{cidr}\"\n}}\n"
    )
}

#[test]
fn network_acls_are_ordered_and_remember_nothing() {
    let b = host("b", "b", "aws_security_group.open.id") + &host("b2", "b", "aws_security_group.open.id");
    let cases = |text: &str, cases: &[&str]| check(&with(&(acl(text) + &b)), cases);
    // Without rules everything is denied, but not between hosts of the subnet.
    cases(
        "",
        &[
            "aws_instance.a -> aws_instance.b tcp/22 unreachable",
            "aws_instance.b -> aws_instance.a tcp/22 unreachable packet",
            "aws_instance.b -> aws_instance.b2 tcp/22 reachable",
        ],
    );
    let allow = entry("ingress", 100, "allow", "tcp", 22, 22, "10.0.0.0/16");
    // Nothing comes back.
    cases(
        &allow,
        &[
            "aws_instance.a -> aws_instance.b tcp/22 unreachable",
            "aws_instance.a -> aws_instance.b tcp/22 reachable packet",
        ],
    );
    let back = entry("egress", 100, "allow", "tcp", 1024, 65535, "10.0.0.0/16");
    cases(&format!("{allow}{back}"), &["aws_instance.a -> aws_instance.b tcp/22 reachable"]);
    // The lower number decides, wherever it stands.
    let deny = entry("ingress", 90, "deny", "tcp", 0, 65535, "10.0.1.0/24");
    cases(&format!("{allow}{back}{deny}"), &["aws_instance.a -> aws_instance.b tcp/22 unreachable"]);
    let late = entry("ingress", 110, "deny", "tcp", 0, 65535, "10.0.1.0/24");
    cases(&format!("{allow}{back}{late}"), &["aws_instance.a -> aws_instance.b tcp/22 reachable"]);
}
