rule "no-cross-env-peering" {
  summary   = "Network peering joins two environments"
  severity  = "critical"
  standards = ["NIST SC-7", "NIST AC-4", "ISO 8.22", "ISO 8.31", "PCI 1.2.6", "PCI 6.5.3"]
  clauses   = ["MA-PS-2"]

  check "aws_vpc_peering_connection" {
    locals {
      near = environment_behind(self.vpc_id, "aws_vpc")
      far  = environment_behind(self.peer_vpc_id, "aws_vpc")
    }
    when          = length(environments()) > 0
    condition     = local.near == null || local.near == "shared" || local.far == null || local.far == "shared" || local.near == local.far
    at            = self.peer_vpc_id
    error_message = "Peering joins ${local.near} and ${local.far}: nothing inspects what passes."
    help          = "Remove the peering, or route between environments through an inspected hub that is labelled shared."
  }

  check "azurerm_virtual_network_peering" {
    locals {
      near = environment_behind(self.virtual_network_name, "azurerm_virtual_network")
      far  = environment_behind(self.remote_virtual_network_id, "azurerm_virtual_network")
    }
    when          = length(environments()) > 0
    condition     = local.near == null || local.near == "shared" || local.far == null || local.far == "shared" || local.near == local.far
    at            = self.remote_virtual_network_id
    error_message = "Peering joins ${local.near} and ${local.far}: nothing inspects what passes."
    help          = "Remove the peering, or route between environments through an inspected hub that is labelled shared."
  }

  check "google_compute_network_peering" {
    locals {
      near = environment_behind(self.network, "google_compute_network")
      far  = environment_behind(self.peer_network, "google_compute_network")
    }
    when          = length(environments()) > 0
    condition     = local.near == null || local.near == "shared" || local.far == null || local.far == "shared" || local.near == local.far
    at            = self.peer_network
    error_message = "Peering joins ${local.near} and ${local.far}: nothing inspects what passes."
    help          = "Remove the peering, or route between environments through an inspected hub that is labelled shared."
  }
}
