rule "device-configured" {
  summary   = "Network device has no agreed time server"
  severity  = "high"
  standards = ["NIST AU-8", "ISO 8.17", "PCI 10.6.1"]
  clauses   = ["MA-12"]

  check "iosxe_ntp" "nxos_ntp" "iosxr_ntp" "panos_ntp_settings" "bigip_sys_ntp" "checkpoint_gaia_ntp" "fortios_system_ntp" {
    locals {
      servers = time_servers(self)
    }
    assert {
      condition     = length(local.servers) > 0
      at            = self
      error_message = "The NTP settings of the device name no server."
      help          = "Name agreed servers."
    }
    assert {
      when          = length(local.servers) > 0
      condition     = anytrue([for server in local.servers : is_agreed_time_source(server.name)])
      at            = local.servers[0]
      error_message = "No time server of the device is agreed: ${join(", ", [for server in local.servers : server.name])}."
      help          = "Name servers that are listed in time { sources = [...] }."
    }
  }

  # Without servers these take what their organisation, site or network hands them.
  check "mist_org_networktemplate" "mist_device_switch" "mist_org_gatewaytemplate" "routeros_system_ntp_client" {
    locals {
      servers = time_servers(self)
    }
    when          = length(local.servers) > 0
    condition     = anytrue([for server in local.servers : is_agreed_time_source(server.name)])
    at            = local.servers[0]
    error_message = "No time server of the device is agreed: ${join(", ", [for server in local.servers : server.name])}."
    help          = "Name servers that are listed in time { sources = [...] }."
  }

  # One resource for each server: the first stands for all of its device.
  check "junos_system_ntp_server" "ciscoasa_ntp_server" {
    locals {
      siblings = of_same_device(self, ["junos_system_ntp_server", "ciscoasa_ntp_server"])
      names    = flatten([for server in local.siblings : [for source in time_servers(server) : source.name]])
    }
    when          = address(self) == address(local.siblings[0])
    condition     = anytrue([for name in local.names : is_agreed_time_source(name)])
    at            = self
    error_message = "No time server of the device is agreed: ${join(", ", local.names)}."
    help          = "Name servers that are listed in time { sources = [...] }."
  }

  # Who sets a device's basic settings here sets its clock here too.
  check "iosxe_system" {
    condition     = length(of_same_device(self, ["iosxe_ntp"])) > 0
    at            = self
    error_message = "The device's system settings are here, and no iosxe_ntp for it."
    help          = "Add iosxe_ntp with agreed servers."
  }

  check "nxos_system" {
    condition     = length(of_same_device(self, ["nxos_ntp"])) > 0
    at            = self
    error_message = "The device's system settings are here, and no nxos_ntp for it."
    help          = "Add nxos_ntp with agreed servers."
  }

  check "iosxr_hostname" {
    condition     = length(of_same_device(self, ["iosxr_ntp"])) > 0
    at            = self
    error_message = "The device's host name is set here, and no iosxr_ntp for it."
    help          = "Add iosxr_ntp with agreed servers."
  }

  check "junos_system" {
    condition     = length(of_same_device(self, ["junos_system_ntp_server"])) > 0
    at            = self
    error_message = "The device's system settings are here, and no junos_system_ntp_server for it."
    help          = "Add junos_system_ntp_server for each agreed server."
  }

  check "panos_general_settings" {
    condition     = length(of_same_device(self, ["panos_ntp_settings"])) > 0
    at            = self
    error_message = "The device's general settings are here, and no panos_ntp_settings: PAN-OS has no time server of its own."
    help          = "Add panos_ntp_settings with agreed servers."
  }

  # Without the resource FortiOS asks Fortinet's servers.
  check "fortios_system_global" {
    condition     = is_agreed_time_source("fortiguard") || length(of_same_device(self, ["fortios_system_ntp"])) > 0
    at            = self
    error_message = "The device's global settings are here, and no fortios_system_ntp: it asks Fortinet's servers."
    help          = "Add fortios_system_ntp with type = \"custom\" and agreed servers, or list fortiguard in time { sources = [...] }."
  }

  check "bigip_sys_dns" {
    condition     = length(of_same_device(self, ["bigip_sys_ntp"])) > 0
    at            = self
    error_message = "The device's name servers are set here, and no bigip_sys_ntp."
    help          = "Add bigip_sys_ntp with agreed servers."
  }

  check "checkpoint_gaia_dns" {
    condition     = length(of_same_device(self, ["checkpoint_gaia_ntp"])) > 0
    at            = self
    error_message = "The gateway's name servers are set here, and no checkpoint_gaia_ntp."
    help          = "Add checkpoint_gaia_ntp with agreed servers."
  }

  attributes = {
    iosxe_ntp                  = ["servers", "device"]
    nxos_ntp                   = ["servers", "device"]
    iosxr_ntp                  = ["ipv4_peers_servers", "device"]
    panos_ntp_settings         = ["ntp_servers"]
    bigip_sys_ntp              = ["servers"]
    checkpoint_gaia_ntp        = ["servers"]
    fortios_system_ntp         = ["type", "ntpserver"]
    mist_org_networktemplate   = ["ntp_servers"]
    mist_device_switch         = ["ntp_servers"]
    mist_org_gatewaytemplate   = ["ntp_servers"]
    routeros_system_ntp_client = ["servers"]
    junos_system_ntp_server    = ["address"]
    ciscoasa_ntp_server        = ["ip_address"]
    iosxe_system               = ["device"]
    nxos_system                = ["device"]
    iosxr_hostname             = ["device"]
    junos_system               = ["host_name"]
    panos_general_settings     = ["hostname"]
    fortios_system_global      = ["hostname"]
    bigip_sys_dns              = ["name_servers"]
    checkpoint_gaia_dns        = ["primary"]
  }
}
