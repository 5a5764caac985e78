rule "search-https" {
  summary   = "Search domain accepts clear text or old TLS"
  severity  = "high"
  aliases   = ["CKV_AWS_6", "CKV_AWS_83", "CKV_AWS_228", "CKV_AWS_218", "CKV_AWS_220", "AVD-AWS-0043", "AVD-AWS-0046", "AVD-AWS-0126"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4"]

  check "aws_opensearch_domain" "aws_elasticsearch_domain" {
    locals {
      endpoint = self.domain_endpoint_options[0]
    }
    assert {
      # Without the block the service answers HTTP; inside it HTTPS is the default.
      condition     = length(self.domain_endpoint_options) > 0 && default(local.endpoint.enforce_https, true) == true
      at            = default(local.endpoint.enforce_https, self.domain_endpoint_options)
      error_message = length(self.domain_endpoint_options) > 0 ? "enforce_https is ${local.endpoint.enforce_https}." : "HTTPS is not enforced: there is no domain_endpoint_options block."
      help          = "Add domain_endpoint_options { enforce_https = true  tls_security_policy = \"Policy-Min-TLS-1-2-2019-07\" }."
    }
    assert {
      when          = length(self.domain_endpoint_options) > 0
      condition     = tls_version_at_least(tls_policy(default(local.endpoint.tls_security_policy, "Policy-Min-TLS-1-0-2019-07")).min_version, "1.2")
      at            = default(local.endpoint.tls_security_policy, self.domain_endpoint_options)
      error_message = "tls_security_policy ${default(local.endpoint.tls_security_policy, "Policy-Min-TLS-1-0-2019-07 (default)")} accepts TLS older than 1.2."
      help          = "Set tls_security_policy = \"Policy-Min-TLS-1-2-2019-07\" or later."
    }
    assert {
      condition     = self.node_to_node_encryption[0].enabled == true
      error_message = "Nodes speak clear text to each other: node_to_node_encryption is not enabled."
      help          = "Add node_to_node_encryption { enabled = true }."
    }
  }

  check "aws_cloudsearch_domain" {
    condition     = self.endpoint_options[0].enforce_https == true && tls_version_at_least(tls_policy(self.endpoint_options[0].tls_security_policy).min_version, "1.2")
    error_message = "The domain does not enforce HTTPS with TLS 1.2."
    help          = "Add endpoint_options { enforce_https = true  tls_security_policy = \"Policy-Min-TLS-1-2-2019-07\" }."
  }
}
