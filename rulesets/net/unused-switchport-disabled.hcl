rule "unused-switchport-disabled" {
  summary   = "Switch port is open to whatever is plugged in"
  severity  = "low"
  standards = ["NIST IA-3", "NIST AC-18", "NIST SC-7", "ISO 8.20", "PCI 1.2.8", "PCI 9.2"]
  clauses   = ["DWP-7.2", "CAF-AU-5", "CAF-ACC-1", "MA-11.3", "MA-13.2.3"]

  params = {
    unused_words = ["unused", "spare", "free", "vacant", "not used"]
  }

  check "meraki_switch_port" "meraki_devices_switch_ports" {
    locals {
      unused = anytrue([for word in params.unused_words : strcontains(lower("${default(self.name, "")} ${join(" ", default(self.tags, []))}"), word)])
    }
    assert {
      condition     = !local.unused || self.enabled == false
      at            = default(self.enabled, self.name)
      error_message = "Port ${self.port_id} is not used and not switched off."
      help          = "Set enabled = false."
    }
    assert {
      when          = !local.unused && self.type == "access" && self.enabled != false
      condition     = default(self.access_policy_type, "Open") != "Open"
      at            = self.access_policy_type
      error_message = "Access port ${self.port_id} takes any device: access_policy_type is ${default(self.access_policy_type, "Open by default")}."
      help          = "Set access_policy_type = \"Custom access policy\" with an 802.1X policy, or an allow list of devices."
    }
  }

  check "iosxe_interface_ethernet" {
    when          = anytrue([for word in params.unused_words : strcontains(lower(default(self.description, "")), word)])
    condition     = self.shutdown == true
    at            = default(self.shutdown, self.description)
    error_message = "Port ${self.type}${self.name} is not used and not shut down."
    help          = "Set shutdown = true."
  }

  check "iosxe_interface_switchport" {
    locals {
      ports = [for port in related(self, "iosxe_interface_ethernet", "name") : port if port.type == self.type]
    }
    when          = self.mode_access == true && length(local.ports) > 0
    condition     = anytrue([for port in local.ports : port.shutdown == true || port.authentication_port_control == "auto" || port.dot1x_pae != null])
    at            = self.mode_access
    error_message = "Access port ${self.type}${self.name} takes any device: it has no 802.1X."
    help          = "Set authentication_port_control = \"auto\" and dot1x_pae = \"authenticator\" in its iosxe_interface_ethernet, or shut it down."
  }

  check "iosxe_dot1x" {
    condition     = self.system_auth_control != false
    error_message = "802.1X is switched off for the whole switch: system_auth_control is false."
    help          = "Set system_auth_control = true."
  }

  check "unifi_port_profile" {
    when          = contains(["native", "customize"], default(self.forward, "native"))
    condition     = contains(["auto", "mac_based", "multi_host"], default(self.dot1x_ctrl, "force_authorized"))
    at            = default(self.dot1x_ctrl, self.name)
    error_message = "Ports with profile ${self.name} take any device: dot1x_ctrl is ${default(self.dot1x_ctrl, "force_authorized by default")}."
    help          = "Set dot1x_ctrl = \"auto\", or forward = \"disabled\" for ports that are not used."
  }

  check "mist_org_networktemplate" {
    for_each      = [for name, usage in default(self.port_usages, {}) : { name = name, usage = usage } if usage.mode == "access" && usage.disabled != true]
    condition     = each.value.usage.port_auth == "dot1x"
    at            = default(each.value.usage.port_auth, self.port_usages)
    error_message = "Ports with usage ${each.value.name} take any device: they have no 802.1X."
    help          = "Set port_auth = \"dot1x\", or disabled = true for ports that are not used."
  }

  check "nxos_physical_interface" {
    for_each = [
      for name, port in default(self.physical_interfaces, {}) : { name = name, port = port }
      if anytrue([for word in params.unused_words : strcontains(lower(default(port.description, "")), word)])
    ]
    condition     = each.value.port.admin_state == "down"
    at            = default(each.value.port.admin_state, each.value.port.description)
    error_message = "Port ${each.value.name} is not used and not shut down."
    help          = "Set admin_state = \"down\"."
  }

  attributes = {
    meraki_switch_port          = ["port_id", "name", "tags", "enabled", "type", "access_policy_type"]
    meraki_devices_switch_ports = ["port_id", "name", "tags", "enabled", "type", "access_policy_type"]
    iosxe_interface_ethernet    = ["type", "name", "description", "shutdown", "authentication_port_control", "dot1x_pae"]
    iosxe_interface_switchport  = ["type", "name", "mode_access"]
    iosxe_dot1x                 = ["system_auth_control"]
    unifi_port_profile          = ["name", "forward", "dot1x_ctrl"]
    mist_org_networktemplate    = ["port_usages"]
    nxos_physical_interface     = ["physical_interfaces"]
  }
}
