rule "kubernetes" {
  summary   = "Cluster control plane does not export all its logs"
  severity  = "medium"
  aliases   = ["CKV_AWS_37", "AVD-AWS-0038", "CKV_AZURE_4", "AVD-AZU-0040", "CKV_GCP_1", "AVD-GCP-0060"]
  standards = ["NIST AU-2", "NIST AU-12", "ISO 8.15", "PCI 10.2.1"]
  clauses   = ["CAF-ACC-7", "MA-5.1", "MA-7.1"]
  params = {
    eks_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  }

  check "aws_eks_cluster" {
    locals {
      types   = default(self.enabled_cluster_log_types, [])
      missing = [for type in params.eks_types : type if !contains(local.types, type)]
    }
    condition     = alltrue([for type in params.eks_types : contains(local.types, type)])
    at            = self.enabled_cluster_log_types
    error_message = "The control plane does not log ${join(", ", local.missing)}."
    help          = "Set enabled_cluster_log_types = [${join(", ", [for type in params.eks_types : "\"${type}\""])}]."
  }

  check "azurerm_kubernetes_cluster" {
    locals {
      sent = diagnostic_logs(self)
    }
    condition = (
      contains(local.sent, "allLogs") || contains(local.sent, "audit")
      || (contains(local.sent, "kube-audit") || contains(local.sent, "kube-audit-admin")) && contains(local.sent, "guard")
    )
    at            = self
    error_message = "No diagnostic setting exports kube-audit and guard logs of the cluster."
    help          = "Add an azurerm_monitor_diagnostic_setting with enabled_log blocks for kube-audit-admin and guard."
  }

  check "google_container_cluster" {
    locals {
      components = flatten(self.logging_config[*].enable_components)
    }
    assert {
      condition     = default(self.logging_service, "logging.googleapis.com/kubernetes") != "none" && (length(self.logging_config) == 0 || contains(local.components, "SYSTEM_COMPONENTS"))
      at            = default(self.logging_service, self.logging_config)
      error_message = "The cluster's logs are switched off."
      help          = "Add logging_config { enable_components = [\"SYSTEM_COMPONENTS\", \"APISERVER\", \"WORKLOADS\"] }."
    }
    assert {
      when          = default(self.logging_service, "logging.googleapis.com/kubernetes") != "none"
      condition     = contains(local.components, "APISERVER")
      at            = self.logging_config
      error_message = "The API server's log is not exported."
      help          = "Add \"APISERVER\" to enable_components in logging_config."
      severity      = "low"
    }
  }
}
