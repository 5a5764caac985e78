rule "threat-detection" {
  summary   = "Threat detection is off or leaves something out"
  severity  = "high"
  aliases   = ["CKV_AWS_238", "CKV_AZURE_19", "CKV_AZURE_55", "CKV_AZURE_61", "CKV_AZURE_69", "CKV_AZURE_79", "CKV_AZURE_84", "CKV_AZURE_85", "CKV_AZURE_86", "CKV_AZURE_87", "CKV_AZURE_234", "AVD-AZU-0045"]
  standards = ["NIST SI-4", "NIST AU-6(5)", "ISO 8.16", "PCI 10.4.1.1", "PCI 11.5"]
  clauses   = ["DWP-3.9", "MA-5", "MA-5.2", "MA-6.1.9", "MA-9.3", "MA-13.2.4"]
  params    = { azure_plans = ["VirtualMachines", "StorageAccounts", "SqlServers", "KeyVaults", "Arm", "Containers"] }

  check "aws_guardduty_detector" {
    assert {
      condition     = self.enable != false
      error_message = "GuardDuty is suspended: enable is false."
      help          = "Set enable = true."
    }
    assert {
      condition = alltrue(concat(
        [for logs in flatten(self.datasources[*].s3_logs) : logs.enable != false],
        [for logs in flatten([for source in flatten(self.datasources[*].kubernetes) : source.audit_logs]) : logs.enable != false],
      ))
      at            = self.datasources
      error_message = "GuardDuty does not look at all of its sources."
      help          = "Set enable = true for S3 logs and Kubernetes audit logs."
      severity      = "medium"
    }
  }

  check "aws_guardduty_detector_feature" {
    condition     = self.status == "ENABLED"
    error_message = "The feature ${self.name} of GuardDuty is ${self.status}."
    help          = "Set status = \"ENABLED\"."
    severity      = "medium"
  }

  check "aws_guardduty_organization_configuration" {
    condition     = self.auto_enable_organization_members == "ALL" || self.auto_enable == true
    error_message = "Accounts of the organisation get GuardDuty ${self.auto_enable_organization_members == "NEW" ? "only when they are new" : "not by themselves"}."
    help          = "Set auto_enable_organization_members = \"ALL\"."
  }

  # Whoever sets up both the trail and the recorder of an account sets up the account.
  check "aws_cloudtrail" {
    locals {
      trails = resources("aws_cloudtrail")
    }
    when          = length(resources("aws_config_configuration_recorder")) > 0 && address(self) == address(local.trails[0])
    condition     = length(resources("aws_guardduty_detector")) + length(resources("aws_guardduty_member")) + length(resources("aws_guardduty_organization_configuration")) > 0
    at            = self
    error_message = "The account gets a trail and a configuration recorder, and no GuardDuty detector."
    help          = "Add an aws_guardduty_detector, or declare that the organisation has it: external \"guardduty\" { provides = [\"log/threat-detection\"] … }."
    severity      = "medium"
  }

  check "azurerm_security_center_subscription_pricing" {
    locals {
      plans = resources("azurerm_security_center_subscription_pricing")
      paid  = [for plan in local.plans : default(plan.resource_type, "VirtualMachines") if plan.tier == "Standard"]
      free  = [for plan in local.plans : default(plan.resource_type, "VirtualMachines") if plan.tier != "Standard"]
      # A plan that is there and free is told at that plan.
      missing = [for plan in params.azure_plans : plan if !contains(local.paid, plan) && !contains(local.free, plan)]
    }
    assert {
      condition     = self.tier == "Standard"
      error_message = "Defender for ${default(self.resource_type, "VirtualMachines")} has the tier ${self.tier}: it does not detect anything."
      help          = "Set tier = \"Standard\"."
    }
    assert {
      when          = address(self) == address(local.plans[0])
      condition     = length(local.missing) == 0
      at            = self
      error_message = "Defender is set up without a plan for ${join(", ", local.missing)}."
      help          = "Add an azurerm_security_center_subscription_pricing with tier = \"Standard\" for each of these."
      severity      = "medium"
    }
  }
}
