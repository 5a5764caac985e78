rule "trail-to-live-monitoring" {
  summary   = "Audit trail feeds no store that is watched"
  severity  = "medium"
  aliases   = ["CKV2_AWS_10", "AVD-AWS-0162"]
  standards = ["NIST AU-6", "NIST SI-4", "CIS AWS 3.4", "PCI 10.4.1", "ISO 8.16"]
  clauses   = ["MA-5", "MA-7.2"]

  check "aws_cloudtrail" {
    # CloudTrail Lake can be searched and asked on a schedule as well.
    condition     = self.cloud_watch_logs_group_arn != null || length(resources("aws_cloudtrail_event_data_store")) > 0
    error_message = "The trail goes to a bucket only: nothing searches it and nothing raises alarms."
    help          = "Set cloud_watch_logs_group_arn and cloud_watch_logs_role_arn."
  }

  check "azurerm_monitor_diagnostic_setting" {
    # Only the activity log of a whole subscription is the audit trail.
    when = can(regex("^/?subscriptions/[^/]+$", self.target_resource_id)) || length(referenced(self.target_resource_id, "azurerm_subscription")) > 0 || length(referenced(self.target_resource_id, "data.azurerm_subscription")) > 0
    condition = (
      self.log_analytics_workspace_id != null || self.eventhub_authorization_rule_id != null || self.partner_solution_id != null
      || anytrue([
        for other in resources("azurerm_monitor_diagnostic_setting") :
        other.log_analytics_workspace_id != null || other.eventhub_authorization_rule_id != null
        if other.target_resource_id == self.target_resource_id
      ])
    )
    at            = self.storage_account_id
    error_message = "The activity log goes to a storage account only: nothing searches it and nothing raises alarms."
    help          = "Set log_analytics_workspace_id or eventhub_authorization_rule_id."
  }

  check "google_logging_organization_sink" "google_logging_folder_sink" {
    assert {
      condition     = self.disabled != true
      error_message = "The sink is switched off: disabled is true."
      help          = "Take disabled out."
    }
    assert {
      condition     = self.include_children == true || self.intercept_children == true
      at            = self.include_children
      error_message = "The sink leaves out the logs of all projects below: include_children is ${default(self.include_children, "false")}."
      help          = "Set include_children = true."
    }
  }

  check "google_logging_project_sink" {
    condition     = self.disabled != true
    error_message = "The sink is switched off: disabled is true."
    help          = "Take disabled out."
  }

  # Where the organisation's audit log is configured its way out would be too.
  check "google_organization_iam_audit_config" {
    condition     = length(resources("google_logging_organization_sink")) > 0
    at            = self
    error_message = "The organisation's audit log is recorded, and no sink takes it to one place."
    help          = "Add a google_logging_organization_sink with include_children = true."
  }

  attributes = { "data.azurerm_subscription" = ["id"] }
}
