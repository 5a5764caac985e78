# A gate and functions inside a configuration. Nothing here needs an account: what stands for the firewall is a
# terraform_data that takes the same rules.

terraform {
  required_providers {
    palisade = {
      source = "palisade/palisade"
    }
  }
}

variable "clients" {
  description = "Who may administer the hosts."
  type        = string
  default     = "10.0.0.0/8"
}

variable "network" {
  description = "The addresses of this environment."
  type        = string
  default     = "10.1.0.0/16"

  validation {
    condition     = !provider::palisade::cidr_overlaps(var.network, "10.2.0.0/16")
    error_message = "These addresses are those of production."
  }
}

locals {
  ingress = [{ from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = [var.clients] }]
}

# Judged at plan if var.clients is known, otherwise at apply.
resource "palisade_gate" "network" {
  name = "network"

  subject {
    type   = "aws_security_group"
    name   = "admin"
    config = { description = "Administration", ingress = local.ingress }
  }
}

# In place of aws_security_group: not touched while the gate is closed.
resource "terraform_data" "admin" {
  input      = local.ingress
  depends_on = [palisade_gate.network]
}

# The same without a gate: a precondition on the resource itself.
resource "terraform_data" "also_admin" {
  input = local.ingress

  lifecycle {
    precondition {
      condition     = provider::palisade::compliant("aws_security_group", { ingress = local.ingress })
      error_message = join("\n", provider::palisade::violations("aws_security_group", { ingress = local.ingress }))
    }
  }
}

output "record" {
  description = "What was judged, by which rules."
  value       = palisade_gate.network.record
}
