rule "default-sg-closed" {
  summary   = "Default security group is not closed"
  severity  = "medium"
  aliases   = ["CKV2_AWS_12", "AVD-AWS-0173"]
  standards = ["NIST SC-7", "NIST CM-6", "CIS AWS 5.4", "ISO 8.20", "PCI 1.2"]
  clauses   = ["CAF-NET-1"]

  check "aws_vpc" {
    condition     = has_related(self, "aws_default_security_group", "vpc_id")
    error_message = "The default security group of this VPC keeps AWS's rules."
    help          = "Add an aws_default_security_group for the VPC without ingress and egress: Terraform then removes all its rules."
  }

  check "aws_default_security_group" {
    assert {
      condition     = length(default(self.ingress, [])) == 0
      at            = self.ingress
      error_message = "The default security group admits traffic: what forgets its own group is open."
      help          = "Remove the ingress blocks and give each resource a security group of its own."
    }
    assert {
      condition     = length(default(self.egress, [])) == 0
      at            = self.egress
      error_message = "The default security group lets traffic out."
      help          = "Remove the egress blocks and give each resource a security group of its own."
    }
  }
}
