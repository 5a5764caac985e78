rule "network-duty-split" {
  summary   = "One role administers networks and the systems in them"
  severity  = "medium"
  standards = ["NIST AC-5", "NIST AC-6", "ISO 5.3", "PCI 7.2.1"]
  clauses   = ["CAF-ACC-5", "MA-ES-1", "MA-3", "MA-11.1"]

  # The tag of roles for emergencies.
  params = { exempt_tag = "BreakGlass" }

  # Rights that only an administrator of the one or the other needs. Who may do everything is told by acc/least-privilege.
  check "aws_iam_policy" "aws_iam_role_policy" "aws_iam_group_policy" "aws_iam_user_policy" {
    locals {
      network = policy_allows(self.policy, "ec2:CreateRoute") || policy_allows(self.policy, "ec2:AuthorizeSecurityGroupIngress") || policy_allows(self.policy, "ec2:CreateVpc")
      system  = policy_allows(self.policy, "ec2:RunInstances") || policy_allows(self.policy, "rds:ModifyDBInstance") || policy_allows(self.policy, "s3:PutBucketPolicy")
    }
    when          = !contains(keys(tags_of(self)), params.exempt_tag) && !policy_allows(self.policy, "*")
    condition     = !(local.network && local.system)
    at            = self.policy
    error_message = "The policy lets one role change networks (routes, filters) and the systems in them."
    help          = "Make two roles: one for ec2 network actions, one for instances, databases and buckets."
  }

  check "aws_ssoadmin_permission_set_inline_policy" {
    locals {
      network = policy_allows(self.inline_policy, "ec2:CreateRoute") || policy_allows(self.inline_policy, "ec2:AuthorizeSecurityGroupIngress") || policy_allows(self.inline_policy, "ec2:CreateVpc")
      system  = policy_allows(self.inline_policy, "ec2:RunInstances") || policy_allows(self.inline_policy, "rds:ModifyDBInstance") || policy_allows(self.inline_policy, "s3:PutBucketPolicy")
    }
    when          = !policy_allows(self.inline_policy, "*")
    condition     = !(local.network && local.system)
    at            = self.inline_policy
    error_message = "The permission set lets one person change networks (routes, filters) and the systems in them."
    help          = "Make two permission sets: one for ec2 network actions, one for instances, databases and buckets."
  }

  check "azurerm_role_definition" {
    locals {
      actions = [for action in flatten([for permission in self.permissions : default(permission.actions, [])]) : lower(action)]
      network = anytrue([for action in local.actions : matches_any("microsoft.network/virtualnetworks/write", [action]) || matches_any("microsoft.network/networksecuritygroups/write", [action]) || matches_any("microsoft.network/routetables/write", [action])])
      system  = anytrue([for action in local.actions : matches_any("microsoft.compute/virtualmachines/write", [action]) || matches_any("microsoft.sql/servers/write", [action]) || matches_any("microsoft.storage/storageaccounts/write", [action])])
    }
    when          = !contains(local.actions, "*")
    condition     = !(local.network && local.system)
    at            = self.permissions
    error_message = "The role ${self.name} may change networks and the systems in them."
    help          = "Make two roles: one for Microsoft.Network, one for Microsoft.Compute, Microsoft.Sql and Microsoft.Storage."
  }

  check "google_project_iam_custom_role" "google_organization_iam_custom_role" {
    locals {
      network = anytrue([for permission in default(self.permissions, []) : contains(["compute.firewalls.create", "compute.firewalls.update", "compute.networks.create", "compute.routes.create"], permission)])
      system  = anytrue([for permission in default(self.permissions, []) : contains(["compute.instances.create", "cloudsql.instances.create", "cloudsql.instances.update", "storage.buckets.setIamPolicy"], permission)])
    }
    condition     = !(local.network && local.system)
    at            = self.permissions
    error_message = "The role ${self.role_id} may change networks and the systems in them."
    help          = "Make two roles: one for networks and firewalls, one for instances, databases and buckets."
  }
}
