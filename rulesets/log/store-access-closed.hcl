rule "store-access-closed" {
  summary   = "Log store can be read in public or deleted"
  severity  = "critical"
  aliases   = ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "AVD-AWS-0161", "CKV2_AZURE_8"]
  standards = ["NIST AU-9", "CIS AWS 3.3", "PCI 10.3.1", "PCI 10.3.2", "ISO 8.15"]
  clauses   = ["MA-6.4", "MA-7"]

  check "aws_s3_bucket" {
    when = is_log_store(self)
    locals {
      blocks   = related(self, "aws_s3_bucket_public_access_block", "bucket")
      policies = concat(related(self, "aws_s3_bucket_policy", "bucket")[*].policy, self.policy == null ? [] : [self.policy])
    }
    assert {
      condition = anytrue([
        for block in local.blocks :
        block.block_public_acls == true && block.block_public_policy == true
        && block.ignore_public_acls == true && block.restrict_public_buckets == true
      ])
      at            = self.bucket
      error_message = length(local.blocks) > 0 ? "The log bucket's public access block is not on in all four settings." : "The log bucket has no public access block."
      help          = "Add an aws_s3_bucket_public_access_block with all four settings true."
    }
    assert {
      condition     = anytrue([for policy in local.policies : policy_denies(policy, "s3:DeleteObject")])
      at            = self.bucket
      error_message = "Nothing denies deleting logs from the bucket."
      help          = "Add a policy statement that denies s3:DeleteObject*, s3:PutLifecycleConfiguration and s3:PutBucketPolicy to all but your break-glass role."
      severity      = "high"
    }
    assert {
      condition     = self.force_destroy != true
      error_message = "force_destroy is true: destroying the bucket deletes the logs in it."
      help          = "Take force_destroy out."
    }
  }

  check "azurerm_storage_account" {
    when = is_log_store(self)
    assert {
      condition     = self.allow_nested_items_to_be_public == false
      error_message = "Containers of the log account may be made public: allow_nested_items_to_be_public is not false."
      help          = "Set allow_nested_items_to_be_public = false."
    }
    assert {
      condition     = has_related(self, "azurerm_management_lock", "scope")
      at            = self.name
      error_message = "No management lock keeps the log account from being deleted."
      help          = "Add an azurerm_management_lock with lock_level = \"CanNotDelete\"."
      severity      = "high"
    }
  }

  check "google_storage_bucket" {
    when = is_log_store(self)
    assert {
      condition     = self.public_access_prevention == "enforced"
      error_message = "public_access_prevention is ${self.public_access_prevention}: the log bucket may be made public."
      help          = "Set public_access_prevention = \"enforced\"."
    }
    assert {
      condition     = self.uniform_bucket_level_access == true
      error_message = "Single objects of the log bucket can have access rules of their own."
      help          = "Set uniform_bucket_level_access = true."
      severity      = "medium"
    }
    assert {
      condition     = self.force_destroy != true
      error_message = "force_destroy is true: destroying the bucket deletes the logs in it."
      help          = "Take force_destroy out."
    }
  }
}
