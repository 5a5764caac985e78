rule "egress-allowed" {
  summary   = "Packet filters keep a host from its time server"
  severity  = "high"
  standards = ["NIST AU-8", "NIST SC-7", "ISO 8.17", "PCI 10.6.1"]
  clauses   = ["MA-12"]

  # Sources on the machine or at the cloud's own address need no way through the network.
  check "aws_instance" "aws_launch_template" "aws_launch_configuration" "azurerm_linux_virtual_machine" "azurerm_windows_virtual_machine" {
    for_each      = time_paths(self)
    condition     = each.value.open
    error_message = "The host cannot ask its time server: ${each.value.blocked_by}."
    help          = "Let udp/123 out to the server, and through network ACLs its answers to udp/1024-65535 in; or use the cloud's own time."
  }
}
