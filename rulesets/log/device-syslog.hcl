rule "device-syslog" {
  summary   = "Network device sends no logs away"
  severity  = "high"
  standards = ["NIST AU-4(1)", "NIST AU-12", "ISO 8.15", "PCI 10.3.3"]
  clauses   = ["MA-6.1.1", "MA-11.5"]
  params = {
    # What a severity must reach at least: words of devices for informational and everything below it.
    enough      = ["informational", "information", "info", "debugging", "debug", "any", "all", "6", "7"]
    meraki_role = "appliance event log"
  }

  check "iosxe_logging" {
    attributes = [
      "trap", "trap_severity", "ipv4_hosts", "ipv4_vrf_hosts", "ipv4_hosts_transport", "ipv4_vrf_hosts_transport",
      "ipv6_hosts", "ipv6_vrf_hosts", "ipv6_hosts_transport", "ipv6_vrf_hosts_transport",
    ]
    locals {
      hosts = concat(
        default(self.ipv4_hosts, []), default(self.ipv4_vrf_hosts, []), default(self.ipv4_hosts_transport, []), default(self.ipv4_vrf_hosts_transport, []),
        default(self.ipv6_hosts, []), default(self.ipv6_vrf_hosts, []), default(self.ipv6_hosts_transport, []), default(self.ipv6_vrf_hosts_transport, []),
      )
    }
    assert {
      condition     = length(local.hosts) > 0
      at            = self
      error_message = "The device sends its logs to no host."
      help          = "Add ipv4_hosts with your log servers."
    }
    assert {
      when          = in_environment(self, "prod") && length(local.hosts) > 0
      condition     = length(local.hosts) > 1
      at            = self
      error_message = "The device sends its logs to one host only: while that is down they are lost."
      help          = "Name a second log server."
      severity      = "low"
    }
    assert {
      # IOS XE sends informational and above where nothing is said.
      condition     = contains(params.enough, lower(default(self.trap_severity, "informational"))) && self.trap != false
      at            = default(self.trap_severity, self.trap)
      error_message = self.trap == false ? "Sending logs is switched off: trap is false." : "Only ${self.trap_severity} and worse is sent: logins and changes are informational."
      help          = "Set trap_severity = \"informational\"."
      severity      = "medium"
    }
  }

  check "junos_system_syslog_host" {
    attributes    = ["host", "any_severity", "authorization_severity", "interactivecommands_severity"]
    condition     = contains(params.enough, default(self.any_severity, "none")) || contains(params.enough, default(self.authorization_severity, "none")) && contains(params.enough, default(self.interactivecommands_severity, "none"))
    at            = default(self.any_severity, self)
    error_message = "${self.host} gets ${default(self.any_severity, "no")} messages; logins and commands are informational."
    help          = "Set any_severity = \"info\"."
    severity      = "medium"
  }

  check "fortios_logsyslogd_setting" "fortios_logfortianalyzer_setting" {
    attributes    = ["status", "server"]
    condition     = self.status == "enable" && self.server != null
    error_message = self.status == "enable" ? "Logs are to be sent, but no server is named." : "Sending logs is ${default(self.status, "by default disable")}."
    help          = "Set status = \"enable\" and server."
  }

  check "checkpoint_gaia_remote_syslog" {
    attributes    = ["level", "server_ip"]
    condition     = contains(params.enough, lower(self.level))
    error_message = "Only ${self.level} and worse is sent to ${self.server_ip}."
    help          = "Set level = \"info\"."
    severity      = "medium"
  }

  check "meraki_network_syslog_servers" {
    attributes = ["servers.host", "servers.roles"]
    locals {
      roles = flatten([for server in default(self.servers, []) : [for role in default(server.roles, []) : lower(role)]])
    }
    condition     = anytrue([for role in local.roles : endswith(role, "event log")]) && (contains(local.roles, "flows") || contains(local.roles, "security events") || !contains(local.roles, params.meraki_role))
    at            = self.servers
    error_message = "Servers get ${length(local.roles) > 0 ? join(", ", local.roles) : "nothing"}; event logs and, from appliances, flows or security events are wanted."
    help          = "Add roles \"Appliance event log\", \"Flows\" and \"Security events\"."
    severity      = "medium"
  }

  check "iosxr_logging" {
    attributes = ["trap"]
    # IOS XR sends informational messages where nothing is said.
    condition     = contains(params.enough, default(self.trap, "informational"))
    at            = self.trap
    error_message = self.trap == "disable" ? "Sending logs is switched off: trap is disable." : "Only ${self.trap} and worse is sent: logins and changes are informational."
    help          = "Set trap = \"informational\"."
  }

  check "iosxr_logging_vrf" {
    attributes = ["vrf_name", "host_ipv4_addresses", "host_ipv6_addresses"]
    locals {
      hosts = concat(default(self.host_ipv4_addresses, []), default(self.host_ipv6_addresses, []))
    }
    condition     = length(local.hosts) > 0
    at            = self
    error_message = "Logs of ${self.vrf_name} are sent to no host."
    help          = "Add host_ipv4_addresses with your log servers."
  }

  check "mist_org_networktemplate" {
    attributes    = ["remote_syslog.servers"]
    condition     = length(default(self.remote_syslog.servers, [])) > 0
    at            = self
    error_message = "Switches with this template send their logs to no server."
    help          = "Set remote_syslog with enabled = true and servers."
  }
}
