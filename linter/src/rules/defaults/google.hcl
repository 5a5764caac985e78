# What an attribute of a google resource means when it is not written; see aws.hcl.

default "google_compute_ssl_policy" {
  attribute = "min_tls_version"
  value     = "TLS_1_0"
  source    = "provider documentation"
}

default "google_compute_ssl_policy" {
  attribute = "profile"
  value     = "COMPATIBLE"
  source    = "provider documentation"
}

default "google_sql_database_instance" {
  attribute = "settings.ip_configuration.ssl_mode"
  value     = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"
  source    = "service documentation: sslMode of IpConfiguration"
}

default "google_sql_database_instance" {
  attribute = "settings.ip_configuration.ipv4_enabled"
  value     = true
  source    = "provider documentation"
}

default "google_sql_database_instance" {
  attribute = "settings.backup_configuration.enabled"
  value     = false
  source    = "provider documentation"
}

default "google_sql_database_instance" {
  attribute = "settings.availability_type"
  value     = "ZONAL"
  source    = "provider documentation"
}

default "google_sql_database_instance" {
  attribute = "deletion_protection"
  value     = true
  source    = "provider documentation"
}

default "google_redis_instance" "google_redis_cluster" {
  attribute = "transit_encryption_mode"
  value     = "DISABLED"
  source    = "provider documentation"
}

default "google_redis_instance" {
  attribute = "auth_enabled"
  value     = false
  source    = "provider documentation"
}

default "google_compute_subnetwork" {
  attribute = "log_config.flow_sampling"
  value     = 0.5
  source    = "provider documentation"
}

default "google_compute_subnetwork" {
  attribute = "log_config.metadata"
  value     = "INCLUDE_ALL_METADATA"
  source    = "provider documentation"
}

default "google_compute_subnetwork" {
  attribute = "log_config.aggregation_interval"
  value     = "INTERVAL_5_SEC"
  source    = "provider documentation"
}

default "google_compute_subnetwork" {
  attribute = "private_ip_google_access"
  value     = false
  source    = "provider documentation"
}

default "google_compute_firewall" {
  attribute = "direction"
  value     = "INGRESS"
  source    = "provider documentation"
}

default "google_compute_firewall" {
  attribute = "priority"
  value     = 1000
  source    = "provider documentation"
}

default "google_compute_firewall" {
  attribute = "disabled"
  value     = false
  source    = "provider documentation"
}

default "google_project" {
  attribute = "auto_create_network"
  value     = true
  source    = "provider documentation"
}

default "google_compute_network" {
  attribute = "auto_create_subnetworks"
  value     = true
  source    = "provider documentation"
}

default "google_compute_network" {
  attribute = "delete_default_routes_on_create"
  value     = false
  source    = "provider documentation"
}

default "google_compute_network" {
  attribute = "routing_mode"
  value     = "REGIONAL"
  source    = "provider documentation"
}

default "google_compute_backend_service" "google_compute_region_backend_service" {
  attribute = "protocol"
  value     = "HTTP"
  source    = "provider documentation"
}

default "google_compute_backend_service" "google_compute_region_backend_service" {
  attribute = "log_config.enable"
  value     = false
  source    = "provider documentation"
}

default "google_compute_backend_service" {
  attribute = "load_balancing_scheme"
  value     = "EXTERNAL"
  source    = "provider documentation"
}

default "google_logging_project_bucket_config" {
  attribute = "retention_days"
  value     = 30
  source    = "provider documentation"
}

default "google_logging_project_bucket_config" {
  attribute = "locked"
  value     = false
  source    = "provider documentation"
}

default "google_storage_bucket" {
  attribute = "public_access_prevention"
  value     = "inherited"
  source    = "provider documentation"
}

default "google_storage_bucket" {
  attribute = "force_destroy"
  value     = false
  source    = "provider documentation"
}

default "google_storage_bucket" {
  attribute = "uniform_bucket_level_access"
  value     = false
  source    = "provider documentation"
}

default "google_storage_bucket" {
  attribute = "versioning.enabled"
  value     = false
  source    = "provider documentation"
}

default "google_dns_policy" {
  attribute = "enable_logging"
  value     = false
  source    = "provider documentation"
}

default "google_dns_policy" {
  attribute = "enable_inbound_forwarding"
  value     = false
  source    = "provider documentation"
}

default "google_cloud_run_v2_service" {
  attribute = "ingress"
  value     = "INGRESS_TRAFFIC_ALL"
  source    = "provider documentation"
}

default "google_compute_vpn_tunnel" {
  attribute = "ike_version"
  value     = 2
  source    = "provider documentation"
}

default "google_compute_router_nat" {
  attribute = "tcp_established_idle_timeout_sec"
  value     = 1200
  source    = "provider documentation"
}

default "google_compute_instance" {
  attribute = "can_ip_forward"
  value     = false
  source    = "provider documentation"
}

default "google_compute_instance" {
  attribute = "deletion_protection"
  value     = false
  source    = "provider documentation"
}

default "google_compute_instance" {
  attribute = "shielded_instance_config.enable_secure_boot"
  value     = false
  source    = "provider documentation"
}

default "google_compute_instance" {
  attribute = "shielded_instance_config.enable_vtpm"
  value     = true
  source    = "provider documentation"
}

default "google_compute_instance" {
  attribute = "shielded_instance_config.enable_integrity_monitoring"
  value     = true
  source    = "provider documentation"
}

default "google_container_cluster" {
  attribute = "enable_shielded_nodes"
  value     = true
  source    = "provider documentation"
}

default "google_container_cluster" {
  attribute = "enable_legacy_abac"
  value     = false
  source    = "provider documentation"
}

default "google_container_cluster" {
  attribute = "private_cluster_config.enable_private_endpoint"
  value     = false
  source    = "provider documentation"
}

default "google_container_cluster" {
  attribute = "private_cluster_config.enable_private_nodes"
  value     = false
  source    = "provider documentation"
}

default "google_container_cluster" {
  attribute = "deletion_protection"
  value     = true
  source    = "provider documentation"
}

default "google_container_node_pool" {
  attribute = "management.auto_upgrade"
  value     = false
  source    = "provider documentation"
}

default "google_container_node_pool" {
  attribute = "management.auto_repair"
  value     = false
  source    = "provider documentation"
}

default "google_compute_network_firewall_policy_rule" {
  attribute = "enable_logging"
  value     = false
  source    = "provider documentation"
}

default "google_compute_network_firewall_policy_rule" {
  attribute = "disabled"
  value     = false
  source    = "provider documentation"
}

default "google_compute_global_forwarding_rule" {
  attribute = "load_balancing_scheme"
  value     = "EXTERNAL"
  source    = "provider documentation"
}

default "google_compute_forwarding_rule" {
  attribute = "load_balancing_scheme"
  value     = "EXTERNAL"
  source    = "provider documentation"
}
