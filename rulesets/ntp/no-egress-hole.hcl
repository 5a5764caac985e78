rule "no-egress-hole" {
  summary   = "NTP may leave to any address"
  severity  = "medium"
  standards = ["NIST SC-7(5)", "NIST SC-45", "ISO 8.17", "ISO 8.20", "PCI 1.3.2", "PCI 10.6.2"]
  clauses   = ["MA-12.1"]

  # A rule that lets everything out is told by net/no-unrestricted-egress.
  check "aws_security_group" "aws_security_group_rule" "aws_vpc_security_group_egress_rule" "azurerm_network_security_group" "azurerm_network_security_rule" "google_compute_firewall" {
    when          = length(time.sources) > 0
    for_each      = world_egress(self, "udp/123")
    condition     = each.value.rule_every_protocol
    at            = each.value
    error_message = "NTP (udp/123) may go to ${each.value.source}, not only to the agreed time servers."
    help          = "Let udp/123 out to these only: ${join(", ", time.sources)}."
    # Names cannot be written in packet filters.
    severity = alltrue([for source in time.sources : can(cidrhost(source, 0)) || can(cidrhost("${source}/32", 0))]) ? "medium" : "low"
  }
}
