rule "drift-alarm" {
  summary   = "Nobody is told when clocks drift"
  severity  = "low"
  standards = ["NIST AU-8", "NIST SI-4", "ISO 8.16", "ISO 8.17", "PCI 10.6.3"]
  clauses   = ["MA-12"]

  params = {
    # Words in the names of metrics and queries.
    clock = ["*clockerror*", "*clock_error*", "*clock-error*", "*chrony*", "*ntp*offset*", "*ntp.*", "*timex*", "*clock*offset*", "*clock*drift*", "*clock*skew*", "*timeoffset*"]
    # Seconds by which a clock may be off.
    max_offset = 1
  }

  # Who runs hosts and watches them here watches their clocks here too.
  check "terraform" {
    locals {
      hosts = concat(resources("aws_instance"), resources("aws_autoscaling_group"), resources("azurerm_linux_virtual_machine"), resources("azurerm_windows_virtual_machine"), resources("google_compute_instance"))
      alarms = concat(
        [for alarm in resources("aws_cloudwatch_metric_alarm") : { address = address(alarm), text = lower("${default(alarm.metric_name, "")} ${join(" ", [for query in alarm.metric_query : "${default(query.expression, "")} ${join(" ", query.metric[*].metric_name)}"])}") }],
        [for alarm in resources("azurerm_monitor_scheduled_query_rules_alert_v2") : { address = address(alarm), text = lower(join(" ", alarm.criteria[*].query)) }],
        [for alarm in resources("google_monitoring_alert_policy") : { address = address(alarm), text = lower(join(" ", [for condition in alarm.conditions : "${condition.display_name} ${join(" ", condition.condition_threshold[*].filter)} ${join(" ", condition.condition_prometheus_query_language[*].query)}"])) }],
        [for alarm in resources("datadog_monitor") : { address = address(alarm), text = lower(alarm.query) }],
      )
      clocks = [for alarm in local.alarms : alarm if matches_any(alarm.text, params.clock)]
    }
    when          = length(local.hosts) > 0 && length(local.alarms) > 0
    condition     = length(local.clocks) > 0
    at            = local.hosts[0]
    error_message = "Hosts and ${length(local.alarms)} alarms are configured here, and none of the alarms watches a clock."
    help          = "Add an alarm on the offset of the clocks, such as chrony's or ClockErrorBound, at ${params.max_offset} s or less."
  }

  check "aws_cloudwatch_metric_alarm" {
    locals {
      scale = lookup({ Seconds = 1, Milliseconds = 1000, Microseconds = 1000000 }, default(self.unit, "Milliseconds"), 1000)
    }
    when          = matches_any(lower(self.metric_name), params.clock) && self.threshold != null
    condition     = self.threshold <= params.max_offset * local.scale
    at            = self.threshold
    error_message = "The alarm on ${self.metric_name} waits until clocks are off by more than ${self.threshold}."
    help          = "Set the threshold to ${params.max_offset} s or less."
  }

  attributes = {
    datadog_monitor = ["query"]
  }
}
