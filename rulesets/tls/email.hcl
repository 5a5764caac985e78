rule "email" {
  summary   = "Mail is relayed without insisting on TLS"
  severity  = "medium"
  aliases   = ["CKV_AWS_365"]
  standards = ["NIST SC-8(1)", "ISO 5.14", "ISO 8.24", "PCI 4.2.2"]
  clauses   = ["CAF-PW-5", "DWP-5.3", "MA-11.7", "MA-14.2.3"]

  attributes = {
    fortios_system_emailserver = ["security", "server"]
    keycloak_realm             = ["smtp_server"]
  }

  check "aws_ses_configuration_set" "aws_sesv2_configuration_set" {
    condition     = upper(default(self.delivery_options[0].tls_policy, "Optional")) == "REQUIRE"
    at            = default(self.delivery_options[0].tls_policy, self.delivery_options)
    error_message = "Mail goes out in clear text where the other side offers no TLS: tls_policy is ${default(self.delivery_options[0].tls_policy, "not set")}."
    help          = "Set delivery_options { tls_policy = \"Require\" } (\"REQUIRE\" for aws_sesv2_configuration_set)."
  }

  check "aws_ses_receipt_rule" {
    condition     = default(self.tls_policy, "Optional") == "Require"
    at            = self.tls_policy
    error_message = "Mail is taken in clear text: tls_policy is ${default(self.tls_policy, "not set")}."
    help          = "Set tls_policy = \"Require\"."
  }

  check "keycloak_realm" {
    for_each      = default(self.smtp_server, [])
    condition     = tobool(each.value.ssl) == true || tobool(each.value.starttls) == true
    at            = each.value.host
    error_message = "Mail with links to set passwords goes to ${each.value.host} in clear text."
    help          = "Set starttls = true or ssl = true in smtp_server."
  }

  check "fortios_system_emailserver" {
    when          = self.server != null
    condition     = contains(["starttls", "smtps"], self.security)
    at            = default(self.security, self.server)
    error_message = "The firewall mails alerts in clear text: security is ${default(self.security, "not set")}."
    help          = "Set security = \"starttls\" or \"smtps\"."
  }
}
