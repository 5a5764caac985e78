rule "vpc-has-dhcp-options" {
  summary   = "VPC has no DHCP options with agreed time servers"
  severity  = "medium"
  standards = ["NIST AU-8", "NIST SC-45", "ISO 8.17", "PCI 10.6.1"]
  clauses   = ["MA-12"]

  # Where the cloud's own time is agreed, a VPC needs no options to have it.
  check "aws_vpc" {
    when          = !accepts_cloud_time()
    condition     = has_related(self, "aws_vpc_dhcp_options_association", "vpc_id")
    error_message = "The VPC has the DHCP options of Amazon, which name no time server."
    help          = "Associate DHCP options whose ntp_servers are agreed: aws_vpc_dhcp_options_association."
  }

  check "aws_vpc" {
    locals {
      sets = flatten([
        for link in related(self, "aws_vpc_dhcp_options_association", "vpc_id") :
        referenced(link.dhcp_options_id, "aws_vpc_dhcp_options")
      ])
    }
    when          = !accepts_cloud_time()
    condition     = alltrue([for options in local.sets : options.ntp_servers != null])
    error_message = "The DHCP options of the VPC name no time server."
    help          = "Set ntp_servers in the options that are associated with the VPC."
  }
}
