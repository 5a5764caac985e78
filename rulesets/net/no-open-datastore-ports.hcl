rule "no-open-datastore-ports" {
  summary    = "Datastore port is open outside its own networks"
  severity   = "critical"
  aliases    = ["CKV_AZURE_11", "CKV2_AZURE_26", "CKV2_AZURE_34", "AVD-AZU-0029", "CKV_GCP_11", "CKV_GCP_88", "AVD-GCP-0017"]
  covered_by = ["net/no-any-any-ingress"]
  standards  = ["NIST SC-7", "ISO 8.20", "ISO 8.3", "PCI 1.4.4"]
  clauses    = ["MA-1.7", "MA-13.2.3"]

  params = {
    services = [
      "tcp/1433", "tcp/1521", "tcp/2181", "tcp/3306", "tcp/5432", "tcp/5439", "tcp/5601", "tcp/6379", "tcp/8086",
      "tcp/9042", "tcp/9092", "tcp/9200", "tcp/9300", "tcp/11211", "tcp/27017-27018", "udp/1434", "udp/11211",
    ]
    max_public_addresses = 256
  }

  check "aws_security_group" "aws_default_security_group" "aws_security_group_rule" "aws_vpc_security_group_ingress_rule" "azurerm_network_security_group" "azurerm_network_security_rule" "google_compute_firewall" {
    for_each      = world_access(self, params.services, params.max_public_addresses)
    condition     = false
    at            = each.value
    error_message = "${each.value.source} may reach ${each.value.services}: datastores are open to strangers."
    help          = "Admit the applications that use the datastore: their security group, tag or private range."
  }

  check "azurerm_mssql_firewall_rule" "azurerm_postgresql_flexible_server_firewall_rule" "azurerm_mysql_flexible_server_firewall_rule" "azurerm_postgresql_firewall_rule" "azurerm_mysql_firewall_rule" "azurerm_mariadb_firewall_rule" "azurerm_sql_firewall_rule" {
    assert {
      condition     = !(self.start_ip_address == "0.0.0.0" && self.end_ip_address == "0.0.0.0")
      at            = self.start_ip_address
      error_message = "0.0.0.0 to 0.0.0.0 admits everything in Azure, other customers included."
      help          = "Use a private endpoint or a virtual network rule for your own services."
    }
    assert {
      condition     = address_count("${self.start_ip_address}-${self.end_ip_address}") <= params.max_public_addresses
      at            = self.end_ip_address
      error_message = "${self.start_ip_address} to ${self.end_ip_address} may reach the database: ${address_count("${self.start_ip_address}-${self.end_ip_address}")} addresses."
      help          = "Admit single addresses, or use a private endpoint."
    }
  }

  check "azurerm_redis_firewall_rule" {
    condition     = address_count("${self.start_ip}-${self.end_ip}") <= params.max_public_addresses
    at            = self.end_ip
    error_message = "${self.start_ip} to ${self.end_ip} may reach the cache: ${address_count("${self.start_ip}-${self.end_ip}")} addresses."
    help          = "Admit single addresses, or use a private endpoint."
  }

  check "google_sql_database_instance" {
    for_each      = flatten(self.settings[*].ip_configuration[*].authorized_networks)
    condition     = !is_world(each.value.value)
    at            = each.value.value
    error_message = "${each.value.value} may reach the database's public address."
    help          = "Drop the public address and use a private network, or authorise single addresses."
  }

  check "mongodbatlas_project_ip_access_list" {
    condition     = !is_world(self.cidr_block)
    at            = self.cidr_block
    error_message = "${self.cidr_block} may reach the cluster."
    help          = "Admit single addresses, or use a private endpoint or peering."
  }

  attributes = {
    mongodbatlas_project_ip_access_list = ["cidr_block"]
    azurerm_postgresql_firewall_rule    = ["start_ip_address", "end_ip_address"]
    azurerm_mysql_firewall_rule         = ["start_ip_address", "end_ip_address"]
    azurerm_mariadb_firewall_rule       = ["start_ip_address", "end_ip_address"]
    azurerm_sql_firewall_rule           = ["start_ip_address", "end_ip_address"]
  }
}
