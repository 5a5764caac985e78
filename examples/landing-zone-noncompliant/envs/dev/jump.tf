# A jump host that somebody needed quickly.

resource "aws_security_group" "jump" {
  name        = "jump"
  description = "Jump host"
  vpc_id      = module.network.vpc_id

  ingress {
    description = "SSH, in two halves of the world"
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"] # planted: net/no-open-admin-ports
  }

  egress { # planted: net/no-unrestricted-egress
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "jump" {
  ami                    = var.image_id
  instance_type          = "t3.micro"
  subnet_id              = module.network.subnet_ids["app"][0]
  vpc_security_group_ids = [aws_security_group.jump.id]

  # planted: ntp/time-service-not-disabled
  user_data = <<-EOT
    #!/bin/bash
    systemctl disable --now chronyd
  EOT
}
