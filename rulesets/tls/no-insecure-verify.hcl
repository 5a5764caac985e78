rule "no-insecure-verify" {
  summary   = "Verification of certificates or host keys is switched off"
  severity  = "high"
  standards = ["NIST SC-8", "NIST SC-23", "NIST IA-3", "ISO 8.24", "PCI 4.2.1"]
  clauses   = ["MA-11.7", "MA-14.2.5"]

  params = {
    # Arguments of providers that switch verification off with true, and those that do with false.
    off_with_true = [
      "insecure", "insecure_https", "insecure_skip_verify", "tls_insecure_skip_verify", "skip_tls_verify", "skip_verify",
      "skip_verify_certificate", "allow_unverified_ssl", "allow_unverified_tls", "allow_insecure", "ignore_server_certificate", "ssl_no_verify",
      "validate_certs_disable", "fmg_insecure", "pm_tls_insecure",
    ]
    off_with_false = ["verify_certificate", "verify_ssl", "validate_certs"]
  }

  attributes = {
    "data.http"                 = ["insecure"]
    github_repository_webhook   = ["configuration"]
    github_organization_webhook = ["configuration"]
    gitlab_project_hook         = ["enable_ssl_verification"]
    gitlab_group_hook           = ["enable_ssl_verification"]
  }

  # Provider configurations, also within the block kubernetes of helm.
  check "terraform" {
    for_each = flatten([
      for name, config in self.providers : concat(
        [for flag in params.off_with_true : { provider = name, flag = flag, value = config[flag], wanted = "false" }],
        [for flag in params.off_with_false : { provider = name, flag = flag, value = config[flag], wanted = "true" }],
        [for cluster in flatten([config.kubernetes]) : { provider = name, flag = "kubernetes.insecure", value = cluster.insecure, wanted = "false" }],
      )
    ])
    condition     = tobool(default(each.value.value, each.value.wanted)) == tobool(each.value.wanted)
    at            = each.value.value
    error_message = "The provider ${each.value.provider} does not verify whom it talks to: ${each.value.flag} is ${each.value.value}."
    help          = "Set ${each.value.flag} = ${each.value.wanted}, and give the provider the CA's certificate if it is a private one."
  }

  # These providers do not verify unless they are told to.
  check "provider.nxos" {
    condition     = self.insecure != null
    at            = self.url
    error_message = "The provider does not verify whom it talks to unless insecure says so."
    help          = "Set insecure = false."
    severity      = "medium"
  }

  check "provider.iosxe" {
    condition     = self.insecure != null
    at            = self.host
    error_message = "The provider does not verify whom it talks to unless insecure says so."
    help          = "Set insecure = false."
    severity      = "medium"
  }

  check "provider.iosxr" {
    condition     = self.verify_certificate != null
    at            = self.host
    error_message = "The provider does not verify whom it talks to unless verify_certificate says so."
    help          = "Set verify_certificate = true."
    severity      = "medium"
  }

  check "provider.bigip" {
    condition     = self.validate_certs_disable != null
    at            = self.address
    error_message = "The provider does not verify whom it talks to unless validate_certs_disable says so."
    help          = "Set validate_certs_disable = false."
    severity      = "medium"
  }

  check "terraform" {
    when          = self.backend.skip_cert_verification != null
    condition     = tobool(self.backend.skip_cert_verification) == false
    at            = self.backend.skip_cert_verification
    error_message = "The backend of the state is not verified: skip_cert_verification is true."
    help          = "Take skip_cert_verification out, and give client_ca_certificate_pem if the CA is a private one."
  }

  check "data.http" {
    condition     = default(self.insecure, false) == false
    at            = self.insecure
    error_message = "What is fetched may come from anybody: insecure is true."
    help          = "Take insecure out; name a private CA with ca_cert_pem."
  }

  check "azurerm_api_management_backend" {
    for_each      = self.tls
    condition     = default(each.value.validate_certificate_chain, true) == true && default(each.value.validate_certificate_name, true) == true
    at            = default(each.value.validate_certificate_chain, true) == true ? each.value.validate_certificate_name : each.value.validate_certificate_chain
    error_message = "The gateway does not verify the certificate of its backend."
    help          = "Set validate_certificate_chain and validate_certificate_name to true; upload a private CA to the service."
  }

  check "azurerm_cdn_frontdoor_origin" {
    condition     = self.certificate_name_check_enabled == true
    error_message = "Front Door does not verify the name in the origin's certificate."
    help          = "Set certificate_name_check_enabled = true and a host name that the certificate has."
  }

  check "aws_api_gateway_integration" {
    for_each      = self.tls_config
    condition     = default(each.value.insecure_skip_verification, false) == false
    at            = each.value.insecure_skip_verification
    error_message = "The gateway does not verify the certificate of its backend: insecure_skip_verification is true."
    help          = "Take insecure_skip_verification out and give the backend a certificate of a public CA."
  }

  check "github_repository_webhook" "github_organization_webhook" {
    for_each      = default(self.configuration, [])
    condition     = tobool(default(each.value.insecure_ssl, false)) == false
    at            = each.value.insecure_ssl
    error_message = "Events are sent without verifying the receiver: insecure_ssl is true."
    help          = "Take insecure_ssl out."
  }

  check "gitlab_project_hook" "gitlab_group_hook" {
    condition     = default(self.enable_ssl_verification, true) == true
    at            = self.enable_ssl_verification
    error_message = "Events are sent without verifying the receiver: enable_ssl_verification is false."
    help          = "Take enable_ssl_verification out."
  }
}
