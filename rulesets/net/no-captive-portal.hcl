rule "no-captive-portal" {
  summary   = "Wireless network for staff has a captive portal"
  severity  = "medium"
  standards = ["NIST AC-18", "NIST CM-7", "ISO 8.20"]
  clauses   = ["DWP-7.4b"]

  params = {
    # Networks for guests, by name; they may greet their users.
    guest_networks = ["*guest*", "*visitor*", "*public*", "*gast*"]
  }

  check "meraki_wireless_ssid" "meraki_networks_wireless_ssids" {
    when          = self.enabled != false && !matches_any(lower(default(self.name, "")), params.guest_networks)
    condition     = default(self.splash_page, "None") == "None"
    at            = self.splash_page
    error_message = "SSID ${default(self.name, "without name")} has a splash page: ${self.splash_page}."
    help          = "Set splash_page = \"None\" and authenticate by 802.1X; a guest network's name says so."
  }

  check "mist_org_wlan" "mist_site_wlan" {
    when          = self.enabled != false && !matches_any(lower(self.ssid), params.guest_networks)
    condition     = self.portal.enabled != true
    at            = self.portal.enabled
    error_message = "WLAN ${self.ssid} has a portal."
    help          = "Set portal = { enabled = false } and authenticate by 802.1X; a guest network's name says so."
  }

  check "fortios_wirelesscontroller_vap" {
    when          = !matches_any(lower(default(self.ssid, self.name)), params.guest_networks)
    condition     = default(self.captive_portal, "disable") != "enable" && !strcontains(default(self.security, ""), "captive-portal")
    at            = self.captive_portal == "enable" ? self.captive_portal : self.security
    error_message = "SSID ${default(self.ssid, self.name)} has a captive portal."
    help          = "Use a security mode without captive-portal, such as wpa2-only-enterprise; a guest network's name says so."
  }

  attributes = {
    meraki_wireless_ssid           = ["name", "enabled", "splash_page"]
    meraki_networks_wireless_ssids = ["name", "enabled", "splash_page"]
    mist_org_wlan                  = ["ssid", "enabled", "portal.enabled"]
    mist_site_wlan                 = ["ssid", "enabled", "portal.enabled"]
    fortios_wirelesscontroller_vap = ["name", "ssid", "security", "captive_portal"]
  }
}
