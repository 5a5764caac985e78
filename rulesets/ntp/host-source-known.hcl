rule "host-source-known" {
  summary    = "Host has no time source that can be told"
  severity   = "high"
  standards  = ["NIST AU-8", "ISO 8.17", "PCI 10.6.1"]
  clauses    = ["MA-6.1.2", "MA-12"]
  attributes = { vsphere_virtual_machine = ["extra_config"] }

  # Sources that are not agreed and clients that are switched off have rules of their own.
  check "aws_instance" "aws_launch_template" "aws_launch_configuration" "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" "azurerm_linux_virtual_machine_scale_set" "azurerm_windows_virtual_machine_scale_set" "google_compute_instance" "google_compute_instance_template" "vsphere_virtual_machine" {
    for_each = [time_configuration(self)]
    assert {
      condition     = each.value.status != "unsynchronised"
      error_message = "The time client is configured without any time source: ${default(each.value.evidence, "its file")}."
      help          = "Name an agreed server in that file, or leave the file that the image brings."
    }
    assert {
      when          = each.value.status == "default"
      condition     = cloud_time_default(self).accepted
      error_message = "The host keeps the time of its image, which is not agreed: ${join(", ", cloud_time_default(self).sources)}."
      help          = "Name agreed servers in user data, or map the image in time { images = { ... } }."
    }
  }
}
