rule "state-store-isolated" {
  summary   = "State is not kept apart, encrypted, versioned and locked"
  severity  = "high"
  standards = ["NIST AC-4", "NIST SC-28", "NIST CM-3", "ISO 8.31", "PCI 6.5.3"]
  clauses   = ["MA-PS-2"]

  params = { state_buckets = ["*tfstate*", "*tf-state*", "*terraform-state*", "*terraform_state*"] }

  check "terraform" {
    locals {
      found = root_environments()
    }
    # A module that others call has neither environment nor state, and what only a name says is little.
    when          = self.has_source && length(local.found) == 1 && !startswith(local.found[0].reason, "name ")
    condition     = self.backend != null && self.backend.kind != "local"
    at            = default(self.backend, local.found[0])
    error_message = "The state of ${local.found[0].name} is kept in a local file: nothing locks, encrypts or versions it."
    help          = "Add a backend (s3, azurerm, gcs, remote) of its own for each environment."
    severity      = local.found[0].name == "prod" ? "high" : "low"
  }

  check "terraform" {
    locals {
      found = root_environments()
      # The most telling words come first: a bucket may hold the states of all environments.
      words = [for words in [
        environments_in(default(try(self.backend.key, null), "")),
        environments_in(default(try(self.backend.prefix, null), "")),
        environments_in(default(try(self.backend.bucket, null), "")),
        environments_in(default(try(self.backend.container_name, null), "")),
        environments_in(default(try(self.backend.storage_account_name, null), "")),
      ] : words if length(words) > 0]
      state = length(local.words) > 0 ? local.words[0] : []
    }
    when          = self.backend != null && length(local.found) == 1
    condition     = length(local.state) == 0 || contains(local.state, "shared") || contains(local.state, local.found[0].name)
    at            = default(try(self.backend.key, null), self.backend)
    error_message = "The state of ${local.found[0].name} is kept under a name of ${join(" and ", local.state)}."
    help          = "Give each environment a bucket, or a key or prefix with its own name."
  }

  # A backend without bucket or key gets its settings on the command line.
  check "terraform" {
    when = self.backend.kind == "s3" && self.backend.bucket != null && self.backend.key != null
    assert {
      condition     = self.backend.encrypt == true
      at            = default(self.backend.encrypt, self.backend)
      error_message = "The state is written without asking for encryption."
      help          = "Set encrypt = true, with a kms_key_id of the environment."
      severity      = "low"
    }
    assert {
      condition     = self.backend.use_lockfile == true || self.backend.dynamodb_table != null || self.backend.dynamodb_endpoint != null
      at            = default(self.backend.use_lockfile, self.backend)
      error_message = "Nothing locks the state: two runs at once damage it."
      help          = "Set use_lockfile = true."
      severity      = "medium"
    }
  }

  check "aws_s3_bucket" {
    locals {
      versioned = [for versioning in related(self, "aws_s3_bucket_versioning", "bucket") : versioning.versioning_configuration[0].status == "Enabled"]
    }
    when          = is_known(self.bucket) ? matches_any(lower(self.bucket), params.state_buckets) : matches_any(lower(address(self)), params.state_buckets)
    condition     = anytrue(local.versioned) || anytrue([for versioning in self.versioning : versioning.enabled])
    at            = self.bucket
    error_message = "The bucket for states is not versioned: a damaged state cannot be brought back."
    help          = "Add aws_s3_bucket_versioning with status = \"Enabled\"."
  }

  check "google_storage_bucket" {
    when          = is_known(self.name) ? matches_any(lower(self.name), params.state_buckets) : matches_any(lower(address(self)), params.state_buckets)
    condition     = anytrue([for versioning in self.versioning : versioning.enabled])
    at            = self.name
    error_message = "The bucket for states is not versioned: a damaged state cannot be brought back."
    help          = "Add versioning { enabled = true }."
  }

  check "azurerm_storage_account" {
    when          = is_known(self.name) ? matches_any(lower(self.name), params.state_buckets) : matches_any(lower(address(self)), params.state_buckets)
    condition     = anytrue([for properties in self.blob_properties : properties.versioning_enabled])
    at            = self.name
    error_message = "The storage account for states is not versioned: a damaged state cannot be brought back."
    help          = "Add blob_properties { versioning_enabled = true }."
  }
}
