# A file with one of everything.
terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "~> 5.0" } }
}

/* A comment
   of two lines. */
variable "subnets" {
  type    = map(object({ cidr = string, public = optional(bool, false) }))
  default = {}
}

locals {
  name   = "${var.env}-${random_id.suffix[0].hex}" // trailing
  tags   = merge(var.tags, { Name = local.name, "k8s.io/role" : "node" })
  public = [for key, subnet in var.subnets : key if subnet.public && !startswith(key, "x")]
  byzone = { for subnet in values(var.subnets) : subnet.zone => subnet.cidr... }
  all    = aws_subnet.this[*].id
  old    = aws_subnet.this.*.id.0
  size   = var.large ? 2 * 10 + 1 : -(3 % 2)
  arn    = provider::aws::arn_parse("arn:aws:iam::1:role/$${x}\u00e9").account_id
}

resource "aws_instance" "web" {
  count = length(local.public) >= 1 ? 1 : 0

  user_data = <<-EOT
    #!/bin/sh
    %{ for name in local.public ~}
    echo "${name}" $${HOME} \n
    %{ endfor ~}
      %{ if var.large }big%{ else }small%{ endif }
  EOT

  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = ["s3:*"] },
    ]
  })

  dynamic "ebs_block_device" {
    for_each = [for disk in var.disks : disk]
    content {
      size = ebs_block_device.value["size"]
    }
  }
}
