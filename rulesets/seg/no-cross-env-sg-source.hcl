rule "no-cross-env-sg-source" {
  summary   = "Firewall rule admits another environment"
  severity  = "high"
  standards = ["NIST AC-4", "NIST SC-7", "ISO 8.22", "PCI 1.3.1"]
  clauses   = ["MA-PS-2"]

  check "aws_security_group" "aws_security_group_rule" "aws_vpc_security_group_ingress_rule" "azurerm_network_security_group" "azurerm_network_security_rule" "google_compute_firewall" {
    for_each      = cross_environment_sources(self)
    condition     = false
    at            = each.value
    error_message = "${each.value.source} is in ${each.value.environment} and may reach ${each.value.own} at ${each.value.services}."
    help          = "Admit sources of ${each.value.own} only; what environments share belongs in one labelled shared."
  }
}
