# What an attribute of an azurerm resource means when it is not written; see aws.hcl.

default "azurerm_storage_account" {
  attribute = "min_tls_version"
  value     = "TLS1_2"
  since     = 3
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "min_tls_version"
  value     = "TLS1_0"
  until     = 2
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "https_traffic_only_enabled"
  value     = true
  since     = 4
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "enable_https_traffic_only"
  value     = true
  until     = 3
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "allow_nested_items_to_be_public"
  value     = false
  since     = 5
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "allow_nested_items_to_be_public"
  value     = true
  since     = 3
  until     = 4
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "shared_access_key_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "infrastructure_encryption_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_storage_account" {
  attribute = "network_rules.bypass"
  value     = ["AzureServices"]
  source    = "service documentation"
}

default "azurerm_redis_cache" {
  attribute = "minimum_tls_version"
  value     = "1.2"
  since     = 4
  source    = "provider documentation"
}

default "azurerm_redis_cache" {
  attribute = "minimum_tls_version"
  value     = "1.0"
  until     = 3
  source    = "provider documentation"
}

default "azurerm_redis_cache" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_eventhub_namespace" "azurerm_servicebus_namespace" {
  attribute = "minimum_tls_version"
  value     = "1.2"
  since     = 3
  source    = "provider documentation"
}

default "azurerm_mssql_server" {
  attribute = "minimum_tls_version"
  value     = "1.2"
  since     = 3
  source    = "provider documentation"
}

default "azurerm_mssql_server" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_cosmosdb_account" {
  attribute = "minimal_tls_version"
  value     = "Tls12"
  since     = 4
  source    = "provider documentation"
}

default "azurerm_cosmosdb_account" {
  attribute = "minimal_tls_version"
  value     = "Tls"
  until     = 3
  source    = "provider documentation"
}

default "azurerm_cosmosdb_account" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_application_gateway" {
  attribute = "ssl_profile.ssl_policy.min_protocol_version"
  value     = "TLSv1_2"
  since     = 4
  source    = "provider documentation"
}

default "azurerm_linux_web_app" "azurerm_windows_web_app" "azurerm_linux_function_app" "azurerm_windows_function_app" {
  attribute = "https_only"
  value     = false
  source    = "provider documentation"
}

default "azurerm_linux_web_app" "azurerm_windows_web_app" "azurerm_linux_function_app" "azurerm_windows_function_app" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_linux_web_app" "azurerm_windows_web_app" "azurerm_linux_function_app" "azurerm_windows_function_app" {
  attribute = "site_config.minimum_tls_version"
  value     = "1.2"
  source    = "provider documentation"
}

default "azurerm_linux_web_app" "azurerm_windows_web_app" "azurerm_linux_function_app" "azurerm_windows_function_app" {
  attribute = "site_config.ftps_state"
  value     = "Disabled"
  since     = 3
  source    = "provider documentation"
}

default "azurerm_recovery_services_vault" {
  attribute = "soft_delete_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_recovery_services_vault" {
  attribute = "storage_mode_type"
  value     = "GeoRedundant"
  source    = "provider documentation"
}

default "azurerm_recovery_services_vault" {
  attribute = "immutability"
  value     = "Disabled"
  source    = "provider documentation"
}

default "azurerm_recovery_services_vault" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_data_protection_backup_vault" {
  attribute = "soft_delete"
  value     = "On"
  source    = "provider documentation"
}

default "azurerm_data_protection_backup_vault" {
  attribute = "immutability"
  value     = "Disabled"
  source    = "provider documentation"
}

default "azurerm_managed_disk" {
  attribute = "network_access_policy"
  value     = "AllowAll"
  source    = "provider documentation"
}

default "azurerm_managed_disk" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_subnet" {
  attribute = "default_outbound_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_firewall_policy" {
  attribute = "threat_intelligence_mode"
  value     = "Alert"
  source    = "provider documentation"
}

default "azurerm_firewall" {
  attribute = "threat_intel_mode"
  value     = "Alert"
  source    = "provider documentation"
}

default "azurerm_bastion_host" {
  attribute = "session_recording_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_bastion_host" {
  attribute = "shareable_link_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_bastion_host" {
  attribute = "sku"
  value     = "Basic"
  source    = "provider documentation"
}

default "azurerm_log_analytics_workspace" {
  attribute = "retention_in_days"
  value     = 30
  source    = "service documentation"
}

default "azurerm_postgresql_flexible_server" "azurerm_mysql_flexible_server" {
  attribute = "backup_retention_days"
  value     = 7
  source    = "provider documentation"
}

default "azurerm_postgresql_flexible_server" "azurerm_mysql_flexible_server" {
  attribute = "geo_redundant_backup_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_postgresql_flexible_server" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_mssql_database" {
  attribute = "storage_account_type"
  value     = "Geo"
  source    = "provider documentation"
}

default "azurerm_mssql_database" {
  attribute = "transparent_data_encryption_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_nat_gateway" "azurerm_lb_rule" {
  attribute = "idle_timeout_in_minutes"
  value     = 4
  source    = "provider documentation"
}

default "azurerm_network_watcher_flow_log" {
  attribute = "version"
  value     = 1
  source    = "provider documentation"
}

default "azurerm_kubernetes_cluster" {
  attribute = "private_cluster_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_kubernetes_cluster" {
  attribute = "role_based_access_control_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_kubernetes_cluster" {
  attribute = "local_account_disabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_kubernetes_cluster" {
  attribute = "node_os_upgrade_channel"
  value     = "NodeImage"
  since     = 4
  source    = "provider documentation"
}

default "azurerm_cdn_endpoint" {
  attribute = "is_http_allowed"
  value     = true
  source    = "provider documentation"
}

default "azurerm_cdn_endpoint" {
  attribute = "is_https_allowed"
  value     = true
  source    = "provider documentation"
}

default "azurerm_cdn_frontdoor_route" {
  attribute = "https_redirect_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_cdn_frontdoor_route" {
  attribute = "forwarding_protocol"
  value     = "MatchRequest"
  source    = "provider documentation"
}

default "azurerm_cdn_frontdoor_custom_domain" {
  attribute = "tls.minimum_tls_version"
  value     = "TLS12"
  source    = "provider documentation"
}

default "azurerm_container_registry" {
  attribute = "admin_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_container_registry" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_linux_virtual_machine" {
  attribute = "disable_password_authentication"
  value     = true
  source    = "provider documentation"
}

default "azurerm_linux_virtual_machine" {
  attribute = "patch_mode"
  value     = "ImageDefault"
  source    = "provider documentation"
}

default "azurerm_windows_virtual_machine" {
  attribute = "patch_mode"
  value     = "AutomaticByOS"
  source    = "provider documentation"
}

default "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" {
  attribute = "encryption_at_host_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" {
  attribute = "secure_boot_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" {
  attribute = "vtpm_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_hpc_cache" {
  attribute = "ntp_server"
  value     = "time.windows.com"
  source    = "provider documentation"
}

default "azurerm_key_vault" {
  attribute = "public_network_access_enabled"
  value     = true
  source    = "provider documentation"
}

default "azurerm_key_vault" {
  attribute = "purge_protection_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_key_vault" {
  attribute = "soft_delete_retention_days"
  value     = 90
  source    = "provider documentation"
}

default "azurerm_network_interface" {
  attribute = "ip_forwarding_enabled"
  value     = false
  source    = "provider documentation"
}

default "azurerm_virtual_network_peering" {
  attribute = "allow_forwarded_traffic"
  value     = false
  source    = "provider documentation"
}

default "azurerm_virtual_network_peering" {
  attribute = "allow_virtual_network_access"
  value     = true
  source    = "provider documentation"
}

default "azurerm_virtual_network_peering" {
  attribute = "allow_gateway_transit"
  value     = false
  source    = "provider documentation"
}

default "azurerm_virtual_network_peering" {
  attribute = "use_remote_gateways"
  value     = false
  source    = "provider documentation"
}

default "azurerm_lb" {
  attribute = "sku"
  value     = "Standard"
  source    = "provider documentation"
}

default "azurerm_public_ip" {
  attribute = "sku"
  value     = "Standard"
  since     = 4
  source    = "provider documentation"
}
