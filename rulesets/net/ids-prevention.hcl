rule "ids-prevention" {
  summary   = "Firewall does not prevent intrusions"
  severity  = "high"
  aliases   = ["CKV_AZURE_220"]
  standards = ["NIST SI-4", "NIST SC-7", "ISO 8.16", "ISO 8.20", "PCI 11.5.1"]
  clauses   = ["DWP-3.9", "MA-13", "MA-13.2.4", "MA-15.1.5"]

  params = {
    # Groups of signatures, by their ARN; add those of your own that are managed elsewhere.
    signature_groups = ["*ThreatSignatures*"]
  }

  check "azurerm_firewall_policy" {
    locals {
      mode = default(self.intrusion_detection[0].mode, "Off")
    }
    # A policy that is based on another one and says nothing has the other's.
    when          = self.base_policy_id == null || length(self.intrusion_detection) > 0
    condition     = local.mode == "Deny" && self.sku == "Premium"
    at            = default(self.intrusion_detection[0].mode, self.sku)
    severity      = local.mode == "Alert" ? "medium" : "high"
    error_message = self.sku == "Premium" ? "The firewall's intrusion detection is ${local.mode}." : "The firewall has no intrusion prevention: its policy's sku is ${default(self.sku, "Standard by default")}."
    help          = "Set sku = \"Premium\" and intrusion_detection { mode = \"Deny\" }."
  }

  check "aws_networkfirewall_firewall_policy" {
    locals {
      references = flatten(self.firewall_policy[*].stateful_rule_group_reference)
      managed    = [for reference in local.references : reference if length(referenced(reference.resource_arn, "aws_networkfirewall_rule_group")) == 0 && matches_any(reference.resource_arn, params.signature_groups)]
      own        = referenced(local.references[*].resource_arn, "aws_networkfirewall_rule_group")
      suricata   = flatten(local.own[*].rule_group[*].rules_source[*].rules_string)
      signatures = anytrue([for text in local.suricata : can(regex("(?m)^\\s*(drop|reject) [^#\n]*(classtype|reference):", text)) if text != null])
    }
    assert {
      condition     = length(local.managed) > 0 || local.signatures
      at            = self.firewall_policy[0].stateful_rule_group_reference
      error_message = "The firewall policy has no group of intrusion signatures."
      help          = "Reference managed groups such as ThreatSignaturesMalwareStrictOrder, or a rule group of your own with signatures that drop."
    }
    assert {
      when          = length(local.managed) > 0 && !local.signatures
      condition     = anytrue([for reference in local.managed : default(reference.override[0].action, "") != "DROP_TO_ALERT"])
      at            = self.firewall_policy[0].stateful_rule_group_reference
      severity      = "medium"
      error_message = "The signatures only alert: their override is DROP_TO_ALERT."
      help          = "Take the override out once the alerts have been looked at."
    }
  }

  # Traffic from the internet that a rule allows is not inspected; apply_security_profile_group inspects and allows.
  check "google_compute_network_firewall_policy_rule" "google_compute_region_network_firewall_policy_rule" "google_compute_firewall_policy_rule" {
    when     = self.direction == "INGRESS" && self.disabled != true
    for_each = self.match
    condition = !(
      self.action == "allow" && cidr_contains(each.value.src_ip_ranges, "0.0.0.0/0")
      && anytrue([for layer in each.value.layer4_configs : contains(["all", "tcp", "udp", "6", "17"], lower(layer.ip_protocol))])
    )
    at            = self.action
    severity      = "medium"
    error_message = "Traffic from the internet is let in without intrusion prevention: action is allow."
    help          = "Set action = \"apply_security_profile_group\" with a security_profile_group that prevents threats."
  }

  check "meraki_appliance_network_security_intrusion" "meraki_networks_appliance_security_intrusion" {
    # What is not written stays as it is on the appliance.
    when          = self.mode != null
    condition     = self.mode == "prevention"
    severity      = self.mode == "detection" ? "medium" : "high"
    error_message = "The appliance does not prevent intrusions: mode is ${self.mode}."
    help          = "Set mode = \"prevention\"."
  }

  check "fortios_firewall_policy" {
    when          = self.action == "accept" && self.status != "disable"
    condition     = self.utm_status == "enable" && (self.ips_sensor != null && (length(referenced(self.ips_sensor)) > 0 || self.ips_sensor != "") || self.profile_type == "group" && self.profile_group != null && (length(referenced(self.profile_group)) > 0 || self.profile_group != ""))
    at            = default(self.ips_sensor, self.utm_status)
    severity      = "medium"
    error_message = "The policy accepts traffic without an IPS sensor."
    help          = "Set utm_status = \"enable\" and an ips_sensor."
  }

  check "panos_security_policy" "panos_security_policy_rules" "panos_security_rule_group" {
    for_each      = [for rule in concat(self.rules, self.rule) : rule if default(rule.action, "allow") == "allow" && rule.disabled != true]
    condition     = length(each.value.profile_setting.group) > 0 || length(each.value.profile_setting.profiles.vulnerability) > 0 || each.value.group != null || each.value.vulnerability != null
    at            = default(each.value.profile_setting, each.value.name)
    severity      = "medium"
    error_message = "Rule ${each.value.name} allows traffic without a vulnerability protection profile."
    help          = "Set profile_setting with a group, or with profiles = { vulnerability = [...] }; in version 1 group or vulnerability."
  }

  attributes = {
    meraki_appliance_network_security_intrusion  = ["mode"]
    meraki_networks_appliance_security_intrusion = ["mode"]
    fortios_firewall_policy                      = ["action", "status", "utm_status", "ips_sensor", "profile_type", "profile_group"]
    panos_security_policy                        = ["rules", "rule"]
    panos_security_policy_rules                  = ["rules", "rule"]
    panos_security_rule_group                    = ["rules", "rule"]
  }
}
