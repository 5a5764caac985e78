rule "remote-access" {
  summary   = "Remote access is not logged"
  severity  = "high"
  standards = ["NIST AC-17(1)", "NIST AU-12", "ISO 6.7", "ISO 8.15", "PCI 10.2.1"]
  clauses   = ["CAF-WAN-4", "MA-1.9", "MA-6.1.4"]
  params    = { iap_range = "35.235.240.0/20" }

  check "aws_ec2_client_vpn_endpoint" {
    condition     = self.connection_log_options[0].enabled == true && self.connection_log_options[0].cloudwatch_log_group != null
    error_message = self.connection_log_options[0].enabled == true ? "Connections are to be logged, but no log group is named." : "Connections to the VPN endpoint are not logged."
    help          = "Set connection_log_options { enabled = true  cloudwatch_log_group = … }."
  }

  check "aws_verifiedaccess_instance" {
    condition     = has_related(self, "aws_verifiedaccess_instance_logging_configuration", "verifiedaccess_instance_id")
    at            = self
    error_message = "Nothing logs who comes in through Verified Access."
    help          = "Add an aws_verifiedaccess_instance_logging_configuration for it."
  }

  check "aws_verifiedaccess_instance_logging_configuration" {
    locals {
      sinks = flatten([for logs in self.access_logs : concat(logs.cloudwatch_logs, logs.kinesis_data_firehose, logs.s3)])
    }
    condition     = anytrue([for sink in local.sinks : sink.enabled == true])
    at            = self.access_logs
    error_message = "No sink of the access logs is switched on."
    help          = "Set enabled = true in cloudwatch_logs, kinesis_data_firehose or s3."
  }

  check "azurerm_virtual_network_gateway" {
    locals {
      sent = diagnostic_logs(self)
    }
    when          = length(self.vpn_client_configuration) > 0
    condition     = contains(local.sent, "allLogs") || contains(local.sent, "P2SDiagnosticLog")
    at            = self
    error_message = "People connect to the gateway, and no diagnostic setting sends P2SDiagnosticLog."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"allLogs\" }."
  }

  check "azurerm_point_to_site_vpn_gateway" {
    locals {
      sent = diagnostic_logs(self)
    }
    condition     = contains(local.sent, "allLogs") || contains(local.sent, "P2SDiagnosticLog")
    at            = self
    error_message = "No diagnostic setting sends P2SDiagnosticLog of the gateway."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"allLogs\" }."
  }

  check "azurerm_bastion_host" {
    locals {
      sent = diagnostic_logs(self)
    }
    # The sku for developers sends no logs.
    when          = default(self.sku, "Basic") != "Developer"
    condition     = contains(local.sent, "allLogs") || contains(local.sent, "audit") || contains(local.sent, "BastionAuditLogs")
    at            = self
    error_message = "No diagnostic setting sends BastionAuditLogs: who connected to what is not known."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category = \"BastionAuditLogs\" }."
  }

  check "google_compute_firewall" {
    when          = length(self.allow) > 0 && contains(default(self.source_ranges, []), params.iap_range) && self.disabled != true
    condition     = length(self.log_config) > 0 || self.enable_logging == true
    at            = self.source_ranges
    error_message = "Connections through Identity-Aware Proxy (${params.iap_range}) are let in and not logged."
    help          = "Add log_config { metadata = \"INCLUDE_ALL_METADATA\" }."
    severity      = "medium"
  }
}
