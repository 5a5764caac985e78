rule "retention" {
  summary   = "Logs are not kept long enough"
  severity  = "medium"
  aliases   = ["CKV_AWS_66", "CKV_AWS_338", "CKV_AZURE_37", "AVD-AZU-0031"]
  standards = ["NIST AU-11", "ISO 8.15", "ISO 5.33", "PCI 10.5.1"]
  clauses   = ["WY-C", "MA-6", "MA-14.2.6"]
  params    = { min_days = 365 }

  check "aws_cloudwatch_log_group" {
    # 0 means for ever.
    condition     = self.retention_in_days == 0 || self.retention_in_days >= params.min_days
    error_message = "The log group keeps ${self.retention_in_days} days; ${params.min_days} are agreed."
    help          = "Set retention_in_days = ${params.min_days} or more."
  }

  check "aws_cloudtrail_event_data_store" {
    condition     = default(self.retention_period, 2555) >= params.min_days
    at            = self.retention_period
    error_message = "The event data store keeps ${self.retention_period} days; ${params.min_days} are agreed."
    help          = "Set retention_period = ${params.min_days} or more."
  }

  check "aws_s3_bucket_lifecycle_configuration" {
    locals {
      bucket = one(referenced(self.bucket, "aws_s3_bucket"))
    }
    when          = is_log_store(local.bucket)
    for_each      = flatten([for rule in self.rule : [for expiration in rule.expiration : expiration if rule.status == "Enabled" && expiration.days != null]])
    condition     = each.value.days >= params.min_days
    at            = each.value.days
    error_message = "Objects of the log bucket are deleted after ${each.value.days} days; ${params.min_days} are agreed."
    help          = "Set days = ${params.min_days} or more."
  }

  check "azurerm_log_analytics_workspace" {
    condition     = self.retention_in_days >= params.min_days
    at            = self.retention_in_days
    error_message = "The workspace keeps ${self.retention_in_days} days; ${params.min_days} are agreed."
    help          = "Set retention_in_days = ${params.min_days} or more."
  }

  check "azurerm_log_analytics_workspace_table" {
    when          = self.total_retention_in_days != null
    condition     = self.total_retention_in_days >= params.min_days
    error_message = "The table keeps ${self.total_retention_in_days} days; ${params.min_days} are agreed."
    help          = "Set total_retention_in_days = ${params.min_days} or more."
  }

  check "azurerm_network_watcher_flow_log" {
    for_each      = self.retention_policy
    condition     = each.value.enabled == false || each.value.days == 0 || each.value.days >= params.min_days
    at            = each.value.days
    error_message = "Flow logs are kept ${each.value.days} days; ${params.min_days} are agreed."
    help          = "Set days = ${params.min_days} or more."
  }

  check "google_logging_project_bucket_config" "google_logging_folder_bucket_config" "google_logging_organization_bucket_config" {
    condition     = self.retention_days >= params.min_days
    at            = self.retention_days
    error_message = "The log bucket keeps ${self.retention_days} days; ${params.min_days} are agreed."
    help          = "Set retention_days = ${params.min_days} or more."
  }

  check "azurerm_storage_management_policy" {
    locals {
      account = one(referenced(self.storage_account_id, "azurerm_storage_account"))
      blobs   = flatten([for rule in self.rule : [for actions in rule.actions : actions.base_blob] if rule.enabled == true])
      days = flatten([
        for blob in local.blobs :
        [for days in [blob.delete_after_days_since_modification_greater_than, blob.delete_after_days_since_creation_greater_than] : days if days != null]
      ])
    }
    when          = is_log_store(local.account)
    for_each      = local.days
    condition     = each.value >= params.min_days
    at            = each.value
    error_message = "Blobs of the log account are deleted after ${each.value} days; ${params.min_days} are agreed."
    help          = "Delete after ${params.min_days} days or more."
  }

  check "google_storage_bucket" {
    when = is_log_store(self)
    for_each = flatten([
      for rule in self.lifecycle_rule : [for condition in rule.condition : condition if condition.age != null]
      if anytrue([for action in rule.action : action.type == "Delete"])
    ])
    condition     = each.value.age >= params.min_days
    at            = each.value.age
    error_message = "Objects of the log bucket are deleted after ${each.value.age} days; ${params.min_days} are agreed."
    help          = "Set age = ${params.min_days} or more."
  }
}
