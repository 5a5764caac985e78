rule "one-env-per-account" {
  summary   = "One account holds several environments"
  severity  = "high"
  standards = ["NIST SC-3", "NIST SC-7(21)", "NIST AC-4", "ISO 8.31", "ISO 8.22", "PCI 6.5.3"]
  clauses   = ["MA-PS-2"]

  check "terraform" {
    for_each      = account_environments()
    condition     = length(each.value.environments) <= 1
    at            = each.value.environments[1]
    error_message = "The account ${each.value.account} holds ${join(" and ", [for it in each.value.environments : "${it.name} (${it.address}, by ${it.reason})"])}."
    help          = "Give each environment an account, subscription or project of its own, with a provider configuration for each."
  }
}
