rule "k8s-default-deny" {
  summary   = "Pods of a cluster reach each other freely"
  severity  = "medium"
  aliases   = ["CKV_AZURE_7", "AVD-AZU-0043", "CKV_GCP_12", "AVD-GCP-0056"]
  standards = ["NIST SC-7(21)", "ISO 8.22", "PCI 1.2"]
  clauses   = ["MA-13.2.3"]

  params = {
    # Namespaces of the platform, by name.
    system_namespaces = ["kube-*", "default", "gke-*", "gatekeeper-system", "calico-*", "tigera-*", "cilium*", "istio-system"]
  }

  check "azurerm_kubernetes_cluster" {
    condition     = contains(["azure", "calico", "cilium"], default(self.network_profile[0].network_policy, "none"))
    at            = default(self.network_profile[0].network_policy, self.network_profile)
    error_message = "The cluster enforces no network policies: network_policy is ${default(self.network_profile[0].network_policy, "not set")}."
    help          = "Set network_profile { network_policy = \"cilium\" } (or azure, calico) when the cluster is made."
  }

  check "google_container_cluster" {
    condition     = self.enable_autopilot == true || self.datapath_provider == "ADVANCED_DATAPATH" || anytrue(self.network_policy[*].enabled)
    at            = default(self.datapath_provider, self.network_policy)
    error_message = "The cluster enforces no network policies: neither datapath_provider nor network_policy says so."
    help          = "Set datapath_provider = \"ADVANCED_DATAPATH\" (Dataplane V2), or network_policy { enabled = true }."
  }

  check "kubernetes_namespace" "kubernetes_namespace_v1" {
    locals {
      name     = self.metadata[0].name
      policies = concat(resources("kubernetes_network_policy"), resources("kubernetes_network_policy_v1"))
      own = concat(
        related(self, "kubernetes_network_policy", "metadata.namespace"), related(self, "kubernetes_network_policy_v1", "metadata.namespace"),
        [for policy in local.policies : policy if is_known(policy.metadata[0].namespace) && policy.metadata[0].namespace == local.name],
      )
      denies = [
        for policy in local.own :
        contains(default(policy.spec[0].policy_types, []), "Ingress") && length(policy.spec[0].ingress) == 0
        && alltrue([for selector in policy.spec[0].pod_selector : length(selector.match_labels) == 0 && length(selector.match_expressions) == 0])
      ]
      manifests = [
        for manifest in resources("kubernetes_manifest") :
        manifest.manifest.metadata.namespace == local.name && length(manifest.manifest.spec.ingress) == 0
        && length(manifest.manifest.spec.podSelector.matchLabels) == 0 && length(manifest.manifest.spec.podSelector.matchExpressions) == 0
        if manifest.manifest.kind == "NetworkPolicy"
      ]
    }
    when      = local.name != null && !matches_any(local.name, params.system_namespaces)
    condition = anytrue(local.denies) || anytrue(local.manifests)
    at        = self.metadata
    # Where the root has no policies at all, another tool may bring them.
    severity      = length(local.policies) > 0 || length(local.manifests) > 0 ? "medium" : "low"
    error_message = "Namespace ${local.name} admits all pods: no network policy denies ingress by default."
    help          = "Add a kubernetes_network_policy_v1 with an empty pod_selector and policy_types = [\"Ingress\"], and allow what is needed in others."
  }

  attributes = {
    kubernetes_namespace         = ["metadata"]
    kubernetes_namespace_v1      = ["metadata"]
    kubernetes_network_policy    = ["metadata", "spec"]
    kubernetes_network_policy_v1 = ["metadata", "spec"]
    kubernetes_manifest          = ["manifest"]
  }
}
