output "log_bucket" {
  value = aws_s3_bucket.logs.id
}

output "flow_log_group_arn" {
  value = aws_cloudwatch_log_group.flow.arn
}

output "flow_log_role_arn" {
  value = aws_iam_role.flow.arn
}

output "waf_log_group_arn" {
  value = aws_cloudwatch_log_group.waf.arn
}
