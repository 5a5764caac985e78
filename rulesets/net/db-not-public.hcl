rule "db-not-public" {
  summary  = "Managed database has a public endpoint"
  severity = "critical"
  aliases = [
    "CKV_AWS_17", "CKV_AWS_87", "CKV_AWS_69", "CKV_AWS_102", "AVD-AWS-0180", "CKV_AZURE_113", "CKV_AZURE_101",
    "AVD-AZU-0022", "CKV_GCP_60",
  ]
  standards = ["NIST SC-7", "NIST AC-3", "ISO 8.20", "PCI 1.4.4"]
  clauses   = ["MA-1.7", "MA-13.2.3", "MA-15.1.6"]

  check "aws_db_instance" "aws_rds_cluster_instance" "aws_redshift_cluster" "aws_mq_broker" "aws_neptune_cluster_instance" {
    condition     = self.publicly_accessible != true
    at            = self.publicly_accessible
    error_message = "publicly_accessible is true: the database has a public address."
    help          = "Set publicly_accessible = false and reach it from inside the VPC or by VPN."
  }

  check "aws_msk_cluster" {
    for_each      = flatten(self.broker_node_group_info[*].connectivity_info[*].public_access)
    condition     = default(each.value.type, "DISABLED") == "DISABLED"
    at            = each.value.type
    error_message = "public_access is ${each.value.type}: the brokers have public addresses."
    help          = "Set type = \"DISABLED\" and reach the brokers from inside the VPC."
  }

  check "google_sql_database_instance" {
    when          = length(self.settings) > 0
    condition     = anytrue([for address in flatten(self.settings[*].ip_configuration) : address.ipv4_enabled == false])
    at            = self.settings[0].ip_configuration[0].ipv4_enabled
    error_message = "The database has a public IPv4 address: ipv4_enabled is not false."
    help          = "Set ipv4_enabled = false and private_network (or Private Service Connect) in ip_configuration."
  }

  check "google_alloydb_instance" {
    for_each      = self.network_config
    condition     = each.value.enable_public_ip != true
    at            = each.value.enable_public_ip
    error_message = "enable_public_ip is true: the database has a public address."
    help          = "Leave enable_public_ip out and reach the instance from inside the network."
  }

  check "azurerm_mssql_server" {
    condition = self.public_network_access_enabled == false || (
      has_related(self, "azurerm_private_endpoint", "private_service_connection.private_connection_resource_id")
      && !has_related(self, "azurerm_mssql_firewall_rule", "server_id")
    )
    at            = self.public_network_access_enabled
    error_message = "The server's public endpoint is on: public_network_access_enabled is not false."
    help          = "Set public_network_access_enabled = false and add a private endpoint."
  }

  check "azurerm_postgresql_flexible_server" {
    condition = self.delegated_subnet_id != null || self.public_network_access_enabled == false || (
      has_related(self, "azurerm_private_endpoint", "private_service_connection.private_connection_resource_id")
      && !has_related(self, "azurerm_postgresql_flexible_server_firewall_rule", "server_id")
    )
    at            = self.public_network_access_enabled
    error_message = "The server's public endpoint is on: public_network_access_enabled is not false."
    help          = "Set public_network_access_enabled = false, or put the server into a delegated subnet."
  }

  check "azurerm_mysql_flexible_server" {
    condition = self.delegated_subnet_id != null || self.public_network_access == "Disabled" || (
      has_related(self, "azurerm_private_endpoint", "private_service_connection.private_connection_resource_id")
      && !has_related(self, "azurerm_mysql_flexible_server_firewall_rule", "server_name")
    )
    at            = self.public_network_access
    error_message = "The server's public endpoint is on: public_network_access is not \"Disabled\"."
    help          = "Set public_network_access = \"Disabled\", or put the server into a delegated subnet."
  }

  check "azurerm_cosmosdb_account" {
    condition     = self.public_network_access_enabled == false || self.is_virtual_network_filter_enabled == true
    at            = self.public_network_access_enabled
    error_message = "The account's public endpoint is on: public_network_access_enabled is not false."
    help          = "Set public_network_access_enabled = false and add a private endpoint."
  }
}
