rule "audit-trail-all-regions" {
  summary   = "Audit trail misses regions or management events"
  severity  = "critical"
  aliases   = ["CKV_AWS_67", "CKV_AWS_251", "AVD-AWS-0014", "CKV_AZURE_38", "CKV2_GCP_5", "AVD-GCP-0079"]
  standards = ["NIST AU-2", "NIST AU-12", "CIS AWS 3.1", "CIS GCP 2.1", "ISO 8.15", "PCI 10.2.1"]
  clauses   = ["DWP-1.6", "CAF-ACC-7", "MA-4.6", "MA-5.1", "MA-6", "MA-6.1", "MA-6.1.2", "MA-6.1.7", "MA-7.1"]
  params    = { azure_categories = ["Administrative", "Security", "Alert", "Policy"] }

  check "aws_cloudtrail" {
    locals {
      # A trail for data events may stand beside one that records everything else.
      others = [
        for trail in resources("aws_cloudtrail") :
        trail.is_multi_region_trail == true && trail.enable_logging != false && length(trail.event_selector) == 0
        if address(trail) != address(self)
      ]
      complete_elsewhere = length(local.others) > 0 && anytrue(local.others)
      selectors          = self.event_selector
    }
    assert {
      condition     = self.is_multi_region_trail == true || local.complete_elsewhere
      error_message = "The trail records one region only: is_multi_region_trail is ${default(self.is_multi_region_trail, "false")}."
      help          = "Set is_multi_region_trail = true."
    }
    assert {
      condition     = default(self.enable_logging, true) == true
      at            = self.enable_logging
      error_message = "The trail is switched off: enable_logging is false."
      help          = "Set enable_logging = true."
    }
    assert {
      condition     = default(self.include_global_service_events, true) == true || local.complete_elsewhere
      at            = self.include_global_service_events
      error_message = "Events of global services such as IAM are left out: include_global_service_events is false."
      help          = "Set include_global_service_events = true."
    }
    assert {
      condition = length(local.selectors) == 0 || local.complete_elsewhere || anytrue([
        for selector in local.selectors :
        default(selector.include_management_events, true) == true
        && default(selector.read_write_type, "All") == "All"
        && length(default(selector.exclude_management_event_sources, [])) == 0
      ])
      at            = self.event_selector
      error_message = "The event selectors leave management events out."
      help          = "Use an event_selector with include_management_events = true and read_write_type = \"All\", and exclude no sources."
    }
  }

  check "aws_cloudtrail_event_data_store" {
    assert {
      condition     = default(self.multi_region_enabled, true) == true
      at            = self.multi_region_enabled
      error_message = "The event data store records one region only."
      help          = "Set multi_region_enabled = true."
    }
    assert {
      condition     = default(tostring(self.suspend), "false") != "true"
      at            = self.suspend
      error_message = "The event data store takes no events: suspend is true."
      help          = "Set suspend = false."
    }
  }

  check "azurerm_monitor_diagnostic_setting" {
    locals {
      categories = [for log in self.enabled_log : log.category if log.category != null]
      groups     = [for log in self.enabled_log : log.category_group if log.category_group != null]
    }
    # Only the activity log of a whole subscription is the audit trail.
    when = can(regex("^/?subscriptions/[^/]+$", self.target_resource_id)) || length(referenced(self.target_resource_id, "azurerm_subscription")) > 0
    condition = (
      contains(local.groups, "allLogs") || contains(local.groups, "audit")
      || alltrue([for category in params.azure_categories : contains(local.categories, category)])
    )
    at            = self.enabled_log
    error_message = "The subscription's activity log is exported without all of ${join(", ", params.azure_categories)}."
    help          = "Add an enabled_log block for each of these categories."
  }

  check "google_project_iam_audit_config" "google_folder_iam_audit_config" "google_organization_iam_audit_config" {
    locals {
      types = self.audit_log_config[*].log_type
    }
    when = self.service == "allServices"
    assert {
      condition     = alltrue([for type in ["ADMIN_READ", "DATA_READ", "DATA_WRITE"] : contains(local.types, type)])
      at            = self.audit_log_config
      error_message = "Only ${join(", ", local.types)} is recorded for all services."
      help          = "Add audit_log_config blocks for ADMIN_READ, DATA_READ and DATA_WRITE."
    }
    assert {
      condition     = alltrue([for config in self.audit_log_config : length(default(config.exempted_members, [])) == 0])
      at            = self.audit_log_config
      error_message = "Members are exempted from recording."
      help          = "Take exempted_members out."
    }
  }
}
