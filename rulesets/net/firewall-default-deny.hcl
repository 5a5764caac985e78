rule "firewall-default-deny" {
  summary   = "Firewall passes what no rule names"
  severity  = "critical"
  standards = ["NIST SC-7(5)", "ISO 8.20", "PCI 1.3.1", "PCI 1.3.2"]
  clauses   = ["CAF-NET-1", "MA-11"]

  params = {
    # Google's own health checks, proxies and serverless NAT are no strangers.
    google_ranges = [
      "35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22", "35.235.240.0/20", "35.199.192.0/19",
      "35.199.224.0/19", "107.178.230.64/26",
    ]
  }

  check "aws_networkfirewall_firewall_policy" {
    locals {
      policy = self.firewall_policy[0]
      order  = default(local.policy.stateful_engine_options[0].rule_order, "DEFAULT_ACTION_ORDER")
      groups = referenced(local.policy.stateful_rule_group_reference[*].resource_arn, "aws_networkfirewall_rule_group")
      # In default order everything passes, unless a rule of one's own drops the rest.
      suricata = [for source in flatten(local.groups[*].rule_group[*].rules_source) : source.rules_string if source.rules_string != null]
      listed   = flatten(local.groups[*].rule_group[*].rules_source[*].stateful_rule)
      drops_rest = anytrue([for text in local.suricata : can(regex("(?m)^\\s*(drop|reject) ip (any|\\$HOME_NET) any (->|<>) any any ", text))]) || anytrue([
        for rule in local.listed : rule.action == "DROP" && alltrue([for header in rule.header : header.protocol == "IP" && header.source == "ANY" && header.destination == "ANY"])
      ])
      # A policy that never hands packets to the stateful engine decides in the stateless one.
      stateful = contains(local.policy.stateless_default_actions, "aws:forward_to_sfe") || length(local.policy.stateful_rule_group_reference) > 0
    }
    assert {
      condition     = !contains(local.policy.stateless_default_actions, "aws:pass")
      at            = local.policy.stateless_default_actions
      error_message = "The firewall passes what no stateless rule names: stateless_default_actions has aws:pass."
      help          = "Set stateless_default_actions = [\"aws:forward_to_sfe\"] or [\"aws:drop\"]."
    }
    assert {
      condition     = !contains(local.policy.stateless_fragment_default_actions, "aws:pass")
      at            = local.policy.stateless_fragment_default_actions
      error_message = "The firewall passes fragments unseen: stateless_fragment_default_actions has aws:pass."
      help          = "Set stateless_fragment_default_actions = [\"aws:forward_to_sfe\"] or [\"aws:drop\"]."
    }
    assert {
      when          = local.stateful && local.order == "STRICT_ORDER"
      condition     = anytrue([for action in local.policy.stateful_default_actions : matches_any(action, ["aws:drop_*"])])
      at            = local.policy.stateful_default_actions
      error_message = "The firewall passes what no stateful rule names: no default action drops it."
      help          = "Set stateful_default_actions = [\"aws:drop_established\", \"aws:alert_established\"]."
    }
    assert {
      when          = local.stateful && local.order != "STRICT_ORDER"
      condition     = local.drops_rest
      at            = local.policy.stateful_engine_options[0].rule_order
      error_message = "The firewall passes what no stateful rule names: rule_order is ${local.order}."
      help          = "Set stateful_engine_options { rule_order = \"STRICT_ORDER\" } and stateful_default_actions = [\"aws:drop_established\"]."
    }
  }

  check "azurerm_firewall_policy_rule_collection_group" {
    locals {
      rules = flatten([for collection in self.network_rule_collection : collection.rule if collection.action == "Allow"])
    }
    for_each = local.rules
    condition = !(
      cidr_contains(each.value.source_addresses, "0.0.0.0/0") && cidr_contains(each.value.destination_addresses, "0.0.0.0/0")
      && anytrue([for ports in each.value.destination_ports : contains(["*", "0-65535", "1-65535"], ports)])
    )
    at            = each.value.destination_addresses
    error_message = "Rule ${each.value.name} allows everything from anywhere to anywhere: nothing is left to deny."
    help          = "Name the sources, destinations and ports that are needed; the firewall denies the rest by itself."
  }

  check "google_compute_network_firewall_policy_rule" "google_compute_region_network_firewall_policy_rule" "google_compute_firewall_policy_rule" {
    when          = self.action == "allow" && self.direction == "INGRESS" && self.disabled != true
    for_each      = self.match
    condition     = !(is_world(each.value.src_ip_ranges) && !cidr_contains(params.google_ranges, each.value.src_ip_ranges) && anytrue([for layer in each.value.layer4_configs : lower(layer.ip_protocol) == "all"]))
    at            = each.value.src_ip_ranges
    error_message = "The policy allows everything from ${join(", ", each.value.src_ip_ranges)}: nothing is left to deny."
    help          = "Name the sources, protocols and ports that are needed; ingress is denied without a rule."
  }

  check "panos_default_security_policy" {
    for_each      = [for rule in self.rules : rule if rule.name == "interzone-default"]
    condition     = default(each.value.action, "deny") != "allow"
    at            = each.value.action
    error_message = "Traffic between zones that no rule names is allowed: interzone-default has action allow."
    help          = "Set action = \"deny\" for interzone-default."
  }

  # Meraki appliances allow out what no rule names, so the last rule has to deny it.
  check "meraki_appliance_l3_firewall_rules" "meraki_networks_appliance_firewall_l3_firewall_rules" {
    condition = anytrue([
      for rule in self.rules :
      rule.policy == "deny" && rule.protocol == "any"
      && lower(rule.src_cidr) == "any" && lower(rule.dest_cidr) == "any" && lower(default(rule.dest_port, "any")) == "any"
    ])
    at            = self.rules
    error_message = "The appliance lets out what no rule names: no rule denies any protocol from any to any."
    help          = "End the list with a rule of policy \"deny\", protocol \"any\", src_cidr \"Any\" and dest_cidr \"Any\"."
  }

  attributes = {
    panos_default_security_policy                        = ["rules.name", "rules.action"]
    meraki_appliance_l3_firewall_rules                   = ["rules.policy", "rules.protocol", "rules.src_cidr", "rules.dest_cidr", "rules.dest_port"]
    meraki_networks_appliance_firewall_l3_firewall_rules = ["rules.policy", "rules.protocol", "rules.src_cidr", "rules.dest_cidr", "rules.dest_port"]
  }
}
