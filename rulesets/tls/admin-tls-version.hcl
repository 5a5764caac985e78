rule "admin-tls-version" {
  summary   = "Device is managed over old TLS or weak SSH"
  severity  = "medium"
  standards = ["NIST SC-8(1)", "NIST AC-17(2)", "NIST SC-13", "ISO 8.20", "PCI 2.2.7"]
  clauses   = ["MA-13.2.1", "MA-13.2.2"]

  params = {
    weak_ssh = ["3des*", "*-cbc", "*-cbc@*", "arcfour*", "blowfish*", "cast128*", "rijndael*", "hmac-md5*", "hmac-sha1*", "umac-64*", "none"]
  }

  attributes = {
    iosxe_system                  = ["ip_http_tls_version", "ip_ssh_version", "ip_ssh_version_legacy"]
    fortios_system_global         = ["admin_https_ssl_versions", "ssl_min_proto_version", "strong_crypto", "ssh_enc_algo", "ssh_mac_algo"]
    panos_ssl_tls_service_profile = ["protocol_settings", "min_version"]
    junos_system                  = ["services"]
    bigip_ltm_profile_client_ssl  = ["ciphers", "cipher_group", "tm_options", "name"]
  }

  check "iosxe_system" {
    assert {
      when          = self.ip_http_tls_version != null
      condition     = tls_version_at_least(self.ip_http_tls_version, "1.2")
      error_message = "The web interface takes ${self.ip_http_tls_version}."
      help          = "Set ip_http_tls_version = \"TLSv1.2\" or \"TLSv1.3\"."
    }
    assert {
      condition     = default(self.ip_ssh_version_legacy, 2) == 2
      at            = self.ip_ssh_version_legacy
      error_message = "The device takes SSH version ${self.ip_ssh_version_legacy}."
      help          = "Set ip_ssh_version = \"2\"."
    }
  }

  check "fortios_system_global" {
    locals {
      versions = [for version in split(" ", default(self.admin_https_ssl_versions, "")) : version if version != "" && !tls_version_at_least(replace(version, "-", "."), "1.2")]
      weak     = [for name in split(" ", "${default(self.ssh_enc_algo, "")} ${default(self.ssh_mac_algo, "")}") : name if matches_any(name, params.weak_ssh)]
    }
    assert {
      condition     = length(local.versions) == 0
      at            = self.admin_https_ssl_versions
      error_message = "Administrators may use ${join(", ", local.versions)}."
      help          = "Set admin_https_ssl_versions = \"tlsv1-2 tlsv1-3\"."
    }
    assert {
      condition     = tls_version_at_least(default(self.ssl_min_proto_version, "TLSv1-2"), "1.2")
      at            = self.ssl_min_proto_version
      error_message = "The lowest version of TLS is ${self.ssl_min_proto_version}."
      help          = "Leave ssl_min_proto_version out, or set it to \"TLSv1-2\" or later."
    }
    assert {
      condition     = default(self.strong_crypto, "enable") == "enable"
      at            = self.strong_crypto
      error_message = "Weak ciphers are allowed for HTTPS and SSH: strong_crypto is ${self.strong_crypto}."
      help          = "Leave strong_crypto out, or set it to \"enable\"."
    }
    assert {
      condition     = length(local.weak) == 0
      at            = default(self.ssh_enc_algo, self.ssh_mac_algo)
      error_message = "SSH admits ${join(", ", local.weak)}."
      help          = "Name only CTR and GCM ciphers and SHA-2 in ssh_enc_algo and ssh_mac_algo."
    }
  }

  check "panos_ssl_tls_service_profile" {
    locals {
      version = default(self.protocol_settings.min_version, self.min_version)
    }
    condition     = tls_version_at_least(replace(default(local.version, "tls1-0"), "-", "."), "1.2")
    at            = default(local.version, self.protocol_settings)
    error_message = "The profile begins at ${default(local.version, "tls1-0 (by default)")}."
    help          = "Set min_version = \"tls1-2\" in protocol_settings."
  }

  check "junos_system" {
    for_each = flatten([for services in default(self.services, []) : default(services.ssh, [])])
    assert {
      condition     = !contains(default(each.value.protocol_version, []), "v1")
      at            = each.value.protocol_version
      error_message = "The device takes SSH version 1."
      help          = "Set protocol_version = [\"v2\"]."
    }
    assert {
      condition     = default(each.value.root_login, "deny-password") != "allow"
      at            = each.value.root_login
      error_message = "root may log in over SSH with a password."
      help          = "Set root_login = \"deny\"."
    }
    assert {
      condition     = length([for name in concat(default(each.value.ciphers, []), default(each.value.macs, [])) : name if matches_any(name, params.weak_ssh)]) == 0
      at            = default(each.value.ciphers, each.value.macs)
      error_message = "SSH admits ${join(", ", [for name in concat(default(each.value.ciphers, []), default(each.value.macs, [])) : name if matches_any(name, params.weak_ssh)])}."
      help          = "Name only CTR and GCM ciphers and SHA-2."
    }
  }

  # BIG-IP's profiles serve applications and its own interface alike.
  check "bigip_ltm_profile_client_ssl" {
    locals {
      options = default(self.tm_options, [])
    }
    condition     = default(self.cipher_group, "none") != "none" || contains(local.options, "no-tlsv1") && contains(local.options, "no-tlsv1.1")
    at            = default(self.tm_options, self.name)
    error_message = "The profile takes TLS 1.0 and 1.1: tm_options is ${length(local.options) > 0 ? join(", ", local.options) : "not set"}."
    help          = "Set tm_options = [\"dont-insert-empty-fragments\", \"no-tlsv1\", \"no-tlsv1.1\"], or a cipher_group of your own."
  }
}
