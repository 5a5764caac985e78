rule "remote-tools-egress-blocked" {
  summary   = "Name filter lets remote-control services through"
  severity  = "medium"
  standards = ["NIST SC-7(8)", "NIST CM-7", "ISO 8.23"]
  clauses   = ["WY-F1", "DWP-4.6e", "DWP-4.6g", "CAF-NS-5"]

  params = {
    # Services for remote control; take out those that are approved.
    domains      = ["teamviewer.com", "anydesk.com", "logmein.com", "gotomypc.com", "splashtop.com", "rustdesk.com", "ngrok.com"]
    applications = ["teamviewer", "anydesk", "logmein", "gotomypc", "splashtop"]
  }

  # All groups of a root are one filter: it is told once, at the first of them.
  check "aws_route53_resolver_firewall_rule_group" {
    locals {
      first   = sort([for group in resources("aws_route53_resolver_firewall_rule_group") : address(group)])[0]
      blocked = flatten([for rule in resources("aws_route53_resolver_firewall_rule") : flatten(referenced(rule.firewall_domain_list_id, "aws_route53_resolver_firewall_domain_list")[*].domains) if rule.action == "BLOCK"])
      missing = [for domain in params.domains : domain if !anytrue([for name in local.blocked : name == "*" || trimsuffix(trimprefix(lower(name), "*."), ".") == domain])]
    }
    when          = address(self) == local.first
    condition     = length(local.missing) == 0
    at            = self
    error_message = "The DNS firewall resolves ${join(", ", local.missing)}."
    help          = "Block a domain list with these names, or allow the names that are needed and block \"*\"."
  }

  check "aws_networkfirewall_rule_group" {
    locals {
      lists   = flatten(resources("aws_networkfirewall_rule_group")[*].rule_group[*].rules_source[*].rules_source_list)
      allowed = anytrue([for list in local.lists : list.generated_rules_type == "ALLOWLIST"])
      denied  = flatten([for list in local.lists : list.targets if list.generated_rules_type != "ALLOWLIST"])
      missing = [for domain in params.domains : domain if !anytrue([for name in local.denied : trimprefix(lower(name), ".") == domain])]
      drops   = anytrue([for action in flatten(resources("aws_networkfirewall_firewall_policy")[*].firewall_policy[*].stateful_default_actions) : matches_any(action, ["aws:drop_*"]) if action != null])
      own     = flatten(self.rule_group[*].rules_source[*].rules_source_list)
      first   = sort([for group in resources("aws_networkfirewall_rule_group") : address(group) if length(flatten(group.rule_group[*].rules_source[*].rules_source_list)) > 0])[0]
    }
    # A list of what is allowed denies the rest, and so does a policy that drops by default.
    when          = length(local.own) > 0 && address(self) == local.first
    condition     = local.allowed || local.drops || length(local.missing) == 0
    at            = self.rule_group[0].rules_source[0].rules_source_list
    error_message = "The firewall's domain lists let through ${join(", ", local.missing)}."
    help          = "Add these names to the targets of a DENYLIST, or use an ALLOWLIST of the names that are needed."
  }

  # Azure Firewall denies what no rule allows, so only a rule for every name opens the way.
  check "azurerm_firewall_policy_rule_collection_group" {
    locals {
      everywhere = [for group in resources("azurerm_firewall_policy_rule_collection_group") : group.application_rule_collection]
      denied     = flatten([for collection in flatten(local.everywhere) : flatten(collection.rule[*].destination_fqdns) if collection.action == "Deny"])
      missing    = [for domain in params.domains : domain if !anytrue([for name in local.denied : trimprefix(lower(name), "*.") == domain])]
      open       = [for rule in flatten([for collection in self.application_rule_collection : collection.rule if collection.action == "Allow"]) : rule if contains(default(rule.destination_fqdns, []), "*")]
    }
    for_each      = local.open
    condition     = length(local.missing) == 0
    at            = each.value.destination_fqdns
    error_message = "Rule ${each.value.name} allows every name, ${join(", ", local.missing)} among them."
    help          = "Name the sites that are needed, or deny these names in a collection of higher priority."
  }

  check "panos_security_policy" "panos_security_policy_rules" "panos_security_rule_group" {
    locals {
      named   = lower(join(" ", flatten([for rule in concat(self.rules, self.rule) : default(rule.applications, []) if default(rule.action, "allow") != "allow" && rule.disabled != true])))
      missing = [for application in params.applications : application if !strcontains(local.named, application)]
    }
    for_each      = [for rule in concat(self.rules, self.rule) : rule if default(rule.action, "allow") == "allow" && rule.disabled != true && contains(default(rule.applications, ["any"]), "any")]
    condition     = length(local.missing) == 0
    at            = default(each.value.applications, each.value.name)
    error_message = "Rule ${each.value.name} allows every application, ${join(", ", local.missing)} among them."
    help          = "Name the applications that are needed, or deny these in a rule above."
  }

  check "meraki_appliance_l7_firewall_rules" {
    locals {
      values  = concat([for rule in self.rules : default(rule.value, "")], flatten([for filter in resources("meraki_appliance_content_filtering") : default(filter.blocked_url_patterns, []) if filter.network_id == self.network_id]))
      missing = [for domain in params.domains : domain if !anytrue([for value in local.values : strcontains(lower(value), domain)])]
      # Which applications an id stands for is known to the dashboard only.
      by_id = anytrue([for rule in self.rules : matches_any(rule.type, ["application", "applicationCategory"])])
    }
    condition     = local.by_id || length(local.missing) == 0
    at            = self.rules
    error_message = "The appliance lets through ${join(", ", local.missing)}."
    help          = "Add rules of type host for these names, or of type applicationCategory for remote control."
  }

  attributes = {
    panos_security_policy              = ["rules", "rule"]
    panos_security_policy_rules        = ["rules", "rule"]
    panos_security_rule_group          = ["rules", "rule"]
    meraki_appliance_l7_firewall_rules = ["network_id", "rules"]
    meraki_appliance_content_filtering = ["network_id", "blocked_url_patterns"]
  }
}
