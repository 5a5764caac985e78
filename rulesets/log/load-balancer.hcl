rule "load-balancer" {
  summary   = "Load balancer writes no access log"
  severity  = "medium"
  aliases   = ["CKV_AWS_91", "CKV_AWS_92"]
  standards = ["NIST AU-2", "NIST AU-12", "ISO 8.15", "PCI 10.2.1"]
  clauses   = ["MA-6.1.4", "MA-6.1.6"]
  params    = { min_sample_rate = 1 }

  check "aws_lb" {
    locals {
      listeners = related(self, "aws_lb_listener", "load_balancer_arn")
    }
    # Gateway load balancers have no access log, and network load balancers log TLS listeners only.
    when          = self.load_balancer_type != "gateway" && (self.load_balancer_type != "network" || anytrue([for listener in local.listeners : listener.protocol == "TLS"]))
    condition     = length(self.access_logs) > 0 && self.access_logs[0].enabled == true
    error_message = length(self.access_logs) > 0 ? "Access logs are not enabled in the access_logs block." : "There is no access_logs block."
    help          = "Add access_logs { bucket = …  enabled = true }."
  }

  check "aws_elb" {
    # Here the block alone switches the log on.
    condition     = length(self.access_logs) > 0 && default(self.access_logs[0].enabled, true) == true
    error_message = length(self.access_logs) > 0 ? "Access logs are switched off: enabled is false." : "There is no access_logs block."
    help          = "Add access_logs { bucket = … }."
  }

  check "google_compute_backend_service" {
    when = !contains(["INTERNAL_SELF_MANAGED"], self.load_balancing_scheme)
    assert {
      condition     = self.log_config[0].enable == true
      error_message = "Requests are not logged: log_config is not enabled."
      help          = "Add log_config { enable = true  sample_rate = 1 }."
    }
    assert {
      when          = self.log_config[0].enable == true
      condition     = default(self.log_config[0].sample_rate, 1) >= params.min_sample_rate
      at            = self.log_config[0].sample_rate
      error_message = "Only a share of ${self.log_config[0].sample_rate} of the requests is logged."
      help          = "Set sample_rate = ${params.min_sample_rate}."
      severity      = "low"
    }
  }

  check "azurerm_application_gateway" {
    locals {
      sent = diagnostic_logs(self)
    }
    condition     = contains(local.sent, "allLogs") || contains(local.sent, "ApplicationGatewayAccessLog")
    at            = self
    error_message = "No diagnostic setting exports the gateway's access log."
    help          = "Add an azurerm_monitor_diagnostic_setting with target_resource_id and enabled_log { category_group = \"allLogs\" }."
  }
}
