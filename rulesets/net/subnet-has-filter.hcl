rule "subnet-has-filter" {
  summary   = "Network segment has no packet filter"
  severity  = "high"
  aliases   = ["CKV2_AZURE_31", "CKV2_GCP_18", "CKV2_AWS_1"]
  standards = ["NIST SC-7", "ISO 8.20", "PCI 1.2.1"]
  clauses   = ["CAF-NET-1", "MA-13"]

  params = {
    exempt_subnets = ["GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet", "RouteServerSubnet"]
  }

  check "azurerm_subnet" {
    when          = !contains(params.exempt_subnets, self.name)
    condition     = has_related(self, "azurerm_subnet_network_security_group_association", "subnet_id")
    error_message = "Subnet ${self.name} has no network security group."
    help          = "Add an azurerm_subnet_network_security_group_association for it."
  }

  # Without rules a network admits nothing, but lets everything out and is open to the first rule that comes along.
  check "google_compute_network" {
    severity = "medium"
    condition = (
      has_related(self, "google_compute_firewall", "network")
      || has_related(self, "google_compute_network_firewall_policy_association", "attachment_target")
      || has_related(self, "google_compute_region_network_firewall_policy_association", "attachment_target")
    )
    error_message = "Network ${self.name} has neither firewall rules nor a firewall policy."
    help          = "Declare google_compute_firewall rules for it, or attach a network firewall policy."
  }
}
