rule "lb-listener-https" {
  summary   = "Load-balancer listener accepts traffic without TLS"
  severity  = "critical"
  aliases   = ["CKV_AWS_2", "CKV_AWS_376", "CKV2_AWS_20", "AVD-AWS-0054", "CKV_AZURE_217", "CKV2_GCP_37", "CKV2_GCP_38"]
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "PCI 4.2.1"]
  clauses   = ["MA-11.4", "MA-15.1.1"]

  check "aws_lb_listener" {
    locals {
      # A redirect without protocol keeps the one of the request.
      redirects = alltrue([
        for action in self.default_action :
        action.type == "redirect" && action.redirect[0].protocol == "HTTPS"
      ])
      balancer = one(referenced(self.load_balancer_arn, "aws_lb"))
    }
    # Gateway load balancers pass packets on and have no protocol of their own.
    when          = local.balancer.load_balancer_type != "gateway"
    condition     = self.protocol == "HTTP" ? local.redirects : !(self.protocol == "TCP" && self.port == 80)
    error_message = "Listener on port ${self.port} speaks ${self.protocol} and does not redirect to HTTPS."
    help          = "Set protocol = \"HTTPS\" with a certificate, or redirect to HTTPS."
    at            = self.protocol
    severity      = local.balancer.internal == true ? "high" : "critical"
  }

  check "aws_elb" {
    for_each      = self.listener
    condition     = contains(["HTTPS", "SSL"], upper(each.value.lb_protocol)) || each.value.lb_port != 80 && upper(each.value.lb_protocol) == "TCP"
    error_message = "Listener on port ${each.value.lb_port} speaks ${each.value.lb_protocol}."
    help          = "Set lb_protocol = \"https\" with ssl_certificate_id."
  }

  check "google_compute_target_http_proxy" "google_compute_region_target_http_proxy" {
    locals {
      redirects = [
        for map in concat(referenced(self.url_map, "google_compute_url_map"), referenced(self.url_map, "google_compute_region_url_map")) :
        map.default_url_redirect[0].https_redirect == true
      ]
    }
    condition     = length(local.redirects) > 0 && alltrue(local.redirects)
    error_message = "The proxy forwards HTTP: its URL map ${self.url_map} does not redirect to HTTPS."
    help          = "Use a target HTTPS proxy, or default_url_redirect { https_redirect = true } in the URL map."
  }

  check "azurerm_application_gateway" {
    locals {
      secure = [for redirect in self.redirect_configuration : redirect.name if redirect.target_listener_name != null || startswith(redirect.target_url, "https://")]
      redirected = [
        for rule in self.request_routing_rule :
        rule.http_listener_name if contains(local.secure, default(rule.redirect_configuration_name, ""))
      ]
    }
    for_each      = [for listener in self.http_listener : listener if listener.protocol == "Http"]
    condition     = contains(local.redirected, each.value.name)
    at            = each.value.protocol
    error_message = "Listener ${each.value.name} speaks HTTP and does not redirect to HTTPS."
    help          = "Set protocol = \"Https\", or give its routing rule a redirect_configuration to the HTTPS listener."
  }
}
