rule "link-encryption" {
  summary   = "Dedicated link to the cloud carries clear text"
  severity  = "medium"
  standards = ["NIST SC-8(1)", "ISO 8.20", "PCI 4.2.1"]
  clauses   = ["MA-11.4", "MA-14.2.1"]

  params = {
    # Tags that say how sensitive data is, and the values that ask for an encrypted link.
    class_tags = ["data-class", "data_class", "dataclass", "data-classification", "data_classification", "dataclassification", "classification", "confidentiality"]
    classes    = ["high", "confidential", "restricted", "secret", "sensitive", "pii", "cardholder", "ecommerce", "e-commerce"]
  }

  check "aws_dx_connection" {
    locals {
      sensitive = anytrue([for name, value in tags_of(self) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))])
      # A VPN with private addresses runs over the link, whatever the link is.
      tunnels = anytrue([for connection in resources("aws_vpn_connection") : connection.transport_transit_gateway_attachment_id != null])
      keys    = has_related(self, "aws_dx_macsec_key_association", "connection_id")
    }
    assert {
      condition     = local.tunnels || self.request_macsec == true
      at            = self.request_macsec
      error_message = "The link is not encrypted: request_macsec is ${default(self.request_macsec, "not set")}."
      help          = "Set request_macsec = true and encryption_mode = \"must_encrypt\" (10 Gbit/s and more), or run a VPN with private addresses over the link."
      severity      = local.sensitive ? "medium" : "low"
    }
    assert {
      when          = self.request_macsec == true && !local.tunnels
      condition     = self.encryption_mode == "must_encrypt" && local.keys
      at            = default(self.encryption_mode, self.request_macsec)
      error_message = local.keys ? "The link falls back to clear text: encryption_mode is ${default(self.encryption_mode, "not set")}." : "The link can be encrypted, but no aws_dx_macsec_key_association gives it a key."
      help          = "Set encryption_mode = \"must_encrypt\" and add an aws_dx_macsec_key_association."
      severity      = "low"
    }
  }

  check "azurerm_express_route_port" {
    locals {
      sensitive = anytrue([for name, value in tags_of(self) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))])
      links     = concat(self.link1, self.link2)
    }
    condition     = length(self.link1) > 0 && length(self.link2) > 0 && alltrue([for link in local.links : link.macsec_cak_keyvault_secret_id != null && link.macsec_ckn_keyvault_secret_id != null])
    at            = self.link1
    error_message = "The port's links are not encrypted: link1 and link2 do not both have keys for MACsec."
    help          = "Give link1 and link2 macsec_cak_keyvault_secret_id and macsec_ckn_keyvault_secret_id."
    severity      = local.sensitive ? "medium" : "low"
  }

  check "google_compute_interconnect" {
    locals {
      sensitive = anytrue([for name, value in tags_of(self) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))])
      # HA VPN over attachments of the link.
      tunnels = anytrue([for attachment in related(self, "google_compute_interconnect_attachment", "interconnect") : attachment.encryption == "IPSEC"])
    }
    assert {
      condition     = local.tunnels || self.macsec_enabled == true
      at            = self.macsec_enabled
      error_message = "The link is not encrypted: macsec_enabled is ${default(self.macsec_enabled, "not set")}."
      help          = "Set macsec_enabled = true with keys in macsec, or use attachments with encryption = \"IPSEC\"."
      severity      = local.sensitive ? "medium" : "low"
    }
    assert {
      when          = self.macsec_enabled == true
      condition     = alltrue([for macsec in self.macsec : macsec.fail_open != true && alltrue([for key in macsec.pre_shared_keys : key.fail_open != true])])
      at            = self.macsec[0].fail_open
      error_message = "The link falls back to clear text: fail_open is true."
      help          = "Take fail_open out."
      severity      = "low"
    }
  }
}
