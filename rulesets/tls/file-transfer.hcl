rule "file-transfer" {
  summary   = "File transfer or network file system is not encrypted"
  severity  = "high"
  aliases   = ["CKV_AWS_97", "CKV_AWS_357", "CKV_AWS_380", "AVD-AWS-0035"]
  standards = ["NIST SC-8(1)", "NIST SC-28", "ISO 5.14", "ISO 8.24", "PCI 4.2.1", "PCI 2.2.7"]
  clauses   = ["MA-11.7", "MA-14", "MA-14.2.1"]

  params = {
    # Year and month of the oldest policy of AWS Transfer Family that is good.
    min_policy = 202203
  }

  check "aws_transfer_server" {
    locals {
      made = try(tonumber(replace(regex("[0-9]{4}-[0-9]{2}$", self.security_policy_name), "-", "")), 0)
    }
    assert {
      condition     = !contains(self.protocols, "FTP")
      error_message = "The server speaks FTP: names, passwords and files pass in clear text."
      help          = "Set protocols = [\"SFTP\"], or [\"FTPS\"] with a certificate."
    }
    assert {
      condition     = startswith(self.security_policy_name, "TransferSecurityPolicy-FIPS-") || local.made >= params.min_policy
      at            = self.security_policy_name
      error_message = "The policy ${self.security_policy_name} admits weak algorithms."
      help          = "Set security_policy_name = \"TransferSecurityPolicy-2024-01\"."
      severity      = "medium"
    }
  }

  check "aws_ecs_task_definition" {
    for_each      = [for volume in self.volume : volume if length(volume.efs_volume_configuration) > 0]
    condition     = each.value.efs_volume_configuration[0].transit_encryption == "ENABLED"
    at            = each.value.efs_volume_configuration[0].transit_encryption
    error_message = "The volume ${each.value.name} is mounted in clear text: transit_encryption is ${each.value.efs_volume_configuration[0].transit_encryption}."
    help          = "Set transit_encryption = \"ENABLED\" in efs_volume_configuration."
  }

  check "aws_efs_file_system" {
    locals {
      policies = related(self, "aws_efs_file_system_policy", "file_system_id")[*].policy
    }
    condition     = anytrue([for policy in local.policies : policy_requires_tls(policy)])
    at            = local.policies
    error_message = length(local.policies) > 0 ? "The file system's policy does not deny mounts without TLS." : "The file system has no policy that denies mounts without TLS."
    help          = "Add an aws_efs_file_system_policy that denies * to everybody when aws:SecureTransport is false, and mount with -o tls."
    severity      = length(local.policies) > 0 ? "medium" : "low"
  }

  check "azurerm_storage_account" {
    locals {
      shares   = concat(related(self, "azurerm_storage_share", "storage_account_id"), related(self, "azurerm_storage_share", "storage_account_name"))
      versions = flatten(flatten(self.share_properties[*].smb)[*].versions)
      old      = [for version in local.versions : version if version == "SMB2.1"]
    }
    assert {
      condition     = length(local.old) == 0
      at            = flatten(self.share_properties[*].smb)[0].versions
      error_message = "File shares take SMB 2.1, which cannot encrypt."
      help          = "Set versions = [\"SMB3.1.1\"] in share_properties { smb { … } }."
    }
    assert {
      when          = anytrue([for share in local.shares : default(share.enabled_protocol, "SMB") == "SMB"])
      condition     = length(local.versions) > 0
      at            = self.share_properties
      error_message = "File shares take every version of SMB by default, 2.1 among them."
      help          = "Set versions = [\"SMB3.1.1\"] and channel_encryption_type = [\"AES-256-GCM\"] in share_properties { smb { … } }."
      severity      = "low"
    }
    assert {
      condition     = default(self.nfsv3_enabled, false) == false
      at            = self.nfsv3_enabled
      error_message = "The account is mounted over NFS 3, which does not encrypt."
      help          = "Mount with blobfuse2 over HTTPS, or keep NFS 3 within a network that encrypts."
      severity      = "low"
    }
  }

  check "azurerm_netapp_volume" {
    when          = contains(self.protocols, "CIFS")
    condition     = self.smb3_protocol_encryption_enabled == true
    error_message = "The volume serves SMB without encryption: smb3_protocol_encryption_enabled is ${default(self.smb3_protocol_encryption_enabled, "not set")}."
    help          = "Set smb3_protocol_encryption_enabled = true."
    severity      = "medium"
  }

  check "aws_storagegateway_gateway" {
    when          = self.smb_security_strategy != null
    condition     = startswith(self.smb_security_strategy, "MandatoryEncryption")
    error_message = "File shares of the gateway need not be encrypted: smb_security_strategy is ${self.smb_security_strategy}."
    help          = "Set smb_security_strategy = \"MandatoryEncryption\"."
    severity      = "medium"
  }
}
