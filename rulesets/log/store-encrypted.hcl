rule "store-encrypted" {
  summary   = "Log store is not encrypted with a key of its owner"
  severity  = "medium"
  aliases   = ["CKV_AWS_35", "CKV_AWS_158", "AVD-AWS-0015", "AVD-AWS-0017"]
  standards = ["NIST AU-9(3)", "NIST SC-28", "CIS AWS 3.5", "PCI 10.3", "ISO 8.24"]
  clauses   = ["MA-6.3", "MA-7"]

  check "aws_cloudtrail" {
    condition     = self.kms_key_id != null && (length(referenced(self.kms_key_id)) > 0 || !startswith(self.kms_key_id, "alias/aws/"))
    error_message = "The trail's files are encrypted with a key of AWS."
    help          = "Set kms_key_id to the ARN of your key."
    severity      = in_environment(self, "prod") || environment_of(self) == null ? "medium" : "low"
  }

  check "aws_cloudtrail_event_data_store" {
    condition     = self.kms_key_id != null
    error_message = "The event data store is encrypted with a key of AWS."
    help          = "Set kms_key_id to the ARN of your key."
  }

  check "aws_cloudwatch_log_group" {
    condition     = self.kms_key_id != null && (length(referenced(self.kms_key_id)) > 0 || self.kms_key_id != "")
    error_message = "The log group is encrypted with a key of AWS."
    help          = "Set kms_key_id to the ARN of your key; its policy must allow the logs service."
    severity      = in_environment(self, "prod") ? "medium" : "low"
  }

  check "aws_s3_bucket" {
    locals {
      rules = concat(
        flatten(self.server_side_encryption_configuration[*].rule),
        flatten(related(self, "aws_s3_bucket_server_side_encryption_configuration", "bucket")[*].rule),
      )
      defaults = flatten([for rule in local.rules : rule.apply_server_side_encryption_by_default])
      # These write only to buckets with the key of S3.
      is_bound = (
        has_related(self, "aws_lb", "access_logs.bucket") || has_related(self, "aws_lb", "connection_logs.bucket")
        || has_related(self, "aws_elb", "access_logs.bucket") || has_related(self, "aws_redshift_logging", "bucket_name")
        || has_related(self, "aws_s3_bucket_logging", "target_bucket") || has_related(self, "aws_s3_bucket", "logging.target_bucket")
      )
    }
    when          = is_log_store(self) && !local.is_bound
    condition     = anytrue([for default in local.defaults : startswith(default.sse_algorithm, "aws:kms") && default.kms_master_key_id != null && (length(referenced(default.kms_master_key_id)) > 0 || default.kms_master_key_id != "alias/aws/s3")])
    at            = self
    error_message = "The log bucket is encrypted with a key of AWS."
    help          = "Add an aws_s3_bucket_server_side_encryption_configuration with sse_algorithm = \"aws:kms\" and kms_master_key_id."
  }

  check "azurerm_storage_account" {
    when          = is_log_store(self)
    condition     = length(self.customer_managed_key) > 0 || has_related(self, "azurerm_storage_account_customer_managed_key", "storage_account_id")
    at            = self
    error_message = "The log account is encrypted with a key of Microsoft."
    help          = "Add an azurerm_storage_account_customer_managed_key."
  }

  check "google_storage_bucket" {
    when          = is_log_store(self)
    condition     = self.encryption[0].default_kms_key_name != null
    at            = self
    error_message = "The log bucket is encrypted with a key of Google."
    help          = "Add encryption { default_kms_key_name = … }."
  }

  check "google_logging_project_bucket_config" "google_logging_folder_bucket_config" "google_logging_organization_bucket_config" {
    condition     = length(self.cmek_settings) > 0
    at            = self
    error_message = "The log bucket ${self.bucket_id} is encrypted with a key of Google."
    help          = "Add cmek_settings { kms_key_name = … }; it can be set only when the bucket is made."
    severity      = in_environment(self, "prod") ? "medium" : "low"
  }
}
