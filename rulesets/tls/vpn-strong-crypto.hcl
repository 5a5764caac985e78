rule "vpn-strong-crypto" {
  summary   = "VPN tunnel admits IKEv1 or weak algorithms"
  severity  = "high"
  aliases   = ["CKV_PAN_11", "CKV_PAN_12", "CKV_PAN_13"]
  standards = ["NIST SC-8(1)", "NIST SC-12", "NIST SC-13", "ISO 8.21", "ISO 8.24", "PCI 4.2.1"]
  clauses   = ["CAF-IU-3", "CAF-WAN-2", "MA-13.2.1", "MA-13.2.2"]

  params = {
    # How the many makers write what is given up, in small letters: IKEv1, DES, 3DES, no encryption, MD5, SHA-1,
    # Diffie-Hellman groups 1, 2, 5 and 22, no forward secrecy.
    weak = [
      "ikev1", "ike_v1", "ike_flex",
      "des", "des-*", "des3", "3des*", "tripledes", "null", "null-*", "none", "no_encryption*", "esp-des", "esp-3des", "esp-null", "esp-gmac", "ah",
      "*md5*", "*sha1", "*sha1-*", "esp-sha-hmac",
      "*group1", "*group2", "*group5", "*group22", "group-1", "group-2", "group-5", "group-22", "modp768", "modp1024", "modp1536",
      "pfs1", "pfs2", "no-pfs", "disabled",
    ]
  }

  check "aws_vpn_connection" {
    for_each = [
      {
        name = "Tunnel 1"
        terms = concat(
          default(self.tunnel1_ike_versions, ["ikev1", "ikev2"]),
          default(self.tunnel1_phase1_encryption_algorithms, []), default(self.tunnel1_phase2_encryption_algorithms, []),
          default(self.tunnel1_phase1_integrity_algorithms, ["SHA1"]), default(self.tunnel1_phase2_integrity_algorithms, ["SHA1"]),
          [for group in concat(default(self.tunnel1_phase1_dh_group_numbers, [2]), default(self.tunnel1_phase2_dh_group_numbers, [2])) : "group${group}"],
        )
      },
      {
        name = "Tunnel 2"
        terms = concat(
          default(self.tunnel2_ike_versions, ["ikev1", "ikev2"]),
          default(self.tunnel2_phase1_encryption_algorithms, []), default(self.tunnel2_phase2_encryption_algorithms, []),
          default(self.tunnel2_phase1_integrity_algorithms, ["SHA1"]), default(self.tunnel2_phase2_integrity_algorithms, ["SHA1"]),
          [for group in concat(default(self.tunnel2_phase1_dh_group_numbers, [2]), default(self.tunnel2_phase2_dh_group_numbers, [2])) : "group${group}"],
        )
      },
    ]
    condition     = length([for term in each.value.terms : term if matches_any(lower(term), params.weak)]) == 0
    at            = each.value.name == "Tunnel 1" ? self.tunnel1_ike_versions : self.tunnel2_ike_versions
    error_message = "${each.value.name} admits ${join(", ", distinct([for term in each.value.terms : term if matches_any(lower(term), params.weak)]))}."
    help          = "Set the tunnel's ike_versions = [\"ikev2\"], integrity algorithms [\"SHA2-256\"] and DH groups [14] or higher, for both phases: what is left out admits everything."
  }

  check "azurerm_virtual_network_gateway_connection" {
    locals {
      policy = [
        for policy in self.ipsec_policy :
        [policy.ike_encryption, policy.ike_integrity, policy.dh_group, policy.ipsec_encryption, policy.ipsec_integrity, policy.pfs_group]
      ]
      weak = distinct([for term in flatten([default(self.connection_protocol, "IKEv2"), local.policy]) : term if matches_any(lower(term), params.weak)])
    }
    when = self.type == "IPsec"
    assert {
      condition     = length(local.weak) == 0
      at            = length(self.ipsec_policy) > 0 ? self.ipsec_policy[0].ike_encryption : self.connection_protocol
      error_message = "The connection admits ${join(", ", local.weak)}."
      help          = "Use IKEv2 and an ipsec_policy with AES256, SHA256, DHGroup14 and PFS2048 or stronger."
    }
    assert {
      condition     = length(self.ipsec_policy) > 0
      error_message = "The connection has no ipsec_policy: Azure's own list offers 3DES, SHA-1 and group 2 too."
      help          = "Add an ipsec_policy with AES256, SHA256, DHGroup14 and PFS2048 or stronger."
      severity      = "low"
    }
  }

  check "azurerm_vpn_gateway_connection" {
    for_each = self.vpn_link
    assert {
      condition = length([
        for term in flatten([default(each.value.protocol, "IKEv2"), [
          for policy in each.value.ipsec_policy :
          [policy.ike_encryption_algorithm, policy.ike_integrity_algorithm, policy.dh_group, policy.encryption_algorithm, policy.integrity_algorithm, policy.pfs_group]
        ]]) : term if matches_any(lower(term), params.weak)
      ]) == 0
      at            = length(each.value.ipsec_policy) > 0 ? each.value.ipsec_policy[0].ike_encryption_algorithm : each.value.protocol
      error_message = "The link ${each.value.name} admits IKEv1 or weak algorithms."
      help          = "Use IKEv2 and an ipsec_policy with AES256, SHA256, DHGroup14 and PFS2048 or stronger."
    }
    assert {
      condition     = length(each.value.ipsec_policy) > 0
      error_message = "The link ${each.value.name} has no ipsec_policy: Azure's own list offers 3DES, SHA-1 and group 2 too."
      help          = "Add an ipsec_policy with AES256, SHA256, DHGroup14 and PFS2048 or stronger."
      severity      = "low"
    }
  }

  check "google_compute_vpn_tunnel" {
    locals {
      phase1 = [for phase in flatten(self.cipher_suite[*].phase1) : concat(default(phase.encryption, []), default(phase.integrity, []), default(phase.dh, []), default(phase.prf, []))]
      phase2 = [for phase in flatten(self.cipher_suite[*].phase2) : concat(default(phase.encryption, []), default(phase.integrity, []), default(phase.pfs, []))]
      weak   = distinct([for term in flatten(["ikev${self.ike_version}", local.phase1, local.phase2]) : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    at            = length(self.cipher_suite) > 0 ? self.cipher_suite[0].phase1[0].encryption : self.ike_version
    error_message = "The tunnel admits ${join(", ", local.weak)}."
    help          = "Leave ike_version out (2 is the default), and name only AES, SHA2 and group 14 or higher in cipher_suite."
  }

  check "panos_ike_crypto_profile" {
    attributes = ["encryption", "encryptions", "hash", "authentications", "dh_group", "dh_groups"]
    locals {
      terms = compact(concat(default(self.encryption, []), default(self.encryptions, []), default(self.hash, []), default(self.authentications, []), default(self.dh_group, []), default(self.dh_groups, [])))
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "The IKE profile admits ${join(", ", local.weak)}."
    help          = "Name only AES, SHA-256 or stronger, and group14 or higher."
  }

  check "panos_ipsec_crypto_profile" "panos_panorama_ipsec_crypto_profile" {
    attributes = ["protocol", "dh_group", "encryptions", "authentications", "esp", "ah"]
    locals {
      esp = self.esp == null ? [] : flatten([self.esp])
      # GCM authenticates by itself.
      has_gcm = anytrue([for cipher in flatten([default(self.encryptions, []), local.esp[*].encryption]) : endswith(cipher, "gcm")])
      terms = compact(flatten([
        self.protocol, self.dh_group, default(self.encryptions, []), local.esp[*].encryption, length(self.ah[*]) > 0 ? ["ah"] : [],
        [for hash in flatten([default(self.authentications, []), local.esp[*].authentication]) : hash if hash != "none" || !local.has_gcm],
      ]))
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "The IPsec profile admits ${join(", ", local.weak)}."
    help          = "Use ESP with AES and SHA-256 or stronger, and dh_group = \"group14\" or higher."
  }

  check "junos_security_ike_proposal" {
    attributes = ["encryption_algorithm", "authentication_algorithm", "dh_group"]
    locals {
      terms = compact([self.encryption_algorithm, self.authentication_algorithm, self.dh_group])
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "The IKE proposal admits ${join(", ", local.weak)}."
    help          = "Set encryption_algorithm = \"aes-256-cbc\", authentication_algorithm = \"sha-256\" and dh_group = \"group14\" or higher."
  }

  check "junos_security_ipsec_proposal" {
    attributes = ["encryption_algorithm", "authentication_algorithm", "protocol"]
    locals {
      terms = compact([self.encryption_algorithm, self.authentication_algorithm, self.protocol])
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "The IPsec proposal admits ${join(", ", local.weak)}."
    help          = "Set protocol = \"esp\", encryption_algorithm = \"aes-256-gcm\" or \"aes-256-cbc\" with hmac-sha-256-128."
  }

  check "fortios_vpnipsec_phase1interface" "fortios_vpnipsec_phase1" {
    attributes = ["ike_version", "proposal", "dhgrp"]
    locals {
      terms = compact(concat(["ikev${default(self.ike_version, "1")}"], split(" ", default(self.proposal, "")), formatlist("group%s", compact(split(" ", default(self.dhgrp, ""))))))
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "Phase 1 admits ${join(", ", local.weak)}."
    help          = "Set ike_version = \"2\", proposal = \"aes256-sha256\" and dhgrp = \"14\" or higher. IKE 1 is the device's default."
  }

  check "fortios_vpnipsec_phase2interface" "fortios_vpnipsec_phase2" {
    attributes = ["proposal", "dhgrp", "pfs"]
    locals {
      terms = compact(concat(split(" ", default(self.proposal, "")), formatlist("group%s", compact(split(" ", default(self.dhgrp, "")))), self.pfs == "disable" ? ["no-pfs"] : []))
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "Phase 2 admits ${join(", ", local.weak)}."
    help          = "Set proposal = \"aes256-sha256\", pfs = \"enable\" and dhgrp = \"14\" or higher."
  }

  check "iosxe_crypto_ikev2_proposal" {
    attributes = ["encryption_en_3des", "integrity_md5", "integrity_sha1", "prf_md5", "prf_sha1", "group_one", "group_two"]
    locals {
      terms = compact([
        self.encryption_en_3des == true ? "3DES" : "", self.integrity_md5 == true ? "MD5" : "", self.integrity_sha1 == true ? "SHA1" : "", self.prf_md5 == true ? "MD5" : "", self.prf_sha1 == true ? "SHA1" : "",
        self.group_one == true ? "group1" : "", self.group_two == true ? "group2" : "",
      ])
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "The IKEv2 proposal admits ${join(", ", local.weak)}."
    help          = "Use encryption_aes_cbc_256 or encryption_aes_gcm_256, integrity_sha256 and group_fourteen or higher alone."
  }

  check "iosxe_crypto_ipsec_transform_set" {
    attributes = ["esp", "esp_hmac"]
    locals {
      terms = compact([self.esp, self.esp_hmac])
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "The transform set admits ${join(", ", local.weak)}."
    help          = "Set esp = \"esp-256-aes\" with esp_hmac = \"esp-sha256-hmac\", or esp = \"esp-gcm\"."
  }

  check "meraki_appliance_third_party_vpn_peers" {
    attributes = ["peers"]
    # A preset of Meraki stands for the algorithms; they are those of the preset then.
    for_each      = [for peer in self.peers : peer if peer.ipsec_policies_preset == null]
    condition     = length([
      for term in flatten([
        "ikev${default(each.value.ike_version, "1")}", default(each.value.ipsec_policies_ike_cipher_algo, []), default(each.value.ipsec_policies_ike_auth_algo, []),
        default(each.value.ipsec_policies_ike_prf_algo, []), default(each.value.ipsec_policies_ike_diffie_hellman_group, []), default(each.value.ipsec_policies_child_cipher_algo, []),
        default(each.value.ipsec_policies_child_auth_algo, []), default(each.value.ipsec_policies_child_pfs_group, []),
      ]) : term if matches_any(lower(term), params.weak)
    ]) == 0
    at            = each.value.ike_version
    error_message = "The peer ${each.value.name} is reached with IKEv1 or weak algorithms."
    help          = "Set ike_version = \"2\", AES, SHA-256 and group14 in both phases."
  }

  check "bigip_ipsec_policy" {
    attributes = ["encrypt_algorithm", "auth_algorithm", "perfect_forward_secrecy", "protocol"]
    locals {
      terms = compact([self.encrypt_algorithm, self.auth_algorithm, self.perfect_forward_secrecy, self.protocol])
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "The IPsec policy admits ${join(", ", local.weak)}."
    help          = "Set protocol = \"esp\", encrypt_algorithm = \"aes-gcm256\" and perfect_forward_secrecy = \"modp2048\" or higher."
  }

  check "nsxt_policy_ipsec_vpn_ike_profile" "nsxt_policy_ipsec_vpn_tunnel_profile" {
    attributes = ["ike_version", "encryption_algorithms", "digest_algorithms", "dh_groups", "enable_perfect_forward_secrecy"]
    locals {
      terms = compact(concat([self.ike_version], default(self.encryption_algorithms, []), default(self.digest_algorithms, []), default(self.dh_groups, []), self.enable_perfect_forward_secrecy == false ? ["no-pfs"] : []))
      weak  = distinct([for term in local.terms : term if matches_any(lower(term), params.weak)])
    }
    condition     = length(local.weak) == 0
    error_message = "The profile admits ${join(", ", local.weak)}."
    help          = "Use IKE_V2, AES_256 or AES_GCM_256, SHA2_256 and GROUP14 or higher, with forward secrecy."
  }
}
