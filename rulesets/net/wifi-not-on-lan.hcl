rule "wifi-not-on-lan" {
  summary   = "Wireless network is bridged to the wired LAN"
  severity  = "high"
  standards = ["NIST AC-18", "NIST SC-7", "ISO 8.20", "ISO 8.22", "PCI 1.3.3"]
  clauses   = ["CAF-WAN-1"]

  params = {
    # VLANs of the wired LAN; add those of offices and servers.
    lan_vlans = [1]
  }

  check "meraki_wireless_ssid" "meraki_networks_wireless_ssids" {
    locals {
      tagged = self.use_vlan_tagging == true && !contains(params.lan_vlans, self.default_vlan_id) || self.named_vlans_tagging_enabled == true || self.named_vlans.tagging.enabled == true
    }
    when          = self.enabled != false && contains(["Bridge mode", "Layer 3 roaming"], default(self.ip_assignment_mode, ""))
    condition     = local.tagged || self.lan_isolation_enabled == true
    at            = self.use_vlan_tagging == true ? self.default_vlan_id : self.ip_assignment_mode
    error_message = "SSID ${default(self.name, "without name")} is bridged to ${self.use_vlan_tagging == true ? "VLAN ${self.default_vlan_id}" : "the LAN of the access point"}: ip_assignment_mode is ${self.ip_assignment_mode}."
    help          = "Set use_vlan_tagging = true with a VLAN of its own that a firewall separates, or ip_assignment_mode = \"NAT mode\"."
  }

  check "meraki_appliance_ssid" {
    when          = self.enabled != false && self.default_vlan_id != null
    condition     = !contains(params.lan_vlans, self.default_vlan_id)
    at            = self.default_vlan_id
    error_message = "SSID ${default(self.name, "without name")} is on VLAN ${self.default_vlan_id}, the wired LAN."
    help          = "Set default_vlan_id to a VLAN of its own that a firewall separates."
  }

  check "mist_org_wlan" "mist_site_wlan" {
    locals {
      # A VLAN that is a range or a variable of the site is one of its own.
      tagged = self.vlan_enabled == true && (length(self.vlan_ids) > 0 || !anytrue([for vlan in params.lan_vlans : tostring(vlan) == tostring(self.vlan_id)]))
      tunnel = contains(["mxtunnel", "site_mxedge", "wxtunnel"], default(self.interface, "all"))
    }
    when          = self.enabled != false
    condition     = local.tagged || local.tunnel || self.isolation == true && self.l2_isolation == true
    at            = default(self.vlan_id, default(self.vlan_enabled, self.ssid))
    error_message = "WLAN ${self.ssid} is bridged to ${self.vlan_enabled == true ? "VLAN ${self.vlan_id}" : "the LAN of the access point"}."
    help          = "Set vlan_enabled = true with a vlan_id of its own, a tunnel interface, or isolation and l2_isolation."
  }

  check "unifi_wlan" {
    locals {
      networks = referenced(self.network_id, "unifi_network")
      lan = [
        for network in local.networks :
        network.purpose == "corporate" && (network.vlan_id == null || network.vlan_id == 0 || contains(params.lan_vlans, network.vlan_id))
      ]
    }
    # Old versions have the VLAN in the WLAN.
    condition     = self.is_guest == true || self.vlan_id != null && self.vlan_id != 0 && !contains(params.lan_vlans, self.vlan_id) || (self.network_id == null ? false : !anytrue(local.lan))
    at            = default(self.network_id, self.name)
    error_message = "WLAN ${self.name} is on the wired LAN: its network has no VLAN of its own."
    help          = "Set network_id to a unifi_network with its own vlan_id, or is_guest = true."
  }

  check "fortios_wirelesscontroller_vap" {
    when          = self.local_bridging == "enable"
    condition     = default(self.vlanid, 0) != 0 && !contains(params.lan_vlans, self.vlanid)
    at            = default(self.vlanid, self.local_bridging)
    error_message = "SSID ${default(self.ssid, self.name)} is bridged to ${default(self.vlanid, 0) == 0 ? "the LAN of the access point" : "VLAN ${self.vlanid}"}: the firewall does not see it."
    help          = "Set local_bridging = \"disable\", so that traffic passes the FortiGate, or a vlanid of its own."
  }

  attributes = {
    meraki_wireless_ssid           = ["name", "enabled", "ip_assignment_mode", "use_vlan_tagging", "default_vlan_id", "lan_isolation_enabled", "named_vlans_tagging_enabled", "named_vlans"]
    meraki_networks_wireless_ssids = ["name", "enabled", "ip_assignment_mode", "use_vlan_tagging", "default_vlan_id", "lan_isolation_enabled", "named_vlans_tagging_enabled", "named_vlans"]
    meraki_appliance_ssid          = ["name", "enabled", "default_vlan_id"]
    mist_org_wlan                  = ["ssid", "enabled", "interface", "vlan_enabled", "vlan_id", "vlan_ids", "isolation", "l2_isolation"]
    mist_site_wlan                 = ["ssid", "enabled", "interface", "vlan_enabled", "vlan_id", "vlan_ids", "isolation", "l2_isolation"]
    unifi_wlan                     = ["name", "network_id", "is_guest", "vlan_id"]
    unifi_network                  = ["purpose", "vlan_id"]
    fortios_wirelesscontroller_vap = ["name", "ssid", "local_bridging", "vlanid"]
  }
}
