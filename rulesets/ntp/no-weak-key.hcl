rule "no-weak-key" {
  summary   = "NTP key uses MD5"
  severity  = "low"
  standards = ["NIST SC-13", "NIST SC-45", "ISO 8.24"]
  clauses   = ["MA-12.1"]

  check "iosxe_ntp" {
    for_each      = default(self.authentication_keys, [])
    condition     = each.value.md5 == null
    at            = each.value
    error_message = "NTP key ${each.value.number} is an MD5 key, which can be forged."
    help          = "Use cmac_aes_128, hmac_sha2_256 or sha2 in its place."
  }

  check "iosxr_ntp" {
    for_each      = default(self.authentication_keys, [])
    condition     = each.value.md5_encrypted == null
    at            = each.value.key_number
    error_message = "NTP key ${each.value.key_number} is an MD5 key, which can be forged."
    help          = "Move the key to hmac_sha2_authentication_keys or cmac_authentication_keys."
  }

  check "panos_ntp_settings" {
    for_each      = [for server in [self.ntp_servers.primary_ntp_server, self.ntp_servers.secondary_ntp_server] : server if server != null]
    condition     = each.value.authentication_type.symmetric_key.md5 == null
    at            = each.value
    error_message = "The key of ${each.value.ntp_server_address} is an MD5 key, which can be forged."
    help          = "Use symmetric_key = { sha1 = { ... } }."
  }

  check "fortios_system_ntp" {
    when          = self.type == "custom"
    for_each      = [for server in default(self.ntpserver, []) : server if server.authentication == "enable"]
    condition     = contains(["SHA1", "SHA256"], upper(each.value.key_type))
    at            = default(each.value.key_type, each.value)
    error_message = "The key of ${each.value.server} is an MD5 key${each.value.key_type == null ? " by default" : ""}, which can be forged."
    help          = "Set key_type = \"SHA256\" and ntpv3 = \"disable\"."
  }

  # What the device asks of its own clients.
  check "fortios_system_ntp" {
    when          = self.server_mode == "enable" && self.authentication == "enable"
    condition     = contains(["SHA1", "SHA256"], upper(self.key_type))
    at            = default(self.key_type, self.authentication)
    error_message = "The key of the device's own time server is an MD5 key${self.key_type == null ? " by default" : ""}, which can be forged."
    help          = "Set key_type = \"SHA256\"."
  }

  attributes = {
    iosxe_ntp          = ["authentication_keys.number", "authentication_keys.md5"]
    iosxr_ntp          = ["authentication_keys.key_number", "authentication_keys.md5_encrypted"]
    panos_ntp_settings = ["ntp_servers.primary_ntp_server.ntp_server_address", "ntp_servers.primary_ntp_server.authentication_type.symmetric_key.md5", "ntp_servers.secondary_ntp_server.ntp_server_address", "ntp_servers.secondary_ntp_server.authentication_type.symmetric_key.md5"]
    fortios_system_ntp = ["type", "server_mode", "authentication", "key_type", "ntpserver.server", "ntpserver.authentication", "ntpserver.key_type"]
  }
}
