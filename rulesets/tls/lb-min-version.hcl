rule "lb-min-version" {
  summary   = "Load balancer accepts TLS older than 1.2"
  severity  = "high"
  aliases   = ["CKV_AWS_103", "CKV2_AWS_74", "CKV_AWS_213", "AVD-AWS-0047", "CKV_AZURE_218", "CKV_GCP_4", "AVD-GCP-0039"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "NIST SC-23", "ISO 8.24", "CIS GCP 3.9", "PCI 4.2.1"]
  clauses   = ["MA-11.4", "MA-13.2.2", "MA-14.2.5"]

  check "aws_lb_listener" {
    when          = contains(["HTTPS", "TLS"], self.protocol)
    condition     = tls_version_at_least(tls_policy(self.ssl_policy).min_version, "1.2")
    at            = self.ssl_policy
    error_message = "The policy ${self.ssl_policy} accepts TLS older than 1.2."
    help          = "Set ssl_policy = \"ELBSecurityPolicy-TLS13-1-2-2021-06\"."
  }

  # Classic load balancers: a policy refers to a predefined one or switches protocols by itself.
  check "aws_load_balancer_policy" {
    locals {
      predefined = [for attribute in self.policy_attribute : attribute.value if attribute.name == "Reference-Security-Policy"]
      old        = [for attribute in self.policy_attribute : attribute.name if contains(["Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1"], attribute.name) && lower(attribute.value) == "true"]
    }
    when          = self.policy_type_name == "SSLNegotiationPolicyType"
    condition     = length(local.old) == 0 && alltrue([for name in local.predefined : tls_version_at_least(tls_policy(name).min_version, "1.2")])
    at            = self.policy_attribute
    error_message = "The policy accepts TLS older than 1.2: ${join(", ", concat(local.predefined, local.old))}."
    help          = "Use policy_attribute { name = \"Reference-Security-Policy\"  value = \"ELBSecurityPolicy-TLS-1-2-2017-01\" }."
  }

  check "azurerm_application_gateway" {
    locals {
      modern = [
        for policy in self.ssl_policy :
        tls_version_at_least(policy.policy_name == null ? policy.min_protocol_version : tls_policy(policy.policy_name).min_version, "1.2")
      ]
    }
    when          = anytrue([for listener in self.http_listener : listener.protocol == "Https"])
    condition     = length(local.modern) > 0 && alltrue(local.modern)
    at            = self.ssl_policy
    error_message = "No TLS policy of version 1.2 or later is set: the service's default decides, and it has changed over time."
    help          = "Add ssl_policy { policy_type = \"Predefined\"  policy_name = \"AppGwSslPolicy20220101\" }."
  }

  check "azurerm_application_gateway" {
    for_each      = flatten([for profile in self.ssl_profile : profile.ssl_policy])
    condition     = tls_version_at_least(each.value.policy_name == null ? default(each.value.min_protocol_version, "TLSv1_2") : tls_policy(each.value.policy_name).min_version, "1.2")
    at            = default(each.value.policy_name, each.value)
    error_message = "A TLS profile accepts ${each.value.policy_name == null ? each.value.min_protocol_version : "TLS ${tls_policy(each.value.policy_name).min_version} (${each.value.policy_name})"}."
    help          = "Set min_protocol_version = \"TLSv1_2\" or later in the profile."
  }

  check "azurerm_application_gateway" {
    for_each = concat(self.ssl_policy, flatten([for profile in self.ssl_profile : profile.ssl_policy]))
    locals {
      broken = [for suite in default(each.value.cipher_suites, []) : suite if strcontains(suite, "3DES")]
    }
    condition     = length(local.broken) == 0
    at            = each.value.cipher_suites
    error_message = "The policy offers ciphers that are broken: ${join(", ", local.broken)}."
    help          = "Take suites with 3DES out of cipher_suites."
  }

  check "google_compute_target_https_proxy" "google_compute_region_target_https_proxy" "google_compute_target_ssl_proxy" {
    condition     = self.ssl_policy != null
    error_message = "No TLS policy is attached: the proxy accepts TLS 1.0."
    help          = "Attach a google_compute_ssl_policy with min_tls_version = \"TLS_1_2\"."
  }

  check "google_compute_ssl_policy" "google_compute_region_ssl_policy" {
    assert {
      condition     = tls_version_at_least(self.min_tls_version, "1.2")
      error_message = "The policy accepts ${self.min_tls_version}."
      help          = "Set min_tls_version = \"TLS_1_2\"."
    }
    assert {
      condition     = contains(["MODERN", "RESTRICTED", "CUSTOM"], self.profile)
      error_message = "The profile ${self.profile} admits weak ciphers."
      help          = "Set profile = \"MODERN\" or \"RESTRICTED\"."
    }
  }
}
