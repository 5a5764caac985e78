# What an intruder does first, told at once.

locals {
  tampering = {
    root   = { detail = { userIdentity = { type = ["Root"] } } }
    denied = { detail = { errorCode = ["AccessDenied", "Client.UnauthorizedOperation"] } }
    rights = { source = ["aws.iam"], detail = { eventName = [{ prefix = "Attach" }, { prefix = "Put" }, { prefix = "Create" }] } }
    logs = {
      detail = { eventName = ["StopLogging", "DeleteTrail", "DeleteFlowLogs", "PutBucketPolicy", "DisableKey", "ScheduleKeyDeletion"] }
    }
    network = {
      detail = {
        eventName = [
          "AuthorizeSecurityGroupIngress", "CreateNetworkAclEntry", "ReplaceNetworkAclEntry", "CreateRoute", "ReplaceRoute",
          "CreateVpc", "DeleteVpc", "AcceptVpcPeeringConnection",
        ]
      }
    }
  }
}

resource "aws_cloudwatch_event_rule" "tampering" {
  for_each = local.tampering

  name          = "${var.name}-${each.key}"
  event_pattern = jsonencode(each.value)
}

resource "aws_cloudwatch_event_target" "tampering" {
  for_each = aws_cloudwatch_event_rule.tampering

  rule = each.value.name
  arn  = aws_sns_topic.alarms.arn
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = aws_kms_key.logs.arn
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

data "aws_iam_policy_document" "alarms" {
  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "EventsPublish"
    effect    = "Allow"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}
