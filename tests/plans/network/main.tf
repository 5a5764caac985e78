terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 3.39.0"
    }
  }
}

variable "environment" {
  type    = string
  default = "dev"
}

variable "password" {
  type      = string
  sensitive = true
}

variable "admin_cidrs" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  default_tags {
    tags = {
      Environment = var.environment
    }
  }
}

module "net" {
  source   = "./modules/net"
  for_each = toset(["a", "b"])

  name = each.key
  cidr = each.key == "a" ? "10.0.0.0/16" : "10.1.0.0/16"
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = module.net["a"].vpc_id

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.admin_cidrs
  }

  dynamic "ingress" {
    for_each = [80, 443]
    content {
      from_port       = ingress.value
      to_port         = ingress.value
      protocol        = "tcp"
      security_groups = [aws_security_group.lb.id]
    }
  }
}

resource "aws_security_group" "lb" {
  name_prefix = "lb-"
  vpc_id      = module.net["a"].vpc_id
}

resource "aws_security_group_rule" "lb" {
  type                     = "egress"
  from_port                = 80
  to_port                  = 443
  protocol                 = "tcp"
  security_group_id        = aws_security_group.lb.id
  source_security_group_id = aws_security_group.web.id
}

resource "aws_instance" "web" {
  count                  = 2
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = module.net["a"].subnet_ids[count.index]
  vpc_security_group_ids = [aws_security_group.web.id, aws_security_group.lb.id]
  user_data              = "echo ${var.password}"

  root_block_device {
    encrypted = true
  }

  tags = {
    Name = "web-${count.index}"
  }
}

resource "aws_db_instance" "main" {
  identifier          = "main"
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "admin1"
  password            = var.password
  skip_final_snapshot = true
}

resource "aws_s3_bucket" "logs" {
  bucket_prefix = "logs-"
  versioning {
    enabled = true
  }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "aws:kms"
      }
    }
  }
}

data "aws_iam_policy_document" "known" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "partly" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.logs.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.partly.json
}

resource "aws_iam_policy" "known" {
  name   = "known"
  policy = data.aws_iam_policy_document.known.json
}

resource "aws_s3_bucket" "off" {
  count = 0
}
