rule "alarms" {
  summary   = "Nothing alarms when logs, rights or networks are tampered with"
  severity  = "medium"
  aliases   = ["AVD-AWS-0147", "AVD-AWS-0148", "AVD-AWS-0149", "AVD-AWS-0150", "AVD-AWS-0151", "AVD-AWS-0153", "AVD-AWS-0155", "AVD-AWS-0156", "AVD-AWS-0157", "AVD-AWS-0158", "AVD-AWS-0159", "AVD-AWS-0160"]
  standards = ["NIST AU-5", "NIST AU-6", "NIST SI-4(5)", "CIS AWS 4.1", "ISO 8.16", "PCI 10.4.1", "PCI 10.7.2"]
  clauses   = ["CAF-ACC-8", "MA-5.2", "MA-6.1.8", "MA-6.2", "MA-7.2", "MA-13.2.4"]
  params = {
    # What is watched, and words that occur in every filter or event pattern that watches it.
    aws_topics = {
      "use of the root user"       = ["Root"]
      "denied calls"               = ["UnauthorizedOperation", "AccessDenied"]
      "changes of access rights"   = ["AttachRolePolicy", "PutRolePolicy", "PutUserPolicy", "AttachUserPolicy", "aws.iam", "iam.amazonaws.com"]
      "changes of the trail"       = ["StopLogging", "cloudtrail.amazonaws.com"]
      "disabling of keys"          = ["DisableKey", "ScheduleKeyDeletion"]
      "changes of bucket access"   = ["PutBucketPolicy"]
      "changes of security groups" = ["AuthorizeSecurityGroupIngress"]
      "changes of network ACLs"    = ["CreateNetworkAclEntry", "ReplaceNetworkAclEntry", "DeleteNetworkAcl"]
      "changes of routes"          = ["CreateRoute", "ReplaceRoute"]
      "changes of networks"        = ["CreateVpc", "DeleteVpc", "AcceptVpcPeeringConnection"]
    }
    azure_operations = [
      "Microsoft.Authorization/policyAssignments/write",
      "Microsoft.Network/networkSecurityGroups/write",
      "Microsoft.Network/networkSecurityGroups/delete",
      "Microsoft.Security/securitySolutions/write",
    ]
    google_topics = {
      "changes of ownership"      = ["SetIamPolicy", "roles/owner", "projects/setIamPolicy"]
      "changes of audit settings" = ["auditConfigDeltas"]
      "changes of firewall rules" = ["gce_firewall_rule", "compute.firewalls"]
      "changes of networks"       = ["gce_network", "compute.networks"]
    }
  }

  # Whoever sends the trail to a log group is the one to watch it.
  check "aws_cloudtrail" {
    locals {
      # Metrics with an alarm that tells somebody, where the alarm names the metric by text.
      alarmed = flatten([
        for alarm in resources("aws_cloudwatch_metric_alarm") :
        concat([alarm.metric_name], [for query in alarm.metric_query : one(query.metric[*].metric_name)])
        if length(default(alarm.alarm_actions, [])) > 0 && alarm.actions_enabled != false && length(referenced(alarm.metric_name, "aws_cloudwatch_log_metric_filter")) == 0
      ])
      filters = [
        for filter in resources("aws_cloudwatch_log_metric_filter") : filter.pattern
        if anytrue([
          for alarm in related(filter, "aws_cloudwatch_metric_alarm", "metric_name") :
          length(default(alarm.alarm_actions, [])) > 0 && alarm.actions_enabled != false
        ]) || anytrue([for transformation in filter.metric_transformation : contains(local.alarmed, transformation.name)])
      ]
      events = [
        for rule in resources("aws_cloudwatch_event_rule") : rule.event_pattern
        if rule.event_pattern != null && has_related(rule, "aws_cloudwatch_event_target", "rule")
      ]
      patterns = concat(local.filters, local.events)
      missing = [
        for topic, words in params.aws_topics : topic
        if !anytrue([for word in words : anytrue([for pattern in local.patterns : strcontains(pattern, word)])])
      ]
    }
    when          = self.cloud_watch_logs_group_arn != null && self.is_organization_trail != true || length(local.patterns) > 0
    condition     = length(local.missing) == 0
    at            = self
    error_message = length(local.missing) == length(params.aws_topics) ? "No alarm and no event rule watches the trail." : "Nothing alarms on ${join(", ", local.missing)}."
    help          = "Add metric filters with alarms that have actions, or event rules with targets, for each of these."
  }

  # A filter without an alarm counts for nobody.
  check "aws_cloudwatch_log_metric_filter" {
    locals {
      names = self.metric_transformation[*].name
      of_trail = anytrue([
        for group in referenced(self.log_group_name, "aws_cloudwatch_log_group") :
        has_related(group, "aws_cloudtrail", "cloud_watch_logs_group_arn")
      ])
      alarmed = flatten([
        for alarm in resources("aws_cloudwatch_metric_alarm") :
        concat([alarm.metric_name], [for query in alarm.metric_query : one(query.metric[*].metric_name)])
        if length(referenced(alarm.metric_name, "aws_cloudwatch_log_metric_filter")) == 0
      ])
    }
    when          = local.of_trail
    condition     = has_related(self, "aws_cloudwatch_metric_alarm", "metric_name") || alltrue([for name in local.names : contains(local.alarmed, name)])
    at            = self.metric_transformation
    error_message = "The metric ${local.names[0]} counts events of the trail, and no alarm looks at it."
    help          = "Add an aws_cloudwatch_metric_alarm with metric_name = \"${local.names[0]}\"."
  }

  check "azurerm_monitor_activity_log_alert" {
    locals {
      alerts = resources("azurerm_monitor_activity_log_alert")
      live   = [for alert in local.alerts : lower(default(one(alert.criteria[*].operation_name), "")) if alert.enabled != false && length(alert.action) > 0]
      # Alerts on the health of services say nothing about who watches changes.
      watches = [for alert in local.alerts : address(alert) if contains(["Administrative", "Policy", "Security"], default(one(alert.criteria[*].category), ""))]
      missing = [for operation in params.azure_operations : operation if !contains(local.live, lower(operation))]
    }
    when          = length(local.watches) > 0 && address(self) == default(local.watches[0], "")
    condition     = length(local.missing) == 0
    at            = self
    error_message = "No alert with an action watches ${join(", ", local.missing)}."
    help          = "Add an azurerm_monitor_activity_log_alert for each of these operations."
  }

  check "google_logging_metric" {
    locals {
      metrics  = resources("google_logging_metric")
      policies = resources("google_monitoring_alert_policy")
      alarmed  = join(" ", [for policy in local.policies : jsonencode(policy.conditions) if length(default(policy.notification_channels, [])) > 0 && policy.enabled != false])
      # A metric of the audit log, and the topics that metrics of it watch.
      audits  = [for metric in local.metrics : address(metric) if strcontains(metric.filter, "protoPayload")]
      filters = [for metric in local.metrics : metric.filter if strcontains(local.alarmed, metric.name)]
      missing = [
        for topic, words in params.google_topics : topic
        if !anytrue([for word in words : anytrue([for filter in local.filters : strcontains(filter, word)])])
      ]
    }
    when          = length(local.audits) > 0 && address(self) == default(local.audits[0], "")
    condition     = length(local.missing) == 0
    at            = self
    error_message = "No alert policy with a notification channel watches ${join(", ", local.missing)}."
    help          = "Add log-based metrics and alert policies for each of these."
  }
}
