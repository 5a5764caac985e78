rule "no-cross-env-resource-policy" {
  summary   = "Policy of a store, queue or registry admits another environment"
  severity  = "high"
  standards = ["NIST AC-3", "NIST AC-4", "ISO 5.15", "ISO 8.31", "PCI 7.2"]
  clauses   = ["MA-PS-2", "MA-14.2.7"]

  check "aws_s3_bucket_policy" {
    locals {
      own = setsubtract(environments_named_by(self.bucket), ["shared"])
    }
    when          = length(environments()) > 0 && length(local.own) == 1
    for_each      = flatten([for statement in policy_statements(self.policy) : statement.principals if statement.effect == "Allow"])
    condition     = length(setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"]))) == 0
    at            = self.policy
    error_message = "The bucket is ${tolist(local.own)[0]} and its policy admits ${join(" and ", setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"])))}."
    help          = "Admit principals of ${tolist(local.own)[0]} only; what environments share belongs in a store that is labelled shared."
  }

  check "aws_sqs_queue_policy" {
    locals {
      own = setsubtract(environments_named_by(self.queue_url), ["shared"])
    }
    when          = length(environments()) > 0 && length(local.own) == 1
    for_each      = flatten([for statement in policy_statements(self.policy) : statement.principals if statement.effect == "Allow"])
    condition     = length(setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"]))) == 0
    at            = self.policy
    error_message = "The queue is ${tolist(local.own)[0]} and its policy admits ${join(" and ", setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"])))}."
    help          = "Admit principals of ${tolist(local.own)[0]} only."
  }

  check "aws_sns_topic_policy" {
    locals {
      own = setsubtract(environments_named_by(self.arn), ["shared"])
    }
    when          = length(environments()) > 0 && length(local.own) == 1
    for_each      = flatten([for statement in policy_statements(self.policy) : statement.principals if statement.effect == "Allow"])
    condition     = length(setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"]))) == 0
    at            = self.policy
    error_message = "The topic is ${tolist(local.own)[0]} and its policy admits ${join(" and ", setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"])))}."
    help          = "Admit principals of ${tolist(local.own)[0]} only."
  }

  check "aws_secretsmanager_secret_policy" {
    locals {
      own = setsubtract(environments_named_by(self.secret_arn), ["shared"])
    }
    when          = length(environments()) > 0 && length(local.own) == 1
    for_each      = flatten([for statement in policy_statements(self.policy) : statement.principals if statement.effect == "Allow"])
    condition     = length(setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"]))) == 0
    at            = self.policy
    error_message = "The secret is ${tolist(local.own)[0]} and its policy admits ${join(" and ", setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"])))}."
    help          = "Admit principals of ${tolist(local.own)[0]} only."
  }

  check "aws_ecr_repository_policy" {
    locals {
      own = setsubtract(environments_named_by(self.repository, "aws_ecr_repository"), ["shared"])
    }
    when          = length(environments()) > 0 && length(local.own) == 1
    for_each      = flatten([for statement in policy_statements(self.policy) : statement.principals if statement.effect == "Allow"])
    condition     = length(setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"]))) == 0
    at            = self.policy
    error_message = "The registry is ${tolist(local.own)[0]} and its policy admits ${join(" and ", setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"])))}."
    help          = "Keep images that several environments run in a registry that is labelled shared."
  }

  # Shares outside the organisation are asked for by name.
  check "aws_ram_resource_share" {
    condition     = self.allow_external_principals != true
    error_message = "The share ${self.name} may be opened to accounts outside the organisation."
    help          = "Set allow_external_principals = false."
  }

  check "aws_ram_principal_association" {
    locals {
      own   = setsubtract(environments_named_by(self.resource_share_arn), ["shared"])
      other = setsubtract(environments_named_by(self.principal), concat(tolist(local.own), ["shared"]))
    }
    when          = length(environments()) > 0 && length(local.own) == 1
    condition     = length(local.other) == 0
    at            = self.principal
    error_message = "The share is ${tolist(local.own)[0]} and is opened to ${join(" and ", local.other)}."
    help          = "Share with accounts of ${tolist(local.own)[0]} only, or label what is shared by all as shared."
  }

  check "google_storage_bucket_iam_member" "google_storage_bucket_iam_binding" {
    locals {
      own     = setsubtract(environments_named_by(self.bucket, "google_storage_bucket"), ["shared"])
      members = try(self.members, null) == null ? [self.member] : self.members
    }
    when          = length(environments()) > 0 && length(local.own) == 1
    for_each      = local.members
    condition     = length(setsubtract(environments_named_by(each.value), concat(tolist(local.own), ["shared"]))) == 0
    at            = each.value
    error_message = "The bucket is ${tolist(local.own)[0]} and admits ${each.value} of ${join(" and ", environments_named_by(each.value))}."
    help          = "Admit identities of ${tolist(local.own)[0]} only."
  }
}
