rule "azure-resource-diagnostics" {
  summary   = "Azure resource sends no audit log"
  severity  = "medium"
  aliases   = ["AVD-AZU-0057"]
  standards = ["NIST AU-2", "NIST AU-12", "ISO 8.15", "PCI 10.2.1"]
  clauses   = ["CAF-ACC-7", "MA-5.1"]

  # Where a policy of the configuration deploys diagnostic settings, each resource gets one without being written.
  check "azurerm_key_vault" "azurerm_key_vault_managed_hardware_security_module" {
    locals {
      sent    = diagnostic_logs(self)
      by_rule = concat(resources("azurerm_subscription_policy_assignment"), resources("azurerm_management_group_policy_assignment"), resources("azurerm_resource_group_policy_assignment"))
    }
    condition = (
      contains(local.sent, "allLogs") || contains(local.sent, "audit") || contains(local.sent, "AuditEvent")
      || anytrue([for assignment in local.by_rule : matches_any(lower("${default(assignment.name, "")} ${default(assignment.display_name, "")}"), ["*diag*"])])
    )
    at            = self
    error_message = "No diagnostic setting sends the vault's AuditEvent log: who read which key is not known."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"audit\" }."
  }

  check "azurerm_recovery_services_vault" "azurerm_data_protection_backup_vault" {
    locals {
      sent    = diagnostic_logs(self)
      by_rule = concat(resources("azurerm_subscription_policy_assignment"), resources("azurerm_management_group_policy_assignment"), resources("azurerm_resource_group_policy_assignment"))
    }
    condition = (
      length(local.sent) > 0
      || anytrue([for assignment in local.by_rule : matches_any(lower("${default(assignment.name, "")} ${default(assignment.display_name, "")}"), ["*diag*"])])
    )
    at            = self
    error_message = "No diagnostic setting sends the logs of ${self.name}."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"allLogs\" }."
  }

  check "azurerm_container_registry" "azurerm_servicebus_namespace" "azurerm_eventhub_namespace" "azurerm_cosmosdb_account" "azurerm_cognitive_account" "azurerm_automation_account" "azurerm_logic_app_workflow" {
    locals {
      sent    = diagnostic_logs(self)
      by_rule = concat(resources("azurerm_subscription_policy_assignment"), resources("azurerm_management_group_policy_assignment"), resources("azurerm_resource_group_policy_assignment"))
    }
    condition = (
      length(local.sent) > 0
      || anytrue([for assignment in local.by_rule : matches_any(lower("${default(assignment.name, "")} ${default(assignment.display_name, "")}"), ["*diag*"])])
    )
    at            = self
    error_message = "No diagnostic setting sends the logs of ${self.name}."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"allLogs\" }."
    severity      = "low"
  }

  check "azurerm_mssql_database" {
    locals {
      sent    = diagnostic_logs(self)
      by_rule = concat(resources("azurerm_subscription_policy_assignment"), resources("azurerm_management_group_policy_assignment"), resources("azurerm_resource_group_policy_assignment"))
      # The server's auditing covers all of its databases.
      audited = flatten([
        for server in referenced(self.server_id, "azurerm_mssql_server") :
        related(server, "azurerm_mssql_server_extended_auditing_policy", "server_id")
      ])
    }
    condition = (
      length(local.sent) > 0 || length(local.audited) > 0 || has_related(self, "azurerm_mssql_database_extended_auditing_policy", "database_id")
      || anytrue([for assignment in local.by_rule : matches_any(lower("${default(assignment.name, "")} ${default(assignment.display_name, "")}"), ["*diag*"])])
    )
    at            = self
    error_message = "Neither a diagnostic setting nor auditing sends the logs of ${self.name}."
    help          = "Add an azurerm_monitor_diagnostic_setting, or auditing of the server."
  }

  # A setting without a destination or without a log sends nothing.
  check "azurerm_monitor_diagnostic_setting" {
    attributes = ["log.enabled"]
    assert {
      condition     = self.log_analytics_workspace_id != null || self.storage_account_id != null || self.eventhub_authorization_rule_id != null || self.partner_solution_id != null
      at            = self
      error_message = "The diagnostic setting has no destination."
      help          = "Set log_analytics_workspace_id, eventhub_authorization_rule_id or storage_account_id."
    }
    assert {
      # Some things have metrics only.
      when          = length(self.enabled_log) == 0 && length(default(self.log, [])) > 0
      condition     = anytrue([for log in default(self.log, []) : log.enabled != false])
      at            = self
      error_message = "All logs of the diagnostic setting are switched off."
      help          = "Name logs with enabled_log blocks."
    }
  }
}
