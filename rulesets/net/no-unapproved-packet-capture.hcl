rule "no-unapproved-packet-capture" {
  summary   = "Traffic is captured without approval"
  severity  = "high"
  standards = ["NIST SI-4(8)", "NIST CM-7(5)", "ISO 8.18", "ISO 8.20"]
  clauses   = ["DWP-4.6e", "CAF-LAN-3"]

  params = {
    # A tag that names the ticket; in descriptions: "palisade:capture-approval=<ticket>".
    approval_tags = ["palisade:capture-approval", "palisade-capture-approval"]
    tools         = ["tcpdump", "tshark", "wireshark", "ettercap", "dsniff", "bettercap", "ngrep"]
  }

  check "aws_ec2_traffic_mirror_session" {
    condition = anytrue([for key, value in tags_of(self) : contains(params.approval_tags, lower(key)) && value != ""]) || anytrue([
      for tag in params.approval_tags : strcontains(lower(default(self.description, "")), "${tag}=")
    ])
    at            = self
    error_message = "Traffic of an interface is mirrored, and no tag names an approval."
    help          = "Add the tag ${params.approval_tags[0]} with the ticket, or remove the session."
  }

  check "google_compute_packet_mirroring" {
    condition     = anytrue([for tag in params.approval_tags : strcontains(lower(default(self.description, "")), "${tag}=")])
    at            = self
    error_message = "Traffic is mirrored by ${self.name}, and its description names no approval."
    help          = "Write ${params.approval_tags[0]}=<ticket> into the description, or remove the mirroring."
  }

  # These can carry no tag: a waiver with owner and expiry is the approval.
  check "azurerm_network_packet_capture" "azurerm_virtual_machine_packet_capture" "azurerm_virtual_machine_scale_set_packet_capture" {
    condition     = false
    at            = self.name
    error_message = "Packets are captured by ${self.name}."
    help          = "Remove the capture, or waive this finding with the ticket and an expiry."
  }

  check "iosxe_monitor_session" {
    condition     = false
    at            = self.session_id
    error_message = "Ports are mirrored by monitor session ${self.session_id}."
    help          = "Remove the session, or waive this finding with the ticket and an expiry."
  }

  check "nxos_span" {
    for_each      = self.sessions
    condition     = anytrue([for tag in params.approval_tags : strcontains(lower(default(each.value.description, "")), "${tag}=")])
    at            = each.value
    error_message = "Ports are mirrored by SPAN session ${each.key}, and its description names no approval."
    help          = "Write ${params.approval_tags[0]}=<ticket> into the description, or remove the session."
  }

  check "vsphere_host_port_group" "vsphere_host_virtual_switch" "vsphere_distributed_port_group" "vsphere_distributed_virtual_switch" {
    condition     = self.allow_promiscuous != true
    error_message = "Every machine on ${self.name} may read the others' traffic: allow_promiscuous is true."
    help          = "Set allow_promiscuous = false; keep a port group of its own for approved sensors."
  }

  check "aws_instance" "aws_launch_template" "aws_launch_configuration" {
    locals {
      encoded = try(base64decode(default(self.user_data_base64, self.user_data)), "")
      script  = "${default(self.user_data, "")}\n${default(local.encoded, "")}"
      found = [
        for tool in params.tools : tool if anytrue([
          for line in split("\n", lower(local.script)) :
          can(regex("(^|[^a-z])${tool}([^a-z]|$)", line)) && can(regex("install|^\\s*- ", line)) && !can(regex("^\\s*#|remove|purge|uninstall", line))
        ])
      ]
    }
    # A hint only, so scripts that are not known yet raise no question.
    when          = is_known(local.script) && trimspace(local.script) != ""
    condition     = length(local.found) == 0
    at            = default(self.user_data, self.user_data_base64)
    severity      = "low"
    error_message = "User data installs ${join(", ", local.found)}: the machine can read others' traffic."
    help          = "Leave sniffers out of images; install them for the time of an approved analysis."
  }

  check "google_compute_instance" "google_compute_instance_template" {
    locals {
      script = "${default(self.metadata_startup_script, "")}\n${default(try(self.metadata["startup-script"], null), "")}\n${default(try(self.metadata["user-data"], null), "")}"
      found = [
        for tool in params.tools : tool if anytrue([
          for line in split("\n", lower(local.script)) :
          can(regex("(^|[^a-z])${tool}([^a-z]|$)", line)) && can(regex("install|^\\s*- ", line)) && !can(regex("^\\s*#|remove|purge|uninstall", line))
        ])
      ]
    }
    # A hint only, so scripts that are not known yet raise no question.
    when          = is_known(local.script) && trimspace(local.script) != ""
    condition     = length(local.found) == 0
    at            = default(self.metadata_startup_script, self.metadata)
    severity      = "low"
    error_message = "The startup script installs ${join(", ", local.found)}: the machine can read others' traffic."
    help          = "Leave sniffers out of images; install them for the time of an approved analysis."
  }

  attributes = {
    iosxe_monitor_session              = ["session_id"]
    nxos_span                          = ["sessions"]
    vsphere_host_port_group            = ["name", "allow_promiscuous"]
    vsphere_host_virtual_switch        = ["name", "allow_promiscuous"]
    vsphere_distributed_port_group     = ["name", "allow_promiscuous"]
    vsphere_distributed_virtual_switch = ["name", "allow_promiscuous"]
    aws_launch_template                = ["user_data_base64"]
  }
}
