rule "no-cross-env-transit" {
  summary   = "Transit hub joins environments"
  severity  = "critical"
  standards = ["NIST SC-7", "NIST AC-4(21)", "ISO 8.22", "PCI 1.2.6"]
  clauses   = ["MA-PS-2"]

  # By default each attachment is associated with one table and tells it its routes: then all reach all.
  check "aws_ec2_transit_gateway" {
    locals {
      joined = [
        for attachment in related(self, "aws_ec2_transit_gateway_vpc_attachment", "transit_gateway_id") :
        environment_behind(attachment.vpc_id, "aws_vpc")
        if attachment.transit_gateway_default_route_table_association != false && attachment.transit_gateway_default_route_table_propagation != false
      ]
      environments = distinct([for name in local.joined : name if name != null && name != "shared"])
    }
    assert {
      when          = length(environments()) > 0 && self.default_route_table_association == "enable" && self.default_route_table_propagation == "enable"
      condition     = length(local.environments) <= 1
      at            = self
      error_message = "The transit gateway joins ${join(" and ", local.environments)} in its default route table."
      help          = "Set default_route_table_association and default_route_table_propagation to \"disable\", with a route table for each environment."
    }
    assert {
      condition     = self.auto_accept_shared_attachments != "enable"
      error_message = "The transit gateway takes attachments of other accounts without a look."
      help          = "Set auto_accept_shared_attachments = \"disable\"."
      severity      = "medium"
    }
  }

  # Who looks into a table reaches whoever is routed in it.
  check "aws_ec2_transit_gateway_route_table" {
    locals {
      lookers = [
        for link in related(self, "aws_ec2_transit_gateway_route_table_association", "transit_gateway_route_table_id") :
        [for attachment in referenced(link.transit_gateway_attachment_id, "aws_ec2_transit_gateway_vpc_attachment") : environment_behind(attachment.vpc_id, "aws_vpc")]
      ]
      routed = [
        for link in concat(
          related(self, "aws_ec2_transit_gateway_route_table_propagation", "transit_gateway_route_table_id"),
          related(self, "aws_ec2_transit_gateway_route", "transit_gateway_route_table_id"),
        ) :
        [for attachment in referenced(link.transit_gateway_attachment_id, "aws_ec2_transit_gateway_vpc_attachment") : environment_behind(attachment.vpc_id, "aws_vpc")]
      ]
      from = distinct([for name in flatten(local.lookers) : name if name != null && name != "shared"])
      to   = distinct([for name in flatten(local.routed) : name if name != null && name != "shared"])
    }
    when          = length(environments()) > 0
    condition     = length(local.from) == 0 || length(local.to) == 0 || length(setsubtract(local.to, local.from)) == 0 && length(local.from) == 1
    at            = self
    error_message = "The route table leads from ${join(" and ", local.from)} to ${join(" and ", local.to)}."
    help          = "Associate and propagate attachments of one environment in a table; let others meet in an inspected network that is labelled shared."
  }

  # Without routing of its own a connection is in the default table of the hub.
  check "azurerm_virtual_hub_connection" {
    locals {
      own = environment_behind(self.remote_virtual_network_id, "azurerm_virtual_network")
      hub = one(referenced(self.virtual_hub_id, "azurerm_virtual_hub"))
      others = local.hub == null ? [] : [
        for other in related(local.hub, "azurerm_virtual_hub_connection", "virtual_hub_id") :
        environment_behind(other.remote_virtual_network_id, "azurerm_virtual_network") if length(other.routing) == 0
      ]
      strangers = distinct([for name in local.others : name if name != null && name != "shared" && name != local.own])
    }
    when          = length(self.routing) == 0 && local.own != null && local.own != "shared"
    condition     = length(local.strangers) == 0
    at            = self.remote_virtual_network_id
    error_message = "The hub's default route table joins ${local.own} and ${join(" and ", local.strangers)}."
    help          = "Add a routing block with a route table for each environment."
  }

  # Spokes of a mesh tell each other their routes; those in the group edge of a star do not.
  check "google_network_connectivity_spoke" {
    locals {
      own = one([for network in self.linked_vpc_network : environment_behind(network.uri, "google_compute_network")])
      hub = one(referenced(self.hub, "google_network_connectivity_hub"))
      others = local.hub == null ? [] : flatten([
        for other in related(local.hub, "google_network_connectivity_spoke", "hub") :
        [for network in other.linked_vpc_network : environment_behind(network.uri, "google_compute_network")] if !matches_any(other.group, ["edge", "*/groups/edge"])
      ])
      strangers = distinct([for name in local.others : name if name != null && name != "shared" && name != local.own])
    }
    when          = !matches_any(self.group, ["edge", "*/groups/edge"]) && local.own != null && local.own != "shared"
    condition     = length(local.strangers) == 0
    at            = self.linked_vpc_network
    error_message = "The hub joins ${local.own} and ${join(" and ", local.strangers)}."
    help          = "Use a hub for each environment, or a star with environments in the group edge."
  }
}
