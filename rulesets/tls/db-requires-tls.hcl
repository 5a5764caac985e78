rule "db-requires-tls" {
  summary  = "Database accepts sessions in clear text"
  severity = "high"
  aliases = [
    "CKV2_AWS_69", "CKV2_AWS_49", "CKV_AWS_90", "CKV_AWS_105", "CKV_GCP_6", "AVD-GCP-0015", "CKV_AZURE_28",
    "CKV_AZURE_29", "CKV_AZURE_47", "AVD-AZU-0020", "AVD-AZU-0026",
  ]
  standards = ["NIST SC-8(1)", "ISO 8.24", "CIS GCP 6.4", "PCI 4.2.1"]
  clauses   = ["MA-11.4", "MA-11.7", "MA-15.1.3"]

  check "aws_db_instance" {
    locals {
      groups = referenced(self.parameter_group_name, "aws_db_parameter_group")
      name   = startswith(self.engine, "postgres") || startswith(self.engine, "sqlserver") ? "rds.force_ssl" : "require_secure_transport"
      values = [for parameter in flatten(local.groups[*].parameter) : upper(parameter.value) if parameter.name == local.name]
      # The default group of PostgreSQL 15 and later forces TLS; older ones and MySQL do not.
      forced_by_default = startswith(self.engine, "postgres") && version_at_least(self.engine_version, "15")
    }
    when = (
      self.replicate_source_db == null
      && anytrue([for engine in ["postgres", "mysql", "mariadb", "sqlserver"] : startswith(self.engine, engine)])
    )
    condition = (
      length(local.values) > 0
      ? alltrue([for value in local.values : contains(["1", "ON", "TRUE"], value)])
      : local.forced_by_default || length(local.groups) == 0 && self.parameter_group_name != null && !startswith(self.parameter_group_name, "default.")
    )
    at            = default(self.parameter_group_name, self.engine)
    error_message = "${self.engine} takes clear text: ${local.name} is not on in its parameter group."
    help          = "Use an aws_db_parameter_group with parameter { name = \"${local.name}\"  value = \"1\" }."
  }

  check "aws_rds_cluster" {
    locals {
      groups = referenced(self.db_cluster_parameter_group_name, "aws_rds_cluster_parameter_group")
      name   = strcontains(self.engine, "postgres") ? "rds.force_ssl" : "require_secure_transport"
      values = [for parameter in flatten(local.groups[*].parameter) : upper(parameter.value) if parameter.name == local.name]
    }
    when = strcontains(self.engine, "postgres") || strcontains(self.engine, "mysql")
    condition = (
      length(local.values) > 0
      ? alltrue([for value in local.values : contains(["1", "ON", "TRUE"], value)])
      : strcontains(self.engine, "postgres") && version_at_least(self.engine_version, "17") || length(local.groups) == 0 && self.db_cluster_parameter_group_name != null && !startswith(self.db_cluster_parameter_group_name, "default.")
    )
    at            = default(self.db_cluster_parameter_group_name, self.engine)
    error_message = "${self.engine} takes clear text: ${local.name} is not on in its cluster parameter group."
    help          = "Use an aws_rds_cluster_parameter_group with parameter { name = \"${local.name}\"  value = \"1\" }."
  }

  check "aws_docdb_cluster_parameter_group" {
    for_each      = [for parameter in self.parameter : parameter if parameter.name == "tls"]
    condition     = each.value.value != "disabled"
    at            = each.value.value
    error_message = "tls is ${each.value.value}: the cluster takes clear text."
    help          = "Leave the parameter tls out, or set it to \"enabled\"."
  }

  check "aws_redshift_parameter_group" {
    locals {
      values = [for parameter in self.parameter : lower(parameter.value) if parameter.name == "require_ssl"]
    }
    condition     = length(local.values) > 0 ? alltrue([for value in local.values : value == "true"]) : self.family != "redshift-1.0"
    at            = self.parameter
    error_message = "require_ssl is not true: the cluster takes clear text."
    help          = "Add parameter { name = \"require_ssl\"  value = \"true\" }."
  }

  check "aws_db_proxy" {
    condition     = self.require_tls == true
    error_message = "require_tls is ${default(self.require_tls, "not set")}: the proxy takes clear text."
    help          = "Set require_tls = true."
  }

  check "aws_dms_endpoint" {
    when          = !contains(["s3", "kinesis", "kafka", "dynamodb", "elasticsearch", "opensearch", "neptune"], self.engine_name)
    condition     = default(self.ssl_mode, "none") != "none"
    at            = self.ssl_mode
    error_message = "ssl_mode is none: data is copied in clear text."
    help          = "Set ssl_mode = \"verify-full\", or what the engine offers."
  }

  check "google_sql_database_instance" {
    when          = length(self.settings) > 0
    condition     = contains(["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"], self.settings[0].ip_configuration[0].ssl_mode)
    error_message = "ssl_mode is ${self.settings[0].ip_configuration[0].ssl_mode}: the instance takes clear text."
    help          = "Set ssl_mode = \"ENCRYPTED_ONLY\" in ip_configuration."
  }

  check "google_alloydb_instance" {
    for_each      = flatten(self.client_connection_config[*].ssl_config)
    condition     = default(each.value.ssl_mode, "ENCRYPTED_ONLY") == "ENCRYPTED_ONLY"
    at            = each.value.ssl_mode
    error_message = "ssl_mode is ${each.value.ssl_mode}."
    help          = "Set ssl_mode = \"ENCRYPTED_ONLY\"."
  }

  check "azurerm_postgresql_flexible_server_configuration" "azurerm_mysql_flexible_server_configuration" {
    when          = self.name == "require_secure_transport"
    condition     = contains(["ON", "1", "TRUE"], upper(self.value))
    error_message = "require_secure_transport is ${self.value}: the server takes clear text."
    help          = "Set it to \"on\", or take the setting out: on is the service's default."
  }

  check "azurerm_mssql_server" {
    condition     = tls_version_at_least(default(self.minimum_tls_version, "1.2"), "1.2")
    at            = self.minimum_tls_version
    error_message = "minimum_tls_version is ${self.minimum_tls_version}."
    help          = "Set minimum_tls_version = \"1.2\"."
  }

  check "azurerm_cosmosdb_account" {
    condition     = tls_version_at_least(default(self.minimal_tls_version, "Tls12"), "1.2")
    at            = self.minimal_tls_version
    error_message = "minimal_tls_version is ${self.minimal_tls_version}."
    help          = "Set minimal_tls_version = \"Tls12\"."
  }
}
