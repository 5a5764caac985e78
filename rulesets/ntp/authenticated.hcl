rule "authenticated" {
  summary   = "Time source is not authenticated"
  severity  = "high"
  standards = ["NIST AU-8", "NIST SC-45", "NIST IA-3", "NIST SC-8", "ISO 8.17", "PCI 10.6.3"]
  clauses   = ["MA-12.1"]

  params = {
    # Nobody stands between a machine and these.
    local = ["169.254.169.123", "fd00:ec2::123", "169.254.169.254", "metadata.google.internal", "metadata", "ptp", "hypervisor", "azure-host", "domain-hierarchy"]
  }

  # Own networks are judged milder: whoever can forge answers there is inside already.
  check "aws_instance" "aws_launch_template" "aws_launch_configuration" "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" "azurerm_linux_virtual_machine_scale_set" "azurerm_windows_virtual_machine_scale_set" "google_compute_instance" "google_compute_instance_template" "vsphere_virtual_machine" "azurerm_virtual_machine_extension" {
    for_each      = time_configuration(self).sources
    condition     = each.value.authenticated || contains(params.local, lower(each.value.name)) || startswith(each.value.name, "refclock") || startswith(each.value.name, "sensor")
    at            = each.value
    error_message = "Answers of ${each.value.name} are not authenticated (${each.value.evidence})."
    help          = "Use NTS (chrony: server ... nts) or a symmetric key, or the cloud's own time."
    severity      = address_count(each.value.name) > 0 && !is_public(each.value.name) ? "low" : "high"
  }

  check "iosxe_ntp" {
    locals {
      trusted = [for key in default(self.trusted_keys, []) : key.number]
      servers = concat(default(self.servers, []), default(self.peers, []), flatten([for vrf in default(self.server_vrfs, []) : default(vrf.servers, [])]), flatten([for vrf in default(self.peer_vrfs, []) : default(vrf.peers, [])]))
    }
    for_each      = local.servers
    condition     = self.authenticate == true && contains(local.trusted, each.value.key)
    at            = each.value
    error_message = self.authenticate != true ? "Answers of ${each.value.ip_address} are not authenticated: authenticate is not true." : each.value.key == null ? "Answers of ${each.value.ip_address} are not authenticated: it has no key." : "Answers of ${each.value.ip_address} are not authenticated: key ${each.value.key} is not trusted."
    help          = "Set authenticate = true, give the server a key, and list the key in trusted_keys."
    severity      = address_count(each.value.ip_address) > 0 && !is_public(each.value.ip_address) ? "low" : "high"
  }

  check "nxos_ntp" {
    locals {
      trusted = [for number, key in default(self.authentication_keys, {}) : tostring(number) if key.trusted == true]
      servers = [for name, server in default(self.servers, {}) : { name = name, key = server.key_id }]
    }
    for_each      = local.servers
    condition     = self.authentication_state == "enabled" && each.value.key != null && contains(local.trusted, tostring(each.value.key))
    at            = self.servers
    error_message = "Answers of ${each.value.name} are not authenticated."
    help          = "Set authentication_state = \"enabled\", give the server a key_id, and make that key trusted."
    severity      = address_count(each.value.name) > 0 && !is_public(each.value.name) ? "low" : "high"
  }

  check "iosxr_ntp" {
    locals {
      trusted = [for key in default(self.trusted_keys, []) : key.key_number]
      groups  = concat([self], default(self.peers_servers_vrfs, []))
      servers = flatten([
        for group in local.groups : [
          for server in concat(default(group.ipv4_peers_servers, []), default(group.ipv6_peers_servers, []), default(group.hostname_peers_servers, [])) :
          { name = try(server.address, server.fqdn_hostname), key = try(server.key, null) }
        ]
      ])
    }
    for_each      = local.servers
    condition     = self.authenticate == true && each.value.key != null && contains(local.trusted, each.value.key)
    at            = each.value.name
    error_message = "Answers of ${each.value.name} are not authenticated."
    help          = "Set authenticate = true, give the server a key, and list the key in trusted_keys."
    severity      = address_count(each.value.name) > 0 && !is_public(each.value.name) ? "low" : "high"
  }

  check "junos_system_ntp_server" {
    condition     = self.key != null || length(default(self.nts, [])) > 0
    at            = self.address
    error_message = "Answers of ${self.address} are not authenticated."
    help          = "Add an nts block, or a key that is trusted."
    severity      = address_count(self.address) > 0 && !is_public(self.address) ? "low" : "high"
  }

  check "panos_ntp_settings" {
    for_each      = [for server in [self.ntp_servers.primary_ntp_server, self.ntp_servers.secondary_ntp_server] : server if server != null]
    condition     = each.value.authentication_type.symmetric_key != null || each.value.authentication_type.autokey != null
    at            = each.value
    error_message = "Answers of ${each.value.ntp_server_address} are not authenticated."
    help          = "Add authentication_type = { symmetric_key = { ... } }."
    severity      = address_count(each.value.ntp_server_address) > 0 && !is_public(each.value.ntp_server_address) ? "low" : "high"
  }

  check "fortios_system_ntp" {
    when          = self.type == "custom"
    for_each      = default(self.ntpserver, [])
    condition     = each.value.authentication == "enable"
    at            = default(each.value.authentication, each.value)
    error_message = "Answers of ${each.value.server} are not authenticated."
    help          = "Set authentication = \"enable\" with key, key_id and key_type."
    severity      = address_count(each.value.server) > 0 && !is_public(each.value.server) ? "low" : "high"
  }

  check "ciscoasa_ntp_server" {
    condition     = self.key_number != null && self.key_trusted == true
    at            = default(self.key_trusted, self.ip_address)
    error_message = self.key_number == null ? "Answers of ${self.ip_address} are not authenticated." : "Answers of ${self.ip_address} are not authenticated: key ${self.key_number} is not trusted."
    help          = "Set key_number and key_value, and key_trusted = true."
    severity      = address_count(self.ip_address) > 0 && !is_public(self.ip_address) ? "low" : "high"
  }

  attributes = {
    vsphere_virtual_machine = ["extra_config"]
    iosxe_ntp               = ["authenticate", "authentication_keys.number", "trusted_keys.number", "servers.ip_address", "servers.key", "peers.ip_address", "peers.key", "server_vrfs.servers", "peer_vrfs.peers"]
    nxos_ntp                = ["authentication_state", "authentication_keys", "servers"]
    iosxr_ntp               = ["authenticate", "trusted_keys.key_number", "ipv4_peers_servers", "ipv6_peers_servers", "hostname_peers_servers", "peers_servers_vrfs.ipv4_peers_servers", "peers_servers_vrfs.ipv6_peers_servers", "peers_servers_vrfs.hostname_peers_servers"]
    junos_system_ntp_server = ["address", "key", "nts"]
    panos_ntp_settings      = ["ntp_servers.primary_ntp_server.ntp_server_address", "ntp_servers.primary_ntp_server.authentication_type.symmetric_key", "ntp_servers.primary_ntp_server.authentication_type.autokey", "ntp_servers.secondary_ntp_server.ntp_server_address", "ntp_servers.secondary_ntp_server.authentication_type.symmetric_key", "ntp_servers.secondary_ntp_server.authentication_type.autokey"]
    fortios_system_ntp      = ["type", "ntpserver.server", "ntpserver.authentication"]
    ciscoasa_ntp_server     = ["ip_address", "key_number", "key_value", "key_trusted"]
  }
}
