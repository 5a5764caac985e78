rule "no-self-logging" {
  summary   = "Bucket logs into itself"
  severity  = "low"
  aliases   = ["CKV_GCP_63"]
  standards = ["NIST AU-5", "ISO 8.15"]
  clauses   = ["MA-6.3"]

  check "aws_s3_bucket_logging" {
    locals {
      sources = [for bucket in referenced(self.bucket, "aws_s3_bucket") : address(bucket)]
      targets = referenced(self.target_bucket, "aws_s3_bucket")
      # Where the logs of the target go in turn.
      next = flatten([
        for bucket in local.targets : [
          for logging in related(bucket, "aws_s3_bucket_logging", "bucket") :
          [for end in referenced(logging.target_bucket, "aws_s3_bucket") : address(end)]
        ]
      ])
    }
    assert {
      condition     = !anytrue([for bucket in local.targets : contains(local.sources, address(bucket))]) && (length(local.targets) > 0 || self.target_bucket != self.bucket)
      at            = self.target_bucket
      error_message = "The bucket's access log is written to the bucket itself, and each write is logged again."
      help          = "Set target_bucket to a bucket for logs."
    }
    assert {
      condition     = !anytrue([for end in local.next : contains(local.sources, end) && !anytrue([for bucket in local.targets : contains(local.sources, address(bucket))])])
      at            = self.target_bucket
      error_message = "The bucket logs into one that logs back into it: the chain has no end."
      help          = "Take the logging of the log bucket out, or let it end in a third one."
    }
  }

  check "aws_s3_bucket" {
    for_each      = self.logging
    condition     = !anytrue([for bucket in referenced(each.value.target_bucket, "aws_s3_bucket") : address(bucket) == address(self)])
    at            = each.value.target_bucket
    error_message = "The bucket's access log is written to the bucket itself, and each write is logged again."
    help          = "Set target_bucket to a bucket for logs."
  }

  check "google_storage_bucket" {
    for_each      = self.logging
    condition     = !anytrue([for bucket in referenced(each.value.log_bucket, "google_storage_bucket") : address(bucket) == address(self)])
    at            = each.value.log_bucket
    error_message = "The bucket's access log is written to the bucket itself."
    help          = "Set log_bucket to a bucket for logs."
  }
}
