//! The function for time servers of devices, in conditions.

use super::check;

/// The names of the servers of one resource, in order, or the verdict if they are not known.
#[track_caller]
fn names(resource_type: &str, inner: &str) -> String {
    let body = "condition = length([for it in time_servers(self) : it.name]) == 99\n\
                error_message = join(\" \", [for it in time_servers(self) : \"${it.kind}:${it.name}\"])";
    let config = format!("variable \"x\" {{}}\nresource \"{resource_type}\" \"r\" {{\n{inner}\n}}\n");
    let body = format!("attributes = [\"x\"]\n{body}");
    let run = check(resource_type, &body, &config);
    let finding = run.judged.findings.first().unwrap();
    match finding.verdict.as_str() {
        "fail" => finding.message.trim_matches('"').to_owned(),
        other => other.to_owned(),
    }
}

#[test]
fn each_kind_of_device_has_its_place_for_servers() {
    for (resource_type, inner, expected) in [
        ("aws_vpc_dhcp_options", "ntp_servers = [\"a\", \"b\"]", "server:a server:b"),
        ("azurerm_hpc_cache", "ntp_server = \"a\"", "server:a"),
        ("checkpoint_gaia_ntp", "servers {\naddress = \"a\"\ntype = \"pool\"\n}", "pool:a"),
        ("ciscoasa_ntp_server", "ip_address = \"a\"", "server:a"),
        ("fortios_system_ntp", "ntpserver {\nserver = \"a\"\n}", "server:fortiguard"),
        ("fortios_system_ntp", "type = \"custom\"\nntpserver {\nserver = \"a\"\n}", "server:a"),
        (
            "iosxe_ntp",
            "servers = [{ ip_address = \"a\" }]\nserver_vrfs = [{ servers = [{ ip_address = \"b\" }] }]",
            "server:a server:b",
        ),
        ("iosxr_ntp", "hostname_peers_servers = [{ fqdn_hostname = \"a\", type = \"peer\" }]", "peer:a"),
        ("nxos_ntp", "servers = { \"a\" = { key_id = 1 }, \"b\" = { type = \"peer\" } }", "server:a peer:b"),
        (
            "panos_ntp_settings",
            "ntp_servers = { secondary_ntp_server = { ntp_server_address = \"b\" }, primary_ntp_server = { ntp_server_address = \"a\" } }",
            "server:a server:b",
        ),
        (
            "routeros_system_ntp_client",
            "servers = [\"192.0.2.1@mgmt\", \"fe80::1%ether1\"]",
            "server:192.0.2.1 server:fe80::1",
        ),
        ("vsphere_host", "services {\nntpd {\nntp_servers = [\"a\"]\n}\n}", "server:a"),
        ("mist_org_networktemplate", "ntp_servers = []", ""),
        ("aws_vpc_dhcp_options", "domain_name = \"a\"", ""),
    ] {
        assert_eq!(names(resource_type, inner), expected, "{resource_type} {inner}");
    }
}

#[test]
fn servers_that_are_not_known_stay_so() {
    for (resource_type, inner) in [
        ("aws_vpc_dhcp_options", "ntp_servers = var.x"),
        ("fortios_system_ntp", "type = var.x"),
        ("iosxe_ntp", "servers = var.x"),
        ("panos_ntp_settings", "ntp_servers = var.x"),
    ] {
        assert_eq!(names(resource_type, inner), "undetermined", "{resource_type} {inner}");
    }
}

#[test]
fn the_first_of_an_environment_with_known_servers_is_found() {
    let config = r#"
variable "x" {}
resource "aws_vpc_dhcp_options" "a" {
  ntp_servers = var.x
}
resource "aws_vpc_dhcp_options" "b" {
  ntp_servers = ["b"]
  tags        = { env = "prod" }
}
resource "aws_vpc_dhcp_options" "c" {
  domain_name = "c"
}
resource "aws_vpc_dhcp_options" "d" {
  ntp_servers = ["D"]
}
"#;
    let body = "condition = first_time_servers(self, [\"aws_vpc_dhcp_options\"]) == null\n\
                error_message = join(\" \", first_time_servers(self, [\"aws_vpc_dhcp_options\"]).names)";
    let run = check("aws_vpc_dhcp_options", body, config);
    let messages: Vec<&str> = run.judged.findings.iter().map(|it| &*it.message).collect();
    assert_eq!(messages, ["d", "b", "d", "d"]);
}
