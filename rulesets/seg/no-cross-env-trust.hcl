rule "no-cross-env-trust" {
  summary   = "Identity of a lower environment has rights in a higher one"
  severity  = "critical"
  standards = ["NIST AC-3", "NIST AC-6", "ISO 5.3", "ISO 8.31", "PCI 6.5.3", "PCI 6.5.4"]
  clauses   = ["MA-PS-2"]

  # What lies below each environment.
  params = { below = { prod = ["dev", "test"], test = ["dev"] } }

  check "aws_iam_role" {
    locals {
      lower = lookup(params.below, default(environment_of(self), ""), [])
    }
    when = length(environments()) > 0 && length(local.lower) > 0
    for_each = flatten([
      for statement in policy_statements(self.assume_role_policy) : statement.principals if statement.effect == "Allow"
    ])
    condition     = length(setintersection(environments_named_by(each.value), local.lower)) == 0
    at            = self.assume_role_policy
    error_message = "The role is ${environment_of(self)} and may be assumed from ${join(" and ", setintersection(environments_named_by(each.value), local.lower))}."
    help          = "Trust principals of ${environment_of(self)} only; let pipelines have a role in each environment."
  }

  check "aws_iam_role" {
    when          = contains(keys(params.below), default(environment_of(self), ""))
    condition     = !policy_is_public(self.assume_role_policy)
    at            = self.assume_role_policy
    error_message = "The role is ${environment_of(self)} and may be assumed by anybody, lower environments included."
    help          = "Name the principals, or add a condition on aws:PrincipalOrgPaths or sts:ExternalId."
  }

  check "azurerm_role_assignment" {
    locals {
      named   = environments_named_by(self.scope)
      own   = length(local.named) > 0 ? local.named : compact([environment_of(self)])
      lower = length(local.own) == 1 ? lookup(params.below, local.own[0], []) : []
    }
    when          = length(environments()) > 0 && length(local.lower) > 0
    condition     = length(setintersection(environments_named_by(self.principal_id), local.lower)) == 0
    at            = self.principal_id
    error_message = "An identity of ${join(" and ", environments_named_by(self.principal_id))} has a role in ${local.own[0]}."
    help          = "Give the role to an identity of ${local.own[0]}."
  }

  check "google_project_iam_member" "google_project_iam_binding" {
    locals {
      named     = environments_named_by(self.project)
      own     = length(local.named) > 0 ? local.named : compact([environment_of(self)])
      lower   = length(local.own) == 1 ? lookup(params.below, local.own[0], []) : []
      members = try(self.members, null) == null ? [self.member] : self.members
    }
    when          = length(environments()) > 0 && length(local.lower) > 0
    for_each      = local.members
    condition     = length(setintersection(environments_named_by(each.value), local.lower)) == 0
    at            = each.value
    error_message = "${each.value} of ${join(" and ", environments_named_by(each.value))} has a role in ${local.own[0]}."
    help          = "Give the role to an identity of ${local.own[0]}."
  }

  check "google_service_account_iam_member" "google_service_account_iam_binding" {
    locals {
      named     = environments_named_by(self.service_account_id)
      own     = length(local.named) > 0 ? local.named : compact([environment_of(self)])
      lower   = length(local.own) == 1 ? lookup(params.below, local.own[0], []) : []
      members = try(self.members, null) == null ? [self.member] : self.members
    }
    when          = length(environments()) > 0 && length(local.lower) > 0
    for_each      = local.members
    condition     = length(setintersection(environments_named_by(each.value), local.lower)) == 0
    at            = each.value
    error_message = "${each.value} of ${join(" and ", environments_named_by(each.value))} may act as a service account of ${local.own[0]}."
    help          = "Let identities of ${local.own[0]} act as it only."
  }
}
