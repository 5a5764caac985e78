rule "k8s-ingress" {
  summary   = "Kubernetes entry point serves plain HTTP"
  severity  = "high"
  standards = ["NIST SC-8(1)", "NIST SC-13", "ISO 8.24", "ISO 8.20", "ISO 5.14", "PCI 4.2.1"]
  clauses   = ["MA-11.4"]

  params = {
    # Annotations with which a cloud's load balancer takes its certificate from elsewhere.
    certificate_annotations = [
      "alb.ingress.kubernetes.io/certificate-arn", "networking.gke.io/managed-certificates", "networking.gke.io/certmap",
      "ingress.gcp.kubernetes.io/pre-shared-cert", "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    ]
    # Of these, those whose load balancer answers HTTP beside HTTPS unless it is told not to.
    google_annotations = ["networking.gke.io/managed-certificates", "networking.gke.io/certmap", "ingress.gcp.kubernetes.io/pre-shared-cert"]
  }

  attributes = {
    kubernetes_ingress_v1 = ["metadata", "spec"]
    kubernetes_ingress    = ["metadata", "spec"]
    kubernetes_service    = ["metadata", "spec"]
    kubernetes_service_v1 = ["metadata", "spec"]
    kubernetes_manifest   = ["manifest"]
  }

  check "kubernetes_ingress_v1" "kubernetes_ingress" {
    locals {
      annotations = default(self.metadata[0].annotations, {})
      # AWS finds the certificate by the host where a listener speaks HTTPS.
      by_cloud = anytrue([for name in params.certificate_annotations : contains(keys(local.annotations), name)]) || strcontains(default(local.annotations["alb.ingress.kubernetes.io/listen-ports"], ""), "HTTPS")
      tls         = flatten([for spec in self.spec : default(spec.tls, [])])
      # A tls block without hosts is for all of them.
      all_hosts = anytrue([for tls in local.tls : length(default(tls.hosts, [])) == 0])
      covered   = flatten([for tls in local.tls : default(tls.hosts, [])])
      bare      = [for rule in flatten([for spec in self.spec : default(spec.rule, [])]) : rule.host if rule.host != null && !matches_any(rule.host, local.covered)]
    }
    assert {
      condition     = local.by_cloud || length(local.tls) > 0
      at            = self.spec
      error_message = "The ingress has no tls block: it serves plain HTTP."
      help          = "Add tls { hosts = [...] secret_name = \"...\" } to its spec, or the certificate annotation of your cloud."
    }
    assert {
      when          = length(local.tls) > 0
      condition     = local.by_cloud || local.all_hosts || length(local.bare) == 0
      at            = self.spec
      error_message = "No tls block covers ${join(", ", local.bare)}."
      help          = "Add the host to the hosts of a tls block."
    }
    assert {
      condition     = alltrue([for name, value in local.annotations : value != "false" if endswith(name, "/ssl-redirect") || endswith(name, "/force-ssl-redirect")])
      at            = self.metadata[0].annotations
      error_message = "The ingress does not redirect to HTTPS: an annotation ssl-redirect is \"false\"."
      help          = "Take the annotation out, or set it to \"true\"."
    }
    assert {
      when          = anytrue([for name in params.google_annotations : contains(keys(local.annotations), name)])
      condition     = local.annotations["kubernetes.io/ingress.allow-http"] == "false" || local.annotations["networking.gke.io/v1beta1.FrontendConfig"] != null
      at            = self.metadata[0].annotations
      error_message = "Google's load balancer answers HTTP too: kubernetes.io/ingress.allow-http is not \"false\"."
      help          = "Set the annotation kubernetes.io/ingress.allow-http = \"false\", or name a FrontendConfig that redirects."
    }
    assert {
      when          = local.annotations["alb.ingress.kubernetes.io/listen-ports"] != null
      condition     = !strcontains(local.annotations["alb.ingress.kubernetes.io/listen-ports"], "\"HTTP\"") || local.annotations["alb.ingress.kubernetes.io/ssl-redirect"] != null
      at            = self.metadata[0].annotations
      error_message = "The load balancer listens to HTTP and does not redirect."
      help          = "Add the annotation alb.ingress.kubernetes.io/ssl-redirect = \"443\", or leave HTTP out of listen-ports."
    }
  }

  check "kubernetes_service" "kubernetes_service_v1" {
    locals {
      ports = flatten([for spec in self.spec : default(spec.port, [])])
    }
    when          = self.spec[0].type == "LoadBalancer"
    condition     = length(local.ports) == 0 || anytrue([for port in local.ports : port.port != 80])
    at            = self.spec[0].port
    error_message = "The service is offered to the network on port 80 alone: plain HTTP."
    help          = "Offer port 443 with TLS, or put an ingress with a certificate in front (type = \"ClusterIP\")."
  }

  check "kubernetes_manifest" {
    locals {
      spec        = self.manifest.spec
      annotations = default(self.manifest.metadata.annotations, {})
      tls         = default(local.spec.tls, [])
      covered     = flatten([for tls in local.tls : default(tls.hosts, [])])
      all_hosts   = anytrue([for tls in local.tls : length(default(tls.hosts, [])) == 0])
      bare        = [for rule in default(local.spec.rules, []) : rule.host if rule.host != null && !matches_any(rule.host, local.covered)]
      # AWS finds the certificate by the host where a listener speaks HTTPS.
      by_cloud = anytrue([for name in params.certificate_annotations : contains(keys(local.annotations), name)]) || strcontains(default(local.annotations["alb.ingress.kubernetes.io/listen-ports"], ""), "HTTPS")
    }
    # A manifest that is read from elsewhere may be anything.
    when          = is_known(self.manifest.kind) && self.manifest.kind == "Ingress"
    condition     = local.by_cloud || length(local.tls) > 0 && (local.all_hosts || length(local.bare) == 0)
    at            = self.manifest
    error_message = length(local.tls) > 0 ? "No entry of tls covers ${join(", ", local.bare)}." : "The ingress has no tls: it serves plain HTTP."
    help          = "Add the hosts and a secretName to spec.tls, or the certificate annotation of your cloud."
  }

  # Gateways of the Gateway API: HTTP beside HTTPS may be there to redirect.
  check "kubernetes_manifest" {
    when          = is_known(self.manifest.kind) && self.manifest.kind == "Gateway" && startswith(self.manifest.apiVersion, "gateway.networking.k8s.io/")
    condition     = anytrue([for listener in default(self.manifest.spec.listeners, []) : contains(["HTTPS", "TLS"], listener.protocol)])
    at            = self.manifest
    error_message = "The gateway has no listener with TLS."
    help          = "Add a listener with protocol = \"HTTPS\" and certificateRefs."
  }

  # Gateways of Istio.
  check "kubernetes_manifest" {
    when          = is_known(self.manifest.kind) && self.manifest.kind == "Gateway" && startswith(self.manifest.apiVersion, "networking.istio.io/")
    condition     = alltrue([for server in default(self.manifest.spec.servers, []) : !contains(["HTTP", "HTTP2"], upper(server.port.protocol)) || server.tls.httpsRedirect == true])
    at            = self.manifest
    error_message = "The gateway serves plain HTTP and does not redirect."
    help          = "Set tls = { httpsRedirect = true } on the HTTP server, or take it out."
  }
}
