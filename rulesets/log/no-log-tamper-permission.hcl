rule "no-log-tamper-permission" {
  summary   = "Ordinary role may stop or delete logging"
  severity  = "critical"
  standards = ["NIST AU-9(4)", "NIST AC-5", "NIST AC-6", "ISO 8.15", "ISO 8.2", "PCI 10.3.1", "PCI 10.3.2"]
  clauses   = ["CAF-ACC-5", "MA-6.4"]

  params = {
    actions = [
      "cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors",
      "logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:PutRetentionPolicy", "ec2:DeleteFlowLogs",
      "config:StopConfigurationRecorder", "config:DeleteConfigurationRecorder", "config:DeleteDeliveryChannel",
      "guardduty:DeleteDetector",
    ]
    aws_managed = [
      "*:aws:policy/AdministratorAccess", "*:aws:policy/PowerUserAccess", "*:aws:policy/AWSCloudTrail_FullAccess",
      "*:aws:policy/CloudWatchLogsFullAccess", "*:aws:policy/job-function/SystemAdministrator",
    ]
    azure_actions = [
      "Microsoft.Insights/diagnosticSettings/delete", "Microsoft.OperationalInsights/workspaces/delete",
      "Microsoft.Network/networkWatchers/flowLogs/delete",
    ]
    azure_roles  = ["Owner", "Contributor", "Monitoring Contributor", "Log Analytics Contributor"]
    google_roles = ["roles/owner", "roles/logging.admin", "roles/logging.configWriter"]
    google_permissions = [
      "logging.sinks.delete", "logging.sinks.update", "logging.buckets.delete", "logging.buckets.update", "logging.logs.delete",
    ]
    # Who may: addresses and names of roles and policies.
    log_admins = ["*log-admin*", "*log_admin*", "*break-glass*", "*break_glass*", "*breakglass*"]
  }

  check "aws_iam_policy" "aws_iam_role_policy" "aws_iam_user_policy" "aws_iam_group_policy" {
    locals {
      statement = each.value
      named     = default(local.statement.sid, "") == "" ? "A statement" : local.statement.sid
      reached = [
        for action in params.actions : action
        if anytrue([for pattern in local.statement.actions : matches_any(lower(action), [lower(pattern)])])
        || length(local.statement.not_actions) > 0 && alltrue([for pattern in local.statement.not_actions : !matches_any(lower(action), [lower(pattern)])])
      ]
      denied = [
        for action in params.actions : action
        if policy_denies(self.policy, action) || anytrue([for guard in resources("aws_organizations_policy") : policy_denies(guard.content, action)])
      ]
      tampering = [for action in local.reached : action if !contains(local.denied, action)]
      is_wide   = anytrue([for resource in local.statement.resources : resource == "*"])
    }
    when          = !matches_any(address(self), params.log_admins) && !matches_any(self.name, params.log_admins)
    for_each      = [for statement in policy_statements(self.policy) : statement if statement.effect == "Allow"]
    condition     = length(local.tampering) == 0
    at            = self.policy
    error_message = "${local.named} allows ${length(local.tampering) > 1 ? "${local.tampering[0]} and ${length(local.tampering) - 1} more such actions" : local.tampering[0]}."
    help          = "Name the actions that are needed, or deny these: logging is switched off by log administrators only (params.log_admins)."
    severity      = local.is_wide && anytrue([for action in local.tampering : startswith(action, "cloudtrail:")]) ? "critical" : "high"
  }

  check "aws_ssoadmin_permission_set_inline_policy" {
    locals {
      statement = each.value
      named     = default(local.statement.sid, "") == "" ? "A statement" : local.statement.sid
      reached = [
        for action in params.actions : action
        if anytrue([for pattern in local.statement.actions : matches_any(lower(action), [lower(pattern)])])
        || length(local.statement.not_actions) > 0 && alltrue([for pattern in local.statement.not_actions : !matches_any(lower(action), [lower(pattern)])])
      ]
      denied = [
        for action in params.actions : action
        if policy_denies(self.inline_policy, action) || anytrue([for guard in resources("aws_organizations_policy") : policy_denies(guard.content, action)])
      ]
      tampering = [for action in local.reached : action if !contains(local.denied, action)]
      is_wide   = anytrue([for resource in local.statement.resources : resource == "*"])
    }
    when          = !matches_any(address(self), params.log_admins)
    for_each      = [for statement in policy_statements(self.inline_policy) : statement if statement.effect == "Allow"]
    condition     = length(local.tampering) == 0
    at            = self.inline_policy
    error_message = "${local.named} allows ${length(local.tampering) > 1 ? "${local.tampering[0]} and ${length(local.tampering) - 1} more such actions" : local.tampering[0]}."
    help          = "Name the actions that are needed, or deny these: logging is switched off by log administrators only (params.log_admins)."
    severity      = local.is_wide && anytrue([for action in local.tampering : startswith(action, "cloudtrail:")]) ? "critical" : "high"
  }

  # Deleting objects is ordinary; deleting them where logs are is not.
  check "aws_iam_policy" "aws_iam_role_policy" "aws_iam_user_policy" "aws_iam_group_policy" {
    locals {
      statement = each.value
      named     = default(local.statement.sid, "") == "" ? "A statement" : local.statement.sid
      stores    = [for bucket in referenced(local.statement.resources, "aws_s3_bucket") : bucket.bucket if is_log_store(bucket)]
    }
    when          = !matches_any(address(self), params.log_admins) && !matches_any(self.name, params.log_admins)
    for_each      = [for statement in policy_statements(self.policy) : statement if statement.effect == "Allow" && anytrue([for pattern in statement.actions : matches_any("s3:deleteobject", [lower(pattern)])])]
    condition     = length(local.stores) == 0
    at            = self.policy
    error_message = "${local.named} allows deleting objects of the log bucket ${join(", ", local.stores)}."
    help          = "Take s3:DeleteObject on the log bucket out."
  }

  check "aws_iam_role_policy_attachment" "aws_iam_user_policy_attachment" "aws_iam_group_policy_attachment" {
    when          = length(referenced(self.policy_arn, "aws_iam_policy")) == 0 && !matches_any(address(self), params.log_admins) && matches_any(self.policy_arn, params.aws_managed)
    condition     = anytrue([for guard in resources("aws_organizations_policy") : policy_denies(guard.content, "cloudtrail:StopLogging")])
    at            = self.policy_arn
    error_message = "${self.policy_arn} allows stopping and deleting logs."
    help          = "Attach a policy with what is needed, or deny cloudtrail:StopLogging in a service control policy."
    severity      = "high"
  }

  check "aws_ssoadmin_managed_policy_attachment" {
    when          = !matches_any(address(self), params.log_admins) && matches_any(self.managed_policy_arn, params.aws_managed)
    condition     = anytrue([for guard in resources("aws_organizations_policy") : policy_denies(guard.content, "cloudtrail:StopLogging")])
    at            = self.managed_policy_arn
    error_message = "${self.managed_policy_arn} allows stopping and deleting logs."
    help          = "Use a policy with what is needed, or deny cloudtrail:StopLogging in a service control policy."
    severity      = "high"
  }

  check "azurerm_role_definition" {
    locals {
      reached = distinct(flatten([
        for permission in self.permissions : [
          for action in params.azure_actions : action
          if anytrue([for pattern in permission.actions : matches_any(lower(action), [lower(pattern)])])
          && alltrue([for pattern in default(permission.not_actions, []) : !matches_any(lower(action), [lower(pattern)])])
        ]
      ]))
    }
    when          = !matches_any(address(self), params.log_admins) && !matches_any(self.name, params.log_admins)
    condition     = length(local.reached) == 0
    at            = self.permissions
    error_message = "The role ${self.name} allows ${length(local.reached) > 1 ? "${local.reached[0]} and ${length(local.reached) - 1} more such actions" : local.reached[0]}."
    help          = "Add these to not_actions, or name the actions that are needed."
  }

  # A resource group has its own contributors; a subscription's contributor switches its activity log off.
  check "azurerm_role_assignment" {
    locals {
      subscriptions = concat(
        referenced(self.scope, "azurerm_subscription"),
        referenced(self.scope, "data.azurerm_subscription"),
        referenced(self.scope, "azurerm_management_group"),
      )
    }
    when          = !matches_any(address(self), params.log_admins) && self.role_definition_name != null && contains(params.azure_roles, self.role_definition_name)
    condition     = length(local.subscriptions) == 0 && (length(referenced(self.scope)) > 0 || !can(regex("^/?subscriptions/[^/]+/?$", self.scope)))
    at            = self.role_definition_name
    error_message = "${self.role_definition_name} of a whole subscription may remove its diagnostic settings."
    help          = "Assign the role to a resource group, or one without rights on diagnostic settings."
    severity      = "high"
  }

  check "google_project_iam_member" "google_project_iam_binding" "google_folder_iam_member" "google_folder_iam_binding" "google_organization_iam_member" "google_organization_iam_binding" {
    when          = !matches_any(address(self), params.log_admins)
    condition     = !contains(params.google_roles, self.role)
    at            = self.role
    error_message = "${self.role} allows deleting sinks and log buckets."
    help          = "Grant a role without logging.sinks.delete and logging.buckets.delete."
    severity      = "high"
  }

  check "google_project_iam_custom_role" "google_organization_iam_custom_role" {
    locals {
      reached = [for permission in params.google_permissions : permission if contains(self.permissions, permission)]
    }
    when          = !matches_any(address(self), params.log_admins) && !matches_any(self.role_id, params.log_admins)
    condition     = length(local.reached) == 0
    at            = self.permissions
    error_message = "The role ${self.role_id} allows ${length(local.reached) > 1 ? "${local.reached[0]} and ${length(local.reached) - 1} more such actions" : local.reached[0]}."
    help          = "Take these permissions out."
  }

  attributes = { "data.azurerm_subscription" = ["id"] }
}
