rule "host-source-agreed" {
  summary    = "Host is configured with a time server that is not agreed"
  severity   = "high"
  standards  = ["NIST AU-8(1)", "NIST SC-45(1)", "ISO 8.17", "PCI 10.6.2"]
  clauses    = ["MA-12"]
  attributes = { vsphere_virtual_machine = ["extra_config"] }

  check "aws_instance" "aws_launch_template" "aws_launch_configuration" "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" "azurerm_linux_virtual_machine_scale_set" "azurerm_windows_virtual_machine_scale_set" "google_compute_instance" "google_compute_instance_template" "vsphere_virtual_machine" "azurerm_virtual_machine_extension" {
    for_each      = time_configuration(self).sources
    condition     = is_agreed_time_source(each.value.name)
    error_message = "The time source ${each.value.name} is not agreed (${each.value.evidence})."
    help          = "Use a source that is listed in time { sources = [...] }, or the cloud's own."
  }
}
