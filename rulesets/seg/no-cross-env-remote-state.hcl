rule "no-cross-env-remote-state" {
  summary   = "State of another environment is read"
  severity  = "high"
  standards = ["NIST AC-4", "ISO 8.31"]
  clauses   = ["MA-PS-2"]

  check "data.terraform_remote_state" {
    locals {
      readers = root_environments()
      # The most telling words come first: a bucket may hold the states of all environments.
      words = [for words in [
        environments_in(default(try(self.config.key, null), "")),
        environments_in(default(try(self.config.prefix, null), "")),
        environments_in(default(try(self.config.path, null), "")),
        environments_in(default(try(self.config.workspaces.name, null), "")),
        environments_in(default(self.workspace, "")),
        environments_in(default(try(self.config.bucket, null), "")),
        environments_in(default(try(self.config.container_name, null), "")),
      ] : words if length(words) > 0]
      state = length(local.words) > 0 ? local.words[0] : []
    }
    when          = length(local.readers) == 1
    condition     = length(local.state) == 0 || contains(local.state, "shared") || contains(local.state, local.readers[0].name)
    at            = self.config
    error_message = "${local.readers[0].name} reads the state of ${join(" and ", local.state)}: all its outputs and secrets are readable."
    help          = "Publish what the other environment needs (DNS, parameter store), or keep shared things in a state of their own."
  }

  check "data.tfe_outputs" {
    locals {
      readers = root_environments()
      state   = environments_in(self.workspace)
    }
    when          = length(local.readers) == 1
    condition     = length(local.state) == 0 || contains(local.state, "shared") || contains(local.state, local.readers[0].name)
    at            = self.workspace
    error_message = "${local.readers[0].name} reads the outputs of ${self.workspace}."
    help          = "Publish what the other environment needs, or keep shared things in a workspace of their own."
  }

  check "tfe_workspace" {
    condition     = self.global_remote_state != true
    at            = self.global_remote_state
    error_message = "Every workspace of the organisation may read this state."
    help          = "Set global_remote_state = false and name the readers in remote_state_consumer_ids."
  }

  attributes = {
    "data.terraform_remote_state" = ["backend", "config", "workspace"]
    "data.tfe_outputs"            = ["workspace", "organization"]
    tfe_workspace                 = ["global_remote_state", "remote_state_consumer_ids"]
  }
}
