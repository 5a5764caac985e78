rule "no-unrestricted-egress" {
  summary   = "Outbound traffic may go anywhere"
  severity  = "high"
  aliases   = ["CKV_AWS_382", "AVD-AWS-0104", "AVD-AZU-0051", "AVD-GCP-0035"]
  standards = ["NIST SC-7(5)", "NIST AC-4", "ISO 8.20", "PCI 1.3.2"]
  clauses   = ["CAF-NET-1", "MA-13.2.3"]

  check "aws_security_group" {
    for_each      = self.egress
    condition     = !((each.value.protocol == "-1" || each.value.protocol == "all") && anytrue([for cidr in concat(default(each.value.cidr_blocks, []), default(each.value.ipv6_cidr_blocks, [])) : is_world(cidr)]))
    severity      = has_way_to_internet(self) == false ? "low" : "high"
    at            = each.value
    error_message = "Every protocol may leave to every address."
    help          = "Name the destinations and ports that are needed; send web traffic through a proxy or an inspecting firewall."
  }

  check "aws_security_group_rule" {
    when          = self.type == "egress"
    condition     = !((self.protocol == "-1" || self.protocol == "all") && anytrue([for cidr in concat(default(self.cidr_blocks, []), default(self.ipv6_cidr_blocks, [])) : is_world(cidr)]))
    severity      = has_way_to_internet(self) == false ? "low" : "high"
    at            = self.cidr_blocks
    error_message = "Every protocol may leave to every address."
    help          = "Name the destinations and ports that are needed; send web traffic through a proxy or an inspecting firewall."
  }

  check "aws_vpc_security_group_egress_rule" {
    condition     = !(self.ip_protocol == "-1" && (is_world(self.cidr_ipv4) || is_world(self.cidr_ipv6)))
    severity      = has_way_to_internet(self) == false ? "low" : "high"
    at            = default(self.cidr_ipv4, self.cidr_ipv6)
    error_message = "Every protocol may leave to every address."
    help          = "Name the destinations and ports that are needed; send web traffic through a proxy or an inspecting firewall."
  }

  check "azurerm_network_security_rule" {
    when          = lower(self.direction) == "outbound" && lower(self.access) == "allow"
    condition     = !(self.protocol == "*" && self.destination_port_range == "*" && contains(["*", "internet", "0.0.0.0/0", "any"], lower(default(self.destination_address_prefix, ""))))
    at            = self.destination_address_prefix
    error_message = "Rule ${self.name} lets every protocol leave to every address."
    help          = "Name the destinations and ports that are needed, and deny the rest with a rule of lower priority."
  }

  check "google_compute_firewall" {
    when          = self.direction == "EGRESS" && self.disabled != true
    condition     = !(anytrue([for it in self.allow : it.protocol == "all"]) && anytrue([for range in default(self.destination_ranges, ["0.0.0.0/0"]) : is_world(range)]))
    at            = self.destination_ranges
    error_message = "Rule ${self.name} lets every protocol leave to every address."
    help          = "Name the destinations and ports that are needed, and deny the rest with a rule of lower priority."
  }
}
