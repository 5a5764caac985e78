rule "env-label-consistent" {
  summary   = "Signals about the environment contradict each other"
  severity  = "high"
  standards = ["NIST CM-2", "NIST CM-6", "ISO 8.31", "PCI 6.5.3"]
  clauses   = ["MA-PS-2"]

  params = {
    # Names are left out: dev_tools in prod is no contradiction.
    kinds = ["configuration", "tag", "workspace", "account", "path"]
  }

  check "aws_instance" "aws_vpc" "aws_subnet" "aws_db_instance" "aws_rds_cluster" "aws_s3_bucket" "aws_eks_cluster" "aws_security_group" "azurerm_resource_group" "azurerm_virtual_network" "azurerm_subscription" "google_project" "google_compute_instance" "google_container_cluster" {
    locals {
      signals = [for signal in environment_signals(self) : signal if signal.environment != null && signal.environment != "shared" && contains(params.kinds, signal.kind) && (signal.kind != "path" || environment_named(trimprefix(signal.text, "directory ")) != null)]
    }
    condition     = length(distinct(local.signals[*].environment)) <= 1
    at            = local.signals[0]
    error_message = "Environment contradicts itself: ${join("; ", distinct(local.signals[*].text))}."
    help          = "Make the tag, the workspace, the account and the directory name the same environment, or move the resource."
  }
}
