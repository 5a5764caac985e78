rule "trail-validated" {
  summary   = "Audit trail can be changed without trace"
  severity  = "high"
  aliases   = ["CKV_AWS_36", "AVD-AWS-0016"]
  standards = ["NIST AU-9(3)", "NIST AU-10", "CIS AWS 3.2", "PCI 10.3.4", "ISO 8.15"]
  clauses   = ["CAF-INT-3", "MA-6.3", "MA-15.1.2"]

  check "aws_cloudtrail" {
    condition     = self.enable_log_file_validation == true
    error_message = "Log files are not signed: enable_log_file_validation is ${default(self.enable_log_file_validation, "false")}."
    help          = "Set enable_log_file_validation = true."
  }
}
