//! The functions that find environments behind principals, ids and accounts, in conditions.

use super::{check, rule_text, run_with};
use crate::graph::{DeclaredEnvironment, EnvironmentSettings};
use crate::rules::Settings;

/// What `environments_named_by` gives for an expression, joined; or the verdict if that is not known.
fn named_by(expression: &str) -> String {
    let config = format!(
        "variable \"v\" {{}}\ndata \"aws_caller_identity\" \"me\" {{}}\ndata \"aws_ssm_parameter\" \"p\" {{}}\n\
         resource \"aws_iam_role\" \"d\" {{\n tags = {{ env = \"dev\" }}\n}}\n\
         resource \"aws_ecr_repository\" \"r\" {{\n name = \"shop\"\n tags = {{ env = \"test\" }}\n}}\n\
         resource \"aws_sns_topic\" \"t\" {{\n name = {expression}\n}}\n"
    );
    let body = "condition = length(environments_named_by(self.name, \"aws_ecr_repository\")) == 99\n\
                error_message = join(\" \", environments_named_by(self.name, \"aws_ecr_repository\"))";
    let rule = rule_text(&format!("check \"aws_sns_topic\" {{\n{body}\n}}"));
    let declared = |name: &str, account: &str| DeclaredEnvironment {
        name: name.into(),
        accounts: vec![account.to_owned()],
        ..DeclaredEnvironment::default()
    };
    let declared = vec![declared("prod", "111122223333"), declared("dev", "444455556666"), declared("test", "acme-x")];
    let environments = EnvironmentSettings { declared, ..EnvironmentSettings::default() };
    let settings = Settings { environments, ..Settings::default() };
    let run = run_with(&[("seg/x.hcl", &rule)], &[("main.tf", &config)], &settings);
    assert!(run.judged.errors.is_empty(), "{:#?}", run.judged.errors);
    let finding = run.judged.findings.first().unwrap();
    match finding.verdict.as_str() {
        "fail" => finding.message.trim_matches('"').to_owned(),
        other => other.to_owned(),
    }
}

#[test]
fn principals_belong_to_the_environment_of_instance_account_or_name() {
    for (expression, expected) in [
        ("aws_iam_role.d.arn", "dev"),
        ("aws_ecr_repository.r.name", "test"),
        ("\"arn:aws:iam::111122223333:role/dev-x\"", "prod"),
        ("\"444455556666\"", "dev"),
        ("\"arn:aws:iam::999999999999:role/prod-deploy\"", "prod"),
        ("\"arn:aws:iam::999999999999:role/x\"", ""),
        ("\"arn:aws:iam::${var.v}:role/prod-deploy\"", "prod"),
        ("\"serviceAccount:a@acme-x.iam.gserviceaccount.com\"", "test"),
        ("\"serviceAccount:a@shop-dev.iam.gserviceaccount.com\"", "dev"),
        ("\"serviceAccount:ci-prod@shop.iam.gserviceaccount.com\"", "prod"),
        ("\"group:dev-team@example.org\"", ""),
        ("\"ec2.amazonaws.com\"", ""),
        ("\"arn:aws:iam::${data.aws_caller_identity.me.account_id}:root\"", ""),
        ("data.aws_ssm_parameter.p.value", "undetermined"),
        ("var.v", "undetermined"),
    ] {
        assert_eq!(named_by(expression), expected, "{expression}");
    }
}

#[test]
fn accounts_are_told_apart_by_what_is_written_of_them() {
    let config = r#"
provider "aws" {
  profile = "one"
}
provider "aws" {
  alias = "other"
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/x"
  }
}
resource "aws_sns_topic" "a" {
  tags = { env = "dev" }
}
resource "aws_sns_topic" "b" {
  provider = aws.other
  tags     = { env = "prod" }
}
resource "google_project" "p" {
  project_id = "acme-test"
}
resource "google_storage_bucket" "c" {
  project = "acme-test"
}
"#;
    let shown =
        "join(\" \", [for it in account_environments() : \"${it.account}=${join(\",\", it.environments[*].name)}\"])";
    let body = format!("condition = self.name == \"x\"\nerror_message = {shown}");
    let run = check("aws_sns_topic", &body, config);
    assert_eq!(run.judged.findings[0].message, "111122223333=prod acme-test=test one=dev");
}
