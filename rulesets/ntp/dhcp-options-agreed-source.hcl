rule "dhcp-options-agreed-source" {
  summary   = "DHCP options hand out a time server that is not agreed"
  severity  = "high"
  standards = ["NIST AU-8(1)", "NIST SC-45(1)", "ISO 8.17", "PCI 10.6.1", "PCI 10.6.2"]
  clauses   = ["MA-12"]

  # AWS takes four servers at most.
  params = { max_servers = 4 }

  check "aws_vpc_dhcp_options" {
    for_each      = default(self.ntp_servers, [])
    condition     = is_agreed_time_source(each.value)
    error_message = "The DHCP options hand out ${each.value}, which is not an agreed time source."
    help          = "Name agreed servers only, in ntp_servers = [\"169.254.169.123\"] or as listed in time { sources = [...] }."
  }

  check "aws_vpc_dhcp_options" {
    when          = self.ntp_servers != null
    condition     = length(self.ntp_servers) <= params.max_servers
    error_message = "The DHCP options name ${length(self.ntp_servers)} time servers; AWS takes ${params.max_servers}."
    help          = "Keep the ${params.max_servers} best servers."
    at            = self.ntp_servers
  }

  # Option 42 carries addresses, so clients get nothing from a name.
  check "aws_vpc_dhcp_options" {
    for_each      = default(self.ntp_servers, [])
    severity      = "low"
    condition     = can(cidrhost("${each.value}/32", 0))
    error_message = "The DHCP options name the time server ${each.value}; DHCP can hand out addresses only."
    help          = "Write the server's address."
  }

  check "aws_vpc_dhcp_options" {
    condition     = self.ntp_servers != null || accepts_cloud_time()
    error_message = "The DHCP options hand out no time server, and the cloud's own time is not agreed."
    help          = "Set ntp_servers to agreed servers."
  }
}
