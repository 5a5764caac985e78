rule "vnet-flow-azure" {
  summary   = "Azure virtual network without a log of its flows"
  severity  = "high"
  aliases   = ["CKV_AZURE_12", "AVD-AZU-0049"]
  standards = ["NIST AU-12", "NIST AU-11", "CIS Azure 5.1.6", "PCI 10.2.1"]
  clauses   = ["MA-6.1.5"]
  params    = { min_days = 90 }

  check "azurerm_virtual_network" {
    locals {
      logs    = related(self, "azurerm_network_watcher_flow_log", "target_resource_id")
      subnets = related(self, "azurerm_subnet", "virtual_network_name")
      # Logs of all subnets together see what a log of the network sees. Logs of security groups were the way before
      # networks had their own, and are still valid until they are retired.
      covered = [
        for subnet in local.subnets :
        anytrue([for log in related(subnet, "azurerm_network_watcher_flow_log", "target_resource_id") : log.enabled == true]) || anytrue(flatten([
          for link in related(subnet, "azurerm_subnet_network_security_group_association", "subnet_id") : [
            for group in referenced(link.network_security_group_id, "azurerm_network_security_group") :
            has_related(group, "azurerm_network_watcher_flow_log", "target_resource_id") || has_related(group, "azurerm_network_watcher_flow_log", "network_security_group_id")
          ]
        ]))
      ]
    }
    condition     = anytrue([for log in local.logs : log.enabled == true]) || length(local.covered) > 0 && alltrue(local.covered)
    at            = self
    error_message = length(local.logs) > 0 ? "The network's flow log is switched off." : "No flow log records the traffic of this network."
    help          = "Add an azurerm_network_watcher_flow_log with target_resource_id = the network's id and enabled = true."
  }

  check "azurerm_network_watcher_flow_log" {
    assert {
      condition     = self.enabled == true
      error_message = "The flow log is switched off: enabled is ${self.enabled}."
      help          = "Set enabled = true."
    }
    assert {
      condition = alltrue([
        for policy in self.retention_policy :
        policy.enabled == false || policy.days == 0 || policy.days >= params.min_days
      ])
      at            = self.retention_policy
      error_message = "Flow logs are kept ${self.retention_policy[0].days} days; ${params.min_days} are the least."
      help          = "Set days = ${params.min_days} or more."
      severity      = "medium"
    }
    assert {
      condition     = default(self.version, 1) >= 2
      at            = self.version
      error_message = "Version ${default(self.version, 1)} of the flow log leaves bytes and packets out."
      help          = "Set version = 2."
      severity      = "low"
    }
    assert {
      condition = self.network_security_group_id == null && (
        length(referenced(self.target_resource_id, "azurerm_virtual_network")) > 0
        || length(referenced(self.target_resource_id, "azurerm_network_security_group")) == 0
      )
      at            = default(self.network_security_group_id, self.target_resource_id)
      error_message = "The flow log is one of a security group: new ones cannot be made, and all end on 30 September 2027."
      help          = "Log the flows of the virtual network: target_resource_id = azurerm_virtual_network.….id."
      severity      = "low"
    }
  }
}
