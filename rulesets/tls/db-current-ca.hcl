rule "db-current-ca" {
  summary   = "Database server certificate comes from a retired authority"
  severity  = "medium"
  aliases   = ["CKV_AWS_211"]
  standards = ["NIST SC-12", "NIST SC-17", "ISO 8.24", "PCI 4.2.1.1"]
  clauses   = ["MA-11.7"]

  params = {
    # Authorities of Amazon RDS whose certificates have run out.
    retired = ["rds-ca-2015", "rds-ca-2019", "rds-ca-2015-*", "rds-ca-2019-*"]
  }

  check "aws_db_instance" "aws_rds_cluster_instance" "aws_docdb_cluster_instance" {
    when          = self.ca_cert_identifier != null
    condition     = !matches_any(self.ca_cert_identifier, params.retired)
    error_message = "The authority ${self.ca_cert_identifier} is retired: clients that verify cannot connect."
    help          = "Set ca_cert_identifier = \"rds-ca-rsa2048-g1\", or leave it out."
  }

  check "aws_rds_cluster" {
    when          = self.ca_certificate_identifier != null
    condition     = !matches_any(self.ca_certificate_identifier, params.retired)
    error_message = "The authority ${self.ca_certificate_identifier} is retired: clients that verify cannot connect."
    help          = "Set ca_certificate_identifier = \"rds-ca-rsa2048-g1\", or leave it out."
  }

  check "aws_rds_certificate" {
    condition     = !matches_any(self.certificate_identifier, params.retired)
    error_message = "New databases of the account get a certificate of ${self.certificate_identifier}, which is retired."
    help          = "Set certificate_identifier = \"rds-ca-rsa2048-g1\"."
  }
}
