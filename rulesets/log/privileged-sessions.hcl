rule "privileged-sessions" {
  summary   = "Privileged session leaves no recording"
  severity  = "high"
  aliases   = ["CKV_AWS_113", "CKV_AWS_223"]
  standards = ["NIST AU-14", "NIST AC-6(9)", "NIST AC-17", "ISO 8.2", "ISO 8.18", "PCI 10.2.1.2"]
  clauses   = ["MA-6.1.8", "MA-6.1.9", "MA-6.2", "MA-7.1"]

  check "aws_ssm_document" {
    locals {
      document  = upper(default(self.document_format, "JSON")) == "YAML" ? yamldecode(self.content) : jsondecode(self.content)
      inputs    = default(local.document.inputs, {})
      bucket    = default(local.inputs.s3BucketName, "")
      group     = default(local.inputs.cloudWatchLogGroupName, "")
      encrypted = default(local.inputs.s3EncryptionEnabled, true)
      sealed    = default(local.inputs.cloudWatchEncryptionEnabled, true)
      streaming = default(local.inputs.cloudWatchStreamingEnabled, true)
    }
    when = self.document_type == "Session" && !contains(["Port", "NonInteractiveCommands"], default(local.document.sessionType, "Standard_Stream"))
    assert {
      condition     = local.bucket != "" || local.group != ""
      at            = self.content
      error_message = "Sessions of the document are recorded nowhere."
      help          = "Name cloudWatchLogGroupName or s3BucketName in the inputs of the document."
    }
    assert {
      condition     = (local.bucket == "" || local.encrypted == true) && (local.group == "" || local.sealed == true)
      at            = self.content
      error_message = "Recordings of sessions are not encrypted."
      help          = "Set s3EncryptionEnabled and cloudWatchEncryptionEnabled to true."
      severity      = "medium"
    }
    assert {
      condition     = local.group == "" || local.streaming == true
      at            = self.content
      error_message = "Sessions are recorded only when they end: cloudWatchStreamingEnabled is false."
      help          = "Set cloudWatchStreamingEnabled to true."
      severity      = "low"
    }
  }

  check "aws_ecs_cluster" {
    locals {
      command  = self.configuration[0].execute_command_configuration[0]
      services = [for service in related(self, "aws_ecs_service", "cluster") : service if service.enable_execute_command == true]
      target   = local.command.log_configuration[0]
    }
    assert {
      condition     = default(local.command.logging, "DEFAULT") != "NONE"
      at            = local.command.logging
      error_message = "Commands run in containers are not recorded: logging is NONE."
      help          = "Set logging = \"OVERRIDE\" with a log_configuration."
    }
    assert {
      # By default the output goes to the log of the task, if that has one.
      when          = length(local.services) > 0 && default(local.command.logging, "DEFAULT") != "NONE"
      condition     = local.command.logging == "OVERRIDE" && (local.target.cloud_watch_log_group_name != null || local.target.s3_bucket_name != null)
      at            = local.command.logging
      error_message = "Services of the cluster allow commands in containers, and the cluster names no log for them."
      help          = "Set logging = \"OVERRIDE\" and name cloud_watch_log_group_name or s3_bucket_name in log_configuration."
      severity      = "medium"
    }
  }

  check "azurerm_bastion_host" {
    condition     = self.session_recording_enabled == true
    at            = self.session_recording_enabled
    error_message = "Sessions through the bastion are not recorded."
    help          = "Set session_recording_enabled = true; it needs sku = \"Premium\"."
    severity      = "medium"
  }

  check "iosxe_system" {
    attributes    = ["archive_log_config_logging_enable"]
    condition     = self.archive_log_config_logging_enable == true
    at            = self.archive_log_config_logging_enable
    error_message = "Configuration commands on the device are not logged."
    help          = "Set archive_log_config_logging_enable = true."
    severity      = "medium"
  }
}
