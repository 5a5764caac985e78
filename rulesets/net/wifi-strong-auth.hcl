rule "wifi-strong-auth" {
  summary   = "Wireless network without 802.1X and WPA2"
  severity  = "high"
  standards = ["NIST AC-18(1)", "NIST SC-8", "ISO 8.20", "ISO 8.21", "PCI 2.3.1", "PCI 4.2.1.2"]
  clauses   = ["CAF-WAN-1", "MA-13.2.1", "MA-14.2.3"]

  params = {
    # Networks of things that cannot do 802.1X, by name: WPA3 with a key is enough for them.
    key_networks = ["*iot*", "*sensor*", "*printer*"]
  }

  check "meraki_wireless_ssid" "meraki_networks_wireless_ssids" "meraki_appliance_ssid" {
    locals {
      thing = matches_any(lower(default(self.name, "")), params.key_networks)
      open  = matches_any(self.auth_mode, ["open*"]) || self.encryption_mode == "wep"
    }
    when = self.enabled != false
    assert {
      when          = self.auth_mode != null
      condition     = matches_any(self.auth_mode, ["8021x-*"]) || local.thing && matches_any(self.auth_mode, ["psk", "ipsk-*"]) && self.wpa_encryption_mode == "WPA3 only"
      severity      = local.open ? "high" : "medium"
      error_message = "SSID ${default(self.name, "without name")} authenticates nobody by name: auth_mode is ${self.encryption_mode == "wep" ? "${self.auth_mode} with WEP" : self.auth_mode}."
      help          = "Set auth_mode = \"8021x-radius\" (or another 8021x mode)."
    }
    assert {
      when          = self.wpa_encryption_mode != null
      condition     = !strcontains(self.wpa_encryption_mode, "WPA1")
      error_message = "SSID ${default(self.name, "without name")} takes WPA1: wpa_encryption_mode is ${self.wpa_encryption_mode}."
      help          = "Set wpa_encryption_mode = \"WPA2 only\" or one of WPA3."
    }
  }

  check "mist_org_wlan" "mist_site_wlan" {
    locals {
      type  = default(self.auth.type, "open")
      thing = matches_any(lower(self.ssid), params.key_networks)
      wpa3  = length(self.auth.pairwise) > 0 && alltrue([for suite in self.auth.pairwise : suite == "wpa3"])
    }
    when = self.enabled != false
    assert {
      condition     = matches_any(local.type, ["eap*"]) || local.thing && local.type == "psk" && local.wpa3
      at            = default(self.auth.type, self.ssid)
      severity      = startswith(local.type, "psk") ? "medium" : "high"
      error_message = "WLAN ${self.ssid} authenticates nobody by name: its type is ${default(self.auth.type, "open by default")}."
      help          = "Set auth = { type = \"eap\" } with RADIUS servers."
    }
    assert {
      condition     = !anytrue([for suite in self.auth.pairwise : matches_any(suite, ["wpa1-*", "*tkip*"])]) && !strcontains(local.type, "tkip")
      at            = default(self.auth.pairwise, self.auth.type)
      error_message = "WLAN ${self.ssid} takes WPA1 or TKIP."
      help          = "Set pairwise = [\"wpa2-ccmp\", \"wpa3\"]."
    }
  }

  check "unifi_wlan" {
    condition     = self.security == "wpaeap" || self.security == "wpapsk" && self.wpa3_support == true && self.wpa3_transition != true && matches_any(lower(self.name), params.key_networks)
    severity      = self.security == "wpapsk" ? "medium" : "high"
    error_message = "WLAN ${self.name} authenticates nobody by name: security is ${self.security}."
    help          = "Set security = \"wpaeap\" with a radius_profile_id."
  }

  check "fortios_wirelesscontroller_vap" {
    locals {
      security = default(self.security, "wpa2-only-personal")
      thing    = matches_any(lower(default(self.ssid, self.name)), params.key_networks)
    }
    assert {
      condition     = matches_any(local.security, ["wpa2-only-enterprise", "wpa3-enterprise*", "wpa3-only-enterprise*", "osen"]) || local.thing && local.security == "wpa3-sae"
      at            = self.security
      severity      = matches_any(local.security, ["wpa2-only-personal*", "wpa3-sae*", "wpa-enterprise*"]) ? "medium" : "high"
      error_message = "SSID ${default(self.ssid, self.name)} has no 802.1X with WPA2: security is ${default(self.security, "wpa2-only-personal by default")}."
      help          = "Set security = \"wpa2-only-enterprise\" or \"wpa3-only-enterprise\"."
    }
    assert {
      condition     = !strcontains(default(self.encrypt, ""), "TKIP")
      at            = self.encrypt
      error_message = "SSID ${default(self.ssid, self.name)} takes TKIP."
      help          = "Set encrypt = \"AES\"."
    }
  }

  attributes = {
    meraki_wireless_ssid           = ["name", "enabled", "auth_mode", "encryption_mode", "wpa_encryption_mode"]
    meraki_networks_wireless_ssids = ["name", "enabled", "auth_mode", "encryption_mode", "wpa_encryption_mode"]
    meraki_appliance_ssid          = ["name", "enabled", "auth_mode", "encryption_mode", "wpa_encryption_mode"]
    mist_org_wlan                  = ["ssid", "enabled", "auth"]
    mist_site_wlan                 = ["ssid", "enabled", "auth"]
    unifi_wlan                     = ["name", "security", "wpa3_support", "wpa3_transition"]
    fortios_wirelesscontroller_vap = ["name", "ssid", "security", "encrypt"]
  }
}
