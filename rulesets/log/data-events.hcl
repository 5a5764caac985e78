rule "data-events" {
  summary   = "Access to stored data is not logged"
  severity  = "medium"
  aliases   = ["CKV_AWS_18", "AVD-AWS-0089", "AVD-AWS-0171", "AVD-AWS-0172", "CKV_GCP_62"]
  standards = ["NIST AU-2", "NIST AU-12", "NIST AC-6(9)", "CIS AWS 3.8", "CIS AWS 3.9", "PCI 10.2.1.1"]
  clauses   = ["DWP-3.3", "DWP-3.8", "MA-1.9", "MA-4.3", "MA-5.1", "MA-6.1.6", "MA-6.1.9"]
  params = {
    # Tags that tell the class of data, in small letters without signs between words, and values of sensitive data.
    tag_keys  = ["dataclass", "dataclassification", "classification", "sensitivity", "datasensitivity", "confidentiality"]
    sensitive = ["high", "veryhigh", "confidential", "strictlyconfidential", "secret", "restricted", "sensitive", "personal", "pii", "phi", "pci"]
  }

  check "aws_s3_bucket" {
    locals {
      is_sensitive = anytrue([
        for key, value in tags_of(self) :
        contains(params.tag_keys, lower(replace(key, "/[^A-Za-z]/", ""))) && contains(params.sensitive, lower(replace(value, "/[^A-Za-z]/", "")))
      ])
      trails = resources("aws_cloudtrail")
      # Trails that record the objects of all buckets.
      general = concat(
        [
          for data in flatten([for selector in flatten(local.trails[*].event_selector) : selector.data_resource]) :
          data.type == "AWS::S3::Object" && anytrue([for value in default(data.values, []) : matches_any(value, ["arn:*:s3", "arn:*:s3:::"])])
        ],
        [
          for selector in flatten(local.trails[*].advanced_event_selector) :
          anytrue([for field in selector.field_selector : field.field == "resources.type" && contains(default(field.equals, []), "AWS::S3::Object")])
          && alltrue([for field in selector.field_selector : field.field != "resources.ARN"])
        ],
      )
    }
    # S3 cannot log where the logs of everything else are.
    when = !is_log_store(self)
    condition = (
      length(self.logging) > 0 || has_related(self, "aws_s3_bucket_logging", "bucket")
      || has_related(self, "aws_cloudtrail", "event_selector.data_resource.values")
      || has_related(self, "aws_cloudtrail", "advanced_event_selector.field_selector.starts_with")
      || has_related(self, "aws_cloudtrail", "advanced_event_selector.field_selector.equals")
      || anytrue(local.general)
    )
    at            = self
    error_message = local.is_sensitive ? "The bucket holds sensitive data, and nothing logs who reads it." : "Nothing logs who reads the bucket."
    help          = "Add an aws_s3_bucket_logging, or a trail with data events of its objects."
    severity      = local.is_sensitive ? "medium" : "low"
  }

  check "aws_dynamodb_table" {
    locals {
      is_sensitive = anytrue([
        for key, value in tags_of(self) :
        contains(params.tag_keys, lower(replace(key, "/[^A-Za-z]/", ""))) && contains(params.sensitive, lower(replace(value, "/[^A-Za-z]/", "")))
      ])
      trails = resources("aws_cloudtrail")
      general = concat(
        [
          for data in flatten([for selector in flatten(local.trails[*].event_selector) : selector.data_resource]) :
          data.type == "AWS::DynamoDB::Table" && anytrue([for value in default(data.values, []) : matches_any(value, ["arn:*:dynamodb"])])
        ],
        [
          for selector in flatten(local.trails[*].advanced_event_selector) :
          anytrue([for field in selector.field_selector : field.field == "resources.type" && contains(default(field.equals, []), "AWS::DynamoDB::Table")])
        ],
      )
    }
    when          = local.is_sensitive
    condition     = has_related(self, "aws_cloudtrail", "event_selector.data_resource.values") || anytrue(local.general)
    at            = self
    error_message = "The table holds sensitive data, and nothing logs who reads it."
    help          = "Add data events of AWS::DynamoDB::Table to a trail."
  }

  check "azurerm_storage_account" {
    locals {
      is_sensitive = anytrue([
        for key, value in tags_of(self) :
        contains(params.tag_keys, lower(replace(key, "/[^A-Za-z]/", ""))) && contains(params.sensitive, lower(replace(value, "/[^A-Za-z]/", "")))
      ])
      sent    = diagnostic_logs(self)
      missing = [for category in ["StorageRead", "StorageWrite", "StorageDelete"] : category if !contains(local.sent, category)]
    }
    when          = !is_log_store(self)
    condition     = contains(local.sent, "allLogs") || contains(local.sent, "audit") || length(local.missing) == 0
    at            = self
    error_message = "${local.is_sensitive ? "The account holds sensitive data, and no" : "No"} diagnostic setting sends ${join(", ", local.missing)}."
    help          = "Add an azurerm_monitor_diagnostic_setting with target_resource_id = \"$${….id}/blobServices/default\" and enabled_log { category_group = \"audit\" }."
    severity      = local.is_sensitive ? "medium" : "low"
  }

  check "google_storage_bucket" {
    locals {
      is_sensitive = anytrue([
        for key, value in tags_of(self) :
        contains(params.tag_keys, lower(replace(key, "/[^A-Za-z]/", ""))) && contains(params.sensitive, lower(replace(value, "/[^A-Za-z]/", "")))
      ])
      configs = concat(resources("google_project_iam_audit_config"), resources("google_folder_iam_audit_config"), resources("google_organization_iam_audit_config"))
      audited = [
        for config in local.configs :
        contains(["allServices", "storage.googleapis.com"], config.service) && contains(config.audit_log_config[*].log_type, "DATA_READ")
      ]
    }
    when          = !is_log_store(self)
    condition     = length(self.logging) > 0 || anytrue(local.audited)
    at            = self
    error_message = local.is_sensitive ? "The bucket holds sensitive data, and nothing logs who reads it." : "Nothing logs who reads the bucket."
    help          = "Record DATA_READ of storage.googleapis.com in a google_project_iam_audit_config, or add logging { log_bucket = … }."
    severity      = local.is_sensitive ? "medium" : "low"
  }
}
