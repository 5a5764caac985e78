rule "server-not-public" {
  summary   = "Time server answers the internet"
  severity  = "high"
  standards = ["NIST SC-7", "NIST SC-45", "NIST SC-5", "ISO 8.17", "ISO 8.20", "PCI 1.3.1", "PCI 10.6.3"]
  clauses   = ["MA-12.1"]

  # A rule that lets everything in is told by net/no-any-any-ingress.
  check "aws_security_group" "aws_default_security_group" "aws_security_group_rule" "aws_vpc_security_group_ingress_rule" "azurerm_network_security_group" "azurerm_network_security_rule" "google_compute_firewall" {
    for_each      = world_access(self, "udp/123")
    condition     = each.value.rule_every_protocol
    at            = each.value
    error_message = "${each.value.source} may reach NTP (udp/123): the server can be abused to flood others."
    help          = "Admit the addresses of your own clients only. Answers to a client of time need no rule."
  }

  check "aws_lb_listener" {
    locals {
      balancer = one(referenced(self.load_balancer_arn, "aws_lb"))
    }
    when          = self.port == 123 && contains(["UDP", "TCP_UDP"], self.protocol)
    condition     = local.balancer.internal == true
    at            = self.port
    error_message = "The load balancer offers NTP to the internet."
    help          = "Set internal = true on the load balancer."
  }

  check "fortios_system_ntp" {
    when          = self.server_mode == "enable"
    for_each      = default(self.interface, [])
    condition     = alltrue([for interface in referenced(each.value.interface_name, "fortios_system_interface") : interface.role != "wan"])
    at            = each.value.interface_name
    error_message = "The device answers NTP on ${each.value.interface_name}, which faces the WAN."
    help          = "Name inside interfaces only."
  }

  attributes = {
    fortios_system_ntp       = ["server_mode", "interface.interface_name"]
    fortios_system_interface = ["name", "role"]
  }
}
