//! The list of rules: `palisade rules`.

use std::io::{self, Write};

use serde::Serialize;

use super::json_text::write_json;
use super::tally::counted;
use super::visible::visible_line;
use crate::diagnostic::RuleInfo;

/// Writes the rules as one JSON document, `{"rules": [...]}`, in the order given.
///
/// # Errors
/// When writing fails.
pub fn render_rules_json<'a>(rules: impl IntoIterator<Item = &'a RuleInfo>, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'a> {
        rules: Vec<&'a RuleInfo>,
    }
    write_json(&Document { rules: rules.into_iter().collect() }, out)
}

/// Writes one line for each rule: `id  severity  summary`, in columns, and a count.
///
/// # Errors
/// When writing fails.
pub fn render_rules_text<'a>(rules: impl IntoIterator<Item = &'a RuleInfo>, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<&RuleInfo> = rules.into_iter().collect();
    let width = rules.iter().map(|rule| rule.id.chars().count()).max().unwrap_or_default();
    for rule in &rules {
        let severity = rule.severity.map_or("-", |severity| severity.as_str());
        let (id, summary) = (visible_line(&rule.id), visible_line(&rule.summary));
        writeln!(out, "{}", format!("{id:width$}  {severity:8}  {summary}").trim_end())?;
    }
    writeln!(out, "{}", counted(rules.len(), "rule"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::diagnostic::Severity;

    fn rules() -> [RuleInfo; 2] {
        let params = serde_json::json!({"min_days": 400, "hosts": ["a"]});
        [
            RuleInfo {
                id: "log/retention".to_owned(),
                domain: "log".to_owned(),
                severity: Some(Severity::Medium),
                summary: "Logs are kept too briefly".to_owned(),
                document: "# Not listed".into(),
                aliases: vec!["CKV_AWS_338".to_owned()],
                resource_types: vec!["aws_cloudwatch_log_group".to_owned()],
                params: params.as_object().unwrap().clone(),
                ..RuleInfo::default()
            },
            RuleInfo { id: "x/y".to_owned(), summary: "Hidden \u{1b}[2J".to_owned(), ..RuleInfo::default() },
        ]
    }

    #[test]
    fn rules_are_listed_in_columns() {
        let mut out = Vec::new();
        render_rules_text(&rules(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "log/retention  medium    Logs are kept too briefly\nx/y            -         Hidden \\u{1b}[2J\n2 rules\n"
        );
    }

    #[test]
    fn rules_are_listed_as_json() {
        let mut out = Vec::new();
        render_rules_json(&rules(), &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let expected = serde_json::json!({
            "id": "log/retention", "domain": "log", "severity": "medium", "summary": "Logs are kept too briefly",
            "aliases": ["CKV_AWS_338"], "standards": [], "clauses": [],
            "resource_types": ["aws_cloudwatch_log_group"], "params": {"min_days": 400, "hosts": ["a"]},
        });
        assert_eq!(value.pointer("/rules/0"), Some(&expected));
        assert_eq!(value.pointer("/rules/1/severity"), Some(&serde_json::Value::Null));
    }
}
