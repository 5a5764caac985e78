rule "fault-alerting" {
  summary   = "Fault reaches nobody"
  severity  = "low"
  aliases   = ["CKV_AWS_319"]
  standards = ["NIST SI-2", "NIST SI-11", "NIST IR-5", "NIST AU-5", "ISO 8.16"]
  clauses   = ["DWP-1.4", "MA-4.4", "MA-9", "MA-9.1", "MA-9.2", "MA-9.3", "MA-13.2.4"]

  check "aws_cloudwatch_metric_alarm" "aws_cloudwatch_composite_alarm" {
    locals {
      actions = concat(default(self.alarm_actions, []), default(self.ok_actions, []), default(self.insufficient_data_actions, []))
      # An alarm may be a part of another one, which tells.
      is_part = has_related(self, "aws_cloudwatch_composite_alarm", "alarm_rule") || anytrue([
        for alarm in resources("aws_cloudwatch_composite_alarm") : strcontains(alarm.alarm_rule, self.alarm_name)
      ])
      # Event rules see the state of every alarm.
      is_seen = anytrue([for rule in resources("aws_cloudwatch_event_rule") : rule.event_pattern != null && strcontains(rule.event_pattern, "CloudWatch Alarm State Change")])
    }
    assert {
      condition     = default(self.actions_enabled, true) == true
      at            = self.actions_enabled
      error_message = "The alarm's actions are switched off."
      help          = "Take actions_enabled = false out."
      severity      = "medium"
    }
    assert {
      condition     = length(local.actions) > 0 || local.is_part || local.is_seen
      at            = self
      error_message = "The alarm has no action: nobody hears of it."
      help          = "Set alarm_actions to a topic with subscribers."
    }
  }

  check "azurerm_monitor_metric_alert" "azurerm_monitor_activity_log_alert" {
    assert {
      condition     = default(self.enabled, true) == true
      at            = self.enabled
      error_message = "The alert is switched off."
      help          = "Take enabled = false out."
    }
    assert {
      condition     = length(self.action) > 0
      at            = self
      error_message = "The alert has no action: nobody hears of it."
      help          = "Add action { action_group_id = … }."
    }
  }

  check "google_monitoring_alert_policy" {
    assert {
      condition     = default(self.enabled, true) == true
      at            = self.enabled
      error_message = "The alert policy is switched off."
      help          = "Take enabled = false out."
    }
    assert {
      condition     = length(default(self.notification_channels, [])) > 0
      at            = self
      error_message = "The alert policy has no notification channel: nobody hears of it."
      help          = "Set notification_channels."
    }
  }

  # Where alarms are made, the things that fail have one.
  check "aws_db_instance" "aws_rds_cluster" "aws_lb" "aws_elb" {
    when = in_environment(self, "prod") && length(resources("aws_cloudwatch_metric_alarm")) > 0
    condition = (
      has_related(self, "aws_cloudwatch_metric_alarm", "dimensions") || has_related(self, "aws_cloudwatch_metric_alarm", "metric_query.metric.dimensions")
    )
    at            = self
    error_message = "Other things of the configuration have alarms, this one has none."
    help          = "Add an aws_cloudwatch_metric_alarm with its name in dimensions."
  }
}
