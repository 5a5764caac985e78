# The company's site, and what reporting reads from elsewhere.

data "terraform_remote_state" "figures" {
  backend = "s3"

  # planted: seg/no-cross-env-remote-state
  config = {
    bucket = "acme-dev-tfstate"
    key    = "landing-zone.tfstate"
    region = "eu-west-1"
  }
}

# planted: log/edge-and-api net/waf-on-public-http
resource "aws_cloudfront_distribution" "site" {
  enabled = true

  origin {
    domain_name = "origin.example.org"
    origin_id   = "origin"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior { # planted: tls/hsts
    target_origin_id       = "origin"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    viewer_protocol_policy = "allow-all" # planted: tls/cdn-viewer
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn      = var.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

# planted: ntp/host-source-known
resource "aws_instance" "reporting" {
  ami           = var.image_id
  instance_type = "t3.large"
  subnet_id     = module.network.subnet_ids["app"][0]
}

resource "aws_vpc_dhcp_options" "site" {
  ntp_servers = ["10.0.0.10", "129.6.15.28"] # planted: ntp/dhcp-options-agreed-source ntp/enough-sources
}
