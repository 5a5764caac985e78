rule "e-commerce-profile" {
  summary   = "Online trade is served with less than the strict TLS profile"
  severity  = "high"
  aliases   = ["CKV_AWS_131"]
  standards = ["NIST SC-8(1)", "NIST SC-23", "ISO 8.26", "PCI 4.2.1", "PCI 6.4.2"]
  clauses   = ["MA-15", "MA-15.1.1", "MA-15.1.3", "MA-15.1.4"]

  params = {
    # Tags that say what a resource is for, and the values that mean trade.
    class_tags = ["data-class", "data_class", "dataclass", "data-classification", "data_classification", "dataclassification", "classification"]
    classes    = ["cardholder", "ecommerce", "e-commerce", "payment", "pci"]
  }

  check "aws_lb" {
    locals {
      trades = anytrue([for name, value in tags_of(self) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))])
    }
    when          = local.trades && self.load_balancer_type == "application"
    condition     = self.drop_invalid_header_fields == true
    error_message = "Malformed headers reach the shop: drop_invalid_header_fields is ${self.drop_invalid_header_fields}."
    help          = "Set drop_invalid_header_fields = true."
    severity      = "medium"
  }

  check "aws_lb_listener" {
    locals {
      tagged = concat([self], referenced(self.load_balancer_arn, "aws_lb"))
      trades = anytrue(flatten([for each_one in local.tagged : [for name, value in tags_of(each_one) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))]]))
      policy = tls_policy(self.ssl_policy)
    }
    # What is older than 1.2 is told by tls/lb-min-version.
    when          = local.trades && contains(["HTTPS", "TLS"], self.protocol) && tls_version_at_least(local.policy.min_version, "1.2")
    condition     = length(local.policy.weak) == 0
    at            = self.ssl_policy
    error_message = "The policy ${self.ssl_policy} is not for payments: it has ${join(" and ", local.policy.weak)}."
    help          = "Set ssl_policy = \"ELBSecurityPolicy-TLS13-1-2-Res-2021-06\"."
  }

  check "aws_cloudfront_distribution" {
    locals {
      trades = anytrue([for name, value in tags_of(self) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))])
      # CBC is refused here as well, which the table does not tell apart.
      policies = [for certificate in self.viewer_certificate : certificate.minimum_protocol_version if certificate.cloudfront_default_certificate != true]
      weak     = [for policy in local.policies : policy if tls_version_at_least(tls_policy(policy).min_version, "1.2") && contains(["TLSv1.2_2018", "TLSv1.2_2019"], policy)]
    }
    when          = local.trades
    condition     = length(local.weak) == 0
    at            = self.viewer_certificate[0].minimum_protocol_version
    error_message = "The policy ${join(", ", local.weak)} is not for payments: it has ciphers in CBC mode or without forward secrecy."
    help          = "Set minimum_protocol_version = \"TLSv1.2_2021\" or later."
  }

  check "azurerm_application_gateway" {
    locals {
      trades   = anytrue([for name, value in tags_of(self) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))])
      policies = concat(self.ssl_policy, flatten([for profile in self.ssl_profile : profile.ssl_policy]))
      named    = [for policy in local.policies : "the policy ${policy.policy_name}" if policy.policy_name != null && length(tls_policy(policy.policy_name).weak) > 0 && tls_version_at_least(tls_policy(policy.policy_name).min_version, "1.2")]
      suites   = [for suite in flatten([for policy in local.policies : default(policy.cipher_suites, [])]) : suite if startswith(suite, "TLS_RSA_") || strcontains(suite, "3DES") || endswith(suite, "_CBC_SHA")]
    }
    when          = local.trades
    condition     = length(local.named) == 0 && length(local.suites) == 0
    at            = length(local.named) > 0 ? self.ssl_policy : local.suites[0]
    error_message = "The gateway is not fit for payments: it offers ${join(", ", concat(local.named, local.suites))}."
    help          = "Set policy_name = \"AppGwSslPolicy20220101S\"."
  }

  check "google_compute_target_https_proxy" "google_compute_region_target_https_proxy" "google_compute_target_ssl_proxy" {
    locals {
      rules    = concat(related(self, "google_compute_global_forwarding_rule", "target"), related(self, "google_compute_forwarding_rule", "target"))
      trades   = anytrue(flatten([for rule in local.rules : [for name, value in tags_of(rule) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))]]))
      policies = concat(referenced(self.ssl_policy, "google_compute_ssl_policy"), referenced(self.ssl_policy, "google_compute_region_ssl_policy"))
    }
    # Without a policy tls/lb-min-version tells.
    when          = local.trades && length(local.policies) > 0
    condition     = alltrue([for policy in local.policies : contains(["RESTRICTED", "FIPS_202205"], policy.profile) || policy.profile == "CUSTOM" && length([for feature in default(policy.custom_features, []) : feature if startswith(feature, "TLS_RSA_") || endswith(feature, "_CBC_SHA")]) == 0])
    at            = self.ssl_policy
    error_message = "The TLS policy's profile is ${join(", ", local.policies[*].profile)}, which is not for payments."
    help          = "Set profile = \"RESTRICTED\" in the google_compute_ssl_policy."
  }
}
