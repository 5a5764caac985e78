rule "private-service-access" {
  summary   = "Cloud services are reached by public addresses"
  severity  = "low"
  aliases   = ["CKV_GCP_74", "AVD-GCP-0075", "CKV2_AZURE_32", "CKV2_AZURE_33"]
  standards = ["NIST SC-7", "NIST SC-8", "ISO 8.20"]
  clauses   = ["MA-11.4"]

  # Gateway endpoints cost nothing; the endpoints of other services may be shared from a central network.
  check "aws_vpc" {
    locals {
      endpoints = [for endpoint in related(self, "aws_vpc_endpoint", "vpc_id") : default(endpoint.service_name, "")]
      used      = length(related(self, "aws_subnet", "vpc_id")) > 0
    }
    assert {
      when          = local.used && length(resources("aws_s3_bucket")) > 0
      condition     = anytrue([for name in local.endpoints : matches_any(name, ["*.s3", "*.s3-global.*", "*.s3express"])])
      at            = self
      error_message = "Machines in this VPC reach S3 by public addresses: it has no endpoint for S3."
      help          = "Add an aws_vpc_endpoint of type Gateway for S3 with the route tables of the private subnets."
    }
    assert {
      when          = local.used && length(resources("aws_dynamodb_table")) > 0
      condition     = anytrue([for name in local.endpoints : matches_any(name, ["*.dynamodb"])])
      at            = self
      error_message = "Machines in this VPC reach DynamoDB by public addresses: it has no endpoint for DynamoDB."
      help          = "Add an aws_vpc_endpoint of type Gateway for DynamoDB with the route tables of the private subnets."
    }
  }

  check "azurerm_storage_account" {
    condition = (
      has_related(self, "azurerm_private_endpoint", "private_service_connection.private_connection_resource_id")
      || length(flatten(self.network_rules[*].virtual_network_subnet_ids)) > 0
      || anytrue([for rules in related(self, "azurerm_storage_account_network_rules", "storage_account_id") : length(rules.virtual_network_subnet_ids) > 0])
    )
    at            = self.name
    error_message = "Storage account ${self.name} has no private endpoint."
    help          = "Add an azurerm_private_endpoint, or let subnets in by their service endpoints."
  }

  check "azurerm_key_vault" {
    condition = (
      has_related(self, "azurerm_private_endpoint", "private_service_connection.private_connection_resource_id")
      || length(flatten(self.network_acls[*].virtual_network_subnet_ids)) > 0
    )
    at            = self.name
    error_message = "Key vault ${self.name} has no private endpoint."
    help          = "Add an azurerm_private_endpoint, or let subnets in by their service endpoints."
  }

  check "google_compute_subnetwork" {
    # Subnets of proxies and of published services have no machines.
    when          = contains(["PRIVATE", "PRIVATE_RFC_1918", "PRIVATE_NAT"], default(self.purpose, "PRIVATE"))
    condition     = self.private_ip_google_access == true
    error_message = "Machines in subnet ${self.name} reach Google's services by public addresses: private_ip_google_access is ${default(self.private_ip_google_access, "false by default")}."
    help          = "Set private_ip_google_access = true."
  }
}
