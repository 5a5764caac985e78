rule "fabric-encryption" {
  summary   = "Traffic between workloads is not encrypted where it could be"
  severity  = "low"
  aliases   = ["CKV_AWS_351", "AVD-AWS-0138", "CKV_AWS_369"]
  standards = ["NIST SC-8", "ISO 8.20"]
  clauses   = ["MA-11", "MA-11.4"]

  params = {
    # Tags that say how sensitive data is, and the values that ask for encryption inside the own network.
    class_tags = ["data-class", "data_class", "dataclass", "data-classification", "data_classification", "dataclassification", "classification", "confidentiality"]
    classes    = ["high", "confidential", "restricted", "secret", "sensitive", "pii", "cardholder", "ecommerce", "e-commerce"]
  }

  attributes = {
    kubernetes_manifest = ["manifest"]
  }

  # Networks encrypt only between machines of certain sizes, so it is asked for where the data is said to need it.
  check "azurerm_virtual_network" {
    when          = anytrue([for name, value in tags_of(self) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))])
    condition     = length(self.encryption) > 0
    at            = self.encryption
    error_message = "The network carries sensitive data and has no encryption."
    help          = "Add encryption { enforcement = \"AllowUnencrypted\" }, and use sizes of machines that encrypt."
    severity      = "medium"
  }

  check "google_container_cluster" {
    when          = anytrue([for name, value in tags_of(self) : contains(params.classes, lower(value)) if contains(params.class_tags, lower(name))])
    condition     = self.in_transit_encryption_config == "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT"
    error_message = "The cluster carries sensitive data between its nodes: in_transit_encryption_config is ${default(self.in_transit_encryption_config, "not set")}."
    help          = "Set in_transit_encryption_config = \"IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT\" (with datapath_provider = \"ADVANCED_DATAPATH\")."
    severity      = "medium"
  }

  check "google_network_security_server_tls_policy" {
    condition     = default(self.allow_open, false) == false
    at            = self.allow_open
    error_message = "Servers with this policy take clear text too: allow_open is true."
    help          = "Take allow_open out once all clients speak TLS."
  }

  check "kubernetes_manifest" {
    when          = is_known(self.manifest.kind) && self.manifest.kind == "PeerAuthentication"
    condition     = default(self.manifest.spec.mtls.mode, "UNSET") == "STRICT" || default(self.manifest.spec.mtls.mode, "UNSET") == "UNSET" && self.manifest.metadata.namespace != "istio-system"
    at            = default(self.manifest.spec.mtls.mode, self.manifest)
    error_message = "Workloads take clear text of each other: the mode is ${default(self.manifest.spec.mtls.mode, "not set, which means PERMISSIVE")}."
    help          = "Set spec.mtls.mode = \"STRICT\"."
  }

  check "aws_emr_security_configuration" {
    locals {
      settings = jsondecode(self.configuration)
    }
    condition     = local.settings.EncryptionConfiguration.EnableInTransitEncryption == true
    at            = self.configuration
    error_message = "Nodes of the cluster talk in clear text: EnableInTransitEncryption is ${default(local.settings.EncryptionConfiguration.EnableInTransitEncryption, "not set")}."
    help          = "Set EnableInTransitEncryption to true, with InTransitEncryptionConfiguration naming the certificates."
  }

  check "aws_sagemaker_data_quality_job_definition" {
    condition     = self.network_config[0].enable_inter_container_traffic_encryption == true
    at            = default(self.network_config[0].enable_inter_container_traffic_encryption, self.network_config)
    error_message = "Containers of the job talk in clear text: enable_inter_container_traffic_encryption is ${default(self.network_config[0].enable_inter_container_traffic_encryption, "not set")}."
    help          = "Set enable_inter_container_traffic_encryption = true in network_config."
  }

  check "aws_appmesh_virtual_node" "aws_appmesh_virtual_gateway" {
    for_each      = flatten([for listener in flatten(self.spec[*].listener) : listener.tls])
    condition     = each.value.mode == "STRICT"
    at            = each.value.mode
    error_message = "The listener takes clear text too: its mode is ${each.value.mode}."
    help          = "Set mode = \"STRICT\" once all clients speak TLS."
  }
}
