locals {
  ingress = [{ from_port = 443, to_port = 443, protocol = "tcp", cidr_blocks = [var.clients] }]
}

resource "palisade_gate" "network" {
  name = "network"

  subject {
    type   = "aws_security_group"
    name   = "web"
    config = { description = "Web servers", ingress = local.ingress }
  }
}

resource "aws_security_group" "web" {
  description = "Web servers"

  dynamic "ingress" {
    for_each = local.ingress
    content {
      from_port   = ingress.value.from_port
      to_port     = ingress.value.to_port
      protocol    = ingress.value.protocol
      cidr_blocks = ingress.value.cidr_blocks
    }
  }

  # Not touched while the gate is closed.
  depends_on = [palisade_gate.network]
}
