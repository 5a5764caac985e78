resource "aws_cloudwatch_log_group" "trail" {
  name              = "/${var.name}/trail"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = var.retention_days
}

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/${var.name}/flow"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = 30 # planted: log/retention
}

# Web firewalls write only to groups whose name begins so.
resource "aws_cloudwatch_log_group" "waf" {
  name              = "aws-waf-logs-${var.name}"
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = var.retention_days
}

data "aws_iam_policy_document" "assume" {
  for_each = toset(["cloudtrail", "vpc-flow-logs"])

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "trail" {
  name               = "${var.name}-trail"
  assume_role_policy = data.aws_iam_policy_document.assume["cloudtrail"].json
}

resource "aws_iam_role" "flow" {
  name               = "${var.name}-flow"
  assume_role_policy = data.aws_iam_policy_document.assume["vpc-flow-logs"].json
}

resource "aws_iam_role_policy" "write" {
  for_each = {
    trail = { role = aws_iam_role.trail.id, group = aws_cloudwatch_log_group.trail.arn }
    flow  = { role = aws_iam_role.flow.id, group = aws_cloudwatch_log_group.flow.arn }
  }

  name = "write"
  role = each.value.role
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${each.value.group}:*"
    }]
  })
}
