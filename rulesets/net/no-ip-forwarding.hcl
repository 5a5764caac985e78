rule "no-ip-forwarding" {
  summary   = "Machine forwards packets and is no router"
  severity  = "low"
  aliases   = ["CKV_AZURE_118", "AVD-AZU-0075", "CKV_GCP_36", "AVD-GCP-0043"]
  standards = ["NIST SC-7", "NIST CM-7", "ISO 8.20"]
  clauses   = ["MA-11"]

  params = {
    # Machines that forward by their work, by a word in their address, name, network tags, or one of these tags.
    roles     = ["appliance", "fgt", "firewall", "fortigate", "fw", "gateway", "gw", "nat", "nva", "proxy", "router", "sdwan", "vmseries", "vpn", "vyos"]
    role_tags = ["name", "role", "tier", "type", "purpose", "function"]
  }

  check "aws_instance" "aws_network_interface" {
    locals {
      role = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
    }
    condition     = self.source_dest_check != false || anytrue([for text in concat([address(self)], [for key, value in tags_of(self) : value if contains(params.role_tags, lower(key))]) : can(regex(local.role, lower(text)))])
    at            = self.source_dest_check
    error_message = "The machine forwards packets of others: source_dest_check is false."
    help          = "Take source_dest_check = false out, or tag the machine with its role."
  }

  check "azurerm_network_interface" {
    locals {
      role = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
    }
    condition     = (self.ip_forwarding_enabled != true && self.enable_ip_forwarding != true) || anytrue([for text in concat([address(self), self.name], [for key, value in tags_of(self) : value if contains(params.role_tags, lower(key))]) : can(regex(local.role, lower(text)))])
    at            = self.enable_ip_forwarding == true ? self.enable_ip_forwarding : self.ip_forwarding_enabled
    error_message = "Interface ${self.name} forwards packets of others: ip_forwarding_enabled is true."
    help          = "Set ip_forwarding_enabled = false, or tag the interface with its role."
  }

  check "google_compute_instance" "google_compute_instance_template" "google_compute_region_instance_template" "google_compute_instance_from_template" {
    locals {
      role = "(^|[^a-z])(${join("|", params.roles)})([^a-z]|$)"
    }
    condition     = self.can_ip_forward != true || anytrue([for text in concat([address(self), default(self.name, "")], self.tags, [for key, value in self.labels : value if contains(params.role_tags, lower(key))]) : can(regex(local.role, lower(text)))])
    at            = self.can_ip_forward
    error_message = "The machine forwards packets of others: can_ip_forward is true."
    help          = "Set can_ip_forward = false, or label the machine with its role."
  }

  attributes = {
    azurerm_network_interface = ["enable_ip_forwarding"]
  }
}
