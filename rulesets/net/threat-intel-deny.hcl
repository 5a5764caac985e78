rule "threat-intel-deny" {
  summary   = "Known-bad destinations are not blocked"
  severity  = "medium"
  aliases   = ["CKV_AZURE_216"]
  standards = ["NIST SI-4", "NIST SC-7", "ISO 8.16"]
  clauses   = ["DWP-5.6", "MA-13.2.4", "MA-15.1.5"]

  check "azurerm_firewall_policy" {
    condition     = self.threat_intelligence_mode == "Deny"
    error_message = "Known-bad addresses and domains get through: threat_intelligence_mode is ${default(self.threat_intelligence_mode, "Alert by default")}."
    help          = "Set threat_intelligence_mode = \"Deny\"."
  }

  # With a policy, or in a virtual hub, the mode of the policy counts.
  check "azurerm_firewall" {
    when          = self.firewall_policy_id == null && length(self.virtual_hub) == 0
    condition     = self.threat_intel_mode == "Deny"
    error_message = "Known-bad addresses and domains get through: threat_intel_mode is ${default(self.threat_intel_mode, "Alert by default")}."
    help          = "Set threat_intel_mode = \"Deny\"."
  }

  check "aws_vpc" {
    locals {
      used = length(resources("aws_route53_resolver_firewall_rule_group")) > 0 || length(resources("aws_route53_resolver_firewall_rule_group_association")) > 0
    }
    condition = has_related(self, "aws_route53_resolver_firewall_rule_group_association", "vpc_id")
    at        = self
    # Where the root has no DNS firewall at all, it may be managed centrally.
    severity      = local.used ? "medium" : "low"
    error_message = "The VPC resolves every name: no DNS firewall rule group is associated with it."
    help          = "Add an aws_route53_resolver_firewall_rule_group_association with a rule group that blocks the managed threat lists."
  }
}
