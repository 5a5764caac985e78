rule "env-label-required" {
  summary   = "Resource belongs to no known environment"
  severity  = "high"
  standards = ["NIST CM-8", "NIST SA-11", "ISO 8.31", "ISO 5.9", "PCI 6.5.3"]
  clauses   = ["MA-PS-2"]

  params = {
    types = [
      "aws_vpc", "aws_instance", "aws_db_instance", "aws_rds_cluster", "aws_eks_cluster", "aws_ecs_cluster",
      "azurerm_resource_group", "azurerm_virtual_network", "azurerm_kubernetes_cluster",
      "google_project", "google_compute_instance", "google_container_cluster", "kubernetes_namespace", "kubernetes_namespace_v1",
    ]
    shared_types = [
      "aws_vpc", "aws_instance", "azurerm_resource_group", "azurerm_virtual_network", "google_project", "google_compute_instance",
      "kubernetes_namespace", "kubernetes_namespace_v1",
    ]
  }

  # Where nothing in a root says an environment, one resource speaks for all.
  check "aws_vpc" "aws_instance" "aws_db_instance" "aws_rds_cluster" "aws_eks_cluster" "aws_ecs_cluster" "azurerm_resource_group" "azurerm_virtual_network" "azurerm_kubernetes_cluster" "google_project" "google_compute_instance" "google_container_cluster" "kubernetes_namespace" "kubernetes_namespace_v1" {
    locals {
      said = [for signal in environment_signals(self) : signal if signal.environment != null]
    }

    assert {
      condition     = environment_of(self) != null || (length(environments()) == 0 && !is_first_unlabelled(self, params.types))
      severity      = length(environment_signals(self)) == 0 ? "medium" : "high"
      error_message = length(environment_signals(self)) == 0 ? "Nothing says which environment this belongs to${length(environments()) == 0 ? ", nor anything else in this root" : ""}." : "No known environment: ${environment_signals(self)[0].text}."
      help          = "Add a tag or label Environment = \"dev\", \"test\" or \"prod\" (the provider's default_tags serve all), or declare environments in palisade.hcl."
    }

    # Whoever labels a workload shared takes it out of every test of separation. Names and directories such as core say too little for that.
    assert {
      when          = length(local.said) > 0 && local.said[0].environment == environment_named("shared") && contains(["tag", "workspace"], local.said[0].kind)
      condition     = contains(params.shared_types, resource_type(self))
      severity      = "medium"
      at            = local.said[0]
      error_message = "A workload is not for all environments: ${local.said[0].text}."
      help          = "Say dev, test or prod. If all of them need it, add ${resource_type(self)} to shared_types in palisade.hcl, or declare the environment of this address there."
    }
  }

  attributes = {
    kubernetes_namespace    = ["metadata"]
    kubernetes_namespace_v1 = ["metadata"]
  }
}
