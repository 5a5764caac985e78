rule "external-link-through-firewall" {
  summary   = "A VPN or Direct Connect leads to hosts past the firewall"
  severity  = "critical"
  standards = ["NIST CA-3", "NIST SC-7", "ISO 8.20", "ISO 8.21", "PCI 1.2.1", "PCI 1.4.1"]
  clauses   = ["CAF-NET-2", "MA-AP-1"]

  check "aws_vpc" {
    when          = length(resources("aws_vpn_connection")) + length(resources("aws_dx_gateway_association")) > 0
    for_each      = ways_around_firewall(self, "external")
    condition     = false
    at            = each.value
    error_message = "${each.value.outside} and ${each.value.host} are connected without passing a firewall: ${each.value.way}."
    help          = "Route the ranges of the other side to a firewall's endpoint, in both directions."
  }
}
