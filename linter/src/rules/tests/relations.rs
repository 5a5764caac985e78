//! Joins in rules.

use super::check;

/// The verdicts of a condition on all buckets of a configuration.
fn buckets(condition: &str, config: &str) -> Vec<String> {
    let run = check("aws_s3_bucket", &format!("condition = {condition}\nerror_message = \"x\""), config);
    assert!(run.judged.errors.is_empty(), "{:#?}", run.judged.errors);
    run.judged.findings.iter().map(|it| format!("{} {}", it.verdict.as_str(), it.address)).collect()
}

const VERSIONED: &str = "has_related(self, \"aws_s3_bucket_versioning\", \"bucket\")";

#[test]
fn ids_names_and_arns_join() {
    for key in ["aws_s3_bucket.a.id", "aws_s3_bucket.a.bucket", "\"logs\"", "\"${aws_s3_bucket.a.arn}\""] {
        let config = format!(
            "resource \"aws_s3_bucket\" \"a\" {{\n bucket = \"logs\"\n}}\nresource \"aws_s3_bucket\" \"b\" {{\n bucket = \"other\"\n}}\n\
             resource \"aws_s3_bucket_versioning\" \"v\" {{\n bucket = {key}\n}}\n"
        );
        assert_eq!(buckets(VERSIONED, &config), ["fail aws_s3_bucket.b"], "{key}");
    }
}

#[test]
fn joins_go_through_for_each_and_nested_blocks() {
    let config = r#"
resource "aws_s3_bucket" "a" {
  for_each = toset(["x", "y"])
  bucket   = each.key
}
resource "aws_s3_bucket_versioning" "v" {
  for_each = { x = aws_s3_bucket.a["x"].id }
  bucket   = each.value
}
"#;
    assert_eq!(buckets(VERSIONED, config), ["fail aws_s3_bucket.a[\"y\"]"]);
    let nested = r#"
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket_replication_configuration" "r" {
  bucket = aws_s3_bucket.a.id
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.b.arn
    }
  }
}
"#;
    let target = "has_related(self, \"aws_s3_bucket_replication_configuration\", \"rule.destination.bucket\")";
    assert_eq!(buckets(target, nested), ["fail aws_s3_bucket.a"]);
}

#[test]
fn keys_that_are_not_known_leave_joins_open() {
    let config = |key: &str| {
        format!(
            "variable \"name\" {{}}\nvariable \"n\" {{}}\nresource \"aws_s3_bucket\" \"a\" {{\n bucket = \"logs\"\n}}\n\
             resource \"aws_s3_bucket_versioning\" \"v\" {{\n {key}\n}}\n"
        )
    };
    assert_eq!(buckets(VERSIONED, &config("bucket = var.name")), ["undetermined aws_s3_bucket.a"]);
    assert_eq!(buckets(VERSIONED, &config("bucket = \"x-${var.name}\"")), ["fail aws_s3_bucket.a"]);
    assert_eq!(buckets(VERSIONED, &config("count = var.n\n bucket = \"logs\"")), ["undetermined aws_s3_bucket.a"]);
    assert_eq!(buckets(VERSIONED, &config("bucket = aws_s3_bucket.a.id")), Vec::<String>::new());
}

#[test]
fn related_instances_can_be_looked_into() {
    let config = r#"
variable "n" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.a.id
  versioning_configuration {
    status = "Suspended"
  }
}
"#;
    let enabled = "anytrue([for v in related(self, \"aws_s3_bucket_versioning\", \"bucket\") : v.versioning_configuration[0].status == \"Enabled\"])";
    assert_eq!(buckets(enabled, config), ["fail aws_s3_bucket.a"]);
    let open = config.replace("  bucket = aws", "  count = var.n\n  bucket = aws").replace("Suspended", "Enabled");
    assert_eq!(buckets(enabled, &open), ["undetermined aws_s3_bucket.a"]);
    let none = "length(related(self, \"aws_s3_bucket_versioning\", \"bucket\")) <= 1";
    assert_eq!(buckets(none, config), Vec::<String>::new());
}

#[test]
fn references_lead_to_instances() {
    let config = r#"
resource "aws_lb" "a" {
  internal = true
}
resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.a.arn
}
"#;
    let body = "condition = one(referenced(self.load_balancer_arn, \"aws_lb\")).internal == false\nerror_message = \"${address(self)}\"";
    assert_eq!(check("aws_lb_listener", body, config).lines(), ["fail 6 aws_lb_listener.l: aws_lb_listener.l"]);
}

#[test]
fn old_names_of_types_are_the_same_types() {
    let config = "resource \"aws_alb\" \"a\" {}\nresource \"aws_lb\" \"b\" {}\n";
    let run = check("aws_lb", "condition = length(resources(\"aws_lb\")) != 2\nerror_message = \"x\"", config);
    assert_eq!(run.judged.findings.len(), 2);
}

#[test]
fn environments_are_found_by_tag_and_default_tags() {
    let config = r#"
provider "aws" {
  default_tags {
    tags = { env = "production" }
  }
}
variable "v" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket" "b" {
  tags = { env = "dev" }
}
resource "aws_s3_bucket" "c" {
  tags = { env = var.v }
}
"#;
    assert_eq!(
        buckets("in_environment(self, \"prod\")", config),
        ["fail aws_s3_bucket.b", "undetermined aws_s3_bucket.c"]
    );
    assert_eq!(buckets("environments() == [\"dev\", \"prod\"]", config), Vec::<String>::new());
    assert_eq!(buckets("length(tags_of(self)) == 1", config), Vec::<String>::new());
}

#[test]
fn what_a_value_may_point_at_stays_open() {
    let config = "variable \"name\" {}\nresource \"aws_s3_bucket\" \"a\" {\n bucket = \"logs\"\n}\n\
                  resource \"aws_s3_bucket_logging\" \"l\" {\n bucket = \"assets\"\n target_bucket = var.name\n}\n";
    for condition in [
        "!anytrue([for bucket in referenced(self.target_bucket, \"aws_s3_bucket\") : address(bucket) == \"aws_s3_bucket.a\"])",
        "alltrue([for bucket in referenced(self.target_bucket, \"aws_s3_bucket\") : has_related(bucket, \"aws_s3_bucket_logging\", \"bucket\")])",
        "alltrue([for bucket in referenced(self.target_bucket, \"aws_s3_bucket\") : environment_of(bucket) == \"prod\"])",
    ] {
        let run = check("aws_s3_bucket_logging", &format!("condition = {condition}\nerror_message = \"x\""), config);
        assert!(run.judged.errors.is_empty(), "{:#?}", run.judged.errors);
        assert_eq!(run.verdicts(), ["undetermined 5"], "{condition}");
    }
    let nothing_of_the_type = "!anytrue([for bucket in referenced(self.target_bucket, \"aws_s3_bucket\") : has_related(bucket, \"aws_s3_bucket_versioning\", \"bucket\")])";
    let run =
        check("aws_s3_bucket_logging", &format!("condition = {nothing_of_the_type}\nerror_message = \"x\""), config);
    assert_eq!(run.lines(), Vec::<String>::new());
}

#[test]
fn what_configures_one_device_is_found_by_provider_and_name() {
    let config = r#"
variable "v" {}
provider "iosxe" {
  alias = "other"
}
resource "iosxe_system" "a" {
  device = "a"
}
resource "iosxe_system" "b" {
  device = "b"
}
resource "iosxe_system" "c" {
}
resource "iosxe_system" "d" {
  provider = iosxe.other
  device   = "a"
}
resource "iosxe_ntp" "a" {
  device = "a"
}
EXTRA
"#;
    let verdicts = |extra: &str| {
        let body = "attributes = [\"device\"]\ncondition = length(of_same_device(self, [\"iosxe_ntp\"])) > 0\nerror_message = \"x\"";
        let run = check("iosxe_system", body, &config.replace("EXTRA", extra));
        let show = |it: &crate::diagnostic::Finding| format!("{} {}", it.verdict.as_str(), it.address);
        run.judged.findings.iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(""), ["fail iosxe_system.b", "fail iosxe_system.c", "fail iosxe_system.d"]);
    let open = "resource \"iosxe_ntp\" \"b\" {\n device = var.v\n}";
    assert_eq!(verdicts(open), ["undetermined iosxe_system.b", "undetermined iosxe_system.c", "fail iosxe_system.d"]);
}
