rule "api-gateway" {
  summary   = "API endpoint accepts old TLS or plain HTTP"
  severity  = "high"
  aliases   = ["CKV_AWS_206", "AVD-AWS-0005", "CKV_AZURE_173"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4"]

  check "aws_api_gateway_domain_name" {
    condition     = tls_version_at_least(tls_policy(self.security_policy).min_version, "1.2")
    at            = self.security_policy
    error_message = "The domain name accepts TLS older than 1.2: security_policy is ${self.security_policy}."
    help          = "Set security_policy = \"TLS_1_2\"."
  }

  check "aws_apigatewayv2_domain_name" {
    for_each      = self.domain_name_configuration
    condition     = tls_version_at_least(tls_policy(each.value.security_policy).min_version, "1.2")
    at            = each.value.security_policy
    error_message = "The domain name accepts TLS older than 1.2: security_policy is ${each.value.security_policy}."
    help          = "Set security_policy = \"TLS_1_2\"."
  }

  check "azurerm_api_management" {
    attributes = ["security.enable_backend_ssl30", "security.enable_backend_tls10", "security.enable_backend_tls11", "security.enable_frontend_ssl30", "security.enable_frontend_tls10", "security.enable_frontend_tls11", "security.enable_triple_des_ciphers"]
    locals {
      # The names with enable_ in front are those of older provider versions.
      security = one(self.security)
      switches = {
        frontend_ssl30_enabled     = [local.security.frontend_ssl30_enabled, local.security.enable_frontend_ssl30]
        frontend_tls10_enabled     = [local.security.frontend_tls10_enabled, local.security.enable_frontend_tls10]
        frontend_tls11_enabled     = [local.security.frontend_tls11_enabled, local.security.enable_frontend_tls11]
        backend_ssl30_enabled      = [local.security.backend_ssl30_enabled, local.security.enable_backend_ssl30]
        backend_tls10_enabled      = [local.security.backend_tls10_enabled, local.security.enable_backend_tls10]
        backend_tls11_enabled      = [local.security.backend_tls11_enabled, local.security.enable_backend_tls11]
        triple_des_ciphers_enabled = [local.security.triple_des_ciphers_enabled, local.security.enable_triple_des_ciphers]
      }
    }
    for_each      = local.security == null ? {} : local.switches
    condition     = alltrue([for switch in each.value : switch != true])
    at            = default(each.value[0], each.value[1])
    error_message = "The gateway still takes what is out of date: ${each.key} is true."
    help          = "Set ${each.key} = false, or leave it out."
  }

  check "azurerm_api_management_api" {
    locals {
      clear = [for protocol in self.protocols : protocol if contains(["http", "ws"], lower(protocol))]
    }
    condition     = length(local.clear) == 0
    at            = self.protocols
    error_message = "The API answers without TLS: protocols has ${join(" and ", local.clear)}."
    help          = "Set protocols = [\"https\"], or [\"wss\"]."
  }
}
