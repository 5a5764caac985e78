rule "no-cross-env-kms" {
  summary   = "Encryption key is used across environments"
  severity  = "high"
  standards = ["NIST SC-12", "NIST SC-28", "ISO 8.24", "ISO 8.31", "PCI 3.6.1", "PCI 6.5.3"]
  clauses   = ["MA-PS-2"]

  # Who may use the key.
  check "aws_kms_key" "aws_kms_external_key" "aws_kms_replica_key" {
    locals {
      own = environment_of(self)
    }
    when          = length(environments()) > 0 && local.own != null && local.own != "shared" && self.policy != null
    for_each      = flatten([for statement in policy_statements(self.policy) : statement.principals if statement.effect == "Allow"])
    condition     = length(setsubtract(environments_named_by(each.value), [local.own, "shared"])) == 0
    at            = self.policy
    error_message = "The key is ${local.own} and its policy admits ${join(" and ", setsubtract(environments_named_by(each.value), [local.own, "shared"]))}."
    help          = "Give each environment a key of its own."
  }

  check "aws_kms_key_policy" {
    locals {
      own = environment_behind(self.key_id, "aws_kms_key")
    }
    when          = length(environments()) > 0 && local.own != null && local.own != "shared"
    for_each      = flatten([for statement in policy_statements(self.policy) : statement.principals if statement.effect == "Allow"])
    condition     = length(setsubtract(environments_named_by(each.value), [local.own, "shared"])) == 0
    at            = self.policy
    error_message = "The key is ${local.own} and its policy admits ${join(" and ", setsubtract(environments_named_by(each.value), [local.own, "shared"]))}."
    help          = "Give each environment a key of its own."
  }

  check "aws_kms_grant" {
    locals {
      keys     = setsubtract(environments_named_by(self.key_id), ["shared"])
      grantees = setsubtract(environments_named_by(self.grantee_principal), ["shared"])
    }
    when          = length(environments()) > 0
    condition     = length(local.keys) == 0 || length(local.grantees) == 0 || length(setsubtract(local.grantees, local.keys)) == 0
    at            = self.grantee_principal
    error_message = "A key of ${join(" and ", local.keys)} is granted to ${join(" and ", local.grantees)}."
    help          = "Give each environment a key of its own."
  }

  check "azurerm_key_vault_access_policy" {
    locals {
      vaults = setsubtract(environments_named_by(self.key_vault_id), ["shared"])
      users  = setsubtract(environments_named_by(self.object_id), ["shared"])
    }
    when          = length(environments()) > 0
    condition     = length(local.vaults) == 0 || length(local.users) == 0 || length(setsubtract(local.users, local.vaults)) == 0
    at            = self.object_id
    error_message = "A vault of ${join(" and ", local.vaults)} admits an identity of ${join(" and ", local.users)}."
    help          = "Give each environment a vault of its own."
  }

  check "google_kms_crypto_key_iam_member" {
    locals {
      keys  = setsubtract(environments_named_by(self.crypto_key_id), ["shared"])
      users = setsubtract(environments_named_by(self.member), ["shared"])
    }
    when          = length(environments()) > 0
    condition     = length(local.keys) == 0 || length(local.users) == 0 || length(setsubtract(local.users, local.keys)) == 0
    at            = self.member
    error_message = "A key of ${join(" and ", local.keys)} admits ${self.member} of ${join(" and ", local.users)}."
    help          = "Give each environment a key of its own."
  }

  # What is encrypted with it.
  check "aws_db_instance" "aws_rds_cluster" "aws_ebs_volume" "aws_efs_file_system" "aws_secretsmanager_secret" "aws_cloudwatch_log_group" {
    locals {
      own  = environment_of(self)
      keys = setsubtract(environments_named_by(self.kms_key_id), ["shared"])
    }
    when          = length(environments()) > 0 && self.kms_key_id != null && local.own != null && local.own != "shared"
    condition     = length(local.keys) == 0 || contains(local.keys, local.own)
    at            = self.kms_key_id
    error_message = "Data of ${local.own} is encrypted with a key of ${join(" and ", local.keys)}."
    help          = "Use a key of ${local.own}."
  }

  check "aws_s3_bucket_server_side_encryption_configuration" {
    locals {
      bucket = environments_named_by(self.bucket)
    }
    when          = length(environments()) > 0 && length(setsubtract(local.bucket, ["shared"])) == 1
    for_each      = flatten([for rule in self.rule : [for encryption in rule.apply_server_side_encryption_by_default : encryption.kms_master_key_id if encryption.kms_master_key_id != null]])
    condition     = length(setsubtract(environments_named_by(each.value), concat(tolist(local.bucket), ["shared"]))) == 0
    at            = each.value
    error_message = "The bucket is ${local.bucket[0]} and encrypted with a key of ${join(" and ", environments_named_by(each.value))}."
    help          = "Use a key of ${local.bucket[0]}."
  }
}
