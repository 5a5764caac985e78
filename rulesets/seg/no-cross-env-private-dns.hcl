rule "no-cross-env-private-dns" {
  summary   = "Private zone is seen from another environment"
  severity  = "medium"
  standards = ["NIST SC-20", "NIST SC-7", "ISO 8.22"]
  clauses   = ["MA-PS-2"]

  check "aws_route53_zone" {
    locals {
      own = environment_of(self)
    }
    when          = local.own != null && local.own != "shared"
    for_each      = [for vpc in self.vpc : { id = vpc.vpc_id, environment = environment_behind(vpc.vpc_id, "aws_vpc") }]
    condition     = each.value.environment == null || each.value.environment == "shared" || each.value.environment == local.own
    at            = each.value.id
    error_message = "The zone ${self.name} is ${local.own} and is linked to a network of ${each.value.environment}."
    help          = "Link the zone to networks of ${local.own} only, or keep shared names in a zone that is labelled shared."
  }

  check "aws_route53_zone_association" {
    locals {
      zone    = environment_behind(self.zone_id, "aws_route53_zone")
      network = environment_behind(self.vpc_id, "aws_vpc")
    }
    when          = length(environments()) > 0
    condition     = local.zone == null || local.zone == "shared" || local.network == null || local.network == "shared" || local.zone == local.network
    at            = self.vpc_id
    error_message = "A zone of ${local.zone} is linked to a network of ${local.network}."
    help          = "Link the zone to networks of ${local.zone} only, or keep shared names in a zone that is labelled shared."
  }

  check "azurerm_private_dns_zone_virtual_network_link" {
    locals {
      zone    = environment_behind(self.private_dns_zone_name, "azurerm_private_dns_zone")
      network = environment_behind(self.virtual_network_id, "azurerm_virtual_network")
    }
    when          = length(environments()) > 0
    condition     = local.zone == null || local.zone == "shared" || local.network == null || local.network == "shared" || local.zone == local.network
    at            = self.virtual_network_id
    error_message = "A zone of ${local.zone} is linked to a network of ${local.network}."
    help          = "Link the zone to networks of ${local.zone} only, or keep shared names in a zone that is labelled shared."
  }

  check "google_dns_managed_zone" {
    locals {
      own = environment_of(self)
    }
    when = self.visibility == "private" && local.own != null && local.own != "shared"
    for_each = flatten([
      for config in self.private_visibility_config :
      [for network in config.networks : { url = network.network_url, environment = environment_behind(network.network_url, "google_compute_network") }]
    ])
    condition     = each.value.environment == null || each.value.environment == "shared" || each.value.environment == local.own
    at            = each.value.url
    error_message = "The zone ${self.dns_name} is ${local.own} and is seen from a network of ${each.value.environment}."
    help          = "List networks of ${local.own} only, or keep shared names in a zone that is labelled shared."
  }
}
