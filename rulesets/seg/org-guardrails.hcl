rule "org-guardrails" {
  summary   = "Production stands beside other environments, or has no guardrail"
  severity  = "medium"
  standards = ["NIST AC-3", "NIST CM-7", "ISO 8.31", "ISO 5.23"]
  clauses   = ["MA-PS-3"]

  check "aws_organizations_account" {
    locals {
      unit = one(referenced(self.parent_id, "aws_organizations_organizational_unit"))
      siblings = local.unit != null ? related(local.unit, "aws_organizations_account", "parent_id") : [
        for other in resources("aws_organizations_account") : other
        if length(referenced(other.parent_id, "aws_organizations_organizational_unit")) == 0 && other.parent_id == self.parent_id
      ]
      peers = [for other in local.siblings : other if in_environment(other, "dev") || in_environment(other, "test")]
      # What is attached above holds below; what stands in no unit of this configuration is attached at the top.
      over  = one(referenced(local.unit.parent_id, "aws_organizations_organizational_unit"))
      top   = one(referenced(local.over.parent_id, "aws_organizations_organizational_unit"))
      above = [for unit in [local.unit, local.over, local.top] : address(unit) if unit != null]
      links = [
        for link in resources("aws_organizations_policy_attachment") : {
          units    = [for unit in referenced(link.target_id, "aws_organizations_organizational_unit") : address(unit)]
          accounts = [for account in referenced(link.target_id, "aws_organizations_account") : address(account)]
          denies = anytrue([
            for policy in referenced(link.policy_id, "aws_organizations_policy") :
            default(policy.type, "SERVICE_CONTROL_POLICY") == "SERVICE_CONTROL_POLICY" && anytrue([for statement in policy_statements(policy.content) : statement.effect == "Deny"])
          ])
        }
      ]
    }
    when = in_environment(self, "prod")
    assert {
      condition     = length(local.peers) == 0
      at            = default(self.parent_id, self.name)
      error_message = "The account ${self.name} is prod and stands in one unit with ${join(", ", [for peer in local.peers : peer.name])}."
      help          = "Put production into an organisational unit of its own."
    }
    assert {
      when = local.unit != null
      condition = anytrue([
        for link in local.links :
        link.denies && (length(link.units) + length(link.accounts) == 0 || length(setintersection(link.units, local.above)) > 0 || contains(link.accounts, address(self)))
      ])
      at            = self.parent_id
      error_message = "No service control policy denies anything to the account ${self.name}, its unit or those above."
      help          = "Attach a policy to the unit that denies stopping and deleting logs, and leaving the organisation."
    }
  }

  check "azurerm_management_group_subscription_association" {
    locals {
      own   = environment_behind(self.subscription_id, "azurerm_subscription")
      group = one(referenced(self.management_group_id, "azurerm_management_group"))
      siblings = local.group != null ? related(local.group, "azurerm_management_group_subscription_association", "management_group_id") : [
        for other in resources("azurerm_management_group_subscription_association") : other
        if length(referenced(other.management_group_id, "azurerm_management_group")) == 0 && other.management_group_id == self.management_group_id
      ]
      peers = [for other in local.siblings : environment_behind(other.subscription_id, "azurerm_subscription")]
    }
    when          = length(environments()) > 0 && local.own == "prod"
    condition     = !contains(local.peers, "dev") && !contains(local.peers, "test")
    at            = self.management_group_id
    error_message = "A prod subscription shares its management group with ${join(" and ", distinct([for peer in local.peers : peer if peer == "dev" || peer == "test"]))}."
    help          = "Put production into a management group of its own."
  }

  check "azurerm_management_group_policy_assignment" {
    condition     = self.enforce != false
    error_message = "The policy assignment ${self.name} is not enforced: it only watches."
    help          = "Take enforce = false out."
  }

  check "google_project" {
    locals {
      folder = one(referenced(self.folder_id, "google_folder"))
      siblings = local.folder != null ? related(local.folder, "google_project", "folder_id") : [
        for other in resources("google_project") : other
        if length(referenced(other.folder_id, "google_folder")) == 0 && other.folder_id == self.folder_id && other.org_id == self.org_id
      ]
      peers = [for other in local.siblings : other if in_environment(other, "dev") || in_environment(other, "test")]
    }
    when          = in_environment(self, "prod")
    condition     = length(local.peers) == 0
    at            = default(self.folder_id, default(self.org_id, self.name))
    error_message = "The project ${self.name} is prod and stands in one folder with ${join(", ", [for peer in local.peers : peer.name])}."
    help          = "Put production into a folder of its own, with organisation policies on it."
  }
}
