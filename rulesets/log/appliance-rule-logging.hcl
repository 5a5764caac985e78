rule "appliance-rule-logging" {
  summary   = "Firewall rule of an appliance does not log"
  severity  = "medium"
  aliases   = ["CKV_PAN_9", "CKV_PAN_10"]
  standards = ["NIST AU-12", "ISO 8.15", "PCI 10.2.1"]
  clauses   = ["MA-6.1.5", "MA-11.5"]

  check "panos_security_policy" "panos_security_rule_group" "panos_security_policy_rules" "panos_panorama_security_policy" "panos_panorama_security_rule_group" {
    attributes = [
      "rule.name", "rule.log_end", "rule.log_setting", "rule.disabled",
      "rules.name", "rules.log_end", "rules.log_setting", "rules.disabled",
    ]
    for_each = [for rule in concat(default(self.rule, []), default(self.rules, [])) : rule if rule.disabled != true]
    assert {
      condition     = default(each.value.log_end, true) == true
      at            = each.value.log_end
      error_message = "Rule ${each.value.name} does not log the end of sessions."
      help          = "Take log_end = false out."
    }
    assert {
      condition     = trimspace(default(each.value.log_setting, "")) != ""
      at            = each.value.log_setting
      error_message = "Rule ${each.value.name} has no log_setting: its log stays on the device."
      help          = "Set log_setting to a log forwarding profile."
    }
  }

  check "fortios_firewall_policy" {
    attributes    = ["name", "action", "status", "logtraffic"]
    when          = default(self.status, "enable") == "enable"
    condition     = self.logtraffic == "all"
    error_message = "The policy logs ${default(self.logtraffic, "by default security events only, and nothing of what it denies")}."
    help          = "Set logtraffic = \"all\"."
    severity      = self.logtraffic == "disable" ? "medium" : "low"
  }

  check "junos_security_policy" {
    attributes    = ["policy.name", "policy.log_init", "policy.log_close"]
    for_each      = self.policy
    condition     = each.value.log_close == true || each.value.log_init == true
    at            = each.value
    error_message = "Policy ${each.value.name} logs no sessions."
    help          = "Set log_close = true, or log_init = true for a policy that denies."
  }

  check "checkpoint_management_access_rule" {
    attributes    = ["name", "enabled", "action", "track.type"]
    when          = self.enabled != false && default(self.action, "Drop") != "Apply Layer"
    condition     = self.track.type != null && self.track.type != "None"
    at            = self.track
    error_message = "Rule ${default(self.name, "without name")} is not tracked."
    help          = "Set track = { type = \"Log\" }."
  }

  check "meraki_appliance_l3_firewall_rules" {
    attributes    = ["rules.comment", "rules.policy", "rules.syslog_enabled"]
    for_each      = default(self.rules, [])
    condition     = each.value.syslog_enabled == true
    at            = each.value
    error_message = "Rule ${default(each.value.comment, "without comment")} (${each.value.policy}) sends nothing to syslog."
    help          = "Set syslog_enabled = true."
  }

  check "nsxt_policy_security_policy" "nsxt_policy_gateway_policy" {
    attributes    = ["rule.display_name", "rule.disabled", "rule.logged"]
    for_each      = [for rule in default(self.rule, []) : rule if rule.disabled != true]
    condition     = each.value.logged == true
    at            = each.value
    error_message = "Rule ${each.value.display_name} is not logged."
    help          = "Set logged = true."
  }

  check "unifi_firewall_rule" {
    attributes    = ["name", "logging"]
    condition     = self.logging == true
    error_message = "Rule ${self.name} is not logged."
    help          = "Set logging = true."
  }

  # A log of every packet that is let through would stop the router: what is denied is what counts.
  check "iosxe_access_list_extended" {
    attributes    = ["entries.sequence", "entries.ace_rule_action", "entries.log", "entries.log_input"]
    for_each      = [for entry in default(self.entries, []) : entry if entry.ace_rule_action == "deny"]
    condition     = each.value.log == true || each.value.log_input == true
    at            = each.value
    error_message = "Entry ${each.value.sequence} denies and does not log."
    help          = "Set log = true."
    severity      = "low"
  }
}
