rule "availability" {
  summary   = "Firewall or way to the internet stands in one zone"
  severity  = "medium"
  standards = ["NIST SC-5", "NIST CP-8", "ISO 8.14"]
  clauses   = ["DWP-3.9", "CAF-INT-4", "CAF-SP-1", "MA-2.7", "MA-11.2"]

  # Development and test environments may stand still.
  check "aws_networkfirewall_firewall" {
    when          = !in_environment(self, "dev") && !in_environment(self, "test") && self.transit_gateway_id == null
    condition     = length(self.subnet_mapping) >= 2
    at            = self.subnet_mapping
    error_message = "The firewall stands in ${length(self.subnet_mapping)} subnet."
    help          = "Add a subnet_mapping for each availability zone."
  }

  # AWS makes no application load balancer in one zone.
  check "aws_lb" {
    locals {
      subnets = length(default(self.subnets, [])) + length(self.subnet_mapping)
    }
    when          = contains(["network", "gateway"], self.load_balancer_type) && !in_environment(self, "dev") && !in_environment(self, "test") && local.subnets > 0
    condition     = local.subnets >= 2
    at            = default(self.subnets, self.subnet_mapping)
    error_message = "The load balancer stands in one subnet."
    help          = "Name subnets in at least two availability zones."
  }

  # One gateway for subnets in several zones takes all of them down with its own.
  check "aws_nat_gateway" {
    locals {
      subnets  = referenced(self.subnet_id, "aws_subnet")
      network  = flatten([for subnet in local.subnets : referenced(subnet.vpc_id, "aws_vpc")])
      others   = flatten([for vpc in local.network : related(vpc, "aws_subnet", "vpc_id")])
      zones    = distinct([for subnet in local.others : default(subnet.availability_zone, default(subnet.availability_zone_id, "any"))])
      gateways = flatten([for subnet in local.others : related(subnet, "aws_nat_gateway", "subnet_id")])
    }
    when          = !in_environment(self, "dev") && !in_environment(self, "test") && length(local.network) > 0 && self.connectivity_type != "private"
    condition     = length(local.gateways) >= 2 || length(local.zones) < 2
    at            = self.subnet_id
    error_message = "One NAT gateway serves subnets in several availability zones."
    help          = "Add a NAT gateway and a route table for each availability zone."
  }

  check "aws_db_instance" {
    when          = !in_environment(self, "dev") && !in_environment(self, "test") && length(referenced(self.replicate_source_db)) == 0 && self.replicate_source_db == null
    condition     = self.multi_az == true
    error_message = "The database stands in one availability zone: multi_az is ${default(self.multi_az, "false by default")}."
    help          = "Set multi_az = true."
    severity      = in_environment(self, "prod") ? "medium" : "low"
  }

  check "azurerm_firewall" {
    # A firewall in a virtual hub takes the zones of the hub's region.
    when          = !in_environment(self, "dev") && !in_environment(self, "test") && length(self.virtual_hub) == 0
    condition     = length(self.zones) >= 2
    at            = self.zones
    error_message = "Firewall ${self.name} is in ${length(self.zones) == 1 ? "one zone" : "no zone"}."
    help          = "Set zones = [\"1\", \"2\", \"3\"] where the region has them. This makes a new firewall."
  }

  check "azurerm_virtual_network" {
    locals {
      subnets = related(self, "azurerm_subnet", "virtual_network_name")
      public = anytrue([
        for subnet in local.subnets :
        has_related(subnet, "azurerm_firewall", "ip_configuration.subnet_id") || has_related(subnet, "azurerm_application_gateway", "gateway_ip_configuration.subnet_id")
      ])
    }
    when          = in_environment(self, "prod") && local.public
    condition     = anytrue([for plan in self.ddos_protection_plan : plan.enable == true])
    at            = default(self.ddos_protection_plan[0].enable, self.name)
    severity      = "low"
    error_message = "Network ${self.name} takes connections from the internet and has no DDoS protection plan."
    help          = "Add ddos_protection_plan { enable = true } with the organisation's plan."
  }

  check "google_compute_vpn_gateway" {
    when          = !in_environment(self, "dev") && !in_environment(self, "test")
    condition     = false
    at            = self.name
    error_message = "VPN gateway ${self.name} is a classic one: it has one interface."
    help          = "Use google_compute_ha_vpn_gateway with two tunnels."
  }

  check "google_compute_ha_vpn_gateway" {
    locals {
      tunnels = related(self, "google_compute_vpn_tunnel", "vpn_gateway")
    }
    when          = !in_environment(self, "dev") && !in_environment(self, "test") && length(local.tunnels) > 0
    condition     = length(distinct([for tunnel in local.tunnels : tunnel.vpn_gateway_interface])) >= 2
    at            = self.name
    error_message = "VPN gateway ${self.name} uses one of its interfaces."
    help          = "Add a google_compute_vpn_tunnel for vpn_gateway_interface 0 and one for 1."
  }
}
