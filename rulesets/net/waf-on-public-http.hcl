rule "waf-on-public-http" {
  summary   = "Public web entry point without blocking WAF"
  severity  = "medium"
  aliases   = ["CKV2_AWS_28", "CKV2_AWS_29", "CKV_AWS_68", "AVD-AWS-0011", "CKV_AZURE_120", "CKV_AZURE_121"]
  standards = ["NIST SI-4", "NIST SC-7", "ISO 8.20", "ISO 8.26", "PCI 6.4.2"]
  clauses   = ["MA-11", "MA-15", "MA-15.1.1", "MA-15.1.5"]

  check "aws_lb" {
    when = default(self.load_balancer_type, "application") == "application" && self.internal != true
    condition = (
      has_related(self, "aws_wafv2_web_acl_association", "resource_arn")
      || has_related(self, "aws_wafregional_web_acl_association", "resource_arn")
    )
    at            = self
    error_message = "The load balancer is on the internet and has no web ACL."
    help          = "Add an aws_wafv2_web_acl_association with resource_arn of the load balancer, or set internal = true."
  }

  check "aws_cloudfront_distribution" {
    condition     = self.web_acl_id != null && (length(referenced(self.web_acl_id)) > 0 || self.web_acl_id != "")
    at            = self.web_acl_id
    error_message = "The distribution has no web ACL: web_acl_id is not set."
    help          = "Set web_acl_id to a web ACL with scope CLOUDFRONT."
  }

  check "aws_api_gateway_stage" {
    locals {
      apis    = referenced(self.rest_api_id, "aws_api_gateway_rest_api")
      private = length(local.apis) > 0 && alltrue([for api in local.apis : anytrue([for type in flatten(api.endpoint_configuration[*].types) : type == "PRIVATE"])])
    }
    when = !local.private
    condition = (
      has_related(self, "aws_wafv2_web_acl_association", "resource_arn")
      || has_related(self, "aws_wafregional_web_acl_association", "resource_arn")
    )
    at            = self.stage_name
    error_message = "Stage ${self.stage_name} is on the internet and has no web ACL."
    help          = "Add an aws_wafv2_web_acl_association with resource_arn of the stage, or make the API private."
  }

  check "azurerm_application_gateway" {
    locals {
      public   = anytrue([for address in self.frontend_ip_configuration : address.public_ip_address_id != null])
      own      = self.waf_configuration[0]
      policies = referenced(self.firewall_policy_id, "azurerm_web_application_firewall_policy")
    }
    when = local.public
    assert {
      condition     = self.firewall_policy_id != null || local.own.enabled == true
      at            = default(local.own.enabled, self.sku)
      error_message = "Gateway ${self.name} is on the internet and has no WAF."
      help          = "Use the sku WAF_v2 with a firewall_policy_id."
    }
    assert {
      when          = self.firewall_policy_id == null && local.own.enabled == true
      condition     = local.own.firewall_mode == "Prevention"
      at            = local.own.firewall_mode
      error_message = "The WAF of gateway ${self.name} blocks nothing: firewall_mode is ${local.own.firewall_mode}."
      help          = "Set firewall_mode = \"Prevention\"."
    }
  }

  check "azurerm_web_application_firewall_policy" {
    for_each      = self.policy_settings
    condition     = default(each.value.enabled, true) == true && default(each.value.mode, "Prevention") == "Prevention"
    at            = each.value.enabled == false ? each.value.enabled : each.value.mode
    error_message = "WAF policy ${self.name} blocks nothing: ${each.value.enabled == false ? "it is switched off" : "mode is ${each.value.mode}"}."
    help          = "Set enabled = true and mode = \"Prevention\"."
  }

  check "azurerm_cdn_frontdoor_firewall_policy" "azurerm_frontdoor_firewall_policy" {
    condition     = default(self.enabled, true) == true && default(self.mode, "Prevention") == "Prevention"
    at            = self.enabled == false ? self.enabled : self.mode
    error_message = "WAF policy ${self.name} blocks nothing: ${self.enabled == false ? "it is switched off" : "mode is ${self.mode}"}."
    help          = "Set enabled = true and mode = \"Prevention\"."
  }

  check "azurerm_cdn_frontdoor_endpoint" {
    when          = default(self.enabled, true) == true
    condition     = has_related(self, "azurerm_cdn_frontdoor_security_policy", "security_policies.firewall.association.domain.cdn_frontdoor_domain_id")
    at            = self.name
    error_message = "Front Door endpoint ${self.name} has no WAF: no security policy names it."
    help          = "Add an azurerm_cdn_frontdoor_security_policy whose association has the endpoint as a domain."
  }

  check "azurerm_frontdoor" {
    for_each      = self.frontend_endpoint
    condition     = each.value.web_application_firewall_policy_link_id != null && (length(referenced(each.value.web_application_firewall_policy_link_id)) > 0 || each.value.web_application_firewall_policy_link_id != "")
    at            = each.value.name
    error_message = "Front Door endpoint ${each.value.name} has no WAF."
    help          = "Set web_application_firewall_policy_link_id."
  }

  check "google_compute_backend_service" "google_compute_region_backend_service" {
    when          = startswith(default(self.load_balancing_scheme, "EXTERNAL"), "EXTERNAL") && matches_any(default(self.protocol, "HTTP"), ["HTTP*", "H2C"])
    condition     = self.security_policy != null && (length(referenced(self.security_policy)) > 0 || self.security_policy != "")
    at            = self.security_policy
    error_message = "Backend service ${self.name} is on the internet and has no security policy."
    help          = "Set security_policy to a Cloud Armor policy with rules that deny."
  }

  check "google_compute_security_policy" {
    locals {
      rules   = concat(self.rule, related(self, "google_compute_security_policy_rule", "security_policy"))
      denying = [for rule in local.rules : rule if default(rule.action, "allow") != "allow" && rule.action != "redirect"]
    }
    when          = default(self.type, "CLOUD_ARMOR") == "CLOUD_ARMOR" && length(local.denying) > 0
    condition     = anytrue([for rule in local.denying : rule.preview != true])
    at            = self.rule
    error_message = "Security policy ${self.name} blocks nothing: all rules that deny are previews."
    help          = "Take preview = true out of the rules once their logs have been looked at."
  }

  attributes = {
    azurerm_frontdoor                 = ["frontend_endpoint"]
    azurerm_frontdoor_firewall_policy = ["name", "enabled", "mode"]
  }
}
