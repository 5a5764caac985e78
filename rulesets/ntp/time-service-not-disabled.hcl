rule "time-service-not-disabled" {
  summary    = "Time synchronisation is switched off"
  severity   = "critical"
  standards  = ["NIST AU-8", "NIST SC-45", "ISO 8.17", "PCI 10.6.1"]
  clauses    = ["MA-12"]

  check "aws_instance" "aws_launch_template" "aws_launch_configuration" "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" "azurerm_linux_virtual_machine_scale_set" "azurerm_windows_virtual_machine_scale_set" "google_compute_instance" "google_compute_instance_template" "vsphere_virtual_machine" "azurerm_virtual_machine_extension" {
    for_each      = [time_configuration(self)]
    condition     = each.value.disabled_by == null
    error_message = "Time synchronisation is switched off (${each.value.disabled_by})."
    help          = "Leave the time client on, or start another one in the same script."
  }

  check "fortios_system_ntp" {
    condition     = self.ntpsync != "disable"
    error_message = "The device does not synchronise its clock: ntpsync is disable."
    help          = "Set ntpsync = \"enable\"."
  }

  check "nxos_ntp" {
    condition     = self.admin_state != "disabled"
    error_message = "The device does not synchronise its clock: admin_state is disabled."
    help          = "Set admin_state = \"enabled\"."
  }

  check "checkpoint_gaia_ntp" "routeros_system_ntp_client" {
    condition     = self.enabled != false
    error_message = "The device does not synchronise its clock: enabled is false."
    help          = "Set enabled = true."
  }

  attributes = {
    vsphere_virtual_machine    = ["extra_config"]
    fortios_system_ntp         = ["ntpsync"]
    nxos_ntp                   = ["admin_state"]
    checkpoint_gaia_ntp        = ["enabled"]
    routeros_system_ntp_client = ["enabled"]
  }
}
