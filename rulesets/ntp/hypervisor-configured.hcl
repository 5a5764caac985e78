rule "hypervisor-configured" {
  summary   = "Hypervisor or appliance host does not keep agreed time"
  severity  = "high"
  standards = ["NIST AU-8", "ISO 8.17", "PCI 10.6.1"]
  clauses   = ["MA-12"]

  check "vsphere_host" {
    for_each = flatten([for services in default(self.services, []) : default(services.ntpd, [])])
    assert {
      condition     = each.value.enabled == true
      at            = default(each.value.enabled, each.value)
      error_message = "The host's NTP service is not enabled."
      help          = "Set enabled = true in ntpd."
    }
    assert {
      when          = each.value.enabled == true
      condition     = contains(["on", "automatic"], each.value.policy)
      at            = default(each.value.policy, each.value)
      error_message = "The host's NTP service does not start with the host: its policy is ${default(each.value.policy, "not set")}."
      help          = "Set policy = \"on\"."
    }
    assert {
      when          = each.value.enabled == true
      condition     = length(default(each.value.ntp_servers, [])) > 0
      at            = each.value
      error_message = "The host's NTP service has no server."
      help          = "Name agreed servers in ntp_servers."
    }
  }

  check "vsphere_host" "vcf_instance" "nsxt_edge_transport_node" "google_gkeonprem_vmware_admin_cluster" "google_gkeonprem_vmware_cluster" {
    for_each      = time_servers(self)
    condition     = is_agreed_time_source(each.value.name)
    at            = each.value
    error_message = "The time server ${each.value.name} is not agreed."
    help          = "Name servers that are listed in time { sources = [...] }."
  }

  check "vcf_instance" "nsxt_edge_transport_node" {
    condition     = length(time_servers(self)) > 0
    at            = self
    error_message = "No time server is named."
    help          = "Name agreed servers in ntp_servers."
  }

  check "azurerm_hpc_cache" {
    condition     = is_agreed_time_source(self.ntp_server)
    error_message = "The cache takes its time from ${self.ntp_server}, which is not agreed."
    help          = "Set ntp_server to an agreed server."
  }

  attributes = {
    vsphere_host             = ["services.ntpd.enabled", "services.ntpd.policy", "services.ntpd.ntp_servers"]
    vcf_instance             = ["ntp_servers"]
    nsxt_edge_transport_node = ["node_settings.ntp_servers"]
  }
}
