rule "device-access-group" {
  summary   = "Anybody may query the device's time service"
  severity  = "medium"
  standards = ["NIST SC-45", "NIST SC-7", "NIST CM-7", "ISO 8.17", "PCI 10.6.3"]
  clauses   = ["MA-12.1", "MA-12.2"]

  # A device that only asks answers as well, but has little to give.
  check "iosxe_ntp" {
    condition = (
      self.access_group_peer_acl != null || self.access_group_serve_acl != null
      || self.access_group_serve_only_acl != null || self.access_group_query_only_acl != null
    )
    at            = default(self.master, self)
    error_message = "No access group limits who may query or peer NTP with the device."
    help          = "Set access_group_peer_acl to the time servers and access_group_serve_only_acl to the clients."
    severity      = self.master == true ? "medium" : "low"
  }

  check "nxos_ntp" {
    assert {
      condition = (
        self.access_group_peer != null || self.access_group_serve != null
        || self.access_group_serve_only != null || self.access_group_query_only != null
      )
      at            = default(self.master, self)
      error_message = "No access group limits who may query or peer NTP with the device."
      help          = "Set access_group_peer to the time servers and access_group_serve_only to the clients."
      severity      = self.master == "enabled" ? "medium" : "low"
    }
    assert {
      condition     = self.allow_private != "enabled"
      error_message = "The device takes private mode packets of NTP, which control it from afar."
      help          = "Set allow_private = \"disabled\"."
    }
  }

  check "iosxr_ntp" {
    condition = (
      self.access_group_ipv4_peer != null || self.access_group_ipv4_serve != null
      || self.access_group_ipv4_serve_only != null || self.access_group_ipv4_query_only != null
      || self.access_group_ipv6_peer != null || self.access_group_ipv6_serve != null
      || self.access_group_ipv6_serve_only != null || self.access_group_ipv6_query_only != null
      || length(default(self.access_group_vrfs, [])) > 0
    )
    at            = default(self.primary_reference_clock, self)
    error_message = "No access group limits who may query or peer NTP with the device."
    help          = "Set access_group_ipv4_peer to the time servers and access_group_ipv4_serve_only to the clients."
    severity      = self.primary_reference_clock == true || self.primary_stratum_number != null ? "medium" : "low"
  }

  attributes = {
    iosxe_ntp = ["access_group_peer_acl", "access_group_serve_acl", "access_group_serve_only_acl", "access_group_query_only_acl", "master"]
    nxos_ntp  = ["access_group_peer", "access_group_serve", "access_group_serve_only", "access_group_query_only", "allow_private", "master"]
    iosxr_ntp = ["access_group_ipv4_peer", "access_group_ipv4_serve", "access_group_ipv4_serve_only", "access_group_ipv4_query_only", "access_group_ipv6_peer", "access_group_ipv6_serve", "access_group_ipv6_serve_only", "access_group_ipv6_query_only", "access_group_vrfs", "primary_reference_clock", "primary_stratum_number"]
  }
}
