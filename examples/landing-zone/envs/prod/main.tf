terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
  backend "s3" {
    bucket       = "acme-prod-tfstate"
    key          = "landing-zone.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["333333333333"]

  default_tags {
    tags = {
      Environment = "prod"
      Owner       = "platform@example.org"
    }
  }
}

# The log archive: another account, to which only its own role leads.
provider "aws" {
  alias  = "log_archive"
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::444444444444:role/log-archive"
  }

  default_tags {
    tags = {
      Environment = "prod"
      Owner       = "platform@example.org"
    }
  }
}

locals {
  name  = "acme-prod"
  zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
}

module "audit" {
  source = "../../modules/audit"

  providers = {
    aws             = aws
    aws.log_archive = aws.log_archive
  }

  name       = local.name
  account_id = "333333333333"
}

module "network" {
  source = "../../modules/network"

  name              = local.name
  cidr              = "10.30.0.0/16"
  zones             = local.zones
  time_servers      = ["10.0.0.10", "10.0.0.11", "169.254.169.123"]
  flow_log_group    = module.audit.flow_log_group_arn
  flow_log_role_arn = module.audit.flow_log_role_arn
}

module "edge" {
  source = "../../modules/edge"

  name            = local.name
  vpc_id          = module.network.vpc_id
  subnet_ids      = module.network.subnet_ids["public"]
  log_bucket      = module.audit.log_bucket
  waf_log_group   = module.audit.waf_log_group_arn
  certificate_arn = var.certificate_arn
}

module "compute" {
  source = "../../modules/compute"

  name              = local.name
  vpc_id            = module.network.vpc_id
  subnet_ids        = module.network.subnet_ids["app"]
  instance_type     = "m7g.large"
  size              = { min = 3, max = 12 }
  image_id          = var.image_id
  edge_group_id     = module.edge.security_group_id
  target_group_arns = [module.edge.target_group_arn]
  time_servers      = ["169.254.169.123", "10.0.0.10"]
}

module "data" {
  source = "../../modules/data"

  name           = local.name
  vpc_id         = module.network.vpc_id
  subnet_ids     = module.network.subnet_ids["data"]
  instance_class = "db.r7g.large"
  client_groups  = { app = module.compute.security_group_id }
}
