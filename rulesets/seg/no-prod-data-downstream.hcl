rule "no-prod-data-downstream" {
  summary   = "Production data is copied into a lower environment"
  severity  = "high"
  standards = ["NIST SA-3(2)", "NIST AC-4", "ISO 8.33", "ISO 8.31", "PCI 6.5.5"]
  clauses   = ["MA-PS-2"]

  check "aws_db_instance" {
    when = in_environment(self, "dev") || in_environment(self, "test")
    for_each = concat(
      [for source in [self.snapshot_identifier, self.replicate_source_db] : source if source != null],
      [for restore in self.restore_to_point_in_time : default(restore.source_db_instance_identifier, restore.source_dbi_resource_id)],
    )
    condition     = !contains(environments_named_by(each.value, "aws_db_instance"), "prod")
    at            = each.value
    error_message = "A database of ${environment_of(self)} is filled from production (${each.value})."
    help          = "Use made-up data, or a snapshot that was masked and is labelled so."
  }

  check "aws_rds_cluster" {
    when = in_environment(self, "dev") || in_environment(self, "test")
    for_each = concat(
      [for source in [self.snapshot_identifier, self.replication_source_identifier] : source if source != null],
      [for restore in self.restore_to_point_in_time : default(restore.source_cluster_identifier, restore.source_cluster_resource_id)],
    )
    condition     = !contains(environments_named_by(each.value, "aws_rds_cluster"), "prod")
    at            = each.value
    error_message = "A cluster of ${environment_of(self)} is filled from production (${each.value})."
    help          = "Use made-up data, or a snapshot that was masked and is labelled so."
  }

  check "aws_ebs_volume" {
    when          = self.snapshot_id != null && (in_environment(self, "dev") || in_environment(self, "test"))
    condition     = !contains(environments_named_by(self.snapshot_id), "prod")
    at            = self.snapshot_id
    error_message = "A volume of ${environment_of(self)} is filled from production (${self.snapshot_id})."
    help          = "Use made-up data."
  }

  check "aws_s3_bucket_replication_configuration" {
    when          = contains(environments_named_by(self.bucket), "prod")
    for_each      = flatten([for rule in self.rule : [for destination in rule.destination : destination.bucket if default(rule.status, "Enabled") == "Enabled"]])
    condition     = length(setintersection(environments_named_by(each.value), ["dev", "test"])) == 0
    at            = each.value
    error_message = "Objects of production are replicated to ${join(" and ", environments_named_by(each.value))}."
    help          = "Replicate to a bucket of production, or of a backup account."
  }

  check "aws_dms_replication_task" {
    when          = contains(environments_named_by(self.source_endpoint_arn), "prod")
    condition     = length(setintersection(environments_named_by(self.target_endpoint_arn), ["dev", "test"])) == 0
    at            = self.target_endpoint_arn
    error_message = "The task copies production data to ${join(" and ", environments_named_by(self.target_endpoint_arn))}."
    help          = "Mask the data on the way into a store of production first."
  }

  check "azurerm_mssql_database" {
    when          = self.creation_source_database_id != null && (in_environment(self, "dev") || in_environment(self, "test"))
    condition     = !contains(environments_named_by(self.creation_source_database_id), "prod")
    at            = self.creation_source_database_id
    error_message = "A database of ${environment_of(self)} is made from one of production (create_mode = ${default(self.create_mode, "Default")})."
    help          = "Use made-up data, or a copy that was masked."
  }

  check "azurerm_managed_disk" {
    when          = self.source_resource_id != null && (in_environment(self, "dev") || in_environment(self, "test"))
    condition     = !contains(environments_named_by(self.source_resource_id), "prod")
    at            = self.source_resource_id
    error_message = "A disk of ${environment_of(self)} is made from one of production (create_option = ${self.create_option})."
    help          = "Use made-up data."
  }

  check "google_sql_database_instance" {
    when          = in_environment(self, "dev") || in_environment(self, "test")
    for_each      = concat([for clone in self.clone : clone.source_instance_name], [for source in [self.master_instance_name] : source if source != null])
    condition     = !contains(environments_named_by(each.value, "google_sql_database_instance"), "prod")
    at            = each.value
    error_message = "A database of ${environment_of(self)} is filled from production (${each.value})."
    help          = "Use made-up data, or a copy that was masked."
  }

  check "google_storage_transfer_job" {
    locals {
      sources = flatten([for spec in self.transfer_spec : [for source in concat(spec.gcs_data_source, spec.aws_s3_data_source) : source.bucket_name]])
      sinks   = flatten([for spec in self.transfer_spec : [for sink in spec.gcs_data_sink : sink.bucket_name]])
    }
    when          = anytrue([for source in local.sources : contains(environments_named_by(source, "google_storage_bucket"), "prod")])
    for_each      = local.sinks
    condition     = length(setintersection(environments_named_by(each.value, "google_storage_bucket"), ["dev", "test"])) == 0
    at            = each.value
    error_message = "The job copies production data to ${each.value}."
    help          = "Copy to a bucket of production, or of a backup project."
  }
}
