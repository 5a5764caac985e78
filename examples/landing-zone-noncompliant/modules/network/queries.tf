# What machines ask the resolver, beside what they send.

resource "aws_route53_resolver_query_log_config" "this" {
  name            = var.name
  destination_arn = var.flow_log_group
}

resource "aws_route53_resolver_query_log_config_association" "this" {
  resolver_query_log_config_id = aws_route53_resolver_query_log_config.this.id
  resource_id                  = aws_vpc.this.id
}
