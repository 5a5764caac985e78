rule "enough-sources" {
  summary   = "Too few time sources to find a wrong one"
  severity  = "medium"
  standards = ["NIST AU-8(2)", "NIST SC-45(2)", "ISO 8.17", "PCI 10.6.2"]
  clauses   = ["MA-12", "MA-12.2"]

  params = {
    min_sources = 3
    # These need no second: they are on the machine, beside it, or many servers behind one name.
    alone = ["169.254.169.123", "fd00:ec2::123", "169.254.169.254", "metadata.google.internal", "fortiguard"]
    # A pool gives a client four servers.
    pool_size = 4
  }

  check "aws_vpc_dhcp_options" "bigip_sys_ntp" "checkpoint_gaia_ntp" "fortios_system_ntp" "google_gkeonprem_vmware_cluster" "iosxe_ntp" "iosxr_ntp" "mist_org_networktemplate" "nxos_ntp" "vcf_instance" "vsphere_host" {
    locals {
      servers = time_servers(self)
      names   = distinct([for server in local.servers : lower(server.name)])
      pools   = length(distinct([for server in local.servers : lower(server.name) if server.kind == "pool"]))
      count   = length(local.names) + local.pools * (params.pool_size - 1)
    }
    when          = length(local.servers) > 0
    condition     = local.count >= params.min_sources || alltrue([for name in local.names : contains(params.alone, name)])
    at            = local.servers
    error_message = length(local.names) == 1 ? "There is one time source, ${local.names[0]}: nothing shows when it is wrong." : "There are ${length(local.names)} time sources, ${join(" and ", local.names)}: neither can outvote the other."
    help          = "Name ${params.min_sources} independent servers or more."
    severity      = length(local.names) == 1 ? "medium" : "low"
  }

  # A PAN-OS device has room for two.
  check "panos_ntp_settings" {
    locals {
      servers = time_servers(self)
    }
    when          = length(local.servers) > 0
    condition     = length(distinct([for server in local.servers : lower(server.name)])) >= 2
    at            = local.servers
    error_message = "There is one time source, ${local.servers[0].name}: nothing shows when it is wrong."
    help          = "Name a secondary_ntp_server too."
  }

  # One resource for each server: the first stands for all of its device.
  check "junos_system_ntp_server" "ciscoasa_ntp_server" {
    locals {
      siblings = of_same_device(self, ["junos_system_ntp_server", "ciscoasa_ntp_server"])
      names    = distinct(flatten([for server in local.siblings : [for source in time_servers(server) : lower(source.name)]]))
    }
    when          = address(self) == address(local.siblings[0])
    condition     = length(local.names) >= params.min_sources
    at            = self
    error_message = length(local.names) == 1 ? "There is one time source, ${local.names[0]}: nothing shows when it is wrong." : "There are ${length(local.names)} time sources, ${join(" and ", local.names)}: neither can outvote the other."
    help          = "Add servers until the device has ${params.min_sources} or more."
    severity      = length(local.names) == 1 ? "medium" : "low"
  }

  attributes = {
    bigip_sys_ntp            = ["servers"]
    checkpoint_gaia_ntp      = ["servers"]
    ciscoasa_ntp_server      = ["ip_address"]
    fortios_system_ntp       = ["ntpserver", "type"]
    iosxe_ntp                = ["servers"]
    iosxr_ntp                = ["ipv4_peers_servers"]
    junos_system_ntp_server  = ["address"]
    mist_org_networktemplate = ["ntp_servers"]
    nxos_ntp                 = ["servers"]
    panos_ntp_settings       = ["ntp_servers"]
    vcf_instance             = ["ntp_servers"]
    vsphere_host             = ["services.ntpd.ntp_servers"]
  }
}
