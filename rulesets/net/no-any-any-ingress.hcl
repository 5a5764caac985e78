rule "no-any-any-ingress" {
  summary   = "Rule admits all ports from anywhere"
  severity  = "critical"
  aliases   = ["CKV_AWS_277", "CKV_AWS_352", "AVD-AWS-0102", "AVD-AZU-0047", "CKV2_GCP_12", "AVD-GCP-0072"]
  standards = ["NIST SC-7(5)", "NIST AC-4", "ISO 8.20", "PCI 1.2.5", "PCI 1.3.1"]
  clauses   = ["CAF-NET-1", "MA-13.2.3"]

  params = {
    min_ports            = 1024
    max_public_addresses = 256
  }

  check "aws_security_group" "aws_default_security_group" "aws_security_group_rule" "aws_vpc_security_group_ingress_rule" "azurerm_network_security_group" "azurerm_network_security_rule" "google_compute_firewall" {
    for_each      = [for access in world_access(self, "all", params.max_public_addresses) : access if access.every_protocol || access.port_span >= params.min_ports]
    condition     = false
    at            = each.value
    error_message = "${each.value.source} may reach ${each.value.services == "all" ? "every port and protocol" : each.value.services}: this is no firewall."
    help          = "Open the few ports that the service needs, and only to those who need them."
  }

  # The range for replies (1024-65535) has to be open in a stateless list; all ports have not.
  check "aws_network_acl" "aws_network_acl_rule" {
    for_each      = [for access in world_access(self, "all", params.max_public_addresses) : access if access.every_protocol || access.port_span >= 65000]
    condition     = false
    severity      = "medium"
    at            = each.value
    error_message = "${each.value.source} may reach ${each.value.services == "all" ? "every port and protocol" : each.value.services}: this list filters nothing."
    help          = "Allow the ports of the services in these subnets, and 1024-65535 for replies."
  }

  check "azurerm_firewall_network_rule_collection" {
    when          = lower(self.action) == "allow"
    for_each      = self.rule
    condition     = !(is_world(each.value.source_addresses) && contains(coalesce(each.value.destination_ports, []), "*"))
    at            = each.value.source_addresses
    error_message = "Rule ${each.value.name} admits ${each.value.source_addresses} to every port."
    help          = "Name the sources and ports that the service needs."
  }
}
