rule "single-discipline" {
  summary    = "Two mechanisms set the guest's clock"
  severity   = "medium"
  standards  = ["NIST AU-8", "ISO 8.17"]
  clauses    = ["MA-12"]
  attributes = { vsphere_virtual_machine = ["extra_config", "sync_time_with_host", "sync_time_with_host_periodically"] }

  check "vsphere_virtual_machine" {
    when          = self.sync_time_with_host_periodically == true
    condition     = time_configuration(self).status != "explicit"
    at            = self.sync_time_with_host_periodically
    error_message = "VMware Tools set the clock all the time, and so does the guest's time client (${time_configuration(self).evidence})."
    help          = "Set sync_time_with_host_periodically = false, or leave the time client out of the guest."
  }
}
