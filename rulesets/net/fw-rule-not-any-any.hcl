rule "fw-rule-not-any-any" {
  summary   = "Firewall rule names no source, destination or service"
  severity  = "high"
  aliases   = ["CKV_PAN_7"]
  standards = ["NIST SC-7(5)", "NIST AC-4", "ISO 8.20", "PCI 1.2.5"]
  clauses   = ["CAF-NET-1"]

  # A named zone says where traffic comes from or goes to as an address does.
  check "panos_security_policy" "panos_security_policy_rules" "panos_security_rule_group" {
    for_each = [for rule in concat(self.rules, self.rule) : rule if default(rule.action, "allow") == "allow" && rule.disabled != true]
    locals {
      any_addresses = (length(each.value.source_addresses) == 0 || contains(each.value.source_addresses, "any")) && (length(each.value.destination_addresses) == 0 || contains(each.value.destination_addresses, "any"))
      any_zones     = (length(each.value.source_zones) == 0 || contains(each.value.source_zones, "any")) || (length(each.value.destination_zones) == 0 || contains(each.value.destination_zones, "any"))
      any_service   = (length(each.value.services) == 0 || contains(each.value.services, "any")) && (length(each.value.applications) == 0 || contains(each.value.applications, "any"))
    }
    assert {
      condition     = !(local.any_addresses && local.any_zones)
      at            = default(each.value.source_addresses, each.value)
      error_message = "Rule ${each.value.name} allows traffic from any to any."
      help          = "Name the source and destination addresses, or both zones."
    }
    assert {
      when          = !(local.any_addresses && local.any_zones)
      condition     = !local.any_service
      at            = default(each.value.applications, default(each.value.services, each.value))
      severity      = local.any_addresses ? "high" : "medium"
      error_message = "Rule ${each.value.name} allows any application on any port."
      help          = "Name the applications, or the services."
    }
  }

  check "fortios_firewall_policy" {
    locals {
      source      = self.srcaddr[*].name
      destination = self.dstaddr[*].name
      any_addresses = (
        self.internet_service_src != "enable" && self.srcaddr_negate != "enable" && anytrue([for name in local.source : lower(name) == "all"])
        && self.internet_service != "enable" && self.dstaddr_negate != "enable" && anytrue([for name in local.destination : lower(name) == "all"])
      )
      any_zones   = anytrue([for name in concat(self.srcintf[*].name, self.dstintf[*].name) : lower(name) == "any"])
      any_service = self.internet_service != "enable" && self.service_negate != "enable" && anytrue([for service in self.service : upper(service.name) == "ALL"])
    }
    when = self.action == "accept" && self.status != "disable"
    assert {
      condition     = !(local.any_addresses && local.any_zones)
      at            = self.srcaddr
      error_message = "The policy accepts traffic from all to all."
      help          = "Name the source and destination addresses, or both interfaces."
    }
    assert {
      when          = !(local.any_addresses && local.any_zones)
      condition     = !local.any_service
      at            = self.service
      severity      = local.any_addresses ? "high" : "medium"
      error_message = "The policy accepts every service: service is ALL."
      help          = "Name the services that are needed."
    }
  }

  check "junos_security_policy" "junos_security_global_policy" {
    for_each = [for policy in self.policy : policy if default(policy.then, "permit") == "permit"]
    locals {
      any = ["any", "any-ipv4"]
      any_addresses = (
        anytrue([for name in each.value.match_source_address : contains(local.any, name)]) && each.value.match_source_address_excluded != true
        && anytrue([for name in each.value.match_destination_address : contains(local.any, name)]) && each.value.match_destination_address_excluded != true
      )
      # Policies between two zones name both; global ones may not.
      any_zones   = contains(each.value.match_from_zone, "any") || contains(each.value.match_to_zone, "any")
      any_service = (length(each.value.match_application) == 0 || contains(each.value.match_application, "any")) && (length(each.value.match_dynamic_application) == 0 || contains(each.value.match_dynamic_application, "any"))
      # Traffic inside one zone crosses no boundary.
      inside = self.from_zone != null && self.from_zone == self.to_zone
    }
    assert {
      condition     = !(local.any_addresses && local.any_zones)
      at            = each.value.match_source_address
      error_message = "Policy ${each.value.name} permits traffic from any to any."
      help          = "Name the source and destination addresses, or both zones."
    }
    assert {
      when          = !(local.any_addresses && local.any_zones)
      condition     = !local.any_service
      at            = default(each.value.match_application, each.value)
      severity      = local.inside ? "low" : local.any_addresses ? "high" : "medium"
      error_message = "Policy ${each.value.name} permits any application."
      help          = "Name the applications in match_application."
    }
  }

  check "checkpoint_management_access_rule" {
    locals {
      any_addresses = (length(self.source) == 0 || contains(self.source, "Any")) && self.source_negate != true && (length(self.destination) == 0 || contains(self.destination, "Any")) && self.destination_negate != true
      any_service   = (length(self.service) == 0 || contains(self.service, "Any")) && self.service_negate != true
    }
    when = self.action == "Accept" && self.enabled != false
    assert {
      condition     = !local.any_addresses
      at            = default(self.source, self)
      error_message = "Rule ${default(self.name, "without name")} accepts traffic from Any to Any."
      help          = "Name the source and the destination."
    }
    assert {
      when          = !local.any_addresses
      condition     = !local.any_service
      at            = default(self.service, self)
      severity      = "medium"
      error_message = "Rule ${default(self.name, "without name")} accepts every service."
      help          = "Name the services that are needed."
    }
  }

  check "meraki_appliance_l3_firewall_rules" "meraki_networks_appliance_firewall_l3_firewall_rules" {
    for_each = [for rule in self.rules : rule if rule.policy == "allow"]
    condition = !(
      lower(default(each.value.src_cidr, "any")) == "any" && lower(default(each.value.dest_cidr, "any")) == "any"
      && (each.value.protocol == "any" || lower(default(each.value.dest_port, "any")) == "any" && contains(["tcp", "udp"], each.value.protocol))
    )
    at            = default(each.value.dest_cidr, each.value)
    error_message = "A rule allows ${each.value.protocol} from any to any on every port."
    help          = "Name the source, the destination or the ports."
  }

  check "nsxt_policy_security_policy" {
    for_each      = [for rule in self.rule : rule if default(rule.action, "ALLOW") == "ALLOW" && rule.disabled != true]
    condition     = length(each.value.source_groups) > 0 || length(each.value.destination_groups) > 0 || length(each.value.services) > 0 || length(each.value.profiles) > 0 || length(each.value.scope) > 0 || length(self.scope) > 0
    at            = each.value
    error_message = "Rule ${each.value.display_name} allows everything from any to any."
    help          = "Name source_groups, destination_groups and services, or apply the rule to a scope."
  }

  check "nsxt_policy_gateway_policy" {
    for_each      = [for rule in self.rule : rule if default(rule.action, "ALLOW") == "ALLOW" && rule.disabled != true]
    condition     = length(each.value.source_groups) > 0 || length(each.value.destination_groups) > 0 || length(each.value.services) > 0 || length(each.value.profiles) > 0
    at            = each.value
    error_message = "Rule ${each.value.display_name} allows everything from any to any."
    help          = "Name source_groups, destination_groups and services."
  }

  # After denials "permit ip any any" is the end of a list of what is forbidden, as on guest networks.
  check "iosxe_access_list_extended" {
    when          = !anytrue([for entry in self.entries : entry.ace_rule_action == "deny"])
    for_each      = [for entry in self.entries : entry if entry.ace_rule_action == "permit"]
    condition     = !(each.value.source_any == true && each.value.destination_any == true && default(each.value.ace_rule_protocol, "ip") == "ip" && each.value.service_object_group == null)
    at            = each.value
    error_message = "List ${self.name} permits ip any any and denies nothing: it filters nothing."
    help          = "Name the protocol and the addresses; what no entry permits is denied."
  }

  check "ciscoasa_access_in_rules" "ciscoasa_access_out_rules" {
    when          = !anytrue([for rule in self.rule : rule.permit == false])
    for_each      = [for rule in self.rule : rule if rule.permit != false && rule.active != false]
    condition     = !(cidr_contains(each.value.source, "0.0.0.0/0") && cidr_contains(each.value.destination, "0.0.0.0/0") && startswith(each.value.destination_service, "ip"))
    at            = each.value.source
    error_message = "A rule of interface ${self.interface} permits ip from any to any: it filters nothing."
    help          = "Name the service and the addresses; what no rule permits is denied."
  }

  attributes = {
    panos_security_policy                                = ["rules", "rule"]
    panos_security_policy_rules                          = ["rules", "rule"]
    panos_security_rule_group                            = ["rules", "rule"]
    fortios_firewall_policy                              = ["srcaddr.name", "dstaddr.name", "srcintf.name", "dstintf.name", "service.name", "action", "status", "internet_service", "internet_service_src", "srcaddr_negate", "dstaddr_negate", "service_negate"]
    junos_security_policy                                = ["from_zone", "to_zone", "policy"]
    junos_security_global_policy                         = ["from_zone", "to_zone", "policy"]
    checkpoint_management_access_rule                    = ["name", "source", "source_negate", "destination", "destination_negate", "service", "service_negate", "action", "enabled"]
    meraki_appliance_l3_firewall_rules                   = ["rules.policy", "rules.protocol", "rules.src_cidr", "rules.dest_cidr", "rules.dest_port"]
    meraki_networks_appliance_firewall_l3_firewall_rules = ["rules.policy", "rules.protocol", "rules.src_cidr", "rules.dest_cidr", "rules.dest_port"]
    nsxt_policy_security_policy                          = ["rule", "scope"]
    nsxt_policy_gateway_policy                           = ["rule"]
    iosxe_access_list_extended                           = ["name", "entries"]
    ciscoasa_access_in_rules                             = ["interface", "rule"]
    ciscoasa_access_out_rules                            = ["interface", "rule"]
  }
}
