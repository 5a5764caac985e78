rule "source-consistent" {
  summary   = "Machines of one environment follow different clocks"
  severity  = "medium"
  standards = ["NIST AU-8(1)", "NIST AU-12(1)", "ISO 8.17", "PCI 10.6.2"]
  clauses   = ["MA-11.6", "MA-12"]

  params = {
    types = ["aws_vpc_dhcp_options", "iosxe_ntp", "nxos_ntp", "iosxr_ntp", "panos_ntp_settings", "fortios_system_ntp", "vsphere_host"]
    # A leap second is spread over a day by some servers, and is one second by others.
    smeared = ["169.254.169.123", "fd00:ec2::123", "169.254.169.254", "metadata.google.internal", "metadata", "time.google.com", "time?.google.com", "time.aws.com", "time.facebook.com", "time?.facebook.com"]
    stepped = ["pool.ntp.org", "*.pool.ntp.org", "*.nist.gov", "*.usno.navy.mil", "*.ptb.de", "distribution-pool"]
  }

  check "aws_vpc_dhcp_options" "iosxe_ntp" "nxos_ntp" "iosxr_ntp" "panos_ntp_settings" "fortios_system_ntp" "vsphere_host" {
    locals {
      names  = [for server in time_servers(self) : lower(server.name)]
      # What the others of the environment are held against.
      first  = first_time_servers(self, params.types)
      common = setintersection(local.names, local.first.names)
      agreed = alltrue([for name in concat(local.names, local.first.names) : is_agreed_time_source(name)])
    }
    when          = length(local.names) > 0
    # Several sets that are all agreed, such as one for each site, are one choice.
    condition     = length(local.common) > 0 || local.agreed
    at            = time_servers(self)
    error_message = "${join(", ", local.names)} have nothing in common with ${join(", ", local.first.names)} of ${local.first.address}."
    help          = "Use the same agreed servers throughout an environment."
  }

  check "aws_vpc_dhcp_options" "iosxe_ntp" "nxos_ntp" "iosxr_ntp" "panos_ntp_settings" "fortios_system_ntp" "vsphere_host" {
    locals {
      names   = [for server in time_servers(self) : lower(server.name)]
      smeared = [for name in local.names : name if matches_any(name, params.smeared)]
      stepped = [for name in local.names : name if matches_any(name, params.stepped)]
    }
    condition     = length(local.smeared) == 0 || length(local.stepped) == 0
    at            = time_servers(self)
    error_message = "${join(", ", local.smeared)} smear leap seconds and ${join(", ", local.stepped)} do not: around one they are up to a second apart."
    help          = "Use servers of one kind only."
    severity      = "low"
  }

  check "aws_instance" "aws_launch_template" "aws_launch_configuration" "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" "azurerm_linux_virtual_machine_scale_set" "azurerm_windows_virtual_machine_scale_set" "google_compute_instance" "google_compute_instance_template" "vsphere_virtual_machine" "azurerm_virtual_machine_extension" {
    locals {
      names   = [for source in time_configuration(self).sources : lower(source.name)]
      smeared = [for name in local.names : name if matches_any(name, params.smeared)]
      stepped = [for name in local.names : name if matches_any(name, params.stepped)]
    }
    condition     = length(local.smeared) == 0 || length(local.stepped) == 0
    at            = time_configuration(self).sources[0]
    error_message = "${join(", ", local.smeared)} smear leap seconds and ${join(", ", local.stepped)} do not: around one they are up to a second apart."
    help          = "Use servers of one kind only."
    severity      = "low"
  }

  attributes = {
    vsphere_virtual_machine = ["extra_config"]
    iosxe_ntp               = ["servers"]
    nxos_ntp                = ["servers"]
    iosxr_ntp               = ["ipv4_peers_servers"]
    panos_ntp_settings      = ["ntp_servers"]
    fortios_system_ntp      = ["type", "ntpserver"]
    vsphere_host            = ["services.ntpd.ntp_servers"]
  }
}
