# What an attribute of an aws resource means when it is not written.
# `source` says where that is documented; `since` and `until` are major versions of the provider.

default "aws_lb_listener" {
  attribute = "protocol"
  value     = "HTTP"
  source    = "Elastic Load Balancing: an application load balancer's listener without protocol"
}

default "aws_lb_listener" {
  attribute = "ssl_policy"
  value     = "ELBSecurityPolicy-2016-08"
  source    = "provider documentation, aws_lb_listener: ssl_policy"
}
