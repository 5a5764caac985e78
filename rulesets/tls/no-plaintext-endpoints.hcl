rule "no-plaintext-endpoints" {
  summary   = "Webhook, backend, registry or identity provider is addressed over plain HTTP"
  severity  = "medium"
  aliases   = ["CKV2_AZURE_30", "CKV_AZURE_215"]
  standards = ["NIST SC-8", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["CAF-PW-5", "MA-14.2.3"]

  params = {
    # Addresses of the machine itself, to which applications may redirect without TLS (RFC 8252).
    local = ["http://localhost", "http://localhost:*", "http://localhost/*", "http://127.0.0.1", "http://127.0.0.1:*", "http://127.0.0.1/*", "http://[::1]*"]
  }

  check "aws_sns_topic_subscription" {
    condition     = self.protocol != "http"
    at            = self.protocol
    error_message = "Messages are sent in clear text to ${self.endpoint}."
    help          = "Set protocol = \"https\" and an endpoint that begins with https://."
  }

  check "aws_apigatewayv2_integration" {
    when          = self.integration_type == "HTTP_PROXY"
    condition     = !startswith(lower(self.integration_uri), "http://")
    at            = self.integration_uri
    error_message = "The gateway calls its backend in clear text: ${self.integration_uri}."
    help          = "Use an address that begins with https://."
    severity      = self.connection_type == "VPC_LINK" ? "low" : "medium"
  }

  check "aws_api_gateway_integration" {
    when          = contains(["HTTP", "HTTP_PROXY"], self.type)
    condition     = !startswith(lower(self.uri), "http://")
    at            = self.uri
    error_message = "The gateway calls its backend in clear text: ${self.uri}."
    help          = "Use an address that begins with https://."
    severity      = self.connection_type == "VPC_LINK" ? "low" : "medium"
  }

  check "aws_cloudwatch_event_api_destination" {
    condition     = !startswith(lower(self.invocation_endpoint), "http://")
    at            = self.invocation_endpoint
    error_message = "Events are sent in clear text: ${self.invocation_endpoint}."
    help          = "Use an address that begins with https://."
  }

  check "aws_cloudwatch_event_connection" {
    for_each      = flatten([for parameters in self.auth_parameters : parameters.oauth])
    condition     = !startswith(lower(each.value.authorization_endpoint), "http://")
    at            = each.value.authorization_endpoint
    error_message = "The client secret is sent in clear text: ${each.value.authorization_endpoint}."
    help          = "Use an address that begins with https://."
  }

  check "aws_transfer_connector" {
    when          = length(self.as2_config) == 0 || self.as2_config[0].encryption_algorithm == "NONE"
    condition     = !startswith(lower(self.url), "http://")
    at            = self.url
    error_message = "Files are sent in clear text: ${self.url}."
    help          = "Use an address that begins with https://, or an encryption_algorithm other than NONE."
  }

  check "aws_cognito_user_pool_client" {
    locals {
      plain = [for address in concat(default(self.callback_urls, []), default(self.logout_urls, [])) : address if startswith(lower(address), "http://") && !matches_any(lower(address), params.local)]
    }
    condition     = length(local.plain) == 0
    at            = self.callback_urls
    error_message = "Tokens may be sent in clear text: ${join(", ", local.plain)}."
    help          = "Use addresses that begin with https://; localhost is the one exception."
  }

  check "azurerm_container_registry_webhook" {
    condition     = !startswith(lower(self.service_uri), "http://")
    at            = self.service_uri
    error_message = "Events are sent in clear text: ${self.service_uri}."
    help          = "Use an address that begins with https://."
  }

  check "azurerm_monitor_action_group" {
    for_each      = self.webhook_receiver
    condition     = !startswith(lower(each.value.service_uri), "http://")
    at            = each.value.service_uri
    error_message = "Alerts are sent in clear text: ${each.value.service_uri}."
    help          = "Use an address that begins with https://."
  }

  check "azurerm_api_management_backend" {
    condition     = !startswith(lower(self.url), "http://")
    at            = self.url
    error_message = "The gateway calls its backend in clear text: ${self.url}."
    help          = "Use an address that begins with https://."
  }

  check "google_pubsub_subscription" {
    for_each      = self.push_config
    condition     = !startswith(lower(each.value.push_endpoint), "http://")
    at            = each.value.push_endpoint
    error_message = "Messages are sent in clear text: ${each.value.push_endpoint}."
    help          = "Use an address that begins with https://."
  }

  check "github_repository_webhook" "github_organization_webhook" {
    attributes = ["configuration"]
    for_each      = default(self.configuration, [])
    condition     = !startswith(lower(each.value.url), "http://")
    at            = each.value.url
    error_message = "Events are sent in clear text: ${each.value.url}."
    help          = "Use an address that begins with https://."
  }

  check "gitlab_project_hook" "gitlab_group_hook" {
    attributes = ["url"]
    condition     = !startswith(lower(self.url), "http://")
    at            = self.url
    error_message = "Events are sent in clear text: ${self.url}."
    help          = "Use an address that begins with https://."
  }

  check "okta_event_hook" "okta_inline_hook" {
    attributes = ["channel"]
    condition     = !startswith(lower(self.channel.uri), "http://")
    at            = self.channel.uri
    error_message = "Events are sent in clear text: ${self.channel.uri}."
    help          = "Use an address that begins with https://."
  }

  check "datadog_webhook" {
    attributes = ["url"]
    condition     = !startswith(lower(self.url), "http://")
    at            = self.url
    error_message = "Alerts are sent in clear text: ${self.url}."
    help          = "Use an address that begins with https://."
  }

  check "okta_app_oauth" {
    attributes = ["redirect_uris", "post_logout_redirect_uris"]
    locals {
      plain = [for address in concat(default(self.redirect_uris, []), default(self.post_logout_redirect_uris, [])) : address if startswith(lower(address), "http://") && !matches_any(lower(address), params.local)]
    }
    condition     = length(local.plain) == 0
    at            = self.redirect_uris
    error_message = "Tokens may be sent in clear text: ${join(", ", local.plain)}."
    help          = "Use addresses that begin with https://; localhost is the one exception."
  }

  check "keycloak_openid_client" {
    attributes = ["valid_redirect_uris", "valid_post_logout_redirect_uris"]
    locals {
      plain = [for address in concat(default(self.valid_redirect_uris, []), default(self.valid_post_logout_redirect_uris, [])) : address if startswith(lower(address), "http://") && !matches_any(lower(address), params.local)]
    }
    condition     = length(local.plain) == 0
    at            = self.valid_redirect_uris
    error_message = "Tokens may be sent in clear text: ${join(", ", local.plain)}."
    help          = "Use addresses that begin with https://; localhost is the one exception."
  }

  check "azuread_application" {
    attributes = ["web", "single_page_application"]
    for_each   = concat(default(self.web, []), default(self.single_page_application, []))
    locals {
      plain = [for address in default(each.value.redirect_uris, []) : address if startswith(lower(address), "http://") && !matches_any(lower(address), params.local)]
    }
    condition     = length(local.plain) == 0
    at            = each.value.redirect_uris
    error_message = "Tokens may be sent in clear text: ${join(", ", local.plain)}."
    help          = "Use addresses that begin with https://; localhost is the one exception."
  }

  check "keycloak_ldap_user_federation" {
    attributes = ["connection_url", "start_tls"]
    condition     = !startswith(lower(self.connection_url), "ldap://") || self.start_tls == true
    at            = self.connection_url
    error_message = "Passwords of all users are sent in clear text: ${self.connection_url}."
    help          = "Use an address that begins with ldaps://, or set start_tls = true."
    severity      = "high"
  }

  check "helm_release" {
    attributes = ["repository"]
    condition     = !startswith(lower(self.repository), "http://")
    at            = self.repository
    error_message = "The chart is fetched in clear text: ${self.repository}."
    help          = "Use an address that begins with https://."
  }
}
