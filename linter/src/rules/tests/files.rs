//! Rule files: what is refused, and in which words.

use super::{load, rule_text, rules, run_with};
use crate::rules::{RuleOverride, Settings};
use crate::source::SourceMap;
use crate::value::Value;

/// The first thing that is said about a rule.
fn complaint(inner: &str) -> String {
    let sources = SourceMap::default();
    let (set, problems) = load(&[("tls/x.hcl", &rule_text(inner))], &sources);
    assert!(set.is_empty(), "the rule was taken: {inner}");
    let first = &problems[0];
    let place = sources.location(first.span.unwrap()).unwrap();
    format!("{}: {} {}", place.start.line, first.message, first.help.clone().unwrap_or_default())
}

#[test]
fn mistakes_are_told_at_their_place_with_what_was_meant() {
    let check = |inner: &str| format!("check \"aws_lb_listener\" {{\n{inner}\n}}");
    let with = |condition: &str| check(&format!("condition = {condition}\nerror_message = \"x\""));
    let cases: Vec<(String, &str)> = vec![
        ("sumary = \"x\"".to_owned(), "4: There is no attribute \"sumary\" here Did you mean \"summary\"?"),
        ("".to_owned(), "1: The rule checks nothing"),
        (check("condition = true"), "4: This check has no error_message"),
        (check("conditon = true\nerror_message = \"x\""), "5: There is no attribute \"conditon\" here Did you mean \"condition\"?"),
        (with("self.protocl == 1"), "5: There is no attribute \"protocl\" here Did you mean \"protocol\"?"),
        (with("self.default_action[0].redirect[*].protokol == 1"), "5: There is no attribute \"protokol\" here Did you mean \"protocol\"?"),
        (with("alltrue([for a in self.default_action : a.typ == 1])"), "5: There is no attribute \"typ\" here Did you mean \"type\"?"),
        (with("contain([], self.port)"), "5: There is no function contain() Did you mean contains()?"),
        (with("contains([])"), "5: contains() takes 2 arguments, not 1"),
        (with("slef.port == 1"), "5: Nothing is called \"slef\" here Did you mean \"self\"?"),
        (with("params.days > 1"), "5: There is no params.days This rule declares no params."),
        (with("local.x"), "5: There is no local.x"),
        (with("each.value.x"), "5: each can be used only in a check with for_each"),
        (with("has_related(self, \"aws_lb_listener_rul\", \"listener_arn\")"), "5: The attributes of aws_lb_listener_rul are not known Did you mean \"aws_lb_listener_rule\"?"),
        (with("has_related(self, \"aws_lb_listener_rule\", \"listener\")"), "5: There is no attribute \"listener\" here"),
        (with("related(self, \"aws_lb_listener_rule\", \"listener_arn\")[0].priorit == 1"), "5: There is no attribute \"priorit\" here Did you mean \"priority\"?"),
        ("check \"panos_security_policy\" {\ncondition = self.rule == 1\nerror_message = \"x\"\n}".to_owned(), "4: The attributes of panos_security_policy are not known"),
        ("check \"panos_x\" {\nattributes = [\"rule.log\"]\ncondition = self.rule.lag == 1\nerror_message = \"x\"\n}".to_owned(), "6: There is no attribute \"rule.lag\" here Did you mean \"rule.log\"?"),
        ("params = 5\ncheck \"module\" {\ncondition = true\nerror_message = \"x\"\n}".to_owned(), "4: params must be an object"),
        ("check \"aws_lb\" \"aws_alb\" {\ncondition = true\nerror_message = \"x\"\n}".to_owned(), "4: aws_alb is in this check already"),
        ("check \"module\" \"terraform\" {\ncondition = true\nerror_message = \"x\"\n}".to_owned(), "4: \"module\" cannot stand with other types"),
        ("check {\ncondition = true\nerror_message = \"x\"\n}".to_owned(), "4: This check does not say what it checks"),
    ];
    for (inner, expected) in cases {
        let said = complaint(&inner);
        assert!(said.starts_with(expected), "\nexpected {expected}\n     got {said}");
    }
}

#[test]
fn what_is_declared_is_known() {
    let sources = SourceMap::default();
    rules(
        &[(
            "tls/x.hcl",
            &rule_text(
                "attributes = { panos_zone = [\"mode\"] }\ncheck \"panos_policy\" {\nattributes = [\"rule.log\"]\n\
                 condition = self.rule[0].log.x == 1 && has_related(self, \"panos_zone\", \"mode\")\nerror_message = \"x\"\n}",
            ),
        )],
        &sources,
    );
}

#[test]
fn names_of_files_and_rules_agree() {
    let sources = SourceMap::default();
    let (_, problems) =
        load(&[("tls/y.hcl", &rule_text("check \"module\" {\ncondition = true\nerror_message = \"x\"\n}"))], &sources);
    assert_eq!(problems[0].message, "The rule is called \"x\", its file \"y\"");
    let (set, problems) = load(&[("policies/y.hcl", "anything"), ("README.md", "x"), ("tls/z.hcl", "")], &sources);
    assert!(set.is_empty());
    assert_eq!(problems.len(), 1, "{problems:#?}");
}

#[test]
fn rules_can_be_written_in_json() {
    let json = r#"{"rule": {"x": {"summary": "Something is wrong", "severity": "high", "check": {"aws_db_instance": {
        "condition": "${self.multi_az}", "error_message": "engine ${self.engine}"}}}}}"#;
    let config = "resource \"aws_db_instance\" \"x\" {\n  engine = \"mysql\"\n}\n";
    let run = run_with(&[("tls/x.hcl.json", json)], &[("main.tf", config)], &Settings::default());
    assert_eq!(run.lines(), ["fail 1 aws_db_instance.x: engine mysql"]);
}

#[test]
fn settings_select_ignore_and_override() {
    let rule = |name: &str| {
        rule_text("aliases = [\"CKV_1\"]\nparams = { days = 7 }\ncheck \"aws_db_instance\" {\ncondition = self.backup_retention_period >= params.days\nerror_message = \"less than ${params.days}\"\n}")
            .replace("\"x\"", &format!("\"{name}\""))
    };
    let (long, lean) = (rule("lb-a"), rule("vpn"));
    let files = [("tls/lb-a.hcl", long.as_str()), ("log/vpn.hcl", lean.replace("CKV_1", "CKV_2").leak() as &str)];
    let found = |settings: &Settings| {
        let run = run_with(&files, &[("main.tf", "resource \"aws_db_instance\" \"x\" {}\n")], settings);
        let line = |it: &crate::diagnostic::Finding| format!("{} {} {}", it.rule, it.severity, it.message);
        run.judged.findings.iter().map(line).collect::<Vec<_>>()
    };
    let with = |select: &[&str], ignore: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Settings { select: owned(select), ignore: owned(ignore), ..Settings::default() }
    };
    assert_eq!(found(&with(&[], &[])).len(), 2);
    assert_eq!(found(&with(&["tls"], &[])), ["tls/lb-a high less than 7"]);
    assert_eq!(found(&with(&["tls/lb-*"], &[])), ["tls/lb-a high less than 7"]);
    assert_eq!(found(&with(&["ckv_2"], &[])), ["log/vpn high less than 7"]);
    assert_eq!(found(&with(&[], &["CKV_2"])), ["tls/lb-a high less than 7"]);
    assert_eq!(found(&with(&["log", "tls/lb-a"], &["tls"])).len(), 2);
    assert_eq!(found(&with(&["tl"], &[])), Vec::<String>::new());
    let mut settings = with(&["tls"], &[]);
    let change = RuleOverride {
        severity: Some(crate::diagnostic::Severity::Low),
        params: [("days".to_owned(), Value::from(30))].into(),
    };
    settings.rules.insert("CKV_1".to_owned(), change);
    assert_eq!(found(&settings), ["tls/lb-a low less than 30"]);
}

#[test]
fn mistakes_in_settings_are_told() {
    let sources = SourceMap::default();
    let set =
        rules(&[("tls/x.hcl", &rule_text("check \"module\" {\ncondition = true\nerror_message = \"x\"\n}"))], &sources);
    let mut settings = Settings { select: vec!["tsl/x".to_owned()], ..Settings::default() };
    let change = RuleOverride { params: [("days".to_owned(), Value::from(30))].into(), ..RuleOverride::default() };
    settings.rules.insert("tls/x".to_owned(), change);
    assert_eq!(
        settings.mistakes(&set),
        ["No rule is called \"tsl/x\"; did you mean \"tls/x\"?", "tls/x has no parameter \"days\": it has none"]
    );
}

#[test]
fn hostile_rules_do_no_harm() {
    let deep = format!("{}1{}", "(".repeat(2_000), ")".repeat(2_000));
    let bodies = [
        format!("check \"aws_db_instance\" {{\ncondition = {deep} == 1\nerror_message = \"x\"\n}}"),
        "check \"aws_db_instance\" {\nlocals {\na = local.b\nb = local.a\n}\ncondition = local.a\nerror_message = \"x\"\n}".to_owned(),
        "check \"aws_db_instance\" {\ncondition = length(range(100000000)) == 1\nerror_message = \"x\"\n}".to_owned(),
        "check \"aws_db_instance\" {\nfor_each = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]\ncondition = false\nerror_message = \"x\"\n}".to_owned(),
        "check \"aws_db_instance\" {\ncondition = self\nerror_message = self\n}".to_owned(),
        "check \"aws_db_instance\" {\ncondition = file(\"/etc/passwd\") == \"\"\nerror_message = \"x\"\n}".to_owned(),
        format!("check \"aws_db_instance\" {{\ncondition = 0 < 1{}\nerror_message = \"x\"\n}}", "+1".repeat(990)),
        format!("check \"aws_db_instance\" {{\ncondition = {}self.multi_az\nerror_message = \"x\"\n}}", "!".repeat(400)),
        "check \"\" {\ncondition = true\nerror_message = \"x\"\n}".to_owned(),
        "check \"aws_db_instance\" {{{{".to_owned(),
    ];
    for body in bodies {
        let sources = SourceMap::default();
        let (set, problems) = load(&[("tls/x.hcl", &rule_text(&body))], &sources);
        if set.is_empty() {
            assert!(!problems.is_empty(), "{body}");
            continue;
        }
        let run = run_with(
            &[("tls/x.hcl", &rule_text(&body))],
            &[("main.tf", "resource \"aws_db_instance\" \"x\" {}\n")],
            &Settings::default(),
        );
        assert!(!run.judged.errors.is_empty(), "{body}");
        assert_eq!(run.verdicts(), ["undetermined 1"], "{body}");
    }
}
