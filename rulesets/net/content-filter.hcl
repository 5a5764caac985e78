rule "content-filter" {
  summary   = "Web or mail content is not filtered"
  severity  = "medium"
  standards = ["NIST SI-3", "NIST SI-8", "NIST SC-7", "ISO 8.23", "ISO 8.7", "PCI 5.4.1"]
  clauses = [
    "WY-E", "DWP-4.5a", "DWP-4.5b", "DWP-4.5d", "DWP-4.6d", "DWP-4.6g", "DWP-4.6h", "DWP-5.3", "DWP-5.6", "DWP-6.1", "DWP-6.2",
    "DWP-9.5", "CAF-SP-3", "CAF-NET-4", "CAF-NET-5", "MA-14.2.4",
  ]

  params = {
    # Zones and interfaces that lead to the internet, by name.
    outside = ["*wan*", "*internet*", "*outside*", "*untrust*", "*external*"]
    # What carries pages and files, by the name of the application or service.
    web = ["any", "all", "*http*", "*web*", "ssl", "quic"]
  }

  check "aws_ses_receipt_rule" {
    when          = default(self.enabled, true) != false
    condition     = self.scan_enabled == true
    error_message = "Incoming mail is not scanned for spam and viruses: scan_enabled is ${default(self.scan_enabled, "false by default")}."
    help          = "Set scan_enabled = true."
  }

  check "meraki_appliance_content_filtering" "meraki_networks_appliance_content_filtering" {
    condition     = length(self.blocked_url_categories) > 0
    at            = self.blocked_url_categories
    error_message = "The appliance blocks no category of web sites: blocked_url_categories is empty."
    help          = "Name the blocked categories in blocked_url_categories."
  }

  check "fortios_firewall_policy" {
    locals {
      outwards = anytrue([for interface in self.dstintf : matches_any(lower(interface.name), params.outside)]) && anytrue([for address in self.dstaddr : lower(address.name) == "all"])
      web      = anytrue([for service in self.service : matches_any(lower(service.name), params.web)]) || length(self.service) == 0
      group    = self.profile_type == "group" && self.profile_group != null && (length(referenced(self.profile_group)) > 0 || self.profile_group != "")
    }
    when          = self.action == "accept" && self.status != "disable" && local.outwards && local.web
    condition     = self.utm_status == "enable" && (local.group || self.webfilter_profile != null && (length(referenced(self.webfilter_profile)) > 0 || self.webfilter_profile != "") && self.av_profile != null && (length(referenced(self.av_profile)) > 0 || self.av_profile != ""))
    at            = default(self.webfilter_profile, default(self.av_profile, self.utm_status))
    error_message = "The policy lets users out to the internet without web filter and antivirus."
    help          = "Set utm_status = \"enable\", a webfilter_profile and an av_profile."
  }

  check "panos_security_policy" "panos_security_policy_rules" "panos_security_rule_group" {
    for_each = [
      for rule in concat(self.rules, self.rule) : rule
      if default(rule.action, "allow") == "allow" && rule.disabled != true && anytrue([for zone in rule.destination_zones : matches_any(lower(zone), params.outside)])
      && (length(rule.applications) == 0 || anytrue([for application in rule.applications : matches_any(lower(application), params.web)]))
    ]
    condition     = length(each.value.profile_setting.group) > 0 || length(each.value.profile_setting.profiles.url_filtering) > 0 && length(each.value.profile_setting.profiles.virus) > 0 || each.value.group != null || each.value.url_filtering != null && each.value.virus != null
    at            = default(each.value.profile_setting, each.value.name)
    error_message = "Rule ${each.value.name} lets users out to the internet without URL filter and antivirus."
    help          = "Set profile_setting with a group, or with profiles for url_filtering and virus."
  }

  check "panos_url_filtering_security_profile" {
    condition     = length(self.block) > 0
    at            = default(self.block, self.name)
    error_message = "URL filter ${self.name} blocks no category."
    help          = "Name the blocked categories in block."
  }

  check "junos_security_policy" {
    when          = matches_any(lower(self.to_zone), params.outside)
    for_each      = [for policy in self.policy : policy if default(policy.then, "permit") == "permit" && anytrue([for application in policy.match_application : matches_any(lower(application), params.web)])]
    condition     = each.value.permit_application_services[0].utm_policy != null
    at            = each.value.name
    error_message = "Policy ${each.value.name} lets users out to the internet without UTM policy."
    help          = "Add permit_application_services with a utm_policy."
  }

  check "junos_security_utm_policy" {
    condition     = self.web_filtering_profile != null && self.anti_virus[0].http_profile != null
    at            = default(self.web_filtering_profile, self.name)
    error_message = "UTM policy ${self.name} lacks web filtering or antivirus for HTTP."
    help          = "Set web_filtering_profile, and anti_virus with an http_profile."
  }

  check "cloudflare_zero_trust_gateway_policy" "cloudflare_teams_rule" {
    when          = self.action == "block"
    condition     = self.enabled != false
    error_message = "Policy ${self.name} blocks nothing: it is switched off."
    help          = "Set enabled = true, or remove the policy."
  }

  attributes = {
    meraki_appliance_content_filtering          = ["blocked_url_categories"]
    meraki_networks_appliance_content_filtering = ["blocked_url_categories"]
    fortios_firewall_policy                     = ["action", "status", "dstintf.name", "dstaddr.name", "service.name", "utm_status", "profile_type", "profile_group", "webfilter_profile", "av_profile"]
    panos_security_policy                       = ["rules", "rule"]
    panos_security_policy_rules                 = ["rules", "rule"]
    panos_security_rule_group                   = ["rules", "rule"]
    panos_url_filtering_security_profile        = ["name", "block"]
    junos_security_policy                       = ["to_zone", "policy"]
    junos_security_utm_policy                   = ["name", "web_filtering_profile", "anti_virus.http_profile"]
    cloudflare_zero_trust_gateway_policy        = ["name", "action", "enabled"]
    cloudflare_teams_rule                       = ["name", "action", "enabled"]
  }
}
