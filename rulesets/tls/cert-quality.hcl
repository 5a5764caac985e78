rule "cert-quality" {
  summary   = "Certificate has run out, or its key, signature or validity is weak"
  severity  = "medium"
  aliases   = ["AVD-AWS-0168"]
  standards = ["NIST SC-12", "NIST SC-17", "ISO 8.24", "PCI 4.2.1.1"]
  clauses   = ["MA-13.2.1", "MA-14.2.5", "MA-15.1.4"]

  params = {
    min_rsa_bits = 2048
    min_ec_bits  = 256
    # How many days a certificate of a public authority and one of the own may be good for.
    public_days   = 398
    internal_days = 825
  }

  attributes = {
    tls_private_key         = ["algorithm", "rsa_bits", "ecdsa_curve"]
    tls_self_signed_cert    = ["validity_period_hours", "is_ca_certificate"]
    tls_locally_signed_cert = ["validity_period_hours", "is_ca_certificate"]
  }

  # Certificates that are written in the configuration. One that another resource makes is judged there.
  check "aws_iam_server_certificate" "aws_acm_certificate" {
    locals {
      parsed = certificate(self.certificate_body)
      problems = concat(
        timecmp(local.parsed.not_after, settings.as_of) > 0 ? [] : ["it ran out on ${substr(local.parsed.not_after, 0, 10)}"],
        local.parsed.key_algorithm == "RSA" && local.parsed.key_bits < params.min_rsa_bits || local.parsed.key_algorithm == "EC" && local.parsed.key_bits < params.min_ec_bits ? ["its key has ${local.parsed.key_bits} bits"] : [],
        contains(["MD2", "MD5", "SHA-1"], default(local.parsed.signature_hash, "")) ? ["it is signed with ${local.parsed.signature_hash}"] : [],
      )
    }
    when          = self.certificate_body != null && length(referenced(self.certificate_body)) == 0
    condition     = length(local.problems) == 0
    at            = self.certificate_body
    error_message = "The certificate is not fit for use: ${join(", ", local.problems)}."
    help          = "Replace it by one with RSA ${params.min_rsa_bits} or P-256 and SHA-256, best by a service that renews it."
  }

  check "google_compute_ssl_certificate" "google_compute_region_ssl_certificate" {
    locals {
      parsed = certificate(self.certificate)
      problems = concat(
        timecmp(local.parsed.not_after, settings.as_of) > 0 ? [] : ["it ran out on ${substr(local.parsed.not_after, 0, 10)}"],
        local.parsed.key_algorithm == "RSA" && local.parsed.key_bits < params.min_rsa_bits || local.parsed.key_algorithm == "EC" && local.parsed.key_bits < params.min_ec_bits ? ["its key has ${local.parsed.key_bits} bits"] : [],
        contains(["MD2", "MD5", "SHA-1"], default(local.parsed.signature_hash, "")) ? ["it is signed with ${local.parsed.signature_hash}"] : [],
      )
    }
    when          = self.certificate != null && length(referenced(self.certificate)) == 0
    condition     = length(local.problems) == 0
    at            = self.certificate
    error_message = "The certificate is not fit for use: ${join(", ", local.problems)}."
    help          = "Replace it by one with RSA ${params.min_rsa_bits} or P-256 and SHA-256, best by a service that renews it."
  }

  check "google_certificate_manager_certificate" {
    for_each = [for managed in self.self_managed : default(managed.pem_certificate, managed.certificate_pem) if length(referenced(default(managed.pem_certificate, managed.certificate_pem))) == 0]
    locals {
      parsed = certificate(each.value)
      problems = concat(
        timecmp(local.parsed.not_after, settings.as_of) > 0 ? [] : ["it ran out on ${substr(local.parsed.not_after, 0, 10)}"],
        local.parsed.key_algorithm == "RSA" && local.parsed.key_bits < params.min_rsa_bits || local.parsed.key_algorithm == "EC" && local.parsed.key_bits < params.min_ec_bits ? ["its key has ${local.parsed.key_bits} bits"] : [],
        contains(["MD2", "MD5", "SHA-1"], default(local.parsed.signature_hash, "")) ? ["it is signed with ${local.parsed.signature_hash}"] : [],
      )
    }
    condition     = length(local.problems) == 0
    at            = each.value
    error_message = "The certificate is not fit for use: ${join(", ", local.problems)}."
    help          = "Replace it by one with RSA ${params.min_rsa_bits} or P-256 and SHA-256, best by a service that renews it."
  }

  check "aws_acm_certificate" {
    assert {
      when          = self.key_algorithm != null
      condition     = self.key_algorithm != "RSA_1024"
      error_message = "The certificate's key has 1024 bits: key_algorithm is RSA_1024."
      help          = "Leave key_algorithm out (RSA_2048), or set it to \"EC_prime256v1\"."
    }
    assert {
      when          = self.domain_name != null && in_environment(self, "prod")
      condition     = !startswith(self.domain_name, "*.")
      error_message = "The certificate is good for every name below ${trimprefix(self.domain_name, "*.")}: one stolen key speaks for all of them."
      help          = "Ask for a certificate for each name."
      severity      = "low"
    }
  }

  check "tls_private_key" {
    locals {
      curve = default(self.ecdsa_curve, "P224")
    }
    condition     = self.algorithm == "RSA" ? default(self.rsa_bits, 2048) >= params.min_rsa_bits : self.algorithm != "ECDSA" || tonumber(trimprefix(local.curve, "P")) >= params.min_ec_bits
    at            = self.algorithm == "RSA" ? self.rsa_bits : default(self.ecdsa_curve, self.algorithm)
    error_message = self.algorithm == "RSA" ? "The key has ${self.rsa_bits} bits." : "The key is on the curve ${self.ecdsa_curve == null ? "P224 (by default)" : self.ecdsa_curve}."
    help          = "Set rsa_bits = 2048 or more, or ecdsa_curve = \"P256\"."
  }

  check "tls_self_signed_cert" "tls_locally_signed_cert" {
    when          = self.is_ca_certificate != true
    condition     = self.validity_period_hours <= params.internal_days * 24
    error_message = "The certificate is good for ${floor(self.validity_period_hours / 24)} days: nobody will remember how to renew it."
    help          = "Set validity_period_hours to ${params.internal_days * 24} or less."
  }

  check "aws_lb_listener" {
    locals {
      certificates = concat(referenced(self.certificate_arn, "aws_acm_certificate"), referenced(self.certificate_arn, "aws_iam_server_certificate"))
      balancer     = one(referenced(self.load_balancer_arn, "aws_lb"))
    }
    # Where nothing is signed by itself, a certificate that is not known is not either.
    when          = length(resources("tls_self_signed_cert")) > 0 && length(local.certificates) > 0 && local.balancer.internal == false
    condition     = length(flatten([for certificate in local.certificates : referenced(certificate.certificate_body, "tls_self_signed_cert")])) == 0
    at            = self.certificate_arn
    error_message = "The public listener has a self-signed certificate: visitors cannot tell it from a forged one."
    help          = "Use a certificate of ACM or of another public authority."
  }

  check "azurerm_key_vault_certificate" {
    for_each = self.certificate_policy
    assert {
      condition     = !startswith(each.value.key_properties[0].key_type, "RSA") || default(each.value.key_properties[0].key_size, 2048) >= params.min_rsa_bits
      at            = each.value.key_properties[0].key_size
      error_message = "The certificate's key has ${each.value.key_properties[0].key_size} bits."
      help          = "Set key_size = 2048 or more."
    }
    assert {
      when          = each.value.x509_certificate_properties[0].validity_in_months != null
      condition     = each.value.x509_certificate_properties[0].validity_in_months <= floor((contains(["Self", "Unknown"], each.value.issuer_parameters[0].name) ? params.internal_days : params.public_days) / 30)
      at            = each.value.x509_certificate_properties[0].validity_in_months
      error_message = "The certificate is good for ${each.value.x509_certificate_properties[0].validity_in_months} months."
      help          = "Set validity_in_months = 12, and a lifetime_action that renews it."
    }
  }
}
