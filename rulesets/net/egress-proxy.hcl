rule "egress-proxy" {
  summary   = "End users reach the web without proxy or inspection"
  severity  = "high"
  standards = ["NIST SC-7(8)", "NIST AC-4", "ISO 8.23", "PCI 1.3.2"]
  clauses   = ["DWP-4.6e", "DWP-6.1", "DWP-6.3", "CAF-SP-3", "CAF-BB-2", "CAF-NET-4"]

  params = {
    # Networks of end users, by a word in their address, name or tags.
    user_words = ["appstream", "avd", "desktop", "desktops", "euc", "vdi", "workspaces", "workstation", "workstations", "wvd"]
  }

  check "aws_workspaces_directory" {
    for_each      = self.workspace_creation_properties
    condition     = each.value.enable_internet_access != true
    at            = each.value.enable_internet_access
    error_message = "Workspaces are directly on the internet: enable_internet_access is true."
    help          = "Set enable_internet_access = false and send web traffic through a proxy or an inspecting firewall."
  }

  check "aws_appstream_fleet" "aws_appstream_image_builder" {
    condition     = self.enable_default_internet_access != true
    error_message = "Streaming instances are directly on the internet: enable_default_internet_access is true."
    help          = "Set enable_default_internet_access = false and send web traffic through a proxy or an inspecting firewall."
  }

  check "aws_subnet" {
    locals {
      words = "(^|[^a-z])(${join("|", params.user_words)})([^a-z]|$)"
      tags  = tags_of(self)
      # A name that is not known yet says nothing.
      named  = can(regex(local.words, lower(address(self)))) || is_known(keys(local.tags)) && anytrue([for key, value in local.tags : is_known(value) && can(regex(local.words, lower(value)))])
      users  = local.named || has_related(self, "aws_workspaces_directory", "subnet_ids") || has_related(self, "aws_appstream_fleet", "vpc_config.subnet_ids")
      tables = flatten([for association in related(self, "aws_route_table_association", "subnet_id") : referenced(association.route_table_id, "aws_route_table")])
      routes = concat(
        [for route in flatten(local.tables[*].route) : { gateway = route.gateway_id, nat = route.nat_gateway_id } if is_world(route.cidr_block)],
        [for route in flatten([for table in local.tables : related(table, "aws_route", "route_table_id")]) : { gateway = route.gateway_id, nat = route.nat_gateway_id } if is_world(route.destination_cidr_block)],
      )
      # With a network firewall in the root, which way packets take is a question of reachability.
      inspected = length(resources("aws_networkfirewall_firewall")) > 0
    }
    when          = local.users && length(local.tables) > 0
    condition     = alltrue([for route in local.routes : length(referenced(route.gateway, "aws_internet_gateway")) == 0 && !startswith(default(route.gateway, ""), "igw-") && (route.nat == null || local.inspected)])
    at            = self
    error_message = "End users in this subnet go to the internet directly, by its route table."
    help          = "Route 0.0.0.0/0 to a firewall endpoint or transit gateway, or take the route out and use a proxy."
  }

  check "azurerm_subnet" {
    locals {
      words  = "(^|[^a-z])(${join("|", params.user_words)})([^a-z]|$)"
      tables = flatten([for association in related(self, "azurerm_subnet_route_table_association", "subnet_id") : referenced(association.route_table_id, "azurerm_route_table")])
      routes = concat(flatten(local.tables[*].route), flatten([for table in local.tables : related(table, "azurerm_route", "route_table_name")]))
    }
    when          = can(regex(local.words, lower(address(self)))) || is_known(self.name) && can(regex(local.words, lower(self.name)))
    condition     = anytrue([for route in local.routes : route.next_hop_type == "VirtualAppliance" && cidr_contains(route.address_prefix, "0.0.0.0/0")])
    at            = self.name
    error_message = "End users in subnet ${self.name} go to the internet directly: no default route leads to a firewall."
    help          = "Associate a route table whose route for 0.0.0.0/0 has next_hop_type = \"VirtualAppliance\"."
  }

  check "google_network_services_gateway" {
    when          = self.type == "SECURE_WEB_GATEWAY"
    condition     = self.gateway_security_policy != null
    error_message = "The web proxy ${self.name} lets everything through: it has no gateway_security_policy."
    help          = "Set gateway_security_policy to a policy with rules for the sites that are needed."
  }

  check "google_network_security_gateway_security_policy" {
    condition     = self.tls_inspection_policy != null
    severity      = "medium"
    error_message = "The web proxy cannot look into HTTPS: policy ${self.name} has no tls_inspection_policy."
    help          = "Set tls_inspection_policy, and tls_inspection_enabled in its rules."
  }
}
