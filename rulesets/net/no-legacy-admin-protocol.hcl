rule "no-legacy-admin-protocol" {
  summary   = "Device is administered in clear text"
  severity  = "critical"
  aliases   = ["CKV_PAN_2", "CKV_PAN_3"]
  standards = ["NIST SC-8", "NIST AC-17(2)", "NIST CM-7", "ISO 8.20", "ISO 8.21", "PCI 2.2.7"]
  clauses   = ["MA-11.8", "MA-13.2.2"]

  check "iosxe_line" {
    for_each      = self.vty
    condition     = each.value.transport_input_all != true && !contains(each.value.transport_input, "telnet") && !contains(each.value.transport_input, "all")
    at            = default(each.value.transport_input, each.value)
    error_message = "Lines vty ${each.value.first} and up take Telnet: transport input is ${each.value.transport_input_all == true ? "all" : join(" ", each.value.transport_input)}."
    help          = "Set transport_input = [\"ssh\"]."
  }

  check "iosxe_system" {
    assert {
      condition     = self.ip_http_server != true
      error_message = "The device is administered by plain HTTP: ip_http_server is true."
      help          = "Set ip_http_server = false, and ip_http_secure_server = true if the web interface is needed."
    }
    assert {
      condition     = self.ip_ssh_version != "1"
      severity      = "high"
      error_message = "The device speaks SSH version 1."
      help          = "Set ip_ssh_version = \"2\"."
    }
  }

  check "iosxe_snmp_server" {
    condition     = length(self.snmp_communities) == 0
    severity      = "high"
    at            = self.snmp_communities
    error_message = "${length(self.snmp_communities)} SNMP communities are configured: versions 1 and 2c are clear text."
    help          = "Use SNMP version 3 users with authentication and privacy."
  }

  check "iosxr_snmp_server" {
    condition     = length(self.communities) == 0
    severity      = "high"
    at            = self.communities
    error_message = "${length(self.communities)} SNMP communities are configured: versions 1 and 2c are clear text."
    help          = "Use SNMP version 3 users with authentication and privacy."
  }

  check "iosxr_telnet" {
    for_each      = self.vrfs
    condition     = each.value.ipv4_server_max_servers == null && each.value.ipv6_server_max_servers == null
    at            = default(each.value.ipv4_server_max_servers, each.value.ipv6_server_max_servers)
    error_message = "The device takes Telnet in VRF ${each.value.vrf_name}."
    help          = "Take the telnet server out and use SSH."
  }

  check "iosxr_line_default" "iosxr_line_console" {
    condition     = self.transport_input_all != true && self.transport_input_telnet != true && self.transport_input_ssh_telnet != true
    error_message = "The line takes Telnet."
    help          = "Set transport_input_ssh = true alone."
  }

  check "nxos_feature" {
    condition     = default(self.telnet, "disabled") != "enabled"
    error_message = "The device takes Telnet: feature telnet is enabled."
    help          = "Set telnet = \"disabled\"."
  }

  check "fortios_system_interface" {
    for_each      = concat([self], self.secondaryip)
    condition     = !contains(split(" ", default(each.value.allowaccess, "")), "telnet") && !contains(split(" ", default(each.value.allowaccess, "")), "http")
    at            = each.value.allowaccess
    error_message = "Interface ${self.name} is administered in clear text: allowaccess is \"${each.value.allowaccess}\"."
    help          = "Take http and telnet out of allowaccess; https and ssh do the same."
  }

  check "fortios_systemsnmp_community" {
    condition     = self.status == "disable" || self.query_v1_status == "disable" && self.query_v2c_status == "disable"
    severity      = "high"
    at            = default(self.query_v2c_status, self)
    error_message = "The SNMP community answers versions 1 and 2c, which are clear text."
    help          = "Set query_v1_status and query_v2c_status to \"disable\" and use fortios_systemsnmp_user (version 3)."
  }

  check "panos_interface_management_profile" "panos_management_profile" {
    condition     = self.telnet != true && self.http != true
    error_message = "Interfaces with profile ${self.name} are administered in clear text: ${self.telnet == true ? "telnet" : "http"} is true."
    help          = "Set telnet and http to false; ssh and https do the same."
  }

  check "junos_system" {
    condition     = length(self.services[0].web_management_http) == 0
    at            = self.services
    error_message = "The device is administered by plain HTTP: services has web_management_http."
    help          = "Use web_management_https."
  }

  check "junos_snmp_community" {
    condition     = false
    severity      = "high"
    at            = self.name
    error_message = "An SNMP community is configured: versions 1 and 2c are clear text."
    help          = "Use junos_snmp_v3_usm_user with authentication and privacy."
  }

  check "meraki_network_snmp" "meraki_networks_snmp" {
    condition     = self.access != "community"
    severity      = "high"
    error_message = "The network's devices answer SNMP 1 and 2c: access is community."
    help          = "Set access = \"users\" (version 3) or \"none\"."
  }

  check "meraki_organization_snmp" "meraki_organizations_snmp" {
    condition     = self.v2c_enabled != true
    severity      = "high"
    error_message = "The organisation answers SNMP 2c: v2c_enabled is true."
    help          = "Set v2c_enabled = false and v3_enabled = true."
  }

  check "checkpoint_gaia_snmp" {
    condition     = self.enabled == false || !matches_any(lower(default(self.version, "")), ["all", "any", "v1*", "v2*"])
    severity      = "high"
    at            = self.version
    error_message = "The gateway answers SNMP 1 and 2c: version is ${self.version}."
    help          = "Set version = \"v3-Only\"."
  }

  attributes = {
    iosxe_line                         = ["vty"]
    iosxe_system                       = ["ip_http_server", "ip_ssh_version"]
    iosxe_snmp_server                  = ["snmp_communities"]
    iosxr_snmp_server                  = ["communities"]
    iosxr_telnet                       = ["vrfs"]
    iosxr_line_default                 = ["transport_input_all", "transport_input_telnet", "transport_input_ssh_telnet"]
    iosxr_line_console                 = ["transport_input_all", "transport_input_telnet", "transport_input_ssh_telnet"]
    nxos_feature                       = ["telnet"]
    fortios_system_interface           = ["name", "allowaccess", "secondaryip"]
    fortios_systemsnmp_community       = ["status", "query_v1_status", "query_v2c_status"]
    panos_interface_management_profile = ["name", "http", "telnet"]
    panos_management_profile           = ["name", "http", "telnet"]
    junos_system                       = ["services.web_management_http"]
    junos_snmp_community               = ["name"]
    meraki_network_snmp                = ["access"]
    meraki_networks_snmp               = ["access"]
    meraki_organization_snmp           = ["v2c_enabled"]
    meraki_organizations_snmp          = ["v2c_enabled"]
    checkpoint_gaia_snmp               = ["enabled", "version"]
  }
}
