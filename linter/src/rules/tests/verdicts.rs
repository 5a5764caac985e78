//! Verdicts: three-valued conditions, `when`, `for_each`, asserts, defaults.

use super::{check, rule_text, run_with};
use crate::diagnostic::Severity;
use crate::rules::Settings;

const MESSAGE: &str = "error_message = \"no\"\n";

/// The verdicts of a condition on one `aws_db_instance` with this in it.
fn verdicts(condition: &str, inside: &str) -> Vec<String> {
    let config = format!("variable \"v\" {{}}\nresource \"aws_db_instance\" \"x\" {{\n{inside}\n}}\n");
    let run = check("aws_db_instance", &format!("condition = {condition}\n{MESSAGE}"), &config);
    assert!(run.judged.errors.is_empty(), "{:#?}", run.judged.errors);
    run.judged.findings.iter().map(|it| it.verdict.as_str().to_owned()).collect()
}

#[test]
fn conditions_are_three_valued_and_take_null_without_guards() {
    let cases: &[(&str, &str, &str)] = &[
        ("self.multi_az", "multi_az = true", ""),
        ("self.multi_az", "multi_az = false", "fail"),
        ("self.multi_az", "multi_az = var.v", "undetermined"),
        ("self.multi_az || true", "multi_az = var.v", ""),
        ("self.multi_az && false", "multi_az = var.v", "fail"),
        ("!self.multi_az", "multi_az = var.v", "undetermined"),
        ("alltrue([self.multi_az, false])", "multi_az = var.v", "fail"),
        ("anytrue([self.multi_az, true])", "multi_az = var.v", ""),
        ("self.monitoring_interval >= 5", "", "fail"),
        ("self.monitoring_interval < 5", "", "fail"),
        ("!self.iops", "", ""),
        ("self.iops == null", "", ""),
        ("contains(self.enabled_cloudwatch_logs_exports, \"audit\")", "", "fail"),
        ("length(self.enabled_cloudwatch_logs_exports) == 0", "", ""),
        ("alltrue([for x in self.enabled_cloudwatch_logs_exports : x == \"a\"])", "", ""),
        ("startswith(self.engine, \"postgres\")", "", "fail"),
        ("upper(self.engine) == null", "", ""),
        ("self.restore_to_point_in_time[0].use_latest_restorable_time == true", "", "fail"),
        ("length(self.restore_to_point_in_time) == 0", "", ""),
        ("self.backup_retention_period == 0", "", ""),
        ("self.backup_retention_period >= 30", "backup_retention_period = var.v", "undetermined"),
        ("contains([\"a\", self.engine], \"a\")", "engine = var.v", ""),
        ("default(self.iops, 3) == 3", "", ""),
        ("self.iops == null ? true : false", "", ""),
    ];
    for (condition, inside, expected) in cases {
        let expected: Vec<String> = expected.split_whitespace().map(str::to_owned).collect();
        assert_eq!(verdicts(condition, inside), expected, "{condition} with {inside:?}");
    }
}

#[test]
fn an_unknown_when_leaves_only_failures_open() {
    let config = "variable \"v\" {}\nresource \"aws_db_instance\" \"x\" {\n  engine = var.v\n}\n";
    let body = |condition: &str| format!("when = self.engine == \"mysql\"\ncondition = {condition}\n{MESSAGE}");
    assert_eq!(check("aws_db_instance", &body("false"), config).verdicts(), ["undetermined 3"]);
    let passed = check("aws_db_instance", &body("true"), config);
    assert_eq!((passed.judged.findings.len(), passed.judged.pass), (0, 1));
}

#[test]
fn a_false_when_is_not_applicable() {
    let run = check(
        "aws_db_instance",
        &format!("when = false\ncondition = false\n{MESSAGE}"),
        "resource \"aws_db_instance\" \"x\" {}\n",
    );
    assert_eq!((run.judged.pass, run.judged.not_applicable, run.judged.findings.len()), (0, 1, 0));
}

#[test]
fn each_element_is_judged_by_itself() {
    let config = r#"
variable "v" {}
resource "aws_security_group" "x" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 81
    to_port     = 81
    protocol    = "tcp"
    cidr_blocks = [var.v]
  }
}
"#;
    let body = "for_each = self.ingress\ncondition = !contains(each.value.cidr_blocks, \"0.0.0.0/0\")\n\
                error_message = \"port ${each.value.from_port}\"";
    let run = check("aws_security_group", body, config);
    assert_eq!(run.lines()[0], "fail 14 aws_security_group.x: port 80");
    assert_eq!(run.verdicts(), ["fail 14", "undetermined 20"]);
    assert_eq!(run.judged.findings[1].because, ["var.v has no value"]);
}

#[test]
fn blocks_that_may_be_written_any_number_of_times_are_wrong_each_time() {
    let config = r#"
variable "ports" {}
resource "aws_security_group" "x" {
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
"#;
    let body = "for_each = self.ingress\ncondition = !contains(each.value.cidr_blocks, \"0.0.0.0/0\")\n\
                error_message = \"port ${each.value.from_port}\"";
    assert_eq!(check("aws_security_group", body, config).verdicts(), ["fail 10"]);
    let port = "for_each = self.ingress\ncondition = each.value.from_port != 22\nerror_message = \"x\"";
    assert_eq!(check("aws_security_group", port, config).verdicts(), ["undetermined 7"]);
}

#[test]
fn asserts_are_judged_apart_and_locals_are_shared() {
    let body = r#"
  locals {
    days = self.backup_retention_period
    long = local.days >= 30
  }
  assert {
    condition     = local.long
    error_message = "kept ${local.days} days"
  }
  assert {
    when          = self.engine == "mysql"
    condition     = false
    error_message = "never"
  }
  assert {
    condition     = self.multi_az
    error_message = "one zone"
    severity      = "low"
    help          = "Set multi_az."
  }
"#;
    let config = "resource \"aws_db_instance\" \"x\" {\n  backup_retention_period = 7\n}\n";
    let run = check("aws_db_instance", body, config);
    assert_eq!(run.lines(), ["fail 2 aws_db_instance.x: kept 7 days", "fail 1 aws_db_instance.x: one zone"]);
    assert_eq!(run.judged.findings[1].severity, Severity::Low);
    assert_eq!(run.judged.findings[1].help.as_deref(), Some("Set multi_az."));
}

#[test]
fn what_is_omitted_has_the_default_of_the_providers_version() {
    let message = "condition = self.encrypted == true\nerror_message = \"encrypted is ${self.encrypted}\"";
    let config = |version: &str| {
        format!(
            "terraform {{\n  required_providers {{\n    aws = {{\n      source = \"hashicorp/aws\"\n      version = \"{version}\"\n    }}\n  }}\n}}\n\
             resource \"aws_redshift_cluster\" \"x\" {{}}\n"
        )
    };
    assert_eq!(
        check("aws_redshift_cluster", message, &config("~> 5.0")).lines(),
        ["fail 9 aws_redshift_cluster.x: encrypted is false by default"]
    );
    assert!(check("aws_redshift_cluster", message, &config("~> 6.0")).lines().is_empty());
}

#[test]
fn instances_that_may_not_exist_still_fail() {
    let config = "variable \"n\" {}\nresource \"aws_db_instance\" \"x\" {\n  count    = var.n\n  multi_az = false\n}\n";
    let run = check("aws_db_instance", &format!("condition = self.multi_az\n{MESSAGE}"), config);
    assert_eq!(run.verdicts(), ["fail 4"]);
}

#[test]
fn a_mistake_in_a_rule_is_told_and_decides_nothing() {
    let config = "resource \"aws_db_instance\" \"x\" {}\nresource \"aws_db_instance\" \"y\" {}\n";
    let run = check("aws_db_instance", &format!("condition = self.address.a.b\n{MESSAGE}"), config);
    assert_eq!(run.verdicts(), ["fail 1", "fail 2"], "null has no attributes and is not true");
    let run = check("aws_db_instance", &format!("condition = \"x\" + 1\n{MESSAGE}"), config);
    assert_eq!(run.verdicts(), ["undetermined 1", "undetermined 2"]);
    assert!(run.judged.errors[0].message.starts_with("Rule tls/x could not judge aws_db_instance.x: "));
}

#[test]
fn severity_is_lowered_outside_production() {
    let rule = rule_text("check \"aws_db_instance\" {\ncondition = false\nerror_message = \"x\"\n}");
    let config = "resource \"aws_db_instance\" \"x\" {\n  tags = { Environment = \"dev\" }\n}\n\
                  resource \"aws_db_instance\" \"y\" {\n  tags = { Environment = \"production\" }\n}\n";
    let severities = |id: &str| {
        let run = run_with(&[(&format!("{id}/x.hcl"), &rule)], &[("main.tf", config)], &Settings::default());
        let pair = |it: &crate::diagnostic::Finding| (it.environment.clone().unwrap(), it.severity.as_str());
        run.judged.findings.iter().map(pair).collect::<Vec<_>>()
    };
    assert_eq!(severities("tls"), [("dev".to_owned(), "medium"), ("prod".to_owned(), "high")]);
    assert_eq!(severities("seg"), [("dev".to_owned(), "high"), ("prod".to_owned(), "high")]);
}

#[test]
fn roots_and_providers_are_judged_too() {
    let rule = rule_text(
        "check \"terraform\" {\ncondition = self.backend != null\nerror_message = \"no backend in ${self.path}\"\n}\n\
         check \"provider.aws\" {\ncondition = self.region == \"eu-west-1\"\nerror_message = \"region ${self.region}\"\n}",
    );
    let config = "provider \"aws\" {\n  region = \"us-east-1\"\n}\nprovider \"aws\" {\n  alias = \"w\"\n  region = \"eu-west-1\"\n}\n\
                  resource \"aws_vpc\" \"x\" {}\n";
    let run = run_with(&[("seg/x.hcl", &rule)], &[("main.tf", config)], &Settings::default());
    let lines = run.lines();
    assert!(lines[0].contains("no backend in"), "{lines:?}");
    assert_eq!(lines[1..], ["fail 2 provider.aws: region us-east-1"]);
}
