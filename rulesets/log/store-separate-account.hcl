rule "store-separate-account" {
  summary   = "Logs stay in the account they are about"
  severity  = "high"
  standards = ["NIST AU-9(2)", "NIST AC-5", "ISO 5.3", "ISO 8.15", "PCI 10.3.3"]
  clauses   = ["MA-3", "MA-6.3", "MA-6.4"]

  check "aws_s3_bucket" {
    locals {
      # S3 itself writes access logs only within an account.
      own           = concat(related(self, "aws_s3_bucket_logging", "target_bucket"), related(self, "aws_s3_bucket", "logging.target_bucket"))
      others        = [for writer in log_writers(self) : writer if !contains([for bucket in local.own : address(bucket)], address(writer))]
      local_writers = [for writer in local.others : address(writer) if in_same_account(self, writer)]
    }
    when          = length(local.others) > 0 && !contains(["dev", "test", "shared"], default(environment_of(self), ""))
    condition     = length(local.local_writers) == 0
    at            = self
    error_message = "${local.local_writers[0]} writes its logs to this bucket in its own account."
    help          = "Deliver to a bucket in a log archive account: provider = aws.<log archive>, or the name of its bucket."
  }

  check "azurerm_storage_account" {
    locals {
      writers       = log_writers(self)
      local_writers = [for writer in local.writers : address(writer) if in_same_account(self, writer)]
    }
    when          = length(local.writers) > 0 && !contains(["dev", "test", "shared"], default(environment_of(self), ""))
    condition     = length(local.local_writers) == 0
    at            = self
    error_message = "${local.local_writers[0]} sends logs to this storage account in the same subscription."
    help          = "Send them to a store in a subscription for logs."
  }

  check "azurerm_log_analytics_workspace" {
    locals {
      writers       = related(self, "azurerm_monitor_diagnostic_setting", "log_analytics_workspace_id")
      local_writers = [for writer in local.writers : address(writer) if in_same_account(self, writer)]
    }
    when          = length(local.writers) > 0 && !contains(["dev", "test", "shared"], default(environment_of(self), ""))
    condition     = length(local.local_writers) == 0
    at            = self
    error_message = "${local.local_writers[0]} sends logs to this workspace in the same subscription."
    help          = "Send them to a workspace in a subscription for logs."
  }

  # The sinks of folders and organisations are about many projects.
  check "google_logging_project_sink" {
    when          = !contains(["dev", "test", "shared"], default(environment_of(self), ""))
    condition     = !in_same_account(self, self.destination)
    at            = self.destination
    error_message = "The sink writes to ${self.destination} in its own project."
    help          = "Write to a bucket in a project for logs, with unique_writer_identity = true."
  }

  # The name of a bucket elsewhere does not tell its account.
  check "aws_cloudtrail" {
    when          = length(referenced(self.s3_bucket_name, "aws_s3_bucket")) == 0 && !contains(["dev", "test", "shared"], default(environment_of(self), ""))
    condition     = !in_same_account(self, self.s3_bucket_name)
    at            = self.s3_bucket_name
    error_message = "The trail writes to ${self.s3_bucket_name} in its own account."
    help          = "Deliver to a bucket in a log archive account."
  }
}
