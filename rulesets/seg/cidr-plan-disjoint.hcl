rule "cidr-plan-disjoint" {
  summary   = "Address ranges of two environments overlap"
  severity  = "medium"
  standards = ["NIST SC-7", "ISO 8.22"]
  clauses   = ["MA-PS-3", "MA-11.6"]

  check "aws_vpc" "aws_vpc_ipv4_cidr_block_association" "azurerm_virtual_network" "google_compute_subnetwork" {
    for_each      = overlapping_networks(self)
    condition     = false
    at            = each.value
    error_message = "${each.value.range} of ${each.value.own} is also in ${each.value.environment}: ${each.value.address}."
    help          = "Give each environment a range of its own, so that filters and logs can tell them apart."
  }
}
