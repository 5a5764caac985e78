rule "subnet-flow-gcp" {
  summary   = "Google subnetwork without a log of its flows"
  severity  = "high"
  aliases   = ["CKV_GCP_26", "AVD-GCP-0029", "AVD-GCP-0076"]
  standards = ["NIST AU-12", "CIS GCP 3.8", "PCI 10.2.1"]
  clauses   = ["MA-6.1.5"]
  params = {
    min_sampling = 0.5
    # Subnetworks that hold no hosts: Google records nothing in them.
    without_hosts = [
      "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY", "INTERNAL_HTTPS_LOAD_BALANCER", "PRIVATE_SERVICE_CONNECT", "PRIVATE_NAT",
    ]
  }

  check "google_compute_subnetwork" {
    locals {
      # Flows of a whole network or of one subnetwork can be switched on beside it.
      elsewhere = concat(
        related(self, "google_network_management_vpc_flow_logs_config", "subnet"),
        flatten([
          for network in referenced(self.network, "google_compute_network") :
          related(network, "google_network_management_vpc_flow_logs_config", "network")
        ]),
      )
    }
    when          = self.purpose == null || !contains(params.without_hosts, self.purpose)
    condition     = length(self.log_config) > 0 || anytrue([for config in local.elsewhere : default(config.state, "ENABLED") == "ENABLED"])
    error_message = "The subnetwork logs no flows: there is no log_config block."
    help          = "Add log_config { flow_sampling = 1  metadata = \"INCLUDE_ALL_METADATA\" }."
  }

  check "google_compute_subnetwork" {
    for_each = self.log_config
    assert {
      condition     = each.value.flow_sampling >= params.min_sampling
      error_message = "Only a share of ${each.value.flow_sampling} of the flows is logged; ${params.min_sampling} is agreed."
      help          = "Set flow_sampling = 1."
      severity      = "medium"
    }
    assert {
      when          = each.value.flow_sampling >= params.min_sampling && in_environment(self, "prod")
      condition     = each.value.flow_sampling >= 1
      error_message = "Only a share of ${each.value.flow_sampling} of the flows is logged in production."
      help          = "Set flow_sampling = 1."
      severity      = "low"
    }
    assert {
      condition     = each.value.metadata != "EXCLUDE_ALL_METADATA"
      error_message = "Flow logs leave all metadata out: they do not say which machines spoke."
      help          = "Set metadata = \"INCLUDE_ALL_METADATA\"."
      severity      = "medium"
    }
    assert {
      condition     = default(each.value.filter_expr, "true") == "true"
      at            = each.value.filter_expr
      error_message = "Flow logs are filtered by ${each.value.filter_expr}: what does not match is not recorded."
      help          = "Take filter_expr out."
      severity      = "low"
    }
  }

  attributes = { google_network_management_vpc_flow_logs_config = ["network", "subnet"] }
}
