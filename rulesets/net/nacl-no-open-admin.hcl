rule "nacl-no-open-admin" {
  summary    = "Network ACL opens admin ports to the internet"
  severity   = "medium"
  aliases    = ["CKV_AWS_229", "CKV_AWS_230", "CKV_AWS_231", "CKV_AWS_232", "AVD-AWS-0105"]
  covered_by = ["net/no-any-any-ingress"]
  standards  = ["NIST SC-7", "CIS AWS 5.1", "PCI 1.3.1"]
  clauses    = ["MA-11"]

  params = {
    services             = ["tcp/20-23", "tcp/135", "tcp/139", "tcp/445", "tcp/512-514", "tcp/3389", "tcp/5900-5906", "tcp/5985-5986", "udp/161"]
    max_public_addresses = 256
  }

  # A wide range above 1023 is there for replies, which a stateless list has to admit.
  check "aws_network_acl" "aws_network_acl_rule" {
    for_each      = [for access in world_access(self, params.services, params.max_public_addresses) : access if access.first_port < 1024 || access.rule_span < 16384]
    condition     = false
    at            = each.value
    error_message = "${each.value.source} may reach ${each.value.services} through this network ACL."
    help          = "Deny these ports before the rule that allows them, or allow only what the subnets serve."
  }

  # A default list that allows everything is what AWS makes; to write it down opens nothing.
  check "aws_default_network_acl" {
    for_each      = [for access in world_access(self, params.services, params.max_public_addresses) : access if !access.rule_every_protocol && (access.first_port < 1024 || access.rule_span < 16384)]
    condition     = false
    at            = each.value
    error_message = "${each.value.source} may reach ${each.value.services} through this network ACL."
    help          = "Deny these ports before the rule that allows them, or allow only what the subnets serve."
  }
}
