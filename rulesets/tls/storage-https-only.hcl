rule "storage-https-only" {
  summary   = "Object or file storage accepts plain HTTP"
  severity  = "high"
  aliases   = ["CKV_AWS_379", "CKV_AZURE_3", "CKV_AZURE_44", "AVD-AZU-0008", "AVD-AZU-0011", "AVD-AZU-0059"]
  standards = ["NIST SC-8(1)", "CIS AWS 2.1.1", "CIS Azure 3.1", "ISO 8.24", "PCI 4.2.1"]
  clauses   = ["MA-11.4", "MA-11.7"]

  check "aws_s3_bucket" {
    locals {
      policies = concat(related(self, "aws_s3_bucket_policy", "bucket")[*].policy, self.policy == null ? [] : [self.policy])
    }
    condition     = anytrue([for policy in local.policies : policy_requires_tls(policy)])
    at            = self.bucket
    error_message = length(local.policies) > 0 ? "The bucket's policy does not deny requests without TLS." : "The bucket has no policy that denies requests without TLS."
    help          = "Add an aws_s3_bucket_policy that denies s3:* to everybody when aws:SecureTransport is false."
  }

  check "azurerm_storage_account" {
    attributes = ["enable_https_traffic_only"]
    assert {
      condition     = default(self.https_traffic_only_enabled, default(self.enable_https_traffic_only, true)) == true
      at            = default(self.https_traffic_only_enabled, self.enable_https_traffic_only)
      error_message = "The account answers plain HTTP: https_traffic_only_enabled is false."
      help          = "Set https_traffic_only_enabled = true."
    }
    assert {
      condition     = tls_version_at_least(self.min_tls_version, "1.2")
      error_message = "min_tls_version is ${self.min_tls_version}."
      help          = "Set min_tls_version = \"TLS1_2\"."
    }
  }
}
