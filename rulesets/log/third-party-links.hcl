rule "third-party-links" {
  summary   = "Link to another network is not logged"
  severity  = "high"
  standards = ["NIST CA-3", "NIST AU-12", "NIST AC-17(1)", "ISO 8.15", "ISO 5.19", "PCI 10.2.1", "PCI 8.2.7"]
  clauses   = ["CAF-WAN-4"]
  params = {
    azure_vpn           = ["GatewayDiagnosticLog", "TunnelDiagnosticLog", "IKEDiagnosticLog"]
    azure_express_route = ["GatewayDiagnosticLog"]
  }

  check "aws_vpn_connection" {
    locals {
      silent = [
        for tunnel in [
          { name = "tunnel 1", on = self.tunnel1_log_options[0].cloudwatch_log_options[0].log_enabled },
          { name = "tunnel 2", on = self.tunnel2_log_options[0].cloudwatch_log_options[0].log_enabled },
        ] : tunnel.name if tunnel.on != true
      ]
    }
    condition = (
      self.tunnel1_log_options[0].cloudwatch_log_options[0].log_enabled == true
      && self.tunnel2_log_options[0].cloudwatch_log_options[0].log_enabled == true
    )
    error_message = "The VPN connection does not log ${join(" and ", local.silent)}."
    help          = "Add tunnel1_log_options and tunnel2_log_options with cloudwatch_log_options { log_enabled = true  log_group_arn = … }."
  }

  # A gateway that others attach to: through a VPN, Direct Connect, an appliance or a peer.
  check "aws_ec2_transit_gateway" {
    locals {
      outside = concat(
        related(self, "aws_vpn_connection", "transit_gateway_id"),
        related(self, "aws_ec2_transit_gateway_peering_attachment", "transit_gateway_id"),
        related(self, "aws_dx_gateway_association", "associated_gateway_id"),
        related(self, "aws_ec2_transit_gateway_connect", "transit_gateway_id"),
      )
      # Logs of the attachments see what a log of the gateway sees of them.
      covered = [for link in local.outside : has_related(link, "aws_flow_log", "transit_gateway_attachment_id")]
    }
    when          = length(local.outside) > 0
    condition     = has_related(self, "aws_flow_log", "transit_gateway_id") || alltrue(local.covered)
    at            = self
    error_message = "Others are attached to the transit gateway, and no flow log records what they do."
    help          = "Add an aws_flow_log with transit_gateway_id."
  }

  check "aws_vpc_peering_connection" {
    locals {
      networks = referenced(self.vpc_id, "aws_vpc")
    }
    when = length(local.networks) > 0 && self.peer_owner_id != null && length(referenced(self.peer_owner_id, "data.aws_caller_identity")) == 0
    condition = alltrue([
      for network in local.networks :
      has_related(network, "aws_flow_log", "vpc_id") || anytrue([for subnet in related(network, "aws_subnet", "vpc_id") : has_related(subnet, "aws_flow_log", "subnet_id")])
    ])
    at            = self.peer_owner_id
    error_message = "The network is joined to one of account ${self.peer_owner_id}, and no flow log records what passes."
    help          = "Add an aws_flow_log for the network of vpc_id."
  }

  check "azurerm_virtual_network_gateway" {
    locals {
      sent   = diagnostic_logs(self)
      wanted = self.type == "ExpressRoute" ? params.azure_express_route : params.azure_vpn
    }
    condition     = contains(local.sent, "allLogs") || alltrue([for category in local.wanted : contains(local.sent, category)])
    at            = self
    error_message = "No diagnostic setting sends ${join(", ", [for category in local.wanted : category if !contains(local.sent, category)])} of the gateway."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"allLogs\" }."
  }

  check "azurerm_vpn_gateway" {
    locals {
      sent = diagnostic_logs(self)
    }
    condition     = contains(local.sent, "allLogs") || alltrue([for category in params.azure_vpn : contains(local.sent, category)])
    at            = self
    error_message = "No diagnostic setting sends ${join(", ", [for category in params.azure_vpn : category if !contains(local.sent, category)])} of the gateway."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"allLogs\" }."
  }

  check "google_compute_vpn_tunnel" {
    # A tunnel between two gateways of this configuration leads to nobody else.
    when          = length(referenced(self.peer_gcp_gateway, "google_compute_ha_vpn_gateway")) == 0
    condition     = anytrue([for config in related(self, "google_network_management_vpc_flow_logs_config", "vpn_tunnel") : default(config.state, "ENABLED") == "ENABLED"])
    at            = self
    error_message = "No flow log configuration records what passes the tunnel."
    help          = "Add a google_network_management_vpc_flow_logs_config with vpn_tunnel."
  }

  check "google_compute_interconnect_attachment" {
    condition     = anytrue([for config in related(self, "google_network_management_vpc_flow_logs_config", "interconnect_attachment") : default(config.state, "ENABLED") == "ENABLED"])
    at            = self
    error_message = "No flow log configuration records what passes the interconnect."
    help          = "Add a google_network_management_vpc_flow_logs_config with interconnect_attachment."
  }

  attributes = { "data.aws_caller_identity" = ["account_id"] }
}
