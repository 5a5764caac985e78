rule "network-firewall" {
  summary   = "Network firewall does not log what it sees"
  severity  = "high"
  aliases   = ["CKV2_AWS_63"]
  standards = ["NIST AU-12", "NIST SI-4", "ISO 8.15", "PCI 10.2.1", "PCI 1.2"]
  clauses   = ["CAF-SP-3", "MA-6.1.9", "MA-11.5", "MA-13.2.4"]
  params = {
    # Google's own health checks and Identity-Aware Proxy are not the internet.
    google_ranges = ["35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22", "35.235.240.0/20", "2600:2d00:1:b029::/64", "2600:2d00:1:1::/64"]
    aws_types     = ["ALERT", "FLOW"]
    # A firewall's rules write these, in either of two formats.
    azure_categories = [["AZFWNetworkRule", "AZFWApplicationRule"], ["AzureFirewallNetworkRule", "AzureFirewallApplicationRule"]]
  }

  check "aws_networkfirewall_firewall" {
    locals {
      logs    = flatten(related(self, "aws_networkfirewall_logging_configuration", "firewall_arn")[*].logging_configuration)
      types   = [for config in flatten(local.logs[*].log_destination_config) : config.log_type]
      missing = [for type in params.aws_types : type if !contains(local.types, type)]
    }
    condition     = alltrue([for type in params.aws_types : contains(local.types, type)])
    at            = self
    error_message = "The firewall does not log ${join(" and ", local.missing)}."
    help          = "Add an aws_networkfirewall_logging_configuration with a log_destination_config for ${join(" and ", local.missing)}."
  }

  check "azurerm_firewall" {
    locals {
      sent = diagnostic_logs(self)
    }
    condition = contains(local.sent, "allLogs") || anytrue([
      for format in params.azure_categories : alltrue([for category in format : contains(local.sent, category)])
    ])
    at            = self
    error_message = "No diagnostic setting sends the logs of the firewall's network and application rules."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"allLogs\" }."
  }

  check "google_compute_firewall" {
    locals {
      is_denying = length(self.deny) > 0
      is_inward  = default(self.direction, "INGRESS") == "INGRESS"
      sources    = self.source_ranges == null ? null : [for range in self.source_ranges : range if !cidr_contains(params.google_ranges, range)]
      # Without any source a rule is about everybody.
      is_outside = local.is_inward && (local.sources == null ? self.source_tags == null && self.source_service_accounts == null : is_world(local.sources))
    }
    when          = self.disabled != true && (local.is_denying || local.is_outside)
    condition     = length(self.log_config) > 0 || self.enable_logging == true
    at            = self
    error_message = local.is_denying ? "What the rule denies is not logged." : "What the rule lets in from the internet is not logged."
    help          = "Add log_config { metadata = \"INCLUDE_ALL_METADATA\" }."
    severity      = "medium"
  }

  check "google_compute_network_firewall_policy_rule" "google_compute_region_network_firewall_policy_rule" "google_compute_firewall_policy_rule" {
    locals {
      sources    = [for range in flatten([for match in self.match : default(match.src_ip_ranges, [])]) : range if !cidr_contains(params.google_ranges, range)]
      is_outside = self.direction == "INGRESS" && self.action == "allow" && is_world(local.sources)
    }
    when          = self.disabled != true && (self.action == "deny" || local.is_outside)
    condition     = self.enable_logging == true
    at            = self.enable_logging
    error_message = self.action == "deny" ? "What the rule denies is not logged." : "What the rule lets in from the internet is not logged."
    help          = "Set enable_logging = true."
    severity      = "medium"
  }
}
