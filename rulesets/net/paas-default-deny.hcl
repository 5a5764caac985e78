rule "paas-default-deny" {
  summary  = "Platform service is open to every network"
  severity = "high"
  aliases = [
    "CKV_AZURE_35", "CKV_AZURE_59", "CKV_AZURE_109", "CKV_AZURE_139", "CKV_AZURE_189", "CKV_AZURE_222", "CKV_AZURE_221",
    "CKV_AZURE_89", "CKV_AZURE_204", "CKV_AZURE_124", "CKV_AZURE_134", "AVD-AZU-0012", "AVD-AZU-0013", "CKV_AWS_137",
    "CKV_AWS_258", "CKV_GCP_124",
  ]
  standards = ["NIST SC-7", "NIST AC-3", "ISO 8.20", "PCI 1.4"]
  clauses   = ["CAF-AU-7", "MA-1.7", "MA-4.1", "MA-13.2.3"]

  check "azurerm_storage_account" {
    locals {
      rules = concat(self.network_rules, related(self, "azurerm_storage_account_network_rules", "storage_account_id"), related(self, "azurerm_storage_account_network_rules", "storage_account_name"))
    }
    condition     = self.public_network_access_enabled == false || anytrue([for rules in local.rules : rules.default_action == "Deny" && !is_world(rules.ip_rules)])
    at            = default(self.network_rules[0].default_action, self.public_network_access_enabled)
    error_message = "Storage account ${self.name} takes requests from every network."
    help          = "Set public_network_access_enabled = false, or add network_rules { default_action = \"Deny\" }."
  }

  # Rules for an account of this root are told at the account.
  check "azurerm_storage_account_network_rules" {
    when          = length(referenced(self.storage_account_id, "azurerm_storage_account")) == 0
    condition     = self.default_action == "Deny" && !is_world(self.ip_rules)
    error_message = "The storage account takes requests from every network: default_action is ${self.default_action}."
    help          = "Set default_action = \"Deny\" and name the networks."
  }

  check "azurerm_key_vault" {
    condition     = self.public_network_access_enabled == false || anytrue([for rules in self.network_acls : rules.default_action == "Deny" && !is_world(rules.ip_rules)])
    at            = default(self.network_acls[0].default_action, self.public_network_access_enabled)
    error_message = "Key vault ${self.name} takes requests from every network."
    help          = "Set public_network_access_enabled = false, or add network_acls { default_action = \"Deny\" }."
  }

  check "azurerm_container_registry" {
    condition     = self.public_network_access_enabled == false || anytrue([for rules in self.network_rule_set : rules.default_action == "Deny"])
    at            = self.public_network_access_enabled
    error_message = "Container registry ${self.name} takes requests from every network."
    help          = "Set public_network_access_enabled = false, or network_rule_set with default_action = \"Deny\" (Premium)."
  }

  # Web applications are often meant for everybody; whoever means it says so with a waiver or fronts it with a gateway.
  check "azurerm_linux_web_app" "azurerm_windows_web_app" "azurerm_linux_web_app_slot" "azurerm_windows_web_app_slot" "azurerm_linux_function_app" "azurerm_windows_function_app" "azurerm_linux_function_app_slot" "azurerm_windows_function_app_slot" {
    locals {
      site     = self.site_config
      allowed  = anytrue([for rule in flatten(local.site[*].ip_restriction) : default(rule.action, "Allow") == "Allow"])
      denied   = anytrue([for rule in flatten(local.site[*].ip_restriction) : rule.action == "Deny" && cidr_contains(rule.ip_address, "0.0.0.0/0")])
      fallback = local.site[0].ip_restriction_default_action
    }
    # Version 4 sends the default Allow; before, the first rule that allowed something denied the rest.
    condition = (
      self.public_network_access_enabled == false || local.fallback == "Deny" || local.denied
      || local.fallback == null && local.allowed && !(self.provider.major >= 4)
    )
    severity      = "medium"
    at            = self.public_network_access_enabled
    error_message = "App ${self.name} takes requests from every network."
    help          = "Set public_network_access_enabled = false, or ip_restriction_default_action = \"Deny\" with the gateway allowed."
  }

  check "azurerm_redis_cache" {
    condition     = self.public_network_access_enabled == false || self.subnet_id != null || has_related(self, "azurerm_redis_firewall_rule", "redis_cache_name")
    at            = self.public_network_access_enabled
    error_message = "Cache ${self.name} takes connections from every network."
    help          = "Set public_network_access_enabled = false and add a private endpoint."
  }

  check "azurerm_eventhub_namespace" {
    condition     = self.public_network_access_enabled == false || anytrue([for rules in self.network_rulesets : rules.default_action == "Deny"])
    at            = self.public_network_access_enabled
    error_message = "Event Hubs namespace ${self.name} takes requests from every network."
    help          = "Set public_network_access_enabled = false, or network_rulesets with default_action = \"Deny\"."
  }

  check "azurerm_servicebus_namespace" {
    condition     = self.public_network_access_enabled == false || anytrue([for rules in self.network_rule_set : rules.default_action == "Deny" || rules.public_network_access_enabled == false])
    at            = self.public_network_access_enabled
    error_message = "Service Bus namespace ${self.name} takes requests from every network."
    help          = "Set public_network_access_enabled = false, or network_rule_set { default_action = \"Deny\" } (Premium)."
  }

  check "azurerm_cognitive_account" {
    condition     = self.public_network_access_enabled == false || anytrue([for rules in self.network_acls : rules.default_action == "Deny" && !is_world(rules.ip_rules)])
    at            = self.public_network_access_enabled
    error_message = "Account ${self.name} takes requests from every network."
    help          = "Set public_network_access_enabled = false, or add network_acls { default_action = \"Deny\" }."
  }

  check "azurerm_search_service" {
    condition     = self.public_network_access_enabled == false || length(self.allowed_ips) > 0 && !is_world(self.allowed_ips)
    at            = self.public_network_access_enabled
    error_message = "Search service ${self.name} takes requests from every network."
    help          = "Set public_network_access_enabled = false, or name the allowed_ips."
  }

  check "aws_opensearch_domain" "aws_elasticsearch_domain" {
    condition     = length(self.vpc_options) > 0
    at            = self
    error_message = "Domain ${self.domain_name} has a public endpoint: it has no vpc_options."
    help          = "Add vpc_options with private subnets and a security group. This makes a new domain."
  }

  check "aws_lambda_function_url" {
    condition     = self.authorization_type != "NONE"
    error_message = "Everybody on the internet may call the function: authorization_type is NONE."
    help          = "Set authorization_type = \"AWS_IAM\", or put an API gateway with an authorizer before the function."
  }

  # An identity check still stands before these, so the severity is lower.
  check "google_cloud_run_v2_service" {
    condition     = startswith(default(self.ingress, "INGRESS_TRAFFIC_ALL"), "INGRESS_TRAFFIC_INTERNAL")
    severity      = "medium"
    at            = self.ingress
    error_message = "Service ${self.name} takes requests from the internet: ingress is ${default(self.ingress, "INGRESS_TRAFFIC_ALL")}."
    help          = "Set ingress = \"INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER\" or \"INGRESS_TRAFFIC_INTERNAL_ONLY\"."
  }

  check "google_cloud_run_service" {
    locals {
      ingress = default(self.metadata[0].annotations["run.googleapis.com/ingress"], "all")
    }
    condition     = startswith(local.ingress, "internal")
    severity      = "medium"
    at            = self.metadata[0].annotations
    error_message = "Service ${self.name} takes requests from the internet: its ingress is ${local.ingress}."
    help          = "Set the annotation run.googleapis.com/ingress = \"internal-and-cloud-load-balancing\" or \"internal\"."
  }

  check "google_cloudfunctions2_function" {
    for_each      = self.service_config
    condition     = startswith(default(each.value.ingress_settings, "ALLOW_ALL"), "ALLOW_INTERNAL")
    severity      = "medium"
    at            = each.value.ingress_settings
    error_message = "Function ${self.name} takes requests from the internet: ingress_settings is ${default(each.value.ingress_settings, "ALLOW_ALL by default")}."
    help          = "Set ingress_settings = \"ALLOW_INTERNAL_ONLY\" or \"ALLOW_INTERNAL_AND_GCLB\"."
  }

  check "google_cloudfunctions_function" {
    when          = self.event_trigger == null || length(self.event_trigger) == 0
    condition     = startswith(default(self.ingress_settings, "ALLOW_ALL"), "ALLOW_INTERNAL")
    severity      = "medium"
    at            = self.ingress_settings
    error_message = "Function ${self.name} takes requests from the internet: ingress_settings is ${default(self.ingress_settings, "ALLOW_ALL by default")}."
    help          = "Set ingress_settings = \"ALLOW_INTERNAL_ONLY\" or \"ALLOW_INTERNAL_AND_GCLB\"."
  }

  check "google_access_context_manager_service_perimeter" {
    when          = self.perimeter_type != "PERIMETER_TYPE_BRIDGE"
    for_each      = self.status
    condition     = length(each.value.restricted_services) > 0
    at            = each.value.restricted_services
    error_message = "The perimeter ${self.title} protects nothing: it restricts no service."
    help          = "List the services in restricted_services, such as \"storage.googleapis.com\"."
  }

  attributes = {
    azurerm_storage_account_network_rules = ["storage_account_name"]
  }
}
