rule "peering-routes-narrow" {
  summary   = "Route to a peer is wider than the peer"
  severity  = "low"
  aliases   = ["CKV2_AWS_44"]
  standards = ["NIST AC-4", "NIST SC-7", "CIS AWS 5.5", "ISO 8.22"]
  clauses   = ["CAF-NET-2"]

  params = {
    # Networks whose work is to forward, by a word in their address, name or tags.
    hub_words = ["connectivity", "firewall", "hub", "landing", "nva", "transit", "vwan"]
  }

  check "aws_route" {
    locals {
      peerings = referenced(self.vpc_peering_connection_id, "aws_vpc_peering_connection")
      vpcs     = referenced(concat(local.peerings[*].vpc_id, local.peerings[*].peer_vpc_id), "aws_vpc")
      ranges   = concat(local.vpcs[*].cidr_block, flatten([for vpc in local.vpcs : related(vpc, "aws_vpc_ipv4_cidr_block_association", "vpc_id")[*].cidr_block]))
    }
    when = self.vpc_peering_connection_id != null
    assert {
      condition     = !is_world([self.destination_cidr_block, self.destination_ipv6_cidr_block])
      at            = default(self.destination_cidr_block, self.destination_ipv6_cidr_block)
      error_message = "The route leads ${default(self.destination_cidr_block, self.destination_ipv6_cidr_block)} to the peer."
      help          = "Set the destination to the peer's range, or to the subnets that are needed."
    }
    # Both networks have to be here to be compared with.
    assert {
      when          = self.destination_cidr_block != null && length(local.vpcs) == 2 && !is_world(self.destination_cidr_block)
      condition     = cidr_contains(local.ranges, self.destination_cidr_block)
      at            = self.destination_cidr_block
      error_message = "The route leads ${self.destination_cidr_block} to the peer, which has ${join(", ", local.ranges)} at most."
      help          = "Set the destination to the peer's range, or to the subnets that are needed."
    }
  }

  check "aws_route_table" "aws_default_route_table" {
    for_each = [for route in self.route : route if route.vpc_peering_connection_id != null && (length(referenced(route.vpc_peering_connection_id)) > 0 || route.vpc_peering_connection_id != "")]
    locals {
      peerings = referenced(each.value.vpc_peering_connection_id, "aws_vpc_peering_connection")
      vpcs     = referenced(concat(local.peerings[*].vpc_id, local.peerings[*].peer_vpc_id), "aws_vpc")
      ranges   = concat(local.vpcs[*].cidr_block, flatten([for vpc in local.vpcs : related(vpc, "aws_vpc_ipv4_cidr_block_association", "vpc_id")[*].cidr_block]))
    }
    assert {
      condition     = !is_world([each.value.cidr_block, each.value.ipv6_cidr_block])
      at            = default(each.value.cidr_block, each.value.ipv6_cidr_block)
      error_message = "The route leads ${default(each.value.cidr_block, each.value.ipv6_cidr_block)} to the peer."
      help          = "Set the destination to the peer's range, or to the subnets that are needed."
    }
    assert {
      when          = each.value.cidr_block != null && length(local.vpcs) == 2 && !is_world(each.value.cidr_block)
      condition     = cidr_contains(local.ranges, each.value.cidr_block)
      at            = each.value.cidr_block
      error_message = "The route leads ${each.value.cidr_block} to the peer, which has ${join(", ", local.ranges)} at most."
      help          = "Set the destination to the peer's range, or to the subnets that are needed."
    }
  }

  check "azurerm_virtual_network_peering" {
    locals {
      words    = "(^|[^a-z])(${join("|", params.hub_words)})([^a-z]|$)"
      networks = concat(referenced(self.virtual_network_name, "azurerm_virtual_network"), referenced(self.remote_virtual_network_id, "azurerm_virtual_network"))
      texts = concat(
        [address(self), self.name, self.virtual_network_name],
        flatten([for network in local.networks : concat([address(network), network.name], values(tags_of(network)))]),
      )
    }
    condition     = self.allow_forwarded_traffic != true || self.use_remote_gateways == true || self.allow_gateway_transit == true || anytrue([for text in local.texts : can(regex(local.words, lower(text)))]) || is_known(self.remote_virtual_network_id) && can(regex(local.words, lower(self.remote_virtual_network_id)))
    at            = self.allow_forwarded_traffic
    error_message = "Peering ${self.name} takes packets that come from elsewhere: allow_forwarded_traffic is true."
    help          = "Set allow_forwarded_traffic = false between spokes; a hub's name or tags say that it is one."
  }

  check "google_compute_network_peering" {
    locals {
      words = "(^|[^a-z])(${join("|", params.hub_words)})([^a-z]|$)"
      texts = concat([address(self), self.name], [for network in concat(referenced(self.network, "google_compute_network"), referenced(self.peer_network, "google_compute_network")) : "${address(network)} ${network.name}"])
    }
    condition     = self.import_custom_routes != true && self.export_custom_routes != true || anytrue([for text in local.texts : can(regex(local.words, lower(text)))])
    at            = self.export_custom_routes == true ? self.export_custom_routes : self.import_custom_routes
    error_message = "Peering ${self.name} exchanges custom routes: the peer reaches what lies behind this network, or the other way round."
    help          = "Set import_custom_routes and export_custom_routes to false; a hub's name says that it is one."
  }
}
