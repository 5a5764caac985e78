//! Policies in every form.

use crate::rules::tests::check;

/// Whether a condition on a bucket policy holds: `pass`, `fail` or `undetermined`.
fn verdict(condition: &str, policy: &str) -> String {
    let config = format!("variable \"v\" {{}}\nresource \"aws_s3_bucket_policy\" \"x\" {{\n  policy = {policy}\n}}\n");
    let run = check("aws_s3_bucket_policy", &format!("condition = {condition}\nerror_message = \"x\""), &config);
    assert!(run.judged.errors.is_empty(), "{:#?}", run.judged.errors);
    run.judged.findings.first().map_or("pass", |finding| finding.verdict.as_str()).to_owned()
}

const PUBLIC: &str = "jsonencode({ Statement = { Effect = \"Allow\", Principal = \"*\", Action = \"s3:GetObject\", Resource = \"*\" } })";

#[test]
fn policies_are_read_in_every_form() {
    let text = r#""{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"*\"]},\"Action\":[\"s3:*\"],\"Resource\":\"*\"}]}""#;
    let heredoc = "<<EOT\n{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"*\"}, \"Action\": \"s3:Get*\", \"Resource\": \"${var.v}/*\"}}\nEOT\n";
    let partly = "jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"s3:GetObject\", Resource = var.v }] })";
    for policy in [PUBLIC, text, heredoc, partly] {
        assert_eq!(verdict("!policy_is_public(self.policy)", policy), "fail", "{policy}");
        assert_eq!(verdict("policy_allows(self.policy, \"s3:getobject\")", policy), "pass", "{policy}");
        assert_eq!(
            verdict("policy_allows(self.policy, \"s3:PutObject\", \"*\")", &policy.replace("s3:*", "s3:Get*")),
            "fail",
            "{policy}"
        );
        assert_eq!(verdict("length(policy_statements(self.policy)) == 1", policy), "pass", "{policy}");
        assert_eq!(verdict("policy_statements(self.policy)[0].principals == [\"*\"]", policy), "pass", "{policy}");
    }
}

#[test]
fn what_is_not_known_of_a_policy_stays_open() {
    assert_eq!(verdict("policy_is_public(self.policy)", "var.v"), "undetermined");
    let principal = "jsonencode({ Statement = [{ Effect = \"Allow\", Principal = { AWS = var.v }, Action = \"s3:GetObject\", Resource = \"*\" }] })";
    assert_eq!(verdict("!policy_is_public(self.policy)", principal), "undetermined");
    assert_eq!(verdict("policy_allows(self.policy, \"s3:GetObject\")", principal), "pass");
    assert_eq!(verdict("policy_allows(self.policy, \"s3:PutObject\")", principal), "fail");
    let actions = "jsonencode({ Statement = [{ Effect = \"Allow\", Action = toset(var.v), Resource = \"*\" }] })";
    let condition = "anytrue([for action in policy_statements(self.policy)[0].actions : lower(action) == \"s3:*\"])";
    assert_eq!(verdict(condition, actions), "undetermined");
    assert_eq!(verdict("policy_is_public(self.policy)", "null"), "fail");
    assert_eq!(verdict("policy_is_public(self.policy)", "\"not json\""), "undetermined");
}

#[test]
fn conditions_that_limit_make_a_policy_private() {
    let with = |condition: &str| {
        format!(
            "jsonencode({{ Statement = {{ Effect = \"Allow\", Principal = \"*\", Action = \"s3:*\", Resource = \"*\", Condition = {condition} }} }})"
        )
    };
    assert_eq!(
        verdict("policy_is_public(self.policy)", &with("{ StringEquals = { \"aws:SourceVpce\" = \"vpce-1\" } }")),
        "fail"
    );
    assert_eq!(
        verdict("policy_is_public(self.policy)", &with("{ IpAddress = { \"aws:SourceIp\" = [\"0.0.0.0/0\"] } }")),
        "pass"
    );
    assert_eq!(
        verdict("policy_is_public(self.policy)", &with("{ Bool = { \"aws:SecureTransport\" = \"true\" } }")),
        "pass"
    );
}

#[test]
fn denying_without_tls_is_seen() {
    let with = |effect: &str, value: &str| {
        format!(
            "jsonencode({{ Statement = [{{ Effect = \"{effect}\", Principal = \"*\", Action = \"s3:*\", Resource = \"*\", Condition = {{ Bool = {{ \"aws:SecureTransport\" = {value} }} }} }}] }})"
        )
    };
    assert_eq!(verdict("policy_requires_tls(self.policy)", &with("Deny", "\"false\"")), "pass");
    assert_eq!(verdict("policy_requires_tls(self.policy)", &with("Deny", "false")), "pass");
    assert_eq!(verdict("policy_requires_tls(self.policy)", &with("Allow", "\"false\"")), "fail");
    assert_eq!(verdict("policy_requires_tls(self.policy)", PUBLIC), "fail");
}

#[test]
fn not_action_covers_all_others() {
    let policy = "jsonencode({ Statement = { Effect = \"Allow\", Principal = \"*\", NotAction = \"s3:Delete*\", Resource = \"*\" } })";
    assert_eq!(verdict("policy_allows(self.policy, \"s3:GetObject\")", policy), "pass");
    assert_eq!(verdict("policy_allows(self.policy, \"s3:DeleteObject\")", policy), "fail");
}

#[test]
fn policy_documents_are_policies() {
    let config = r#"
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_s3_bucket" "b" {}
data "aws_iam_policy_document" "e" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
resource "aws_s3_bucket_policy" "x" {
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_s3_bucket_policy" "y" {
  policy = data.aws_iam_policy_document.e.json
}
"#;
    let run =
        check("aws_s3_bucket_policy", "condition = !policy_is_public(self.policy)\nerror_message = \"x\"", config);
    assert_eq!(run.verdicts(), ["fail 30"]);
    let run =
        check("aws_s3_bucket_policy", "condition = policy_requires_tls(self.policy)\nerror_message = \"x\"", config);
    assert_eq!(run.verdicts(), ["fail 30"]);
}

#[test]
fn values_are_held_to_schemas() {
    let policy = "jsonencode({ Version = \"2012-10-17\" })";
    assert_eq!(verdict("matches_schema(self.policy, { type = \"object\", required = [\"Version\"] })", policy), "pass");
    assert_eq!(verdict("matches_schema(self.policy, { type = \"object\", required = [\"Id\"] })", policy), "fail");
    assert_eq!(verdict("matches_schema(self.policy, { type = \"object\" })", "var.v"), "undetermined");
}
