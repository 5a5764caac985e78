rule "time-config-protected" {
  summary   = "Clock or time settings can be changed by others than the time service"
  severity  = "medium"
  standards = ["NIST SC-45", "NIST AC-6", "NIST CM-5", "ISO 8.17", "ISO 8.18", "PCI 10.6.3"]
  clauses   = ["MA-12.1"]

  params = {
    # Images that keep a clock.
    clients = ["*chrony*", "*ntpd*", "*/ntp", "*/ntp:*", "*openntp*"]
    # Words in the names of policies for network administrators.
    network_roles = ["*network*", "*vpc*", "*dhcp*", "*ntp*", "*time*"]
  }

  check "kubernetes_pod" "kubernetes_pod_v1" {
    for_each = flatten([for spec in default(self.spec, []) : concat(default(spec.container, []), default(spec.init_container, []))])
    condition = matches_any(lower(each.value.image), params.clients) || !contains(
      [for name in flatten([for context in default(each.value.security_context, []) : [for capabilities in default(try(context.capabilities, null), []) : default(capabilities.add, [])]]) : trimprefix(upper(name), "CAP_")],
      "SYS_TIME",
    )
    at            = each.value
    error_message = "Container ${each.value.name} may set the clock of its node (SYS_TIME)."
    help          = "Take SYS_TIME out; one time client for each node is enough."
  }

  check "kubernetes_deployment" "kubernetes_deployment_v1" "kubernetes_stateful_set" "kubernetes_stateful_set_v1" "kubernetes_daemonset" "kubernetes_daemon_set_v1" {
    for_each = flatten([for spec in default(self.spec[0].template[0].spec, []) : concat(default(spec.container, []), default(spec.init_container, []))])
    condition = matches_any(lower(each.value.image), params.clients) || !contains(
      [for name in flatten([for context in default(each.value.security_context, []) : [for capabilities in default(try(context.capabilities, null), []) : default(capabilities.add, [])]]) : trimprefix(upper(name), "CAP_")],
      "SYS_TIME",
    )
    at            = each.value
    error_message = "Container ${each.value.name} may set the clock of its node (SYS_TIME)."
    help          = "Take SYS_TIME out; one time client for each node is enough."
  }

  check "aws_ecs_task_definition" {
    for_each = [
      for container in try(jsondecode(self.container_definitions), []) : container
      if contains(try(container.linuxParameters.capabilities.add, []), "SYS_TIME")
    ]
    condition     = matches_any(lower(each.value.image), params.clients)
    at            = self.container_definitions
    error_message = "Container ${each.value.name} may set the clock of its host (SYS_TIME)."
    help          = "Take SYS_TIME out of linuxParameters."
  }

  # A right that is given by name is given on purpose; wider ones are told by acc/least-privilege.
  check "aws_iam_policy" "aws_iam_role_policy" {
    for_each = flatten([
      for statement in policy_statements(self.policy) : [for action in statement.actions : action if matches_any(lower(action), ["ec2:*dhcpoptions*"])]
      if statement.effect == "Allow"
    ])
    condition     = matches_any(lower(each.value), ["ec2:describe*"]) || matches_any(lower(self.name), params.network_roles)
    at            = self.policy
    error_message = "The policy allows ${each.value}: who has it can hand all machines another time server."
    help          = "Give ${each.value} to network administrators only."
    severity      = "low"
  }

  # Who hands out time servers and has alarms on changes here has one on these changes.
  check "terraform" {
    locals {
      options = [for options in resources("aws_vpc_dhcp_options") : options if options.ntp_servers != null]
      filters = [for filter in resources("aws_cloudwatch_log_metric_filter") : lower(filter.pattern) if matches_any(filter.pattern, ["*eventName*"])]
    }
    when          = length(local.options) > 0 && length(local.filters) > 0
    condition     = anytrue([for pattern in local.filters : strcontains(pattern, "dhcpoptions")])
    at            = local.options[0]
    error_message = "Changes are watched here, but nobody is told when time servers are changed (DHCP options)."
    help          = "Add CreateDhcpOptions and AssociateDhcpOptions to the pattern of a metric filter with an alarm."
    severity      = "low"
  }

  attributes = {
    kubernetes_pod             = ["spec.container", "spec.init_container"]
    kubernetes_pod_v1          = ["spec.container", "spec.init_container"]
    kubernetes_deployment      = ["spec.template.spec.container", "spec.template.spec.init_container"]
    kubernetes_deployment_v1   = ["spec.template.spec.container", "spec.template.spec.init_container"]
    kubernetes_stateful_set    = ["spec.template.spec.container", "spec.template.spec.init_container"]
    kubernetes_stateful_set_v1 = ["spec.template.spec.container", "spec.template.spec.init_container"]
    kubernetes_daemonset       = ["spec.template.spec.container", "spec.template.spec.init_container"]
    kubernetes_daemon_set_v1   = ["spec.template.spec.container", "spec.template.spec.init_container"]
  }
}
