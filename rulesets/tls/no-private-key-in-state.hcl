rule "no-private-key-in-state" {
  summary   = "Private key is written in the configuration or made into the state"
  severity  = "high"
  standards = ["NIST SC-12", "NIST IA-5(7)", "ISO 8.24", "PCI 3.6.1"]
  clauses   = ["MA-14.2.5", "MA-15.1.7"]

  attributes = {
    tls_private_key              = ["algorithm"]
    kubernetes_secret            = ["data"]
    kubernetes_secret_v1         = ["data"]
    fortios_vpncertificate_local = ["private_key"]
    bigip_ssl_key                = ["content"]
  }

  # Where such a key is used it would be told a second time, so the checks below leave it out.
  check "tls_private_key" {
    condition     = false
    at            = self.algorithm
    error_message = "The private key is made by Terraform and stays in its state in clear text."
    help          = "Make the key where it is used (ACM, Key Vault, a certificate manager), or use the ephemeral resource tls_private_key with a write-only argument."
    severity      = in_environment(self, "prod") ? "high" : "medium"
  }

  check "aws_iam_server_certificate" "aws_acm_certificate" "google_compute_ssl_certificate" "google_compute_region_ssl_certificate" "fortios_vpncertificate_local" {
    when          = self.private_key != null
    condition     = length(referenced(self.private_key)) > 0 || !strcontains(self.private_key, "PRIVATE KEY-----")
    at            = self.private_key
    error_message = "A private key is written in the configuration."
    help          = "Take the key out of the repository and replace it; hand it over from a secret store, or let the service make it."
  }

  check "google_certificate_manager_certificate" {
    for_each      = [for managed in self.self_managed : default(managed.pem_private_key, managed.private_key_pem) if managed.pem_private_key != null || managed.private_key_pem != null]
    condition     = length(referenced(each.value)) > 0 || !strcontains(each.value, "PRIVATE KEY-----")
    at            = each.value
    error_message = "A private key is written in the configuration."
    help          = "Take the key out of the repository and replace it; hand it over from a secret store, or use a managed certificate."
  }

  check "azurerm_key_vault_certificate" {
    # PFX is binary: only files of the repository and text of its own can be told from what comes from elsewhere.
    for_each      = self.certificate
    condition     = length(referenced(each.value.contents)) > 0 || !(strcontains(each.value.contents, "PRIVATE KEY-----") || startswith(each.value.contents, "MII"))
    at            = each.value.contents
    error_message = "A certificate with its private key is written in the configuration."
    help          = "Let Key Vault make the certificate: leave the certificate block out and give a certificate_policy."
  }

  check "kubernetes_secret" "kubernetes_secret_v1" {
    # Of values that are not known only those are asked about that are called keys.
    for_each      = { for name, value in default(self.data, {}) : name => value if is_known(value) || endswith(lower(name), ".key") || strcontains(lower(name), "private") }
    condition     = length(referenced(each.value)) > 0 || !strcontains(each.value, "PRIVATE KEY-----")
    at            = self.data
    error_message = "A private key is written in the configuration: ${each.key}."
    help          = "Take the key out of the repository and replace it; let cert-manager make it, or use data_wo with an ephemeral value."
  }

  check "bigip_ssl_key" {
    condition     = length(referenced(self.content)) > 0 || !strcontains(self.content, "PRIVATE KEY-----")
    at            = self.content
    error_message = "A private key is written in the configuration."
    help          = "Take the key out of the repository and replace it; hand it over from a secret store."
  }
}
