rule "k8s-env-isolation" {
  summary   = "Environments share a cluster without walls"
  severity  = "high"
  standards = ["NIST SC-39", "NIST SC-7(21)", "ISO 8.31", "ISO 8.22", "PCI 6.5.3"]
  clauses   = ["MA-PS-2"]

  check "kubernetes_namespace" "kubernetes_namespace_v1" {
    locals {
      own  = environment_of(self)
      name = self.metadata[0].name
      neighbours = [
        for other in concat(resources("kubernetes_namespace"), resources("kubernetes_namespace_v1")) :
        other if other.provider.name == self.provider.name && environment_of(other) != null && environment_of(other) != "shared" && environment_of(other) != local.own
      ]
      others = distinct([for other in local.neighbours : environment_of(other)])
      policies = concat(
        related(self, "kubernetes_network_policy", "metadata.namespace"),
        related(self, "kubernetes_network_policy_v1", "metadata.namespace"),
      )
      walls = [
        for policy in local.policies : policy
        if length(default(policy.spec[0].pod_selector[0].match_labels, {})) == 0 && length(default(policy.spec[0].pod_selector[0].match_expressions, [])) == 0
        && contains(default(policy.spec[0].policy_types, []), "Ingress") && contains(default(policy.spec[0].policy_types, []), "Egress")
      ]
    }
    when = local.own != null && local.own != "shared" && length(local.neighbours) > 0
    assert {
      condition     = local.own != "prod"
      at            = self
      error_message = "Namespace ${local.name} is prod and shares its cluster with ${join(" and ", local.others)}: one kernel and one control plane serve both."
      help          = "Give production a cluster of its own."
    }
    assert {
      when          = local.own != "prod"
      condition     = length(local.walls) > 0
      at            = self
      error_message = "Namespace ${local.name} (${local.own}) shares its cluster with ${join(" and ", local.others)}, and no policy denies traffic by default."
      help          = "Add a network policy with an empty pod_selector and policy_types = [\"Ingress\", \"Egress\"]."
    }
  }

  check "kubernetes_role_binding" "kubernetes_role_binding_v1" {
    locals {
      spaces = concat(resources("kubernetes_namespace"), resources("kubernetes_namespace_v1"))
      # Environments of the namespaces of this cluster, by name.
      mine = [for space in local.spaces : environment_of(space) if space.provider.name == self.provider.name && space.metadata[0].name == self.metadata[0].namespace]
    }
    when = length(local.mine) > 0
    for_each = flatten([
      for subject in default(self.subject, []) : [
        for space in local.spaces : { subject = subject.name, namespace = subject.namespace, environment = environment_of(space) }
        if subject.kind == "ServiceAccount" && space.provider.name == self.provider.name && space.metadata[0].name == subject.namespace
      ]
    ])
    condition     = each.value.environment == null || each.value.environment == "shared" || local.mine[0] == null || local.mine[0] == "shared" || each.value.environment == local.mine[0]
    at            = self.subject
    error_message = "The binding gives ${each.value.subject} of ${each.value.namespace} (${each.value.environment}) rights in ${self.metadata[0].namespace} (${local.mine[0]})."
    help          = "Bind service accounts of the same environment only."
  }

  attributes = {
    kubernetes_namespace         = ["metadata.name", "metadata.labels"]
    kubernetes_namespace_v1      = ["metadata.name", "metadata.labels"]
    kubernetes_network_policy    = ["metadata.namespace", "spec.pod_selector.match_labels", "spec.pod_selector.match_expressions", "spec.policy_types"]
    kubernetes_network_policy_v1 = ["metadata.namespace", "spec.pod_selector.match_labels", "spec.pod_selector.match_expressions", "spec.policy_types"]
    kubernetes_role_binding      = ["metadata.namespace", "subject.kind", "subject.name", "subject.namespace"]
    kubernetes_role_binding_v1   = ["metadata.namespace", "subject.kind", "subject.name", "subject.namespace"]
  }
}
