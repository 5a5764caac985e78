rule "syslog-encrypted" {
  summary   = "Device sends its log over the network in clear text"
  severity  = "medium"
  standards = ["NIST AU-9", "NIST SC-8", "ISO 8.15", "ISO 8.20", "PCI 10.3"]
  clauses   = ["MA-7"]

  attributes = {
    fortios_logsyslogd_setting    = ["status", "mode", "enc_algorithm", "server"]
    iosxe_logging                 = ["ipv4_hosts", "ipv4_vrf_hosts", "ipv4_hosts_transport", "ipv4_vrf_hosts_transport", "ipv6_hosts", "ipv6_vrf_hosts", "ipv6_hosts_transport", "ipv6_vrf_hosts_transport"]
    nxos_logging                  = ["remote_destinations"]
    panos_syslog_profile          = ["servers"]
    checkpoint_gaia_remote_syslog = ["server_ip", "tls_encryption"]
    mist_org_networktemplate      = ["remote_syslog"]
  }

  check "fortios_logsyslogd_setting" {
    when          = self.status == "enable"
    condition     = self.mode == "reliable" && contains(["high", "high-medium"], self.enc_algorithm)
    at            = default(self.enc_algorithm, default(self.mode, self.status))
    error_message = "The log is sent in clear text: mode is ${default(self.mode, "udp (by default)")}, enc_algorithm is ${default(self.enc_algorithm, "disable (by default)")}."
    help          = "Set mode = \"reliable\" and enc_algorithm = \"high\"."
  }

  check "iosxe_logging" {
    locals {
      plain = concat(
        [for host in concat(default(self.ipv4_hosts, []), default(self.ipv6_hosts, [])) : default(host.ipv4_host, host.ipv6_host)],
        [for host in concat(default(self.ipv4_hosts_transport, []), default(self.ipv6_hosts_transport, [])) : default(host.ipv4_host, host.ipv6_host) if length(default(host.transport_udp_ports, [])) + length(default(host.transport_tcp_ports, [])) > 0],
      )
      places = concat(
        default(self.ipv4_hosts, []), default(self.ipv6_hosts, []), default(self.ipv4_vrf_hosts, []), default(self.ipv6_vrf_hosts, []),
        [for host in concat(default(self.ipv4_hosts_transport, []), default(self.ipv6_hosts_transport, []), default(self.ipv4_vrf_hosts_transport, []), default(self.ipv6_vrf_hosts_transport, [])) : host if length(default(host.transport_udp_ports, [])) + length(default(host.transport_tcp_ports, [])) > 0],
      )
    }
    condition     = length(local.places) == 0
    at            = local.places[0]
    error_message = "The log is sent in clear text to ${length(local.plain) > 0 ? join(", ", local.plain) : "a host"}."
    help          = "Use ipv4_hosts_transport with transport_tls_ports and a profile."
  }

  check "nxos_logging" {
    for_each      = default(self.remote_destinations, {})
    condition     = default(each.value.transport, "udp") == "tls"
    at            = default(each.value.transport, each.value)
    error_message = "The log is sent to ${each.key} in clear text: transport is ${default(each.value.transport, "udp (by default)")}."
    help          = "Set transport = \"tls\" and a trustpoint_client_identity."
  }

  check "panos_syslog_profile" {
    for_each      = default(self.servers, [])
    condition     = default(each.value.transport, "UDP") == "SSL"
    at            = default(each.value.transport, each.value)
    error_message = "The log is sent to ${each.value.name} in clear text: transport is ${default(each.value.transport, "UDP (by default)")}."
    help          = "Set transport = \"SSL\" and port = 6514."
  }

  check "checkpoint_gaia_remote_syslog" {
    locals {
      encryption = flatten([default(self.tls_encryption, [])])
    }
    condition     = anytrue([for encryption in local.encryption : tobool(encryption.enabled) == true])
    at            = self.server_ip
    error_message = "The log is sent to ${self.server_ip} in clear text."
    help          = "Set tls_encryption { enabled = true } (Gaia R82 and later)."
  }

  check "mist_org_networktemplate" {
    for_each      = default(self.remote_syslog.servers, [])
    condition     = each.value.protocol == "tcp" && each.value.server_name != null
    at            = default(each.value.protocol, each.value)
    error_message = "The log is sent to ${each.value.host} without TLS."
    help          = "Set protocol = \"tcp\" and server_name, and the CA's certificate in cacerts."
  }
}
