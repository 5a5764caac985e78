rule "no-open-admin-ports" {
  summary  = "Admin port is open to the internet"
  severity = "critical"
  aliases = [
    "CKV_AWS_24", "CKV_AWS_25", "AVD-AWS-0107", "CKV_AZURE_9", "CKV_AZURE_10", "AVD-AZU-0048", "AVD-AZU-0050",
    "CKV_GCP_2", "CKV_GCP_3", "AVD-GCP-0070", "AVD-GCP-0071", "CKV_OPENSTACK_2", "CKV_OPENSTACK_3",
  ]
  covered_by = ["net/no-any-any-ingress"]
  standards  = ["NIST AC-17", "NIST SC-7", "ISO 8.20", "CIS AWS 5.2", "CIS AWS 5.3", "CIS GCP 3.6", "CIS GCP 3.7", "PCI 1.3.1"]
  clauses    = ["CAF-WAN-2", "MA-13.2.3"]

  params = {
    services = [
      "tcp/22-23", "tcp/135", "tcp/139", "tcp/445", "tcp/512-514", "tcp/2375-2376", "tcp/3389", "tcp/5900-5906",
      "tcp/5985-5986", "tcp/6443", "tcp/10250", "udp/161", "udp/3389",
    ]
    max_public_addresses = 256
  }

  check "aws_security_group" "aws_default_security_group" "aws_security_group_rule" "aws_vpc_security_group_ingress_rule" "azurerm_network_security_group" "azurerm_network_security_rule" "google_compute_firewall" "digitalocean_firewall" "openstack_networking_secgroup_rule_v2" {
    for_each      = world_access(self, params.services, params.max_public_addresses)
    condition     = false
    at            = each.value
    error_message = "${each.value.source} may reach ${each.value.services}: admin ports are open to strangers."
    help          = "Admit only the addresses of your VPN or bastion, or use a session service that needs no open port."
  }

  attributes = {
    digitalocean_firewall                 = ["inbound_rule"]
    openstack_networking_secgroup_rule_v2 = ["direction", "remote_ip_prefix"]
  }
}
