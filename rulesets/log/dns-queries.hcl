rule "dns-queries" {
  summary   = "DNS queries leave no log"
  severity  = "medium"
  aliases   = ["CKV2_AWS_39"]
  standards = ["NIST AU-12", "NIST SI-4", "ISO 8.15", "ISO 8.23"]
  clauses   = ["WY-E", "DWP-1.6", "DWP-6.2", "CAF-SP-3", "MA-11.5"]

  check "aws_vpc" "aws_default_vpc" {
    condition     = has_related(self, "aws_route53_resolver_query_log_config_association", "resource_id")
    at            = self
    error_message = "Nothing logs what hosts of the network ask the resolver."
    help          = "Add an aws_route53_resolver_query_log_config_association with resource_id = the network's id."
  }

  check "aws_route53_zone" {
    # What hosts ask about private zones is in the log of their network.
    when          = length(self.vpc) == 0 && !has_related(self, "aws_route53_zone_association", "zone_id")
    condition     = has_related(self, "aws_route53_query_log", "zone_id")
    at            = self
    error_message = "Queries for ${self.name} are not logged."
    help          = "Add an aws_route53_query_log for the zone; its log group is in us-east-1."
    severity      = "low"
  }

  check "google_compute_network" {
    condition     = anytrue([for policy in related(self, "google_dns_policy", "networks.network_url") : policy.enable_logging == true])
    at            = self
    error_message = "No DNS policy with logging belongs to the network."
    help          = "Add a google_dns_policy with enable_logging = true and networks { network_url = … }."
  }

  check "google_dns_managed_zone" {
    when          = default(self.visibility, "public") == "public"
    condition     = anytrue([for config in self.cloud_logging_config : config.enable_logging == true])
    at            = self.cloud_logging_config
    error_message = "Queries for ${self.dns_name} are not logged."
    help          = "Add cloud_logging_config { enable_logging = true }."
    severity      = "low"
  }

  check "azurerm_firewall_policy" {
    # A child policy has the settings of its parent, and the sku Basic has no proxy.
    when          = self.base_policy_id == null && default(self.sku, "Standard") != "Basic"
    condition     = anytrue([for dns in self.dns : dns.proxy_enabled == true])
    at            = self.dns
    error_message = "The firewall sees no DNS queries: its DNS proxy is off."
    help          = "Add dns { proxy_enabled = true } and point the networks' DNS to the firewall."
    severity      = "low"
  }
}
