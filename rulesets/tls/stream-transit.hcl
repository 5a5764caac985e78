rule "stream-transit" {
  summary   = "Stream, broker or queue accepts traffic without TLS"
  severity  = "high"
  aliases   = ["CKV_AWS_81", "AVD-AWS-0073", "CKV_AZURE_205", "CKV_AZURE_223"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4", "MA-11.7"]

  check "aws_msk_cluster" {
    for_each = flatten(self.encryption_info[*].encryption_in_transit)
    assert {
      condition     = default(each.value.client_broker, "TLS") == "TLS"
      at            = each.value.client_broker
      error_message = "Clients may speak clear text: client_broker is ${each.value.client_broker}."
      help          = "Leave client_broker out, or set it to \"TLS\"."
    }
    assert {
      condition     = default(each.value.in_cluster, true) == true
      at            = each.value.in_cluster
      error_message = "Brokers copy messages to each other in clear text: in_cluster is false."
      help          = "Leave in_cluster out, or set it to true. It can only be set when the cluster is made."
    }
  }

  check "azurerm_eventhub_namespace" "azurerm_servicebus_namespace" {
    condition     = tls_version_at_least(default(self.minimum_tls_version, "1.2"), "1.2")
    at            = self.minimum_tls_version
    error_message = "The namespace accepts TLS ${self.minimum_tls_version}."
    help          = "Leave minimum_tls_version out, or set it to \"1.2\"."
  }

  check "azurerm_iothub" {
    when          = self.min_tls_version != null
    condition     = tls_version_at_least(self.min_tls_version, "1.2")
    error_message = "Devices may connect with TLS ${self.min_tls_version}."
    help          = "Set min_tls_version = \"1.2\". It can only be set when the hub is made."
  }

  # Queues and topics answer plain HTTP too. Only a policy keeps it out, also for the account's own users.
  check "aws_sqs_queue" {
    locals {
      policies = concat(related(self, "aws_sqs_queue_policy", "queue_url")[*].policy, self.policy == null ? [] : [self.policy])
    }
    condition     = anytrue([for policy in local.policies : policy_requires_tls(policy)])
    at            = self.policy
    error_message = length(local.policies) > 0 ? "The queue's policy does not deny requests without TLS." : "The queue has no policy that denies requests without TLS."
    help          = "Add a statement that denies sqs:* to everybody when aws:SecureTransport is false."
    severity      = length(local.policies) > 0 ? "medium" : "low"
  }

  check "aws_sns_topic" {
    locals {
      policies = concat(related(self, "aws_sns_topic_policy", "arn")[*].policy, self.policy == null ? [] : [self.policy])
    }
    condition     = anytrue([for policy in local.policies : policy_requires_tls(policy)])
    at            = self.policy
    error_message = length(local.policies) > 0 ? "The topic's policy does not deny requests without TLS." : "The topic has no policy that denies requests without TLS."
    help          = "Add a statement that denies sns:Publish to everybody when aws:SecureTransport is false."
    severity      = length(local.policies) > 0 ? "medium" : "low"
  }
}
