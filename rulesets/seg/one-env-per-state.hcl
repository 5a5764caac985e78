rule "one-env-per-state" {
  summary   = "One state holds several environments"
  severity  = "medium"
  standards = ["NIST CM-3", "NIST CM-5", "ISO 8.31", "ISO 8.32", "PCI 6.5.3"]
  clauses   = ["MA-PS-2"]

  check "terraform" {
    locals {
      found = root_environments()
    }
    condition     = length(local.found) <= 1
    at            = local.found[1]
    error_message = "One state holds ${join(" and ", [for it in local.found : "${it.name} (${it.address}, by ${it.reason})"])}."
    help          = "Give each environment its own root module or workspace with its own state, so that a plan touches one of them only."
  }
}
