rule "reachability-lower-to-prod" {
  summary   = "Packets get from another environment to prod"
  severity  = "critical"
  standards = ["NIST SC-7", "NIST AC-4", "NIST CA-9", "ISO 8.22", "ISO 8.31", "PCI 1.2", "PCI 11.4.5"]
  clauses   = ["MA-PS-2"]

  check "terraform" {
    when          = length(environments()) > 1
    for_each      = paths_to_production()
    condition     = false
    at            = each.value
    error_message = "${each.value.source} of ${each.value.from} reaches ${each.value.target}: ${each.value.services}, by ${each.value.way}."
    help          = "Take away the route or the rule this points at, or lead the way through a firewall; `palisade prove` shows every hop."
  }
}
