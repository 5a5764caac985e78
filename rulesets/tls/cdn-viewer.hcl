rule "cdn-viewer" {
  summary   = "Content delivery network serves viewers without modern TLS"
  severity  = "high"
  aliases   = ["CKV_AWS_34", "CKV_AWS_174", "AVD-AWS-0012", "AVD-AWS-0013", "CKV_AZURE_197", "CKV_AZURE_200"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4"]

  check "aws_cloudfront_distribution" {
    for_each      = concat(self.default_cache_behavior, self.ordered_cache_behavior)
    condition     = contains(["redirect-to-https", "https-only"], each.value.viewer_protocol_policy)
    at            = each.value.viewer_protocol_policy
    error_message = "viewer_protocol_policy ${each.value.viewer_protocol_policy} serves pages over HTTP."
    help          = "Set viewer_protocol_policy = \"redirect-to-https\" or \"https-only\"."
  }

  check "aws_cloudfront_distribution" {
    for_each      = self.viewer_certificate
    condition     = each.value.cloudfront_default_certificate != true && tls_version_at_least(tls_policy(default(each.value.minimum_protocol_version, "TLSv1")).min_version, "1.2")
    at            = each.value.cloudfront_default_certificate == true ? each.value.cloudfront_default_certificate : each.value.minimum_protocol_version
    error_message = each.value.cloudfront_default_certificate == true ? "The default certificate accepts TLS 1.0." : "minimum_protocol_version ${default(each.value.minimum_protocol_version, "TLSv1 (default)")} accepts TLS older than 1.2."
    help          = "Use your own certificate with minimum_protocol_version = \"TLSv1.2_2021\"."
  }

  check "azurerm_cdn_frontdoor_route" {
    condition     = default(self.https_redirect_enabled, true) == true || !contains(self.supported_protocols, "Http")
    at            = self.https_redirect_enabled
    error_message = "The route serves HTTP without redirecting to HTTPS."
    help          = "Set https_redirect_enabled = true, or supported_protocols = [\"Https\"]."
  }

  check "azurerm_cdn_frontdoor_custom_domain" {
    for_each      = self.tls
    condition     = tls_version_at_least(default(each.value.minimum_tls_version, "TLS12"), "1.2")
    at            = each.value.minimum_tls_version
    error_message = "minimum_tls_version is ${each.value.minimum_tls_version}."
    help          = "Leave minimum_tls_version out, or set it to \"TLS12\" or later."
  }

  check "azurerm_cdn_endpoint" {
    condition     = self.is_http_allowed == false
    error_message = "The endpoint answers HTTP: is_http_allowed is not false."
    help          = "Set is_http_allowed = false."
  }

  attributes = {
    cloudflare_zone_setting           = ["setting_id", "value"]
    cloudflare_zone_settings_override = ["settings.min_tls_version", "settings.always_use_https"]
  }

  check "cloudflare_zone_setting" {
    assert {
      when          = self.setting_id == "min_tls_version"
      condition     = tls_version_at_least(self.value, "1.2")
      error_message = "Viewers may use TLS ${self.value}."
      help          = "Set value = \"1.2\" or later."
    }
    assert {
      when          = self.setting_id == "always_use_https"
      condition     = self.value == "on"
      error_message = "The zone serves HTTP without redirecting: always_use_https is ${self.value}."
      help          = "Set value = \"on\"."
    }
  }

  check "cloudflare_zone_settings_override" {
    for_each = self.settings
    assert {
      when          = each.value.min_tls_version != null
      condition     = tls_version_at_least(each.value.min_tls_version, "1.2")
      error_message = "Viewers may use TLS ${each.value.min_tls_version}."
      help          = "Set min_tls_version = \"1.2\" or later."
    }
    assert {
      when          = each.value.always_use_https != null
      condition     = each.value.always_use_https == "on"
      error_message = "The zone serves HTTP without redirecting: always_use_https is ${each.value.always_use_https}."
      help          = "Set always_use_https = \"on\"."
    }
  }
}
