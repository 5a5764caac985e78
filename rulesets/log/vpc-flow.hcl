rule "vpc-flow" {
  summary   = "Network without a log of its flows"
  severity  = "high"
  aliases   = ["CKV2_AWS_11", "AVD-AWS-0178"]
  standards = ["NIST AU-12", "NIST SI-4(4)", "CIS AWS 3.7", "ISO 8.15", "ISO 8.16", "PCI 10.2.1"]
  clauses   = ["CAF-WAN-4", "MA-6.1.1", "MA-6.1.5", "MA-11.5", "MA-13.2.4"]
  params = {
    # What a custom format must have at least.
    fields = ["srcaddr", "dstaddr", "srcport", "dstport", "protocol", "start", "end", "action", "log-status"]
  }

  check "aws_vpc" "aws_default_vpc" {
    locals {
      own     = related(self, "aws_flow_log", "vpc_id")
      types   = [for log in local.own : log.traffic_type]
      subnets = related(self, "aws_subnet", "vpc_id")
      # Logs of all subnets together see what a log of the network sees.
      covered = [
        for subnet in local.subnets :
        anytrue([for log in related(subnet, "aws_flow_log", "subnet_id") : log.traffic_type == "ALL"])
      ]
    }
    condition = (
      anytrue([for type in local.types : type == "ALL"])
      || contains(local.types, "ACCEPT") && contains(local.types, "REJECT")
      || length(local.covered) > 0 && alltrue(local.covered)
    )
    at            = self
    error_message = length(local.types) > 0 ? "Flow logs record ${join(", ", local.types)} traffic only." : "No flow log records the traffic of this network."
    help          = "Add an aws_flow_log with vpc_id and traffic_type = \"ALL\"."
  }

  check "aws_flow_log" {
    when          = self.log_format != null
    condition     = alltrue([for field in params.fields : strcontains(self.log_format, "$${${field}}")])
    error_message = "The log format leaves out ${join(", ", [for field in params.fields : field if !strcontains(self.log_format, "$${${field}}")])}."
    help          = "Leave log_format out, or name these fields in it."
  }
}
