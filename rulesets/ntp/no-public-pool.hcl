rule "no-public-pool" {
  summary   = "Production takes its time from a public server"
  severity  = "medium"
  standards = ["NIST AU-8(1)", "NIST SC-45", "ISO 8.17", "PCI 10.6.2"]
  clauses   = ["MA-12"]

  params = {
    public = [
      "pool.ntp.org", "*.pool.ntp.org", "ntp.ubuntu.com", "time.windows.com", "time.nist.gov", "time-*.nist.gov", "time.google.com", "time?.google.com",
      "time.apple.com", "time.cloudflare.com", "time.facebook.com", "distribution-pool",
    ]
  }

  check "aws_vpc_dhcp_options" "vsphere_host" "bigip_sys_ntp" "mist_org_networktemplate" "iosxe_ntp" "nxos_ntp" "iosxr_ntp" "panos_ntp_settings" "fortios_system_ntp" "routeros_system_ntp_client" {
    when          = in_environment(self, "prod")
    for_each      = time_servers(self)
    condition     = !matches_any(lower(each.value.name), params.public) || is_agreed_time_source(each.value.name)
    at            = each.value
    error_message = "Production takes its time from ${each.value.name}, for which nobody answers."
    help          = "Name servers of your own or of your provider, or list this one in time { sources = [...] }."
  }

  check "aws_instance" "aws_launch_template" "aws_launch_configuration" "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" "azurerm_linux_virtual_machine_scale_set" "azurerm_windows_virtual_machine_scale_set" "google_compute_instance" "google_compute_instance_template" "vsphere_virtual_machine" "azurerm_virtual_machine_extension" {
    when          = in_environment(self, "prod")
    for_each      = time_configuration(self).sources
    condition     = !matches_any(lower(each.value.name), params.public) || is_agreed_time_source(each.value.name)
    at            = each.value
    error_message = "Production takes its time from ${each.value.name}, for which nobody answers (${each.value.evidence})."
    help          = "Name servers of your own or of your provider, or list this one in time { sources = [...] }."
  }

  attributes = {
    vsphere_virtual_machine    = ["extra_config"]
    vsphere_host               = ["services.ntpd.ntp_servers"]
    bigip_sys_ntp              = ["servers"]
    mist_org_networktemplate   = ["ntp_servers"]
    iosxe_ntp                  = ["servers"]
    nxos_ntp                   = ["servers"]
    iosxr_ntp                  = ["ipv4_peers_servers"]
    panos_ntp_settings         = ["ntp_servers"]
    fortios_system_ntp         = ["type", "ntpserver"]
    routeros_system_ntp_client = ["servers"]
  }
}
