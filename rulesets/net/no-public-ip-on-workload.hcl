rule "no-public-ip-on-workload" {
  summary  = "Workload has a public address"
  severity = "high"
  aliases = [
    "CKV_AWS_88", "CKV_AWS_89", "CKV_AWS_130", "CKV_AWS_122", "CKV_AWS_333", "AVD-AWS-0009", "AVD-AWS-0164", "CKV_AZURE_119",
    "AVD-AZU-0076", "CKV_GCP_40", "AVD-GCP-0031",
  ]
  standards = ["NIST SC-7", "ISO 8.20", "PCI 1.4.2"]
  clauses   = ["CAF-NET-1"]

  params = {
    # Machines whose work is at the edge, by a word in their address, name, or one of these tags.
    roles     = ["appliance", "bastion", "edge", "fgt", "firewall", "fortigate", "fw", "jump", "jumphost", "jumpbox", "nat", "nva", "router", "sdwan", "vmseries", "vpn"]
    role_tags = ["name", "role", "tier", "type", "purpose", "function"]
  }

  check "aws_instance" "aws_spot_instance_request" {
    locals {
      role    = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
      edge    = anytrue([for text in concat([address(self)], [for key, value in tags_of(self) : value if contains(params.role_tags, lower(key))]) : can(regex(local.role, lower(text)))])
      subnets = referenced(self.subnet_id, "aws_subnet")
      # What the other subnets hand out is told at the subnet.
      inherits = anytrue([for subnet in local.subnets : subnet.map_public_ip_on_launch == true && can(regex(local.role, lower(address(subnet))))])
      placed   = self.subnet_id != null || length(self.network_interface) > 0 || length(self.primary_network_interface) > 0 || length(self.launch_template) > 0
    }
    assert {
      condition     = self.associate_public_ip_address != true || local.edge
      error_message = "The instance gets a public address: associate_public_ip_address is true."
      help          = "Set associate_public_ip_address = false and put a load balancer or firewall before it, or tag it with its role."
    }
    assert {
      when          = self.associate_public_ip_address == null
      condition     = !local.inherits || local.edge
      at            = self.subnet_id
      error_message = "The instance gets a public address: its subnet maps public addresses."
      help          = "Set associate_public_ip_address = false, or place it in a private subnet."
    }
    assert {
      when          = self.associate_public_ip_address == null
      condition     = local.placed || local.edge
      severity      = "medium"
      at            = self
      error_message = "The instance is in a subnet of the default VPC, which gives it a public address."
      help          = "Set subnet_id to a private subnet, or associate_public_ip_address = false."
    }
  }

  check "aws_launch_configuration" {
    locals {
      role = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
      edge = can(regex(local.role, lower(address(self)))) || can(regex(local.role, lower(default(self.name, default(self.name_prefix, "")))))
    }
    condition     = self.associate_public_ip_address != true || local.edge
    error_message = "Instances get a public address: associate_public_ip_address is true."
    help          = "Set associate_public_ip_address = false and put a load balancer or firewall before them."
  }

  check "aws_launch_template" {
    locals {
      role = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
      edge = can(regex(local.role, lower(address(self)))) || can(regex(local.role, lower(default(self.name, default(self.name_prefix, "")))))
    }
    for_each      = self.network_interfaces
    condition     = default(tostring(each.value.associate_public_ip_address), "false") != "true" || local.edge
    at            = each.value.associate_public_ip_address
    error_message = "Instances get a public address: associate_public_ip_address is true."
    help          = "Set associate_public_ip_address = false and put a load balancer or firewall before them."
  }

  check "aws_subnet" "aws_default_subnet" {
    locals {
      role = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
      edge = anytrue([for text in concat([address(self)], [for key, value in tags_of(self) : value if contains(params.role_tags, lower(key))]) : can(regex(local.role, lower(text)))])
    }
    condition     = self.map_public_ip_on_launch != true || local.edge
    severity      = "medium"
    error_message = "Everything launched in this subnet gets a public address: map_public_ip_on_launch is true."
    help          = "Set map_public_ip_on_launch = false and give addresses to load balancers and gateways only."
  }

  check "aws_eip" {
    locals {
      role      = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
      instances = referenced(self.instance, "aws_instance")
      names     = concat([address(self)], [for instance in local.instances : address(instance)], [for key, value in tags_of(self) : value if contains(params.role_tags, lower(key))])
      edge      = anytrue([for text in local.names : can(regex(local.role, lower(text)))]) || anytrue(flatten([for instance in local.instances : [for key, value in tags_of(instance) : can(regex(local.role, lower(value))) if contains(params.role_tags, lower(key))]]))
    }
    when          = self.instance != null
    condition     = local.edge
    at            = self.instance
    error_message = "An instance gets a public address of its own by this elastic IP."
    help          = "Attach elastic addresses to NAT gateways, load balancers and firewalls only, or tag the instance with its role."
  }

  check "aws_eip_association" {
    locals {
      role      = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
      instances = referenced(self.instance_id, "aws_instance")
      names     = concat([address(self)], [for instance in local.instances : address(instance)])
      edge      = anytrue([for text in local.names : can(regex(local.role, lower(text)))]) || anytrue(flatten([for instance in local.instances : [for key, value in tags_of(instance) : can(regex(local.role, lower(value))) if contains(params.role_tags, lower(key))]]))
    }
    when          = self.instance_id != null
    condition     = local.edge
    at            = self.instance_id
    error_message = "An instance gets a public address of its own by this elastic IP."
    help          = "Attach elastic addresses to NAT gateways, load balancers and firewalls only, or tag the instance with its role."
  }

  check "aws_ecs_service" {
    for_each      = self.network_configuration
    condition     = each.value.assign_public_ip != true
    at            = each.value.assign_public_ip
    error_message = "The service's tasks get public addresses: assign_public_ip is true."
    help          = "Set assign_public_ip = false, use private subnets, and reach the service by a load balancer."
  }

  check "aws_dms_replication_instance" {
    condition     = self.publicly_accessible != true
    error_message = "The replication instance has a public address: publicly_accessible is true."
    help          = "Set publicly_accessible = false."
  }

  check "aws_sagemaker_notebook_instance" {
    condition     = default(self.direct_internet_access, "Enabled") == "Disabled"
    at            = self.direct_internet_access
    error_message = "The notebook is on the internet: direct_internet_access is ${default(self.direct_internet_access, "Enabled by default")}."
    help          = "Set direct_internet_access = \"Disabled\" and place the notebook in a subnet."
  }

  check "azurerm_network_interface" {
    locals {
      role = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
      edge = anytrue([for text in concat([address(self), self.name], [for key, value in tags_of(self) : value if contains(params.role_tags, lower(key))]) : can(regex(local.role, lower(text)))])
    }
    for_each      = self.ip_configuration
    condition     = each.value.public_ip_address_id == null || local.edge
    at            = each.value.public_ip_address_id
    error_message = "IP configuration ${each.value.name} has a public address."
    help          = "Take public_ip_address_id out and reach the machine by a load balancer, firewall or Bastion."
  }

  check "azurerm_linux_virtual_machine_scale_set" "azurerm_windows_virtual_machine_scale_set" {
    for_each      = flatten(self.network_interface[*].ip_configuration)
    condition     = length(each.value.public_ip_address) == 0
    at            = each.value.public_ip_address
    error_message = "Each machine of the scale set gets a public address: ${each.value.name} has a public_ip_address block."
    help          = "Take the public_ip_address block out and put a load balancer before the machines."
  }

  check "google_compute_instance" "google_compute_instance_template" "google_compute_region_instance_template" "google_compute_instance_from_template" {
    locals {
      role = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
      edge = anytrue([for text in concat([address(self), default(self.name, "")], self.tags, [for key, value in self.labels : value if contains(params.role_tags, lower(key))]) : can(regex(local.role, lower(text)))])
    }
    for_each      = self.network_interface
    condition     = length(each.value.access_config) == 0 && length(each.value.ipv6_access_config) == 0 || local.edge
    at            = length(each.value.access_config) > 0 ? each.value.access_config : each.value.ipv6_access_config
    error_message = "The instance has a public address: its network interface has an access_config block."
    help          = "Take the access_config block out (Cloud NAT gives a way out), or label the instance with its role."
  }
}
