rule "store-immutable" {
  summary   = "Log store can be changed after the fact"
  severity  = "critical"
  aliases   = ["CKV2_GCP_4"]
  standards = ["NIST AU-9(2)", "NIST AU-9(4)", "NIST AU-10", "ISO 8.15", "CIS GCP 2.3", "PCI 10.3.2", "PCI 10.3.4"]
  clauses   = ["MA-6.3", "MA-6.4", "MA-7", "MA-15.1.2"]
  params    = { min_days = 365 }

  check "aws_s3_bucket" {
    attributes = ["object_lock_configuration.object_lock_enabled", "object_lock_configuration.rule"]
    locals {
      locks        = related(self, "aws_s3_bucket_object_lock_configuration", "bucket")
      retentions   = flatten([for rule in concat(flatten(self.object_lock_configuration[*].rule), flatten(local.locks[*].rule)) : rule.default_retention])
      is_on_beside = length(local.locks) > 0 || anytrue([for lock in self.object_lock_configuration : lock.object_lock_enabled == "Enabled"])
    }
    # S3 writes its own access logs to no bucket with Object Lock.
    when          = is_log_store(self) && !has_related(self, "aws_s3_bucket_logging", "target_bucket") && !has_related(self, "aws_s3_bucket", "logging.target_bucket")
    condition     = (self.object_lock_enabled == true || local.is_on_beside) && length(local.retentions) > 0
    error_message = self.object_lock_enabled == true || local.is_on_beside ? "Object Lock has no default retention: nothing is locked unless the writer asks for it." : "The log bucket has no Object Lock: whoever may delete objects may delete logs."
    help          = "Set object_lock_enabled = true, and default_retention { mode = \"COMPLIANCE\"  days = ${params.min_days} } in an aws_s3_bucket_object_lock_configuration."
  }

  check "aws_s3_bucket_object_lock_configuration" {
    locals {
      retentions = flatten(self.rule[*].default_retention)
    }
    when     = anytrue([for bucket in referenced(self.bucket, "aws_s3_bucket") : is_log_store(bucket)])
    for_each = local.retentions
    assert {
      condition     = each.value.mode == "COMPLIANCE"
      error_message = "In mode ${each.value.mode} those with the right to bypass it may still delete logs."
      help          = "Set mode = \"COMPLIANCE\"."
      severity      = "medium"
    }
    assert {
      condition     = each.value.years >= 1 || each.value.days >= params.min_days
      at            = default(each.value.days, each.value.years)
      error_message = "Logs are locked for ${each.value.days} days; ${params.min_days} are agreed."
      help          = "Set days = ${params.min_days} or more."
      severity      = "high"
    }
  }

  check "aws_cloudtrail_event_data_store" {
    condition     = default(self.termination_protection_enabled, true) == true
    at            = self.termination_protection_enabled
    error_message = "The event data store may be deleted: termination_protection_enabled is false."
    help          = "Set termination_protection_enabled = true."
  }

  check "azurerm_storage_account" {
    locals {
      containers = concat(related(self, "azurerm_storage_container", "storage_account_id"), related(self, "azurerm_storage_container", "storage_account_name"))
      policies   = flatten([for container in local.containers : related(container, "azurerm_storage_container_immutability_policy", "storage_container_resource_manager_id")])
      states     = concat([for policy in self.immutability_policy : policy.state == "Locked"], [for policy in local.policies : policy.locked == true])
      periods    = concat([for policy in self.immutability_policy : policy.period_since_creation_in_days], [for policy in local.policies : policy.immutability_period_in_days])
    }
    when = is_log_store(self)
    assert {
      condition     = anytrue(local.states)
      at            = self.immutability_policy
      error_message = length(local.states) > 0 ? "The immutability policy of the log account is not locked." : "The log account has no immutability policy."
      help          = "Add immutability_policy { state = \"Locked\"  period_since_creation_in_days = ${params.min_days}  allow_protected_append_writes = true }."
    }
    assert {
      when          = anytrue(local.states)
      condition     = anytrue([for days in local.periods : days >= params.min_days])
      at            = self.immutability_policy
      error_message = "Logs are locked for ${max(0, local.periods...)} days; ${params.min_days} are agreed."
      help          = "Lock for ${params.min_days} days or more."
      severity      = "high"
    }
  }

  check "google_storage_bucket" {
    when = is_log_store(self)
    assert {
      condition     = self.retention_policy[0].is_locked == true
      at            = self.retention_policy
      error_message = length(self.retention_policy) > 0 ? "The retention policy of the log bucket is not locked." : "The log bucket has no retention policy."
      help          = "Add retention_policy { is_locked = true  retention_period = ${params.min_days * 86400} }."
    }
    assert {
      when          = self.retention_policy[0].is_locked == true
      condition     = tonumber(self.retention_policy[0].retention_period) >= params.min_days * 86400
      error_message = "Logs are locked for ${self.retention_policy[0].retention_period} seconds; ${params.min_days} days are agreed."
      help          = "Set retention_period = ${params.min_days * 86400} or more."
      severity      = "high"
    }
  }

  check "google_logging_project_bucket_config" {
    condition     = self.locked == true
    error_message = "The log bucket ${self.bucket_id} is not locked: its retention can be shortened and it can be deleted."
    help          = "Set locked = true once retention_days is right: it cannot be undone."
    severity      = "high"
  }
}
