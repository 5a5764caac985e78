# Made for one demonstration, and still there.

resource "aws_security_group" "analytics" {
  name        = "analytics"
  description = "Everything, for the demonstration"
  vpc_id      = module.network.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "everything" {
  security_group_id = aws_security_group.analytics.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0" # planted: net/no-any-any-ingress
}

# planted: log/database-audit
resource "aws_opensearch_domain" "analytics" {
  domain_name = "analytics"

  vpc_options {
    subnet_ids         = [module.network.subnet_ids["data"][0]]
    security_group_ids = [aws_security_group.analytics.id]
  }

  domain_endpoint_options {
    enforce_https       = false # planted: tls/search-https
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }

  node_to_node_encryption {
    enabled = true
  }

  encrypt_at_rest {
    enabled = true
  }
}

resource "aws_eks_cluster" "analytics" {
  name                      = "analytics"
  role_arn                  = "arn:aws:iam::222222222222:role/eks"
  enabled_cluster_log_types = ["api"] # planted: log/kubernetes

  vpc_config {
    subnet_ids              = module.network.subnet_ids["app"]
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}

# planted: seg/env-label-consistent
resource "aws_instance" "worker" {
  ami                    = var.image_id
  instance_type          = "t3.large"
  subnet_id              = module.network.subnet_ids["app"][0]
  vpc_security_group_ids = [aws_security_group.analytics.id]

  # planted: ntp/host-source-agreed ntp/egress-allowed ntp/authenticated
  user_data = <<-EOT
    #!/bin/bash
    echo "server pool.ntp.org iburst" > /etc/chrony.conf
    systemctl restart chronyd
  EOT

  tags = { Environment = "prod" }
}
