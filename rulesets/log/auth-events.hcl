rule "auth-events" {
  summary   = "Identity provider does not record logins"
  severity  = "high"
  standards = ["NIST AU-2", "NIST AC-7", "NIST AU-12", "ISO 8.5", "ISO 8.15", "PCI 10.2.1.4"]
  clauses   = ["CAF-ACC-7", "MA-6.1.3", "MA-6.1.6"]
  params = {
    min_days         = 365
    entra_categories = ["AuditLogs", "SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs"]
  }

  check "keycloak_realm" {
    attributes    = ["realm"]
    condition     = has_related(self, "keycloak_realm_events", "realm_id")
    at            = self
    error_message = "The realm keeps no events: nothing sets its events."
    help          = "Add a keycloak_realm_events with events_enabled and admin_events_enabled = true."
  }

  check "keycloak_realm_events" {
    attributes = ["realm_id", "events_enabled", "events_expiration", "admin_events_enabled", "admin_events_details_enabled", "enabled_event_types"]
    locals {
      types = default(self.enabled_event_types, [])
    }
    assert {
      condition     = self.events_enabled == true
      error_message = "Logins are not kept: events_enabled is not true."
      help          = "Set events_enabled = true."
    }
    assert {
      condition     = self.admin_events_enabled == true && self.admin_events_details_enabled == true
      error_message = "Changes by administrators are not kept with their details."
      help          = "Set admin_events_enabled and admin_events_details_enabled to true."
    }
    assert {
      condition     = default(self.events_expiration, 0) == 0 || self.events_expiration >= params.min_days * 86400
      at            = self.events_expiration
      error_message = "Events are kept ${self.events_expiration} seconds; ${params.min_days} days are agreed."
      help          = "Set events_expiration = ${params.min_days * 86400}, or 0 for ever."
      severity      = "medium"
    }
    assert {
      condition     = length(local.types) == 0 || contains(local.types, "LOGIN") && contains(local.types, "LOGIN_ERROR")
      at            = self.enabled_event_types
      error_message = "The kept event types leave out ${contains(local.types, "LOGIN") ? "LOGIN_ERROR" : "LOGIN"}."
      help          = "Leave enabled_event_types out: all types are kept then."
    }
  }

  check "okta_log_stream" {
    attributes    = ["type", "status"]
    condition     = default(self.status, "ACTIVE") == "ACTIVE"
    error_message = "The log stream is ${self.status}."
    help          = "Set status = \"ACTIVE\"."
  }

  # Where the organisation itself is configured its stream would be too.
  check "okta_org_configuration" {
    attributes    = ["company_name"]
    condition     = length(resources("okta_log_stream")) + length(resources("okta_event_hook")) > 0
    at            = self
    error_message = "No log stream takes the organisation's system log away."
    help          = "Add an okta_log_stream to your log service."
    severity      = "medium"
  }

  check "auth0_log_stream" {
    attributes    = ["type", "status"]
    condition     = default(self.status, "active") == "active"
    error_message = "The log stream is ${self.status}."
    help          = "Set status = \"active\"."
  }

  check "auth0_tenant" {
    attributes    = ["friendly_name"]
    condition     = length(resources("auth0_log_stream")) > 0
    at            = self
    error_message = "No log stream takes the tenant's log away; the tenant keeps it for days only."
    help          = "Add an auth0_log_stream to your log service."
    severity      = "medium"
  }

  check "azurerm_monitor_aad_diagnostic_setting" {
    attributes = ["log.category", "log.enabled"]
    locals {
      sent    = concat([for log in self.enabled_log : log.category], [for log in default(self.log, []) : log.category if log.enabled != false])
      missing = [for category in params.entra_categories : category if !contains(local.sent, category)]
    }
    condition     = alltrue([for category in params.entra_categories : contains(local.sent, category)])
    at            = self.enabled_log
    error_message = "The setting leaves out ${join(", ", local.missing)}."
    help          = "Add an enabled_log block for each of these."
  }

  check "aws_cognito_log_delivery_configuration" {
    condition     = anytrue([for config in self.log_configurations : config.event_source == "userAuthEvents"])
    at            = self.log_configurations
    error_message = "Only undelivered notifications are logged, no sign-ins."
    help          = "Add log_configurations { event_source = \"userAuthEvents\"  log_level = \"INFO\" … }."
    severity      = "medium"
  }

  # Whoever sets up both ways in and policies runs the server.
  check "vault_auth_backend" "vault_jwt_auth_backend" "vault_ldap_auth_backend" {
    locals {
      backends = concat(resources("vault_auth_backend"), resources("vault_jwt_auth_backend"), resources("vault_ldap_auth_backend"))
    }
    when          = length(resources("vault_policy")) > 0 && address(self) == address(local.backends[0])
    condition     = length(resources("vault_audit")) > 0
    at            = self
    error_message = "Vault has ways to log in and no audit device that records them."
    help          = "Add a vault_audit, better two."
    severity      = "medium"
  }

  check "iosxe_system" {
    attributes    = ["login_on_failure", "login_on_failure_log", "login_on_success", "login_on_success_log"]
    condition     = (self.login_on_failure == true || self.login_on_failure_log == true) && (self.login_on_success == true || self.login_on_success_log == true)
    at            = default(self.login_on_failure, self.login_on_success)
    error_message = "The device does not log ${self.login_on_failure == true || self.login_on_failure_log == true ? "successful" : "failed"} logins."
    help          = "Set login_on_failure_log and login_on_success_log to true."
  }

  attributes = {
    keycloak_realm_events   = ["realm_id"]
    okta_log_stream         = ["type"]
    okta_event_hook         = ["name"]
    auth0_log_stream        = ["type"]
    vault_audit             = ["type"]
    vault_policy            = ["name"]
    vault_auth_backend      = ["type", "path"]
    vault_jwt_auth_backend  = ["path"]
    vault_ldap_auth_backend = ["path"]
  }
}
