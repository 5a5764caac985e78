//! Where findings point, what they are related to, and what identifies them.

use super::{check, rule_text, run_with};
use crate::rules::Settings;

#[test]
fn the_false_operand_is_pointed_at() {
    let config = "resource \"aws_db_instance\" \"x\" {\n  multi_az = true\n  engine   = \"mysql\"\n  publicly_accessible = true\n}\n";
    let cases = [
        ("self.multi_az && !self.publicly_accessible", "fail 4"),
        ("!(self.multi_az && self.publicly_accessible)", "fail 2"),
        ("self.engine == \"postgres\" || !self.multi_az", "fail 3"),
        ("self.storage_encrypted", "fail 1"),
        ("self.storage_encrypted || self.engine == \"x\"", "fail 3"),
        ("local.ok", "fail 4"),
        ("self.multi_az ? !self.publicly_accessible : false", "fail 4"),
        ("alltrue([for x in [self.engine] : x == \"postgres\"])", "fail 3"),
    ];
    for (condition, expected) in cases {
        let body =
            format!("locals {{\n  ok = !self.publicly_accessible\n}}\ncondition = {condition}\nerror_message = \"x\"");
        assert_eq!(check("aws_db_instance", &body, config).verdicts(), [expected], "{condition}");
    }
}

#[test]
fn a_rule_can_say_where_to_point() {
    let config = "resource \"aws_db_instance\" \"x\" {\n  multi_az = false\n  engine   = \"mysql\"\n}\n";
    let body = |at: &str| format!("condition = self.multi_az\nat = {at}\nerror_message = \"x\"");
    assert_eq!(check("aws_db_instance", &body("self.engine"), config).verdicts(), ["fail 3"]);
    assert_eq!(check("aws_db_instance", &body("self.iops"), config).verdicts(), ["fail 1"]);
    assert_eq!(check("aws_db_instance", &body("self"), config).verdicts(), ["fail 1"]);
}

#[test]
fn values_are_followed_to_where_they_come_from() {
    let main =
        "module \"db\" {\n  source = \"./db\"\n  public = var.public\n}\nvariable \"public\" {\n  default = true\n}\n";
    let module =
        "variable \"public\" {}\nresource \"aws_db_instance\" \"x\" {\n  publicly_accessible = var.public\n}\n";
    let rule =
        rule_text("check \"aws_db_instance\" {\ncondition = !self.publicly_accessible\nerror_message = \"public\"\n}");
    let run = run_with(&[("net/x.hcl", &rule)], &[("main.tf", main), ("db/main.tf", module)], &Settings::default());
    let finding = &run.judged.findings[0];
    assert_eq!(finding.address, "module.db.aws_db_instance.x");
    assert!(finding.location.as_ref().unwrap().file.ends_with("db/main.tf"));
    let related: Vec<_> = finding.related.iter().map(|it| (it.location.start.line, it.message.as_str())).collect();
    assert!(related.iter().any(|(_, text)| text.contains("default")), "{related:?}");
    assert!(related.contains(&(1, "in the module called here")), "{related:?}");
    assert!(finding.because.contains(&"var.public".to_owned()), "{:?}", finding.because);
}

#[test]
fn items_written_elsewhere_are_pointed_at_where_they_are_used() {
    let config = r#"
locals {
  cidrs = ["10.0.0.0/8", "0.0.0.0/0"]
}
resource "aws_security_group_rule" "x" {
  type        = "ingress"
  cidr_blocks = local.cidrs
}
resource "aws_security_group_rule" "y" {
  type = "ingress"
  cidr_blocks = [
    "10.0.0.0/8",
    "0.0.0.0/0",
  ]
}
"#;
    let body = "for_each = self.cidr_blocks\ncondition = each.value != \"0.0.0.0/0\"\nerror_message = \"x\"";
    assert_eq!(check("aws_security_group_rule", body, config).verdicts(), ["fail 7", "fail 13"]);
}

#[test]
fn secrets_do_not_reach_messages() {
    let config = "variable \"s\" {\n  default = \"hunter2\"\n  sensitive = true\n}\nresource \"aws_db_instance\" \"x\" {\n  engine = var.s\n}\n";
    let run = check(
        "aws_db_instance",
        "condition = self.engine == \"x\"\nerror_message = \"engine ${self.engine} and ${upper(self.engine)}\"",
        config,
    );
    assert_eq!(run.judged.findings[0].message, "engine (sensitive value) and (sensitive value)");
    assert!(!format!("{:?}", run.judged.findings).contains("hunter2"));
}

#[test]
fn messages_show_values_for_people() {
    let config = "variable \"v\" {}\nresource \"aws_vpc\" \"v\" {}\nresource \"aws_subnet\" \"x\" {\n  vpc_id = aws_vpc.v.id\n  availability_zone = \"${var.v}a\"\n}\n";
    let body = "condition = false\nerror_message = \"${self.vpc_id}, ${self.availability_zone}, ${self.cidr_block}, ${[1, \"b\"]}, ${self.map_public_ip_on_launch}\"";
    assert_eq!(
        check("aws_subnet", body, config).judged.findings[0].message,
        "aws_vpc.v.id, ${var.v}a, not set, [1, \"b\"], false by default"
    );
}

/// Fingerprints of the findings on a configuration.
fn fingerprints(config: &str) -> Vec<String> {
    let rule = rule_text(
        "check \"aws_security_group\" {\nfor_each = self.ingress\ncondition = each.value.from_port != 22\nerror_message = \"x\"\n}",
    );
    let run = run_with(&[("net/x.hcl", &rule)], &[("main.tf", config)], &Settings::default());
    run.judged.findings.into_iter().map(|it| it.fingerprint).collect()
}

const SSH: &str = "ingress {\n from_port = 22\n to_port = 22\n protocol = \"tcp\"\n}\n";
const WEB: &str = "ingress {\n from_port = 80\n to_port = 80\n protocol = \"tcp\"\n}\n";

#[test]
fn fingerprints_stay_when_lines_move_and_resources_are_renamed() {
    let group = |name: &str, inner: &str| format!("resource \"aws_security_group\" \"{name}\" {{\n{inner}}}\n");
    let first = fingerprints(&group("x", SSH));
    assert_eq!(first.len(), 1);
    assert_eq!(fingerprints(&format!("# a comment\n\n{}", group("x", SSH))), first);
    assert_eq!(fingerprints(&group("x", &format!("{WEB}{SSH}"))), first);
    let moved = format!("{}moved {{\n from = aws_security_group.x\n to = aws_security_group.y\n}}\n", group("y", SSH));
    assert_eq!(fingerprints(&moved), first);
    assert_ne!(fingerprints(&group("y", SSH)), first);
    let twice = fingerprints(&group("x", &format!("{SSH}{SSH}")));
    assert_eq!((twice.len(), &twice[0]), (2, &first[0]));
    assert_ne!(twice[0], twice[1]);
}
