rule "no-manual-clock" {
  summary   = "Clock is set by hand"
  severity  = "medium"
  standards = ["NIST AU-8", "NIST CM-6", "ISO 8.17", "PCI 10.6.3"]
  clauses   = ["MA-12"]

  check "aws_instance" "aws_launch_template" "aws_launch_configuration" "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" "azurerm_linux_virtual_machine_scale_set" "azurerm_windows_virtual_machine_scale_set" "google_compute_instance" "google_compute_instance_template" "vsphere_virtual_machine" "azurerm_virtual_machine_extension" {
    for_each      = time_configuration(self).set_by_hand
    condition     = false
    at            = each.value
    error_message = "The configuration sets the clock by hand (${each.value})."
    help          = "Leave the clock to a time client; to step it once at start, use the client's own way, such as chrony's makestep."
  }

  check "checkpoint_gaia_time_and_date" {
    condition     = self.time == null && self.date == null
    at            = default(self.time, self.date)
    error_message = "The gateway's clock is set to ${default(self.date, "")} ${default(self.time, "")}."
    help          = "Take time and date out; configure checkpoint_gaia_ntp. The time zone may stay."
  }

  # Only profiles of devices that the organisation owns can forbid it.
  check "microsoft365wp_device_configuration" {
    when          = self.android_device_owner_general_device != null
    condition     = self.android_device_owner_general_device.date_time_configuration_blocked == true
    at            = default(self.android_device_owner_general_device.date_time_configuration_blocked, self.android_device_owner_general_device)
    error_message = "Users of managed devices may set date and time."
    help          = "Set date_time_configuration_blocked = true."
  }

  attributes = {
    vsphere_virtual_machine             = ["extra_config"]
    checkpoint_gaia_time_and_date       = ["time", "date", "timezone"]
    microsoft365wp_device_configuration = ["android_device_owner_general_device.date_time_configuration_blocked"]
  }
}
