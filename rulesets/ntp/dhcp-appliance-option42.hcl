rule "dhcp-appliance-option42" {
  summary   = "DHCP scope of an appliance hands out a time server that is not agreed"
  severity  = "low"
  standards = ["NIST AU-8", "ISO 8.17", "PCI 10.6.1"]
  clauses   = ["MA-12"]

  check "fortios_systemdhcp_server" {
    when          = self.ntp_service == "specify"
    for_each      = [for server in [self.ntp_server1, self.ntp_server2, self.ntp_server3] : server if default(server, "0.0.0.0") != "0.0.0.0"]
    condition     = is_agreed_time_source(each.value)
    error_message = "The scope hands out the time server ${each.value}, which is not agreed."
    help          = "Hand out servers that are listed in time { sources = [...] }."
  }

  # The device hands out itself: what it asks must be agreed.
  check "fortios_systemdhcp_server" {
    locals {
      servers = flatten([for ntp in resources("fortios_system_ntp") : time_servers(ntp) if ntp.provider.name == self.provider.name])
    }
    when          = self.ntp_service == "local"
    condition     = alltrue([for server in local.servers : is_agreed_time_source(server.name)])
    at            = self.ntp_service
    error_message = "The scope hands out the device itself, whose own servers are not agreed: ${join(", ", [for server in local.servers : server.name])}."
    help          = "Give fortios_system_ntp agreed servers."
  }

  check "meraki_appliance_vlan_dhcp" "meraki_switch_routing_interface_dhcp" {
    for_each = flatten([
      for option in default(self.dhcp_options, []) :
      [for server in split(",", replace(replace(option.value, "\n", ","), " ", ",")) : server if server != ""]
      if option.code == "42" && option.type == "ip"
    ])
    condition     = is_agreed_time_source(each.value)
    at            = self.dhcp_options
    error_message = "The scope hands out the time server ${each.value}, which is not agreed."
    help          = "Hand out servers that are listed in time { sources = [...] }."
  }

  check "routeros_ip_dhcp_server_network" {
    when          = self.ntp_none != true
    for_each      = default(self.ntp_server, [])
    condition     = is_agreed_time_source(each.value)
    error_message = "The scope hands out the time server ${each.value}, which is not agreed."
    help          = "Hand out servers that are listed in time { sources = [...] }."
  }

  check "nsxt_vpc_service_profile" {
    for_each = flatten([
      [for config in default(self.dhcp_config, []) : [for server in default(config.dhcp_server_config, []) : default(server.ntp_servers, [])]],
      [for config in default(self.dhcpv6_config, []) : [for server in default(config.dhcpv6_server_config, []) : concat(default(server.ntp_servers, []), default(server.sntp_servers, []))]],
    ])
    condition     = is_agreed_time_source(each.value)
    error_message = "The profile hands out the time server ${each.value}, which is not agreed."
    help          = "Hand out servers that are listed in time { sources = [...] }."
  }

  check "nsxt_policy_dhcp_v6_static_binding" {
    for_each      = default(self.sntp_servers, [])
    condition     = is_agreed_time_source(each.value)
    error_message = "The binding hands out the time server ${each.value}, which is not agreed."
    help          = "Hand out servers that are listed in time { sources = [...] }."
  }

  check "nsxt_vpc_dhcp_v6_static_binding_config" {
    for_each      = concat(default(self.ntp_servers, []), default(self.sntp_servers, []))
    condition     = is_agreed_time_source(each.value)
    error_message = "The binding hands out the time server ${each.value}, which is not agreed."
    help          = "Hand out servers that are listed in time { sources = [...] }."
  }

  check "panos_dhcp" {
    for_each      = [for server in [self.server.option.ntp.primary, self.server.option.ntp.secondary] : server if server != null && server != "inherited"]
    condition     = is_agreed_time_source(each.value)
    error_message = "The scope hands out the time server ${each.value}, which is not agreed."
    help          = "Hand out servers that are listed in time { sources = [...] }."
  }

  check "ciscoasa_dhcp_server" {
    for_each = flatten([
      for option in default(self.options, []) : [for server in [option.value1, option.value2] : server if server != null]
      if tostring(option.code) == "42" && option.type == "ip"
    ])
    condition     = is_agreed_time_source(each.value)
    error_message = "The scope hands out the time server ${each.value}, which is not agreed."
    help          = "Hand out servers that are listed in time { sources = [...] }."
  }

  attributes = {
    fortios_systemdhcp_server              = ["ntp_service", "ntp_server1", "ntp_server2", "ntp_server3"]
    fortios_system_ntp                     = ["type", "ntpserver"]
    meraki_appliance_vlan_dhcp             = ["dhcp_options.code", "dhcp_options.type", "dhcp_options.value"]
    meraki_switch_routing_interface_dhcp   = ["dhcp_options.code", "dhcp_options.type", "dhcp_options.value"]
    routeros_ip_dhcp_server_network        = ["ntp_server", "ntp_none"]
    nsxt_vpc_service_profile               = ["dhcp_config.dhcp_server_config.ntp_servers", "dhcpv6_config.dhcpv6_server_config.ntp_servers", "dhcpv6_config.dhcpv6_server_config.sntp_servers"]
    nsxt_policy_dhcp_v6_static_binding     = ["sntp_servers"]
    nsxt_vpc_dhcp_v6_static_binding_config = ["ntp_servers", "sntp_servers"]
    panos_dhcp                             = ["server.option.ntp.primary", "server.option.ntp.secondary"]
    ciscoasa_dhcp_server                   = ["options.code", "options.type", "options.value1", "options.value2"]
  }
}
