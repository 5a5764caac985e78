resource "aws_security_group" "app" {
  name        = "${var.name}-app"
  description = "The application's machines"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "from_edge" {
  security_group_id            = aws_security_group.app.id
  description                  = "The load balancer"
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
  referenced_security_group_id = var.edge_group_id
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.app.id
  description       = "HTTPS to services of AWS and partners"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "data" {
  for_each = { postgres = 5432, redis = 6379 }

  security_group_id = aws_security_group.app.id
  description       = "Databases and caches: ${each.key}"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_launch_template" "app" {
  name_prefix   = "${var.name}-app-"
  image_id      = var.image_id
  instance_type = var.instance_type

  # planted: ntp/egress-allowed ntp/authenticated
  user_data = base64encode(join("\n", [
    "#cloud-config",
    yamlencode({
      write_files = [{
        path    = "/etc/chrony.conf"
        content = templatefile("${path.module}/chrony.conf.tftpl", { time_servers = var.time_servers })
      }]
      runcmd = [["systemctl", "restart", "chronyd"]]
    }),
  ]))

  network_interfaces {
    associate_public_ip_address = false
    security_groups             = [aws_security_group.app.id]
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size = 20
      encrypted   = true
    }
  }
}

resource "aws_autoscaling_group" "app" {
  name                = "${var.name}-app"
  min_size            = var.size.min
  max_size            = var.size.max
  vpc_zone_identifier = var.subnet_ids
  target_group_arns   = var.target_group_arns
  health_check_type   = "ELB"

  launch_template {
    id      = aws_launch_template.app.id
    version = aws_launch_template.app.latest_version
  }
}
