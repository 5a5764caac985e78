rule "lb-backend-encrypted" {
  summary   = "Load balancer sends traffic to its backend in clear text"
  severity  = "medium"
  aliases   = ["CKV_AWS_378"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4"]

  params = {
    # Whether the encryption that Google adds between its load balancers and virtual machines is enough.
    trust_provider_fabric = false
  }

  check "aws_lb_target_group" {
    locals {
      # A TCP listener passes on what the client sends; one that ends TLS makes clear text of it.
      ends_tls = anytrue([for listener in related(self, "aws_lb_listener", "default_action.target_group_arn") : listener.protocol == "TLS"])
    }
    when          = default(self.target_type, "instance") != "lambda"
    condition     = contains(["HTTPS", "TLS", "GENEVE", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"], self.protocol) || self.protocol == "TCP" && self.port != 80 && !local.ends_tls
    at            = self.protocol
    error_message = "Traffic to the targets is clear text: the target group speaks ${self.protocol}."
    help          = "Set protocol = \"HTTPS\" (or \"TLS\") and give the targets a certificate; the load balancer takes self-signed ones."
  }

  check "aws_elb" {
    for_each      = self.listener
    condition     = contains(["HTTPS", "SSL"], upper(each.value.instance_protocol)) || upper(each.value.instance_protocol) == "TCP" && upper(each.value.lb_protocol) == "TCP" && each.value.instance_port != 80
    at            = each.value.instance_protocol
    error_message = "The listener on port ${each.value.lb_port} speaks ${each.value.instance_protocol} to the instances."
    help          = "Set instance_protocol = \"https\" (or \"ssl\") and give the instances a certificate."
  }

  check "azurerm_application_gateway" {
    for_each      = self.backend_http_settings
    condition     = each.value.protocol == "Https"
    at            = each.value.protocol
    error_message = "The backend settings ${each.value.name} speak ${each.value.protocol} to the backend."
    help          = "Set protocol = \"Https\" and port = 443, with trusted_root_certificate_names for a private CA."
  }

  check "google_compute_backend_service" "google_compute_region_backend_service" {
    locals {
      # Google's own services behind a serverless group are reached inside Google, whatever the protocol says.
      serverless = anytrue([
        for group in flatten([for backend in self.backend : referenced(backend.group, "google_compute_region_network_endpoint_group")]) :
        default(group.network_endpoint_type, "SERVERLESS") == "SERVERLESS"
      ])
    }
    # Passthrough load balancers do not touch what they pass on; a service mesh has its own TLS policies.
    when          = !params.trust_provider_fabric && !contains(["INTERNAL", "INTERNAL_SELF_MANAGED"], self.load_balancing_scheme) && !contains(["TCP", "UDP", "UNSPECIFIED"], self.protocol) && !local.serverless
    condition     = contains(["HTTPS", "HTTP2", "SSL"], self.protocol)
    error_message = "Traffic to the backends is clear text: the backend service speaks ${self.protocol}."
    help          = "Set protocol = \"HTTPS\" or \"HTTP2\", or accept Google's own encryption: rule \"tls/lb-backend-encrypted\" { params = { trust_provider_fabric = true } }."
  }
}
