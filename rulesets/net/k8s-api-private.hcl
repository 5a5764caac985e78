rule "k8s-api-private" {
  summary  = "Kubernetes API is open to the internet"
  severity = "high"
  aliases = [
    "CKV_AWS_38", "CKV_AWS_39", "AVD-AWS-0040", "AVD-AWS-0041", "CKV_AZURE_6", "CKV_AZURE_115", "AVD-AZU-0041", "CKV_GCP_18",
    "CKV_GCP_20", "AVD-GCP-0053", "AVD-GCP-0061",
  ]
  standards = ["NIST SC-7", "NIST AC-17", "ISO 8.20", "PCI 1.4"]
  clauses   = ["MA-13.2.3"]

  check "aws_eks_cluster" {
    for_each      = self.vpc_config
    condition     = each.value.endpoint_public_access == false || length(each.value.public_access_cidrs) > 0 && !is_world(each.value.public_access_cidrs)
    at            = default(each.value.public_access_cidrs, each.value.endpoint_public_access)
    error_message = "The cluster's API is open to ${length(each.value.public_access_cidrs) > 0 ? join(", ", each.value.public_access_cidrs) : "0.0.0.0/0"}."
    help          = "Set endpoint_public_access = false and endpoint_private_access = true, or name your own ranges in public_access_cidrs."
  }

  check "azurerm_kubernetes_cluster" {
    locals {
      ranges = flatten(concat(self.api_server_access_profile[*].authorized_ip_ranges, default(self.api_server_authorized_ip_ranges, [])))
      named  = [for range in local.ranges : range if range != null]
    }
    condition     = self.private_cluster_enabled == true || length(local.named) > 0 && !is_world(local.named)
    at            = default(self.api_server_access_profile[0].authorized_ip_ranges, self.private_cluster_enabled)
    error_message = "The cluster's API is open to ${length(local.named) > 0 ? join(", ", local.named) : "every address"}."
    help          = "Set private_cluster_enabled = true, or name your own ranges in api_server_access_profile.authorized_ip_ranges."
  }

  check "google_container_cluster" {
    locals {
      lists   = self.master_authorized_networks_config
      allowed = flatten(local.lists[*].cidr_blocks)[*].cidr_block
    }
    condition = (
      anytrue(self.private_cluster_config[*].enable_private_endpoint)
      || anytrue([for config in flatten(self.control_plane_endpoints_config[*].ip_endpoints_config) : config.enabled == false])
      || length(local.lists) > 0 && !is_world(local.allowed)
    )
    at            = default(self.master_authorized_networks_config, self)
    error_message = "The cluster's API is open to ${length(local.allowed) > 0 ? join(", ", local.allowed) : "every address"}."
    help          = "Set private_cluster_config { enable_private_endpoint = true }, or name your own ranges in master_authorized_networks_config."
  }

  attributes = {
    azurerm_kubernetes_cluster = ["api_server_authorized_ip_ranges"]
  }
}
