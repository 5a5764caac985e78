rule "internet-route-through-firewall" {
  summary   = "Hosts are connected to the Internet past the firewall"
  severity  = "critical"
  standards = ["NIST SC-7(3)", "NIST SC-7(7)", "NIST SC-7(8)", "NIST AC-4", "ISO 8.20", "ISO 8.22", "PCI 1.2.1", "PCI 1.4.1"]
  clauses   = ["DWP-6.3", "CAF-NET-1", "MA-11"]

  params = {
    # Where no firewall is declared in the root, filters of hosts count as the firewall.
    accept_host_filters = true
  }

  check "aws_vpc" {
    locals {
      firewalls = length(resources("aws_networkfirewall_firewall")) + length([for it in resources("aws_vpc_endpoint") : it if it.vpc_endpoint_type == "GatewayLoadBalancer"])
    }
    when          = local.firewalls > 0 || params.accept_host_filters != true
    for_each      = ways_around_firewall(self, "internet")
    condition     = false
    at            = each.value
    error_message = "${each.value.host} is connected to the Internet without passing the firewall: ${each.value.way}."
    help          = "Route 0.0.0.0/0 of its subnet to the firewall's endpoint, and the subnet's range from the internet gateway back through it."
  }
}
