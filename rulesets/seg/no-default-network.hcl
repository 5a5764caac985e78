rule "no-default-network" {
  summary   = "Default network is used"
  severity  = "medium"
  aliases   = ["CKV_AWS_148", "AVD-AWS-0101", "CKV_GCP_27", "AVD-GCP-0010"]
  standards = ["NIST SC-7", "ISO 8.22", "CIS GCP 3.1", "PCI 1.2"]
  clauses   = ["MA-PS-2"]

  params = { google_names = ["default", "*/networks/default", "*/subnetworks/default"] }

  check "aws_default_vpc" "aws_default_subnet" {
    condition     = false
    at            = self
    error_message = "The default network of the region is taken into use: everything without a network of its own lands in it."
    help          = "Create a VPC for each environment, and delete the default one."
  }

  check "aws_instance" {
    # A launch template or a network interface can name the subnet.
    when          = length(self.launch_template) == 0 && length(self.network_interface) == 0 && length(self.primary_network_interface) == 0
    condition     = self.subnet_id != null
    error_message = "The instance names no subnet: it starts in the default VPC."
    help          = "Set subnet_id to a subnet of the environment's own VPC."
  }

  check "google_project" {
    condition     = self.auto_create_network == false
    error_message = "The project gets a default network with open firewall rules."
    help          = "Set auto_create_network = false."
  }

  check "google_compute_network" {
    assert {
      condition     = self.name != "default"
      error_message = "The network is the project's default one."
      help          = "Create a network with a name of its own, and delete the default one."
    }
    assert {
      when          = self.name != "default"
      condition     = self.auto_create_subnetworks == false
      error_message = "The network gets a subnetwork in every region, with the same ranges as all such networks."
      help          = "Set auto_create_subnetworks = false and add google_compute_subnetwork where you need one."
    }
  }

  check "google_compute_instance" {
    for_each      = self.network_interface
    # A network of this configuration is judged by itself.
    condition     = length(referenced(default(each.value.network, each.value.subnetwork))) > 0 || !matches_any(default(each.value.network, each.value.subnetwork), params.google_names)
    at            = default(each.value.network, default(each.value.subnetwork, each.value))
    error_message = "The instance is in the project's default network."
    help          = "Set subnetwork to a subnetwork of the environment's own network."
  }
}
