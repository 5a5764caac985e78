rule "firewall-delete-protected" {
  summary   = "Firewall can be removed or re-pointed by one call"
  severity  = "medium"
  aliases   = ["CKV_AWS_344"]
  standards = ["NIST CM-5", "NIST SC-5", "ISO 8.14"]
  clauses   = ["MA-11.2"]

  # Development and test environments are torn down on purpose.
  check "aws_networkfirewall_firewall" {
    when = !in_environment(self, "dev") && !in_environment(self, "test")
    assert {
      condition     = self.delete_protection == true
      error_message = "The firewall can be deleted: delete_protection is ${default(self.delete_protection, "false by default")}."
      help          = "Set delete_protection = true."
    }
    assert {
      condition     = self.firewall_policy_change_protection == true
      error_message = "The firewall can be given another policy: firewall_policy_change_protection is ${default(self.firewall_policy_change_protection, "false by default")}."
      help          = "Set firewall_policy_change_protection = true."
    }
    assert {
      condition     = self.subnet_change_protection == true
      error_message = "The firewall can be taken out of its subnets: subnet_change_protection is ${default(self.subnet_change_protection, "false by default")}."
      help          = "Set subnet_change_protection = true."
    }
  }

  check "azurerm_firewall" {
    locals {
      groups = referenced(self.resource_group_name, "azurerm_resource_group")
      locked = (
        has_related(self, "azurerm_management_lock", "scope")
        || anytrue([for group in local.groups : has_related(group, "azurerm_management_lock", "scope")])
        || anytrue([for lock in resources("azurerm_management_lock") : is_known(lock.scope) && can(regex("^/subscriptions/[^/]+$", lock.scope)) || length(referenced(lock.scope, "data.azurerm_subscription")) > 0])
      )
    }
    when      = !in_environment(self, "dev") && !in_environment(self, "test")
    condition = local.locked
    at        = self
    # The lock may be in the root that has the resource group.
    severity      = length(local.groups) > 0 ? "medium" : "low"
    error_message = "Firewall ${self.name} can be deleted: no management lock covers it."
    help          = "Add an azurerm_management_lock with lock_level = \"CanNotDelete\" for the firewall or its resource group."
  }

  # Gateway load balancers lead traffic through firewall appliances.
  check "aws_lb" {
    when          = self.load_balancer_type == "gateway" && !in_environment(self, "dev") && !in_environment(self, "test")
    condition     = self.enable_deletion_protection == true
    error_message = "The way through the firewall appliances can be deleted: enable_deletion_protection is ${default(self.enable_deletion_protection, "false by default")}."
    help          = "Set enable_deletion_protection = true."
  }

  attributes = {
    "data.azurerm_subscription" = ["id"]
  }
}
