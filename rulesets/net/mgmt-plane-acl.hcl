rule "mgmt-plane-acl" {
  summary   = "Device is administered from any network"
  severity  = "high"
  standards = ["NIST AC-17", "NIST SC-7", "NIST CM-7", "ISO 8.20", "PCI 1.2.8"]
  clauses   = ["MA-13", "MA-13.2.3"]

  check "iosxe_line" {
    for_each = [for line in self.vty : line if line.transport_input_none != true]
    locals {
      names = [for class in concat(each.value.access_classes, each.value.access_class) : class.access_list if default(class.direction, "in") == "in"]
      open = anytrue(concat(
        flatten([for list in resources("iosxe_access_list_standard") : [for entry in list.entries : entry.permit_any == true] if contains(local.names, list.name)]),
        flatten([for list in resources("iosxe_access_list_extended") : [for entry in list.entries : entry.ace_rule_action == "permit" && entry.source_any == true] if contains(local.names, list.name)]),
      ))
    }
    assert {
      condition     = length(local.names) > 0
      at            = each.value
      error_message = "Lines vty ${each.value.first} and up take connections from everywhere: they have no access class."
      help          = "Set access_classes with direction = \"in\" and an access list of the management networks."
    }
    assert {
      when          = length(local.names) > 0
      condition     = !local.open
      at            = default(each.value.access_classes, each.value.access_class)
      error_message = "Lines vty ${each.value.first} and up take connections from everywhere: their access list permits any."
      help          = "Permit the management networks only."
    }
  }

  check "iosxe_system" {
    when          = self.ip_http_server == true || self.ip_http_secure_server == true
    condition     = self.ip_http_access_class != null
    at            = default(self.ip_http_secure_server, self.ip_http_server)
    error_message = "The web interface takes connections from everywhere: ip_http_access_class is not set."
    help          = "Set ip_http_access_class to an access list of the management networks, or switch the web interface off."
  }

  check "fortios_system_interface" {
    locals {
      services = [for service in split(" ", default(self.allowaccess, "")) : service if contains(["https", "http", "ssh", "telnet", "snmp"], service)]
    }
    when          = self.role == "wan"
    condition     = length(local.services) == 0
    at            = self.allowaccess
    error_message = "Interface ${self.name} takes ${join(", ", local.services)} from outside."
    help          = "Take administration out of allowaccess of outside interfaces; use the inside or a management interface."
  }

  # FortiOS writes addresses with masks; 0.0.0.0 0.0.0.0 is a place that is not used.
  check "fortios_system_admin" {
    locals {
      written = [
        for host in [self.trusthost1, self.trusthost2, self.trusthost3, self.trusthost4, self.trusthost5, self.trusthost6, self.trusthost7, self.trusthost8, self.trusthost9, self.trusthost10] :
        strcontains(host, " ") ? "${split(" ", host)[0]}/${length(replace(join("", [for octet in split(".", split(" ", host)[1]) : format("%08b", tonumber(octet))]), "0", ""))}" : host
        if host != null
      ]
      hosts = [for host in local.written : host if !cidr_contains(host, "0.0.0.0/0")]
    }
    condition     = length(local.hosts) > 0 && !is_world(local.hosts)
    at            = default(self.trusthost1, self)
    error_message = "Administrator ${self.name} may log on from every address."
    help          = "Set trusthost1 and so on to the management networks."
  }

  check "panos_interface_management_profile" "panos_management_profile" {
    locals {
      ips = [for ip in default(self.permitted_ips, []) : default(try(ip.name, null), try(tostring(ip), null))]
    }
    when          = self.https == true || self.ssh == true || self.http == true || self.telnet == true || self.snmp == true
    condition     = length(local.ips) > 0 && !is_world(local.ips)
    at            = default(self.permitted_ips, self)
    error_message = "Profile ${self.name} takes administration from ${length(local.ips) > 0 ? join(", ", local.ips) : "every address"}."
    help          = "Name the management networks in permitted_ips."
  }

  check "checkpoint_gaia_allowed_clients" {
    condition     = self.allowed_any_host != true && !is_world([for network in self.allowed_networks : "${network.subnet}/${network.mask_length}"])
    at            = default(self.allowed_any_host, self.allowed_networks)
    error_message = "The gateway is administered from any host."
    help          = "Set allowed_any_host = false and name the management networks."
  }

  check "bigip_net_selfip" {
    locals {
      vlan  = lower(default(self.vlan, ""))
      locks = default(try(tolist(self.port_lockdown), [self.port_lockdown]), [])
    }
    condition     = !contains(local.locks, "all") && (!contains(local.locks, "default") || matches_any(local.vlan, ["*internal*", "*inside*", "*mgmt*", "*management*", "*sync*", "*/ha*"]))
    at            = self.port_lockdown
    error_message = "Self IP ${self.name} answers administration: port_lockdown is ${join(", ", local.locks)}."
    help          = "Set port_lockdown = [\"none\"], or name the ports that are needed."
  }

  check "meraki_appliance_firewalled_service" "meraki_networks_appliance_firewall_firewalled_services" {
    when          = lower(self.service) != "icmp"
    condition     = self.access == "blocked" || self.access == "restricted" && !is_world(self.allowed_ips)
    at            = self.access == "restricted" ? self.allowed_ips : self.access
    error_message = "The appliance takes ${self.service} from ${self.access == "restricted" ? join(", ", self.allowed_ips) : "every address"}."
    help          = "Set access = \"blocked\", or \"restricted\" with allowed_ips of the management networks."
  }

  attributes = {
    iosxe_line                                             = ["vty"]
    iosxe_access_list_standard                             = ["name", "entries"]
    iosxe_access_list_extended                             = ["name", "entries"]
    iosxe_system                                           = ["ip_http_server", "ip_http_secure_server", "ip_http_access_class"]
    fortios_system_interface                               = ["name", "allowaccess", "role"]
    fortios_system_admin                                   = ["name", "trusthost1", "trusthost2", "trusthost3", "trusthost4", "trusthost5", "trusthost6", "trusthost7", "trusthost8", "trusthost9", "trusthost10"]
    panos_interface_management_profile                     = ["name", "http", "https", "ssh", "telnet", "snmp", "permitted_ips"]
    panos_management_profile                               = ["name", "http", "https", "ssh", "telnet", "snmp", "permitted_ips"]
    checkpoint_gaia_allowed_clients                        = ["allowed_any_host", "allowed_networks"]
    bigip_net_selfip                                       = ["name", "vlan", "port_lockdown"]
    meraki_appliance_firewalled_service                    = ["service", "access", "allowed_ips"]
    meraki_networks_appliance_firewall_firewalled_services = ["service", "access", "allowed_ips"]
  }
}
