rule "remote-access-vpn-only" {
  summary   = "Machine can be reached from outside without VPN"
  severity  = "high"
  standards = ["NIST AC-17", "NIST CM-7(5)", "NIST CM-11", "ISO 8.20", "ISO 8.19", "PCI 1.4", "PCI 12.3"]
  clauses   = ["DWP-7.4a", "CAF-NS-5", "CAF-NS-6", "CAF-WAN-2", "MA-1.7"]

  params = {
    services = ["tcp/22", "tcp/23", "tcp/3389", "tcp/5900", "tcp/5985", "tcp/5986"]
    # Products for remote control; take out those that are approved.
    tools = [
      "anydesk", "bomgar", "chrome-remote-desktop", "dwservice", "gotomypc", "logmein", "ngrok", "rustdesk", "screenconnect",
      "splashtop", "tailscale", "teamviewer", "tmate",
    ]
  }

  check "azurerm_bastion_host" {
    condition     = self.shareable_link_enabled != true
    error_message = "Anybody with a link reaches machines: shareable_link_enabled is true."
    help          = "Set shareable_link_enabled = false."
  }

  check "google_iap_tunnel_instance_iam_member" "google_iap_tunnel_iam_member" {
    condition     = !contains(["allUsers", "allAuthenticatedUsers"], self.member)
    error_message = "Everybody may tunnel to machines: the member is ${self.member}."
    help          = "Grant the role to a group of your own."
  }

  check "google_iap_tunnel_instance_iam_binding" "google_iap_tunnel_iam_binding" {
    condition     = !contains(self.members, "allUsers") && !contains(self.members, "allAuthenticatedUsers")
    at            = self.members
    error_message = "Everybody may tunnel to machines: the members are ${join(", ", self.members)}."
    help          = "Grant the role to a group of your own."
  }

  check "aws_instance" {
    locals {
      subnets = referenced(self.subnet_id, "aws_subnet")
      public = (
        self.associate_public_ip_address == true || has_related(self, "aws_eip", "instance") || has_related(self, "aws_eip_association", "instance_id")
        || self.associate_public_ip_address == null && anytrue([for subnet in local.subnets : subnet.map_public_ip_on_launch == true])
      )
      groups  = concat(referenced(self.vpc_security_group_ids, "aws_security_group"), referenced(self.security_groups, "aws_security_group"))
      rules   = flatten([for group in local.groups : concat([group], related(group, "aws_security_group_rule", "security_group_id"), related(group, "aws_vpc_security_group_ingress_rule", "security_group_id"))])
      open    = flatten([for rule in local.rules : world_access(rule, params.services)])
      encoded = try(base64decode(default(self.user_data_base64, self.user_data)), "")
      script  = "${default(self.user_data, "")}\n${default(local.encoded, "")}"
    }
    assert {
      when          = length(local.groups) > 0
      condition     = !(local.public && length(local.open) > 0)
      at            = default(self.vpc_security_group_ids, self.security_groups)
      error_message = "The machine has a public address and takes ${join(", ", distinct(local.open[*].services))} from the internet."
      help          = "Take the public address away and reach the machine by VPN, Session Manager or an Instance Connect endpoint."
    }
    assert {
      when = self.user_data != null || self.user_data_base64 != null
      condition = !anytrue([
        for line in split("\n", lower(local.script)) :
        can(regex(join("|", params.tools), line)) && !can(regex("^\\s*(#|rem )|remove|purge|uninstall|disable", line))
      ])
      at            = default(self.user_data, self.user_data_base64)
      severity      = "medium"
      error_message = "User data installs ${join(", ", [for tool in params.tools : tool if strcontains(lower(local.script), tool)])}: a way in beside the VPN."
      help          = "Remove it, or take it out of the rule's tools once it is approved."
    }
  }

  check "azurerm_network_interface" {
    locals {
      subnet_groups = flatten([for subnet in referenced(self.ip_configuration[*].subnet_id, "azurerm_subnet") : related(subnet, "azurerm_subnet_network_security_group_association", "subnet_id")])
      groups        = referenced(concat(related(self, "azurerm_network_interface_security_group_association", "network_interface_id"), local.subnet_groups)[*].network_security_group_id, "azurerm_network_security_group")
      rules         = [for group in local.groups : concat([group], related(group, "azurerm_network_security_rule", "network_security_group_name"))]
      open          = [for service in params.services : service if alltrue([for rules in local.rules : length(flatten([for rule in rules : world_access(rule, service)])) > 0])]
    }
    # Both the group of the interface and that of the subnet have to admit it.
    when          = anytrue([for address in self.ip_configuration : address.public_ip_address_id != null]) && length(local.groups) > 0
    condition     = length(local.open) == 0
    at            = self.ip_configuration
    error_message = "The machine has a public address and takes ${join(", ", local.open)} from the internet."
    help          = "Take the public address away and reach the machine by VPN or Bastion."
  }

  check "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" {
    locals {
      script = lower(default(try(base64decode(self.custom_data), self.custom_data), ""))
    }
    condition = !anytrue([
      for line in split("\n", local.script) :
      can(regex(join("|", params.tools), line)) && !can(regex("^\\s*(#|rem )|remove|purge|uninstall|disable", line))
    ])
    at            = self.custom_data
    severity      = "medium"
    error_message = "Custom data installs a product for remote control: a way in beside the VPN."
    help          = "Remove it, or take it out of the rule's tools once it is approved."
  }

  check "google_compute_instance" {
    locals {
      subnets  = referenced(self.network_interface[*].subnetwork, "google_compute_subnetwork")
      networks = concat(referenced(self.network_interface[*].network, "google_compute_network"), referenced(local.subnets[*].network, "google_compute_network"))
      own_tags = default(self.tags, [])
      firewalls = flatten([
        for network in local.networks : [
          for firewall in related(network, "google_compute_firewall", "network") : firewall
          if length(firewall.target_tags) == 0 && length(firewall.target_service_accounts) == 0 || anytrue([for tag in firewall.target_tags : contains(local.own_tags, tag)])
        ]
      ])
      open = flatten([for firewall in local.firewalls : world_access(firewall, params.services)])
    }
    when          = length(flatten(self.network_interface[*].access_config)) > 0
    condition     = length(local.open) == 0
    at            = self.network_interface[0].access_config
    error_message = "The machine has a public address and takes ${join(", ", distinct(local.open[*].services))} from the internet."
    help          = "Take the access_config block out and reach the machine by VPN or IAP."
  }

  check "google_compute_instance" "google_compute_instance_template" {
    locals {
      script = lower("${default(self.metadata_startup_script, "")}\n${default(try(self.metadata["startup-script"], null), "")}\n${default(try(self.metadata["user-data"], null), "")}\n${default(try(self.metadata["windows-startup-script-ps1"], null), "")}")
    }
    condition = !anytrue([
      for line in split("\n", local.script) :
      can(regex(join("|", params.tools), line)) && !can(regex("^\\s*(#|rem )|remove|purge|uninstall|disable", line))
    ])
    at            = default(self.metadata_startup_script, self.metadata)
    severity      = "medium"
    error_message = "The startup script installs ${join(", ", [for tool in params.tools : tool if strcontains(local.script, tool)])}: a way in beside the VPN."
    help          = "Remove it, or take it out of the rule's tools once it is approved."
  }
}
