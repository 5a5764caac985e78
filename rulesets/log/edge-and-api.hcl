rule "edge-and-api" {
  summary   = "CDN, web firewall or API logs no requests"
  severity  = "medium"
  aliases   = ["CKV_AWS_76", "CKV_AWS_86", "CKV2_AWS_4", "CKV2_AWS_31", "AVD-AWS-0001", "AVD-AWS-0010"]
  standards = ["NIST AU-2", "NIST AU-12", "ISO 8.15", "PCI 10.2.1"]
  clauses   = ["MA-6.1", "MA-6.1.4"]

  check "aws_cloudfront_distribution" {
    condition = (
      anytrue([for config in self.logging_config : config.bucket != null])
      || has_related(self, "aws_cloudwatch_log_delivery_source", "resource_arn")
      || anytrue([for behavior in self.default_cache_behavior : behavior.realtime_log_config_arn != null])
    )
    at            = self.logging_config
    error_message = "The distribution logs no requests."
    help          = "Add logging_config { bucket = … }, or an aws_cloudwatch_log_delivery_source for it."
  }

  check "aws_wafv2_web_acl" {
    condition     = has_related(self, "aws_wafv2_web_acl_logging_configuration", "resource_arn")
    at            = self
    error_message = "The web firewall logs no requests."
    help          = "Add an aws_wafv2_web_acl_logging_configuration with resource_arn = the firewall's ARN."
  }

  check "aws_waf_web_acl" "aws_wafregional_web_acl" {
    condition     = length(self.logging_configuration) > 0
    at            = self
    error_message = "The web firewall logs no requests."
    help          = "Add logging_configuration { log_destination = … }."
  }

  check "aws_api_gateway_stage" "aws_apigatewayv2_stage" {
    condition     = length(self.access_log_settings) > 0
    at            = self
    error_message = "The stage logs no requests."
    help          = "Add access_log_settings { destination_arn = …  format = … }."
  }

  check "aws_api_gateway_method_settings" {
    for_each = self.settings
    assert {
      condition     = default(each.value.logging_level, "OFF") != "OFF"
      at            = each.value.logging_level
      error_message = "Errors of the API are not logged: logging_level is OFF."
      help          = "Set logging_level = \"ERROR\" or \"INFO\"."
      severity      = "low"
    }
    assert {
      when          = in_environment(self, "prod")
      condition     = each.value.data_trace_enabled != true
      error_message = "Whole requests with their content are logged in production: data_trace_enabled is true."
      help          = "Set data_trace_enabled = false."
    }
  }

  check "aws_appsync_graphql_api" {
    condition     = length(self.log_config) > 0
    at            = self
    error_message = "The API logs no requests."
    help          = "Add log_config { cloudwatch_logs_role_arn = …  field_log_level = \"ERROR\" }."
  }

  check "aws_globalaccelerator_accelerator" {
    condition     = anytrue([for attributes in self.attributes : attributes.flow_logs_enabled == true])
    at            = self.attributes
    error_message = "The accelerator logs no flows."
    help          = "Add attributes { flow_logs_enabled = true  flow_logs_s3_bucket = …  flow_logs_s3_prefix = … }."
  }

  check "aws_transfer_server" {
    condition     = self.logging_role != null || length(default(self.structured_log_destinations, [])) > 0
    at            = self
    error_message = "File transfers are not logged: neither logging_role nor structured_log_destinations is set."
    help          = "Set structured_log_destinations to a log group."
  }

  check "azurerm_api_management" {
    locals {
      sent = diagnostic_logs(self)
    }
    condition     = contains(local.sent, "allLogs") || contains(local.sent, "GatewayLogs") || has_related(self, "azurerm_api_management_diagnostic", "api_management_name")
    at            = self
    error_message = "Neither a diagnostic setting nor a diagnostic of its own logs the gateway's requests."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category = \"GatewayLogs\" }."
  }

  check "azurerm_cdn_frontdoor_profile" {
    locals {
      sent = diagnostic_logs(self)
    }
    condition     = contains(local.sent, "allLogs") || contains(local.sent, "audit") || contains(local.sent, "FrontDoorAccessLog") || contains(local.sent, "FrontdoorAccessLog")
    at            = self
    error_message = "No diagnostic setting sends the access log of Front Door."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log { category_group = \"allLogs\" }."
  }
}
