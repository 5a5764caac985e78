//! Filters of whole configurations: what the world reaches, in all the ways it can be written.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use super::address::AddressSet;
use super::bounds::Certainty;
use super::exposure::Width;
use super::filter::{Direction, PeerKind, Question, View};
use super::filters::Filters;
use super::service::ServiceSet;
use crate::source::{Boundary, Memory, SourceMap};
use crate::terraform::{Options, Root, load_directory};

fn root(text: &str) -> Root {
    let mut system = Memory::new();
    system.add("/w/main.tf", text);
    let (map, boundary) = (SourceMap::default(), Boundary::at(&system, Path::new("/w")));
    load_directory(&system, &map, &boundary, Path::new("/w"), &Options::default()).root
}

fn services(text: &str) -> ServiceSet {
    text.split_whitespace().fold(ServiceSet::empty(), |sum, text| sum.union(&text.parse().unwrap()))
}

/// What the world reaches of these services: `address services peer`, one line each, `?` in front of what is only possible.
fn exposed(text: &str, asked: &str) -> Vec<String> {
    let root = root(text);
    let filters = Filters::of(&root.instances);
    let mut lines = Vec::new();
    for instance in &root.instances {
        let Some(filter) = filters.of_owner(&instance.address) else { continue };
        for exposure in filter.exposures(&instance.address, Direction::Ingress, &services(asked), Width::default()) {
            let peer = &filter.rules.get(exposure.rule).unwrap().peers.get(exposure.peer).unwrap().text;
            let doubt = if exposure.certainty == Certainty::Must { "" } else { "? " };
            lines.push(format!("{doubt}{} {} {peer}", instance.address, exposure.services));
        }
    }
    lines.sort();
    lines
}

#[track_caller]
fn ssh(text: &str, expected: &[&str]) {
    assert_eq!(exposed(text, "tcp/22"), expected, "{text}");
}

#[test]
fn ssh_from_anywhere_is_found_however_it_is_written() {
    let inline = |source: &str| {
        format!(
            "resource \"aws_security_group\" \"s\" {{\n ingress {{\n from_port = 20\n to_port = 30\n protocol = \"tcp\"\n {source}\n }}\n}}"
        )
    };
    let both = ["aws_security_group.s tcp/22 0.0.0.0/1", "aws_security_group.s tcp/22 128.0.0.0/1"];
    ssh(&inline("cidr_blocks = [\"0.0.0.0/0\"]"), &["aws_security_group.s tcp/22 0.0.0.0/0"]);
    ssh(&inline("cidr_blocks = [\"0.0.0.0/1\", \"128.0.0.0/1\"]"), &both);
    ssh(&inline("ipv6_cidr_blocks = [\"::/0\"]"), &["aws_security_group.s tcp/22 ::/0"]);
    ssh(&inline("cidr_blocks = [cidrsubnet(\"0.0.0.0/0\", 0, 0)]"), &["aws_security_group.s tcp/22 0.0.0.0/0"]);
    ssh(&inline("cidr_blocks = [\"10.0.0.0/8\", \"203.0.113.0/24\", \"8.8.8.0/24\"]"), &[]);
    ssh(&inline("security_groups = [\"sg-1\"]\n self = true"), &[]);
    ssh(
        "resource \"aws_security_group\" \"s\" {\n ingress = [{ from_port = 0, to_port = 0, protocol = \"-1\", cidr_blocks = [\"0.0.0.0/0\"], \
         ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false, description = \"\" }]\n}",
        &["aws_security_group.s tcp/22 0.0.0.0/0"],
    );
}

#[test]
fn separate_rules_join_their_group() {
    let halves = |first: &str, second: &str| {
        format!(
            "resource \"aws_security_group\" \"s\" {{}}
             resource \"aws_vpc_security_group_ingress_rule\" \"a\" {{
               security_group_id = aws_security_group.s.id
               ip_protocol = \"-1\"
               cidr_ipv4 = \"{first}\"
             }}
             resource \"aws_security_group_rule\" \"b\" {{
               security_group_id = aws_security_group.s.id
               type = \"ingress\"
               protocol = \"6\"
               from_port = 22
               to_port = 22
               cidr_blocks = [\"{second}\"]
             }}"
        )
    };
    ssh(
        &halves("0.0.0.0/1", "128.0.0.0/1"),
        &["aws_security_group_rule.b tcp/22 128.0.0.0/1", "aws_vpc_security_group_ingress_rule.a tcp/22 0.0.0.0/1"],
    );
    ssh(&halves("8.8.8.0/24", "9.9.9.0/24"), &[]);
    ssh(
        &halves("8.8.8.0/24", "8.8.9.0/24"),
        &["aws_security_group_rule.b tcp/22 8.8.9.0/24", "aws_vpc_security_group_ingress_rule.a tcp/22 8.8.8.0/24"],
    );
}

#[test]
fn unknown_sources_are_possible_unless_they_cannot_be_wide() {
    let with = |source: &str| {
        format!(
            "variable \"cidr\" {{}}
             variable \"ip\" {{}}
             variable \"list\" {{ type = list(string) }}
             resource \"aws_eip\" \"e\" {{}}
             resource \"aws_security_group\" \"s\" {{
               ingress {{
                 from_port = 22
                 to_port = 22
                 protocol = \"tcp\"
                 cidr_blocks = {source}
               }}
             }}"
        )
    };
    ssh(&with("[var.cidr]"), &["? aws_security_group.s tcp/22 not known yet"]);
    ssh(&with("var.list"), &["? aws_security_group.s tcp/22 not known yet"]);
    ssh(&with("[var.cidr, \"0.0.0.0/0\"]"), &["aws_security_group.s tcp/22 0.0.0.0/0"]);
    ssh(&with("[\"${var.ip}/32\"]"), &[]);
    ssh(&with("[for ip in var.list : \"${ip}/32\"]"), &[]);
    ssh(&with("[\"10.${var.ip}.0.0/16\"]"), &[]);
    ssh(&with("[\"${var.ip}/0\"]"), &["? aws_security_group.s tcp/22 not known yet"]);
    ssh(&with("[\"${aws_eip.e.public_ip}/32\"]"), &[]);
    ssh(&with("var.ip == \"x\" ? [\"10.0.0.0/8\"] : [\"0.0.0.0/0\"]"), &["? aws_security_group.s tcp/22 0.0.0.0/0"]);
}

#[test]
fn ranges_of_own_networks_are_not_the_world() {
    ssh(
        "data \"aws_vpc\" \"v\" { id = \"vpc-1\" }
         resource \"aws_security_group\" \"s\" {
           ingress {
             from_port = 0
             to_port = 65535
             protocol = \"tcp\"
             cidr_blocks = [data.aws_vpc.v.cidr_block]
           }
         }",
        &[],
    );
}

#[test]
fn prefix_lists_are_what_their_entries_are() {
    let list = |entries: &str, id: &str| {
        format!(
            "resource \"aws_ec2_managed_prefix_list\" \"l\" {{
               name = \"l\"
               address_family = \"IPv4\"
               max_entries = 5
               {entries}
             }}
             resource \"aws_ec2_managed_prefix_list_entry\" \"e\" {{
               prefix_list_id = aws_ec2_managed_prefix_list.l.id
               cidr = \"128.0.0.0/1\"
             }}
             data \"aws_ec2_managed_prefix_list\" \"cf\" {{ name = \"com.amazonaws.global.cloudfront.origin-facing\" }}
             resource \"aws_vpc_security_group_ingress_rule\" \"a\" {{
               security_group_id = \"sg-1\"
               ip_protocol = \"tcp\"
               from_port = 22
               to_port = 22
               prefix_list_id = {id}
             }}"
        )
    };
    let own = "aws_ec2_managed_prefix_list.l.id";
    ssh(
        &list("entry {\n cidr = \"0.0.0.0/1\"\n }", own),
        &[
            "aws_vpc_security_group_ingress_rule.a tcp/22 0.0.0.0/1",
            "aws_vpc_security_group_ingress_rule.a tcp/22 128.0.0.0/1",
        ],
    );
    ssh(&list("", "data.aws_ec2_managed_prefix_list.cf.id"), &[]);
    ssh(
        &list("", "\"pl-123\""),
        &["? aws_vpc_security_group_ingress_rule.a tcp/22 aws_ec2_managed_prefix_list:pl-123"],
    );
}

#[test]
fn network_acl_rules_decide_in_number_order() {
    let acl = |deny: u32, extra: &str| {
        format!(
            "resource \"aws_network_acl\" \"n\" {{
               vpc_id = \"vpc-1\"
               ingress {{
                 rule_no = 100
                 action = \"allow\"
                 protocol = \"-1\"
                 from_port = 0
                 to_port = 0
                 cidr_block = \"0.0.0.0/0\"
               }}
             }}
             resource \"aws_network_acl_rule\" \"d\" {{
               network_acl_id = aws_network_acl.n.id
               rule_number = {deny}
               rule_action = \"deny\"
               protocol = \"tcp\"
               from_port = 22
               to_port = 22
               cidr_block = \"0.0.0.0/0\"
               {extra}
             }}"
        )
    };
    ssh(&acl(90, ""), &[]);
    ssh(&acl(110, ""), &["aws_network_acl.n tcp/22 0.0.0.0/0"]);
    ssh(&acl(90, "egress = true"), &["aws_network_acl.n tcp/22 0.0.0.0/0"]);
    ssh(&acl(90, "count = 0"), &["aws_network_acl.n tcp/22 0.0.0.0/0"]);
}

fn nsg(rules: &str) -> String {
    format!(
        "resource \"azurerm_network_security_group\" \"g\" {{
           name = \"g\"
           location = \"x\"
           resource_group_name = \"r\"
           {rules}
         }}"
    )
}

fn nsg_rule(name: &str, priority: u32, access: &str, source: &str, ports: &str) -> String {
    format!(
        "resource \"azurerm_network_security_rule\" \"{name}\" {{
           name = \"{name}\"
           resource_group_name = \"r\"
           network_security_group_name = azurerm_network_security_group.g.name
           priority = {priority}
           direction = \"Inbound\"
           access = \"{access}\"
           protocol = \"Tcp\"
           source_port_range = \"*\"
           destination_address_prefix = \"*\"
           {source}
           {ports}
         }}"
    )
}

#[test]
fn security_rules_of_azure_decide_by_priority() {
    let any = "source_address_prefix = \"*\"";
    let port = "destination_port_range = \"22\"";
    let with = |rules: &[String]| format!("{}\n{}", nsg(""), rules.join("\n"));
    let open = nsg_rule("open", 200, "Allow", any, port);
    ssh(&with(std::slice::from_ref(&open)), &["azurerm_network_security_rule.open tcp/22 *"]);
    ssh(&with(&[open.clone(), nsg_rule("deny", 100, "Deny", any, port)]), &[]);
    ssh(
        &with(&[open.clone(), nsg_rule("deny", 300, "Deny", any, port)]),
        &["azurerm_network_security_rule.open tcp/22 *"],
    );
    let lan = "source_address_prefixes = [\"10.0.0.0/8\"]";
    ssh(&with(&[open, nsg_rule("deny", 100, "Deny", lan, port)]), &["azurerm_network_security_rule.open tcp/22 *"]);
    for (source, found) in
        [("Internet", true), ("VirtualNetwork", false), ("AzureLoadBalancer", false), ("AzureCloud", false)]
    {
        let rule = nsg_rule(
            "r",
            100,
            "Allow",
            &format!("source_address_prefix = \"{source}\""),
            "destination_port_ranges = [\"20-25\", \"80\"]",
        );
        let line = format!("azurerm_network_security_rule.r tcp/22 {source}");
        ssh(
            &with(&[rule]),
            if found { std::slice::from_ref(&line) } else { &[] }
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .as_slice(),
        );
    }
}

#[test]
fn inline_rules_of_azure_are_read_too() {
    ssh(
        &nsg(
            "security_rule {\n name = \"a\"\n priority = 100\n direction = \"Inbound\"\n access = \"Allow\"\n protocol = \"*\"\n source_port_range = \"*\"\n destination_port_range = \"*\"\n source_address_prefix = \"0.0.0.0/0\"\n destination_address_prefix = \"VirtualNetwork\"\n }",
        ),
        &["azurerm_network_security_group.g tcp/22 0.0.0.0/0"],
    );
}

fn firewall(name: &str, body: &str) -> String {
    format!(
        "resource \"google_compute_firewall\" \"{name}\" {{\n name = \"{name}\"\n network = \"default\"\n {body}\n}}\n"
    )
}

#[test]
fn google_firewalls_have_defaults_and_priorities() {
    let allow = "allow {\n protocol = \"tcp\"\n ports = [\"22\"]\n }";
    let deny = "deny {\n protocol = \"all\"\n }";
    let line = "google_compute_firewall.a tcp/22 0.0.0.0/0";
    ssh(&firewall("a", allow), &[line]);
    ssh(&firewall("a", "allow {\n protocol = \"tcp\"\n }\n source_ranges = [\"0.0.0.0/0\"]"), &[line]);
    ssh(&firewall("a", &format!("{allow}\n source_tags = [\"web\"]")), &[]);
    ssh(&firewall("a", &format!("{allow}\n disabled = true")), &[]);
    ssh(&firewall("a", &format!("{allow}\n direction = \"EGRESS\"")), &[]);
    ssh(&firewall("a", &format!("{allow}\n source_ranges = [\"35.235.240.0/20\"]")), &[]);
    ssh(&format!("{}{}", firewall("a", allow), firewall("d", deny)), &[]);
    ssh(&format!("{}{}", firewall("a", &format!("{allow}\n priority = 900")), firewall("d", deny)), &[line]);
    ssh(&format!("{}{}", firewall("a", allow), firewall("d", &format!("{deny}\n target_tags = [\"db\"]"))), &[line]);
    let both = format!("{allow}\n target_tags = [\"db\"]");
    ssh(&format!("{}{}", firewall("a", &both), firewall("d", &format!("{deny}\n target_tags = [\"db\"]"))), &[]);
}

#[test]
fn groups_stay_groups() {
    let root = root(
        "resource \"aws_security_group\" \"a\" {}
         resource \"aws_vpc_security_group_ingress_rule\" \"r\" {
           security_group_id = aws_security_group.a.id
           referenced_security_group_id = aws_security_group.a.id
           ip_protocol = \"tcp\"
           from_port = 22
           to_port = 22
         }",
    );
    let filters = Filters::of(&root.instances);
    let rule = filters.rules_of("aws_vpc_security_group_ingress_rule.r").next().unwrap();
    assert!(matches!(rule.peers.first().unwrap().kind, PeerKind::Group(_)));
    let filter = filters.of_owner("aws_security_group.a").unwrap();
    let (services, addresses) = (services("tcp/22"), AddressSet::world());
    let question = Question {
        direction: Direction::Ingress,
        services: &services,
        addresses: &addresses,
        view: View::Anyone,
        owner: None,
    };
    assert!(filter.traffic(question, Certainty::Must).is_empty());
    assert!(!filter.traffic(question, Certainty::May).is_empty());
}
