rule "remote-access-behind-firewall" {
  summary   = "Remote-access VPN lets clients past the firewall"
  severity  = "high"
  standards = ["NIST AC-17(3)", "NIST SC-7(7)", "ISO 8.20", "ISO 6.7", "PCI 1.4"]
  clauses   = ["DWP-7.4a", "CAF-WAN-2"]

  check "aws_ec2_client_vpn_endpoint" {
    condition     = length(self.security_group_ids) > 0
    at            = self.security_group_ids
    error_message = "VPN clients get the VPC's default security group: security_group_ids is not set."
    help          = "Set security_group_ids to a group that admits VPN clients to what they need."
  }

  check "aws_ec2_client_vpn_authorization_rule" {
    locals {
      endpoints = referenced(self.client_vpn_endpoint_id, "aws_ec2_client_vpn_endpoint")
      # All traffic through the tunnel is right where a firewall inspects the way out.
      full_tunnel = alltrue([for endpoint in local.endpoints : endpoint.split_tunnel != true]) && length(resources("aws_networkfirewall_firewall")) > 0
    }
    assert {
      condition     = self.authorize_all_groups != true
      error_message = "Everybody who may connect reaches ${self.target_network_cidr}: authorize_all_groups is true."
      help          = "Set access_group_id to the group that needs this network."
    }
    assert {
      condition     = !is_world(self.target_network_cidr) || local.full_tunnel
      at            = self.target_network_cidr
      error_message = "VPN clients are let through to ${self.target_network_cidr}."
      help          = "Name the networks that clients need, or send everything through the tunnel and an inspecting firewall."
    }
  }

  check "azurerm_virtual_network_gateway" {
    locals {
      subnets = referenced(self.ip_configuration[*].subnet_id, "azurerm_subnet")
      tables = [
        for subnet in local.subnets :
        flatten([for association in related(subnet, "azurerm_subnet_route_table_association", "subnet_id") : referenced(association.route_table_id, "azurerm_route_table")])
      ]
      inspected = [
        for tables in local.tables :
        anytrue(flatten([for table in tables : concat([for route in table.route : route.next_hop_type == "VirtualAppliance"], [for route in related(table, "azurerm_route", "route_table_name") : route.next_hop_type == "VirtualAppliance"])]))
      ]
    }
    when          = length(self.vpn_client_configuration) > 0 && length(local.subnets) > 0
    condition     = alltrue(local.inspected)
    at            = self.vpn_client_configuration
    error_message = "VPN clients reach the networks directly: the gateway's subnet has no route to a firewall."
    help          = "Associate a route table with GatewaySubnet whose routes to the workloads have next_hop_type = \"VirtualAppliance\"."
  }

  check "azurerm_point_to_site_vpn_gateway" {
    locals {
      hubs = referenced(self.virtual_hub_id, "azurerm_virtual_hub")
    }
    when = length(local.hubs) > 0
    condition = alltrue([
      for hub in local.hubs :
      has_related(hub, "azurerm_firewall", "virtual_hub.virtual_hub_id") || has_related(hub, "azurerm_virtual_hub_routing_intent", "virtual_hub_id")
    ])
    at            = self.virtual_hub_id
    error_message = "VPN clients end in a virtual hub without firewall."
    help          = "Add an azurerm_firewall to the hub and an azurerm_virtual_hub_routing_intent for private traffic."
  }

  check "fortios_vpnssl_settings" {
    when          = self.status != "disable"
    condition     = !anytrue([for interface in self.source_interface : lower(interface.name) == "any"])
    at            = self.source_interface
    error_message = "The VPN answers on every interface: source_interface is any."
    help          = "Name the outside interface in source_interface."
  }

  attributes = {
    fortios_vpnssl_settings = ["status", "source_interface.name"]
  }
}
