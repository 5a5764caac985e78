rule "third-party-access-scoped" {
  summary   = "Outsiders connect without being let in one by one"
  severity  = "medium"
  aliases   = ["CKV_AWS_123", "CKV_AWS_331"]
  standards = ["NIST CA-3", "NIST AC-20", "ISO 5.19", "ISO 8.21", "PCI 12.8"]
  clauses   = ["CAF-WAN-4", "CAF-NET-2", "MA-13.2.1"]

  check "aws_vpc_endpoint_service" {
    assert {
      condition = self.acceptance_required == true
      # The way to one's own firewall appliances is for the accounts that are named.
      severity      = length(self.gateway_load_balancer_arns) > 0 ? "low" : "medium"
      error_message = "Whoever is allowed may connect at once: acceptance_required is false."
      help          = "Set acceptance_required = true and accept connections by hand."
    }
    assert {
      condition     = !contains(default(self.allowed_principals, []), "*")
      at            = self.allowed_principals
      error_message = "Every AWS account may ask for a connection: allowed_principals has *."
      help          = "Name the accounts in allowed_principals."
    }
  }

  check "aws_vpc_endpoint_service_allowed_principal" {
    condition     = self.principal_arn != "*"
    error_message = "Every AWS account may ask for a connection: principal_arn is *."
    help          = "Name the account in principal_arn."
  }

  check "aws_ec2_transit_gateway" {
    condition     = default(self.auto_accept_shared_attachments, "disable") == "disable"
    at            = self.auto_accept_shared_attachments
    error_message = "Other accounts attach their networks unasked: auto_accept_shared_attachments is ${self.auto_accept_shared_attachments}."
    help          = "Set auto_accept_shared_attachments = \"disable\" and accept attachments one by one."
  }

  check "azurerm_private_link_service" {
    locals {
      everybody = contains(default(self.visibility_subscription_ids, []), "*")
    }
    assert {
      condition     = !contains(default(self.auto_approval_subscription_ids, []), "*")
      at            = self.auto_approval_subscription_ids
      error_message = "Every subscription connects at once: auto_approval_subscription_ids has *."
      help          = "Take auto_approval_subscription_ids out, or name your own subscriptions."
    }
    assert {
      condition     = !local.everybody
      at            = self.visibility_subscription_ids
      error_message = "Every subscription may ask for a connection: visibility_subscription_ids has *."
      help          = "Name the subscriptions in visibility_subscription_ids."
    }
  }

  check "google_compute_service_attachment" {
    condition     = self.connection_preference == "ACCEPT_MANUAL"
    error_message = "Every project connects at once: connection_preference is ${self.connection_preference}."
    help          = "Set connection_preference = \"ACCEPT_MANUAL\" and name the consumers in consumer_accept_lists."
  }
}
