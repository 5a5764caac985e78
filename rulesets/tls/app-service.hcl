rule "app-service" {
  summary  = "App platform serves plain HTTP, old TLS or plain FTP"
  severity = "high"
  aliases = [
    "CKV_AZURE_14", "CKV_AZURE_15", "CKV_AZURE_70", "CKV_AZURE_78", "CKV_AZURE_145", "CKV_AZURE_153", "CKV_AZURE_154",
    "AVD-AZU-0004", "AVD-AZU-0006", "AVD-AZU-0071", "AVD-AZU-0072",
  ]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4"]

  check "azurerm_linux_web_app" "azurerm_windows_web_app" "azurerm_linux_function_app" "azurerm_windows_function_app" "azurerm_linux_web_app_slot" "azurerm_windows_web_app_slot" "azurerm_linux_function_app_slot" "azurerm_windows_function_app_slot" "azurerm_function_app_flex_consumption" "azurerm_logic_app_standard" "azurerm_app_service" "azurerm_app_service_slot" "azurerm_function_app" "azurerm_function_app_slot" {
    condition     = self.https_only == true
    error_message = "The app answers plain HTTP: https_only is ${default(self.https_only, "not set")}."
    help          = "Set https_only = true."
  }

  check "azurerm_linux_web_app" "azurerm_windows_web_app" "azurerm_linux_function_app" "azurerm_windows_function_app" "azurerm_linux_web_app_slot" "azurerm_windows_web_app_slot" "azurerm_linux_function_app_slot" "azurerm_windows_function_app_slot" {
    for_each = self.site_config
    assert {
      condition     = tls_version_at_least(default(each.value.minimum_tls_version, "1.2"), "1.2")
      at            = each.value.minimum_tls_version
      error_message = "The app accepts TLS ${each.value.minimum_tls_version}."
      help          = "Leave minimum_tls_version out, or set it to \"1.2\" or later."
    }
    assert {
      condition     = tls_version_at_least(default(each.value.scm_minimum_tls_version, "1.2"), "1.2")
      at            = each.value.scm_minimum_tls_version
      error_message = "The deployment site of the app accepts TLS ${each.value.scm_minimum_tls_version}."
      help          = "Leave scm_minimum_tls_version out, or set it to \"1.2\" or later."
    }
    assert {
      condition     = contains(["Disabled", "FtpsOnly"], default(each.value.ftps_state, "Disabled"))
      at            = each.value.ftps_state
      error_message = "Files can be sent to the app over plain FTP: ftps_state is ${each.value.ftps_state}."
      help          = "Leave ftps_state out, or set it to \"Disabled\" or \"FtpsOnly\"."
    }
  }

  check "azurerm_function_app_flex_consumption" {
    for_each      = self.site_config
    condition     = tls_version_at_least(default(each.value.minimum_tls_version, "1.2"), "1.2")
    at            = each.value.minimum_tls_version
    error_message = "The app accepts TLS ${each.value.minimum_tls_version}."
    help          = "Leave minimum_tls_version out, or set it to \"1.2\" or later."
  }

  # The older types call the attribute min_tls_version; the service's default is 1.2.
  check "azurerm_app_service" "azurerm_app_service_slot" "azurerm_function_app" "azurerm_function_app_slot" "azurerm_logic_app_standard" {
    for_each      = self.site_config
    condition     = tls_version_at_least(default(each.value.min_tls_version, "1.2"), "1.2")
    at            = each.value.min_tls_version
    error_message = "The app accepts TLS ${each.value.min_tls_version}."
    help          = "Leave min_tls_version out, or set it to \"1.2\"."
  }

  check "azurerm_app_service" "azurerm_app_service_slot" "azurerm_function_app" "azurerm_function_app_slot" {
    locals {
      states = flatten(self.site_config[*].ftps_state)
    }
    condition     = length(local.states) > 0 && alltrue([for state in local.states : contains(["Disabled", "FtpsOnly"], state)])
    at            = self.site_config
    error_message = "Files can be sent to the app over plain FTP: ftps_state is ${default(one(local.states), "not set, which the service takes as AllAllowed")}."
    help          = "Set ftps_state = \"Disabled\" or \"FtpsOnly\" in site_config."
    severity      = "medium"
  }

  check "azurerm_logic_app_standard" {
    for_each      = [for config in self.site_config : config if config.ftps_state != null]
    condition     = contains(["Disabled", "FtpsOnly"], each.value.ftps_state)
    at            = each.value.ftps_state
    error_message = "Files can be sent to the app over plain FTP: ftps_state is ${each.value.ftps_state}."
    help          = "Set ftps_state = \"Disabled\" or \"FtpsOnly\"."
  }

  check "azurerm_container_app" {
    for_each      = self.ingress
    condition     = default(each.value.allow_insecure_connections, false) == false
    at            = each.value.allow_insecure_connections
    error_message = "The app answers plain HTTP: allow_insecure_connections is true."
    help          = "Leave allow_insecure_connections out: then HTTP is redirected to HTTPS."
  }

  check "azurerm_spring_cloud_app" {
    # Without an endpoint nothing outside the service reaches the app.
    when          = self.is_public == true || self.public_endpoint_enabled == true
    condition     = self.https_only == true
    error_message = "The app answers plain HTTP: https_only is ${default(self.https_only, "not set")}."
    help          = "Set https_only = true."
  }

  check "google_app_engine_domain_mapping" {
    condition     = length(self.ssl_settings) > 0
    error_message = "The domain is served without TLS: there is no ssl_settings."
    help          = "Add ssl_settings { ssl_management_type = \"AUTOMATIC\" }."
  }

  check "google_cloud_run_domain_mapping" {
    for_each      = self.spec
    condition     = default(each.value.certificate_mode, "AUTOMATIC") != "NONE"
    at            = each.value.certificate_mode
    error_message = "The domain is served without TLS: certificate_mode is NONE."
    help          = "Leave certificate_mode out."
  }

  check "aws_elastic_beanstalk_environment" {
    locals {
      off = [for setting in self.setting : setting.namespace if setting.name == "ListenerEnabled" && lower(setting.value) == "false"]
    }
    for_each = [
      for setting in self.setting : setting
      if contains(["ListenerProtocol", "Protocol"], setting.name) && can(regex("^aws:elb(v2)?:listener", setting.namespace)) && !contains(local.off, setting.namespace)
    ]
    condition     = !contains(["HTTP", "TCP"], upper(each.value.value))
    at            = each.value.value
    error_message = "The environment's listener ${each.value.namespace} speaks ${each.value.value}."
    help          = "Switch the listener off (ListenerEnabled = false) and use one on port 443 with a certificate."
  }
}
