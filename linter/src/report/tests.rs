//! Every format on the same reports: golden outputs, hostile text, determinism.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::samples::{HOSTILE, Sample, everyday, hostile};
use super::*;
use crate::diagnostic::{Severity, Verdict};

/// Compares with a golden file; `PALISADE_BLESS=1 cargo test report` writes them anew.
pub(super) fn check_golden(name: &str, actual: &str) {
    let path = format!("{}/src/report/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    // Versions would make every release touch every golden file.
    let actual = actual.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    if std::env::var_os("PALISADE_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != actual {
        let diff = similar::TextDiff::from_lines(&expected, &actual);
        panic!("{name} differs:\n{}", diff.unified_diff().header("golden", "now"));
    }
}

#[test]
fn each_format_shows_an_everyday_report() {
    for (format, name) in [
        (Format::Text, "everyday.txt"),
        (Format::Compact, "everyday.compact.txt"),
        (Format::Json, "everyday.json"),
        (Format::Junit, "everyday.junit.xml"),
        (Format::Github, "everyday.github.txt"),
        (Format::Gitlab, "everyday.gitlab.json"),
        (Format::Markdown, "everyday.md"),
    ] {
        check_golden(name, &everyday().render(format));
    }
}

#[test]
fn each_format_shows_a_clean_report() {
    let all: Vec<String> =
        Format::ALL.into_iter().map(|format| format!("== {format}\n{}", Sample::default().render(format))).collect();
    check_golden("empty.txt", &all.concat());
}

#[test]
fn accepted_findings_are_text_only_on_demand() {
    let verbose = everyday().styled(Format::Text, &Style { detail: Detail::Verbose, ..Style::default() });
    for line in [
        "high waived net/no-open-admin-ports aws_security_group.jump",
        "waiver: jump host, network team, until 2027-03-31: Audited until the tunnel is there",
        "medium known bkp/retention aws_db_instance.a",
    ] {
        assert!(verbose.contains(line), "{line} in\n{verbose}");
        assert!(!everyday().render(Format::Text).contains(line), "{line}");
    }
}

#[test]
fn quiet_text_is_findings_and_summary() {
    let quiet = everyday().styled(Format::Text, &Style { detail: Detail::Quiet, ..Style::default() });
    assert!(!quiet.contains("not judged:") && !quiet.contains("note:"), "{quiet}");
    assert!(quiet.contains("NOT PARSED: 1 file"), "{quiet}");
}

#[test]
fn colours_and_lines_follow_the_style() {
    let sample = everyday();
    assert!(!sample.styled(Format::Text, &Style::default()).contains('\u{1b}'));
    assert!(
        sample.styled(Format::Text, &Style { color: true, ..Style::default() }).contains("\u{1b}[1;31mhigh\u{1b}[0m")
    );
    let ascii = sample.styled(Format::Text, &Style { unicode: false, ..Style::default() });
    assert_eq!(ascii.replace(['ü', 'ï'], "").chars().find(|ch| !ch.is_ascii()), None, "{ascii}");
}

#[test]
fn the_summary_says_fail_only_if_something_fails() {
    let mut sample = everyday();
    assert_eq!(
        summary_line(&sample.report),
        "palisade: 2 fail (1 high, 1 low), 1 undetermined, 12 pass, 1 waived, 1 known; 4 files (1 not parsed), \
         9 resources, 35 rules"
    );
    sample.report = Report::default();
    sample.report.summary.files = 1;
    assert_eq!(summary_line(&sample.report), "palisade: 0 undetermined, 0 pass; 1 file, 0 resources, 0 rules");
}

#[test]
fn the_gate_counts_failing_findings_nobody_accepted() {
    let mut report = everyday().report;
    for (gate, fails) in
        [(None, false), (Some(Severity::Low), true), (Some(Severity::High), true), (Some(Severity::Critical), false)]
    {
        report.fail_on = gate;
        assert_eq!(gate_fails(&report), fails, "{gate:?}");
    }
}

#[test]
fn hostile_text_can_steer_no_terminal_and_no_log() {
    for format in Format::ALL {
        let out = hostile().render(format);
        let bad = out.chars().find(|&ch| ch != '\n' && visible::is_hidden(ch));
        assert_eq!(bad, None, "{format}:\n{out}");
        let commands = out.lines().filter(|line| line.trim_start().starts_with("::")).count();
        // Only GitHub's own: two problems, one failing and one undetermined finding.
        assert_eq!(commands, if format == Format::Github { 4 } else { 0 }, "{format}:\n{out}");
    }
    for text in ["##vso[task.complete]", "a ##[error]b"] {
        let mut sample = Sample::default();
        sample.finding("x/y", Severity::High, text, None).message = text.to_owned();
        for format in Format::ALL {
            let out = sample.render(format);
            assert!(!out.contains("##vso[") && !out.contains("##["), "{format}:\n{out}");
        }
    }
}

#[test]
fn hostile_text_survives_json_unchanged() {
    let value: serde_json::Value = serde_json::from_str(&hostile().render(Format::Json)).unwrap();
    let first = value.pointer("/findings/0").unwrap();
    for field in ["address", "message", "help", "environment", "root"] {
        assert_eq!(first.get(field).unwrap(), HOSTILE, "{field}");
    }
}

#[test]
fn secrets_in_source_are_never_shown() {
    for format in Format::ALL {
        assert!(!everyday().render(format).contains("hunter2"), "{format}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(everyday().render(format), everyday().render(format));
    }
}

#[test]
fn formats_answer_to_the_names_of_other_tools() {
    for (name, format) in [
        ("text", Format::Text),
        ("human", Format::Text),
        ("pretty", Format::Text),
        ("junitxml", Format::Junit),
        ("gitlab-codequality", Format::Gitlab),
        ("SARIF", Format::Sarif),
        ("md", Format::Markdown),
    ] {
        assert_eq!(name.parse(), Ok(format));
    }
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    let error = "yaml".parse::<Format>().unwrap_err();
    assert_eq!(error, "unknown format \"yaml\": use text, compact, json, sarif, junit, github, gitlab, markdown");
}

#[test]
fn all_of_many_findings_are_printed() {
    let mut sample = Sample::default();
    for n in 0..300 {
        sample.finding("x/y", Severity::Low, &format!("aws_vpc.a[{n}]"), None);
    }
    assert_eq!(sample.render(Format::Text).matches("low x/y").count(), 300);
}

#[test]
fn an_undetermined_finding_names_what_decides() {
    let mut sample = Sample::default();
    let finding = sample.finding("x/y", Severity::Low, "a.b", None);
    finding.verdict = Verdict::Undetermined;
    finding.because = vec!["var.cidr".to_owned(), "aws_vpc.a.id is known after apply".to_owned()];
    for format in
        [Format::Text, Format::Compact, Format::Sarif, Format::Junit, Format::Github, Format::Gitlab, Format::Markdown]
    {
        let out = sample.render(format);
        assert!(out.contains("because var.cidr has no value, and aws"), "{format}:\n{out}");
    }
}

#[test]
fn problems_with_the_input_show_their_place() {
    let sample = everyday();
    let mut out = Vec::new();
    render_errors(&sample.report, &sample.sources, &Style::default(), &mut out).unwrap();
    check_golden("errors.txt", &String::from_utf8(out).unwrap());
}

#[test]
fn a_file_of_values_that_does_not_parse_is_not_quoted() {
    let sample = Sample::default();
    let file = sample.file("prod.tfvars", "password = \"hunter2\n");
    let error = Diagnostic::error(file.at("\"hunter2"), "The string is not closed");
    let mut out = Vec::new();
    render_diagnostics(&[error], &sample.sources, &Style::default(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "  × error: The string is not closed\n   at prod.tfvars:1:12\n\n");
}
