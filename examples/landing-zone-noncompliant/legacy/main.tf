# From before there were three accounts: development and production in one state, joined.

provider "aws" {
  region = "eu-west-1"
}

# planted: log/dns-queries log/vpc-flow net/default-sg-closed net/threat-intel-deny ntp/vpc-has-dhcp-options
resource "aws_vpc" "dev" {
  cidr_block = "10.40.0.0/16" # planted: seg/cidr-plan-disjoint
  tags       = { Environment = "dev" }
}

# planted: log/dns-queries log/vpc-flow net/default-sg-closed net/threat-intel-deny ntp/vpc-has-dhcp-options
resource "aws_vpc" "prod" {
  cidr_block = "10.40.128.0/17"         # planted: seg/cidr-plan-disjoint
  tags       = { Environment = "prod" } # planted: seg/one-env-per-state seg/one-env-per-account
}

resource "aws_vpc_peering_connection" "both" {
  vpc_id      = aws_vpc.dev.id
  peer_vpc_id = aws_vpc.prod.id # planted: seg/no-cross-env-peering
  auto_accept = true
}

resource "aws_security_group" "dev" {
  name        = "tools"
  description = "Build machines"
  vpc_id      = aws_vpc.dev.id
  tags        = { Environment = "dev" }
}

resource "aws_security_group" "prod" {
  name        = "ledger"
  description = "The ledger"
  vpc_id      = aws_vpc.prod.id
  tags        = { Environment = "prod" }

  ingress {
    description     = "Deployments"
    protocol        = "tcp"
    from_port       = 8443
    to_port         = 8443
    security_groups = [aws_security_group.dev.id] # planted: seg/no-cross-env-sg-source
  }
}

# planted: seg/env-label-required
resource "aws_ecs_cluster" "batch" {
  name = "batch"
}
