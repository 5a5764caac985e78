rule "hsts" {
  summary   = "Web responses do not tell browsers to stay on HTTPS"
  severity  = "low"
  aliases   = ["CKV_AWS_259", "CKV2_AWS_32"]
  standards = ["NIST SC-8", "NIST SC-23", "ISO 8.26", "PCI 4.2.1"]
  clauses   = ["MA-15.1.4"]

  params = {
    min_seconds = 31536000
    # Policies that CloudFront keeps ready and that send the header: SecurityHeadersPolicy and the two that allow other origins as well.
    managed_policies = ["67f7725c-6f97-4210-82d7-5512b31e9d03", "e61eb60c-9c35-4d20-a928-2b84e02af89c", "eaab4381-ed33-4a86-88ca-d9558dc6cd63"]
    managed_names    = ["Managed-SecurityHeadersPolicy", "Managed-CORS-and-SecurityHeadersPolicy", "Managed-CORS-with-preflight-and-SecurityHeadersPolicy"]
  }

  attributes = {
    keycloak_realm                                = ["security_defenses"]
    "data.aws_cloudfront_response_headers_policy" = ["name"]
  }

  # A policy for other headers only may stand beside one that has this one, so only those for security are judged.
  check "aws_cloudfront_response_headers_policy" {
    for_each      = self.security_headers_config
    condition     = each.value.strict_transport_security[0].access_control_max_age_sec >= params.min_seconds
    at            = default(each.value.strict_transport_security[0].access_control_max_age_sec, each.value)
    error_message = length(each.value.strict_transport_security) > 0 ? "Browsers stay on HTTPS for ${each.value.strict_transport_security[0].access_control_max_age_sec} seconds only." : "The policy does not send Strict-Transport-Security."
    help          = "Add strict_transport_security { access_control_max_age_sec = ${params.min_seconds}  override = true }."
  }

  check "aws_cloudfront_distribution" {
    for_each = self.default_cache_behavior
    locals {
      policies  = referenced(each.value.response_headers_policy_id, "aws_cloudfront_response_headers_policy")
      looked_up = referenced(each.value.response_headers_policy_id, "data.aws_cloudfront_response_headers_policy")
      # Functions at the edge may set the header themselves; what they do is not read.
      functions = length(each.value.function_association) + length(each.value.lambda_function_association)
    }
    assert {
      when          = each.value.response_headers_policy_id == null || length(local.policies) > 0 || contains(params.managed_policies, each.value.response_headers_policy_id) || length(local.looked_up) > 0
      condition = (
        local.functions > 0 || length(local.policies) == 0 && length(local.looked_up) == 0 && contains(params.managed_policies, each.value.response_headers_policy_id)
        || anytrue([for policy in local.looked_up : contains(params.managed_names, policy.name) || !startswith(policy.name, "Managed-")])
        || anytrue([for policy in local.policies : length(policy.security_headers_config) > 0 || anytrue([for item in flatten(policy.custom_headers_config[*].items) : lower(item.header) == "strict-transport-security"])])
      )
      at            = each.value.response_headers_policy_id
      error_message = "The distribution sends no Strict-Transport-Security: ${each.value.response_headers_policy_id == null ? "it has no response headers policy" : "its response headers policy does not"}."
      help          = "Set response_headers_policy_id in default_cache_behavior to a policy with strict_transport_security."
    }
  }

  check "keycloak_realm" {
    for_each      = [for headers in flatten([for defenses in default(self.security_defenses, []) : default(defenses.headers, [])]) : headers if headers.strict_transport_security != null]
    condition     = try(tonumber(one(regex("max-age=\"?([0-9]+)", lower(each.value.strict_transport_security)))) >= params.min_seconds, false)
    at            = each.value.strict_transport_security
    error_message = "Browsers do not stay on HTTPS for a year: the header is \"${each.value.strict_transport_security}\"."
    help          = "Leave strict_transport_security out, or set it to \"max-age=${params.min_seconds}; includeSubDomains\"."
  }

  # Elsewhere the application may send the header; what is written about it here must be right.
  check "aws_lb_listener" {
    when          = self.routing_http_response_strict_transport_security_header_value != null
    condition     = try(tonumber(one(regex("max-age=\"?([0-9]+)", lower(self.routing_http_response_strict_transport_security_header_value)))) >= params.min_seconds, false)
    error_message = "Browsers do not stay on HTTPS for a year: the header is \"${self.routing_http_response_strict_transport_security_header_value}\"."
    help          = "Set it to \"max-age=${params.min_seconds}; includeSubDomains\"."
  }

  check "azurerm_cdn_frontdoor_rule" {
    for_each      = [for action in flatten(self.actions[*].response_header_action) : action if lower(action.header_name) == "strict-transport-security"]
    condition     = each.value.header_action != "Delete" && try(tonumber(one(regex("max-age=\"?([0-9]+)", lower(each.value.value)))) >= params.min_seconds, false)
    at            = default(each.value.value, each.value.header_action)
    error_message = each.value.header_action == "Delete" ? "Front Door takes Strict-Transport-Security out of responses." : "Browsers do not stay on HTTPS for a year: the header is \"${each.value.value}\"."
    help          = "Use header_action = \"Overwrite\" and value = \"max-age=${params.min_seconds}; includeSubDomains\"."
  }

  check "google_compute_backend_service" {
    for_each      = [for header in default(self.custom_response_headers, []) : header if startswith(lower(header), "strict-transport-security")]
    condition     = try(tonumber(one(regex("max-age=\"?([0-9]+)", lower(each.value)))) >= params.min_seconds, false)
    at            = self.custom_response_headers
    error_message = "Browsers do not stay on HTTPS for a year: the header is \"${each.value}\"."
    help          = "Set \"Strict-Transport-Security: max-age=${params.min_seconds}; includeSubDomains\"."
  }
}
