rule "cdn-origin" {
  summary   = "Content delivery network fetches its origin without modern TLS"
  severity  = "high"
  aliases   = ["CKV2_AWS_72", "CKV2_AWS_54"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4"]

  attributes = {
    cloudflare_zone_setting           = ["setting_id", "value"]
    cloudflare_zone_settings_override = ["settings.ssl"]
  }

  check "aws_cloudfront_distribution" {
    locals {
      # A group of origins is used under its own name: any behaviour may lead to any member.
      behaviours = concat(self.default_cache_behavior, self.ordered_cache_behavior)
      clear      = [for behaviour in local.behaviours : behaviour if !contains(["redirect-to-https", "https-only"], behaviour.viewer_protocol_policy)]
    }
    for_each = [for origin in self.origin : origin if length(origin.custom_origin_config) > 0]
    assert {
      condition = (
        each.value.custom_origin_config[0].origin_protocol_policy == "https-only"
        || each.value.custom_origin_config[0].origin_protocol_policy == "match-viewer" && length([
          for behaviour in local.clear : behaviour if length(self.origin_group) > 0 || behaviour.target_origin_id == each.value.origin_id
        ]) == 0
      )
      at            = each.value.custom_origin_config[0].origin_protocol_policy
      error_message = "CloudFront fetches ${each.value.domain_name} in clear text: origin_protocol_policy is ${each.value.custom_origin_config[0].origin_protocol_policy}."
      help          = "Set origin_protocol_policy = \"https-only\"; for a website in S3 use the bucket's own endpoint with an origin access control."
      # Website endpoints of S3 speak nothing else, and what they serve is public.
      severity = strcontains(each.value.domain_name, "s3-website") || length(referenced(each.value.domain_name, "aws_s3_bucket_website_configuration")) > 0 ? "medium" : "high"
    }
    assert {
      when          = each.value.custom_origin_config[0].origin_protocol_policy != "http-only"
      condition     = alltrue([for version in each.value.custom_origin_config[0].origin_ssl_protocols : tls_version_at_least(version, "1.2")])
      at            = each.value.custom_origin_config[0].origin_ssl_protocols
      error_message = "CloudFront offers ${each.value.domain_name} old protocols: origin_ssl_protocols is ${join(", ", each.value.custom_origin_config[0].origin_ssl_protocols)}."
      help          = "Set origin_ssl_protocols = [\"TLSv1.2\"]."
    }
  }

  # Origins within a VPC; what the viewer may do is not seen from here.
  check "aws_cloudfront_vpc_origin" {
    for_each      = self.vpc_origin_endpoint_config
    condition     = contains(["https-only", "match-viewer"], each.value.origin_protocol_policy) && alltrue([for version in flatten(each.value.origin_ssl_protocols[*].items) : tls_version_at_least(version, "1.2")])
    at            = each.value.origin_protocol_policy
    error_message = "CloudFront fetches ${each.value.name} with ${each.value.origin_protocol_policy} and ${join(", ", flatten(each.value.origin_ssl_protocols[*].items))}."
    help          = "Set origin_protocol_policy = \"https-only\" and items = [\"TLSv1.2\"] in origin_ssl_protocols."
  }

  check "azurerm_cdn_frontdoor_route" {
    locals {
      # Where viewers get to HTTPS first, matching their request is HTTPS too.
      https_only = !contains(self.supported_protocols, "Http") || default(self.https_redirect_enabled, true) == true
    }
    condition     = self.forwarding_protocol == "HttpsOnly" || self.forwarding_protocol == "MatchRequest" && local.https_only
    at            = self.forwarding_protocol
    error_message = "Front Door fetches the origin over HTTP: forwarding_protocol is ${self.forwarding_protocol}."
    help          = "Set forwarding_protocol = \"HttpsOnly\"."
  }

  check "cloudflare_zone_setting" {
    when          = self.setting_id == "ssl"
    condition     = contains(["strict", "origin_pull"], self.value)
    error_message = "Cloudflare's mode ${self.value} does not fetch the origin over verified TLS."
    help          = "Set value = \"strict\" and give the origin a certificate that Cloudflare can verify."
  }

  check "cloudflare_zone_settings_override" {
    for_each      = [for settings in self.settings : settings if settings.ssl != null]
    condition     = contains(["strict", "origin_pull"], each.value.ssl)
    error_message = "Cloudflare's mode ${each.value.ssl} does not fetch the origin over verified TLS."
    help          = "Set ssl = \"strict\" and give the origin a certificate that Cloudflare can verify."
  }
}
