rule "master-restricted" {
  summary   = "Device serves its own clock as the reference"
  severity  = "medium"
  standards = ["NIST SC-45(2)", "ISO 8.17", "PCI 10.6.2"]
  clauses   = ["MA-12.1"]

  params = {
    # What the devices take when the stratum is left out.
    default_stratum = 8
    min_stratum     = 8
  }

  check "iosxe_ntp" {
    locals {
      servers = time_servers(self)
    }
    when = self.master == true
    assert {
      condition     = length(local.servers) > 0
      at            = self.master
      error_message = "The device serves its own clock and asks no server: all who ask it drift with it."
      help          = "Name upstream servers, or take master out."
    }
    assert {
      condition     = default(self.master_stratum, params.default_stratum) >= params.min_stratum
      at            = self.master_stratum
      error_message = "The device serves its own clock at stratum ${self.master_stratum}: clients prefer it to true servers."
      help          = "Set master_stratum = ${params.min_stratum} or more."
    }
  }

  check "nxos_ntp" {
    locals {
      servers = time_servers(self)
    }
    when = self.master == "enabled"
    assert {
      condition     = length(local.servers) > 0
      at            = self.master
      error_message = "The device serves its own clock and asks no server: all who ask it drift with it."
      help          = "Name upstream servers, or take master out."
    }
    assert {
      condition     = default(self.master_stratum, params.default_stratum) >= params.min_stratum
      at            = self.master_stratum
      error_message = "The device serves its own clock at stratum ${self.master_stratum}: clients prefer it to true servers."
      help          = "Set master_stratum = ${params.min_stratum} or more."
    }
  }

  check "iosxr_ntp" {
    locals {
      servers = time_servers(self)
    }
    when = self.primary_reference_clock == true || self.primary_stratum_number != null
    assert {
      condition     = length(local.servers) > 0
      at            = default(self.primary_reference_clock, self.primary_stratum_number)
      error_message = "The device serves its own clock and asks no server: all who ask it drift with it."
      help          = "Name upstream servers, or take primary_reference_clock out."
    }
    assert {
      condition     = default(self.primary_stratum_number, params.default_stratum) >= params.min_stratum
      at            = self.primary_stratum_number
      error_message = "The device serves its own clock at stratum ${self.primary_stratum_number}: clients prefer it to true servers."
      help          = "Set primary_stratum_number = ${params.min_stratum} or more."
    }
  }

  attributes = {
    iosxe_ntp = ["master", "master_stratum"]
    nxos_ntp  = ["master", "master_stratum"]
    iosxr_ntp = ["primary_reference_clock", "primary_stratum_number"]
  }
}
