rule "database-audit" {
  summary  = "Database exports no audit log"
  severity = "medium"
  aliases = [
    "CKV_AWS_129", "CKV_AWS_324", "CKV_AWS_71", "CKV_AWS_84", "CKV_AWS_317", "CKV_AWS_48", "CKV_AWS_104", "AVD-AWS-0020",
    "AVD-AWS-0042", "AVD-AWS-0075", "CKV_AZURE_23", "CKV_AZURE_24", "CKV_AZURE_31", "AVD-AZU-0019", "AVD-AZU-0025",
    "AVD-AZU-0027", "CKV_GCP_51", "CKV_GCP_52", "CKV_GCP_110", "AVD-GCP-0016", "AVD-GCP-0022",
  ]
  standards = ["NIST AU-2", "NIST AU-3", "NIST AU-12", "ISO 8.15", "PCI 10.2.1.2"]
  clauses   = ["CAF-ACC-7", "MA-6.1", "MA-6.1.6"]
  params    = { min_days = 90 }

  check "aws_db_instance" "aws_rds_cluster" {
    locals {
      exports = default(self.enabled_cloudwatch_logs_exports, [])
      engine  = default(self.engine, "aurora")
      # What each engine calls the log that names users and failures.
      wanted = strcontains(local.engine, "postgres") ? ["postgresql"] : startswith(local.engine, "oracle") ? ["audit", "alert"] : startswith(local.engine, "sqlserver") ? ["error"] : ["audit", "error"]
    }
    when          = self.replicate_source_db == null
    condition     = alltrue([for log in local.wanted : contains(local.exports, log)])
    at            = self.enabled_cloudwatch_logs_exports
    error_message = "The database exports ${length(local.exports) > 0 ? join(", ", local.exports) : "no logs"}; ${join(" and ", local.wanted)} is wanted."
    help          = "Set enabled_cloudwatch_logs_exports = [${join(", ", [for log in local.wanted : "\"${log}\""])}]."
    attributes    = ["replicate_source_db"]
  }

  check "aws_docdb_cluster" {
    condition     = contains(default(self.enabled_cloudwatch_logs_exports, []), "audit")
    at            = self.enabled_cloudwatch_logs_exports
    error_message = "The cluster does not export its audit log."
    help          = "Set enabled_cloudwatch_logs_exports = [\"audit\"], and audit_logs in its parameter group."
  }

  check "aws_neptune_cluster" {
    condition     = contains(default(self.enable_cloudwatch_logs_exports, []), "audit")
    at            = self.enable_cloudwatch_logs_exports
    error_message = "The cluster does not export its audit log."
    help          = "Set enable_cloudwatch_logs_exports = [\"audit\"]."
  }

  check "aws_redshift_cluster" {
    attributes    = ["logging.enable"]
    condition     = self.logging[0].enable == true || has_related(self, "aws_redshift_logging", "cluster_identifier")
    at            = self
    error_message = "The cluster logs no connections and no activity."
    help          = "Add an aws_redshift_logging for it."
  }

  check "aws_opensearch_domain" "aws_elasticsearch_domain" {
    condition     = anytrue([for option in self.log_publishing_options : option.log_type == "AUDIT_LOGS" && default(option.enabled, true) == true])
    at            = self.log_publishing_options
    error_message = "The domain publishes no audit log."
    help          = "Add log_publishing_options { log_type = \"AUDIT_LOGS\" }."
  }

  check "azurerm_mssql_server" {
    locals {
      policies = related(self, "azurerm_mssql_server_extended_auditing_policy", "server_id")
    }
    condition = anytrue([
      for policy in local.policies :
      default(policy.enabled, true) == true
      && (default(policy.retention_in_days, 0) == 0 || default(policy.retention_in_days, 0) >= params.min_days)
    ])
    at            = self
    error_message = length(local.policies) > 0 ? "The server's auditing is off, or kept for less than ${params.min_days} days." : "The server has no auditing policy."
    help          = "Add an azurerm_mssql_server_extended_auditing_policy with retention_in_days = 0 or at least ${params.min_days}."
  }

  check "azurerm_postgresql_flexible_server_configuration" {
    when          = contains(["log_connections", "log_disconnections"], self.name)
    condition     = contains(["ON", "1", "TRUE"], upper(self.value))
    error_message = "${self.name} is ${self.value}: sessions are not logged."
    help          = "Set ${self.name} to \"on\"."
  }

  check "google_sql_database_instance" {
    locals {
      flags  = flatten(self.settings[*].database_flags)
      on     = [for flag in local.flags : flag.name if contains(["ON", "1"], upper(flag.value))]
      wanted = ["log_connections", "log_disconnections", "cloudsql.enable_pgaudit"]
    }
    when          = startswith(self.database_version, "POSTGRES")
    condition     = alltrue([for flag in local.wanted : contains(local.on, flag)])
    at            = self.settings[0].database_flags
    error_message = "Not switched on: ${join(", ", [for flag in local.wanted : flag if !contains(local.on, flag)])}."
    help          = "Add a database_flags block with value \"on\" for each of these."
  }
}
