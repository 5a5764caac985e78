rule "cache-transit" {
  summary   = "In-memory store accepts clear text"
  severity  = "high"
  aliases   = ["CKV_AWS_30", "CKV_AWS_31", "CKV_AWS_202", "CKV_AWS_239", "AVD-AWS-0051", "CKV_AZURE_91", "CKV_AZURE_148", "CKV_GCP_97"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4"]

  check "aws_elasticache_replication_group" {
    assert {
      condition     = self.transit_encryption_enabled == true
      error_message = "transit_encryption_enabled is ${default(self.transit_encryption_enabled, "not set")}: clients and replicas speak clear text."
      help          = "Set transit_encryption_enabled = true."
    }
    assert {
      when          = self.transit_encryption_enabled == true
      condition     = default(self.transit_encryption_mode, "required") == "required"
      at            = self.transit_encryption_mode
      error_message = "transit_encryption_mode ${self.transit_encryption_mode} still takes clear text."
      help          = "Set transit_encryption_mode = \"required\" once all clients speak TLS."
      severity      = "medium"
    }
  }

  check "aws_elasticache_cluster" {
    # A member of a replication group has the group's setting.
    when          = self.engine == "memcached" && self.replication_group_id == null
    condition     = self.transit_encryption_enabled == true
    error_message = "transit_encryption_enabled is ${default(self.transit_encryption_enabled, "not set")}: clients speak clear text."
    help          = "Set transit_encryption_enabled = true (memcached 1.6.12 and later)."
  }

  check "aws_memorydb_cluster" {
    condition     = default(self.tls_enabled, true) == true
    at            = self.tls_enabled
    error_message = "tls_enabled is ${self.tls_enabled}."
    help          = "Leave tls_enabled out, or set it to true."
  }

  check "aws_dax_cluster" {
    condition     = self.cluster_endpoint_encryption_type == "TLS"
    error_message = "cluster_endpoint_encryption_type is ${self.cluster_endpoint_encryption_type}."
    help          = "Set cluster_endpoint_encryption_type = \"TLS\"."
  }

  check "azurerm_redis_cache" {
    assert {
      condition     = default(self.non_ssl_port_enabled, false) == false
      at            = self.non_ssl_port_enabled
      error_message = "The port without TLS is open: non_ssl_port_enabled is ${self.non_ssl_port_enabled}."
      help          = "Set non_ssl_port_enabled = false."
    }
    assert {
      condition     = tls_version_at_least(default(self.minimum_tls_version, "1.2"), "1.2")
      at            = self.minimum_tls_version
      error_message = "minimum_tls_version is ${self.minimum_tls_version}."
      help          = "Set minimum_tls_version = \"1.2\"."
    }
  }

  check "azurerm_managed_redis" {
    for_each      = self.default_database
    condition     = default(each.value.client_protocol, "Encrypted") == "Encrypted"
    at            = each.value.client_protocol
    error_message = "client_protocol is ${each.value.client_protocol}."
    help          = "Set client_protocol = \"Encrypted\"."
  }

  check "google_redis_instance" {
    condition     = self.transit_encryption_mode == "SERVER_AUTHENTICATION"
    error_message = "transit_encryption_mode is ${self.transit_encryption_mode}."
    help          = "Set transit_encryption_mode = \"SERVER_AUTHENTICATION\"."
  }

  check "google_redis_cluster" {
    condition     = self.transit_encryption_mode == "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"
    error_message = "transit_encryption_mode is ${self.transit_encryption_mode}."
    help          = "Set transit_encryption_mode = \"TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION\"."
  }
}
