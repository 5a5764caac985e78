#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::diagnostic::{NotJudged, NotJudgedKind, Verdict};
use crate::report::Format;
use crate::report::samples::{Sample, everyday, hostile};

fn first_lines(sample: &Sample) -> String {
    sample.render(Format::Markdown).lines().nth(1).unwrap_or_default().to_owned()
}

#[test]
fn a_comment_never_grows_beyond_what_forges_take() {
    for (n_files, n_findings) in [(1, 5000), (5000, 1), (70, 70)] {
        let mut sample = Sample::default();
        for file in 0..n_files {
            let file = sample.file(&format!("dir/file_{file}.tf"), "resource \"a\" \"b\" {\n}\n");
            for n in 0..n_findings {
                let finding = sample.finding("x/y", Severity::Medium, &format!("a.b[{n}]"), Some(file.at("resource")));
                finding.message = "@<>*".repeat(300);
                if n % 2 == 1 {
                    finding.verdict = Verdict::Undetermined;
                }
            }
        }
        let gap = NotJudged { what: NotJudgedKind::Module, name: "m".repeat(500), reason: "r".repeat(2000) };
        sample.report.not_judged = vec![gap; 500];
        let comment = sample.render(Format::Markdown);
        assert!(comment.len() <= 65_000, "{}", comment.len());
        assert_eq!(comment.matches("<details").count(), comment.matches("</details>").count());
        assert!(comment.contains("Not judged (500)") && comment.contains(" more\n"), "{comment}");
    }
}

#[test]
fn the_first_line_answers_whether_it_passes() {
    let mut sample = everyday();
    assert_eq!(
        first_lines(&sample),
        "### ⚠️ Palisade could not read everything; 2 findings in the rest; 1 undetermined"
    );
    sample.report.errors.clear();
    sample.report.summary.unparsed = 0;
    assert_eq!(first_lines(&sample), "### ❌ Palisade: 2 findings, 1 at or above medium; 1 undetermined");
    sample.report.fail_on = Some(Severity::Critical);
    assert_eq!(first_lines(&sample), "### ✅ Palisade: 2 findings, none that blocks; 1 undetermined");
    sample.report.findings.clear();
    assert_eq!(first_lines(&sample), "### ✅ Palisade found nothing wrong");
    sample.report.summary.resources = 0;
    assert_eq!(first_lines(&sample), "### ⚠️ Palisade found no resources to judge");
}

/// The text without its code spans and code blocks, which mean nothing to a forge.
fn without_code(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(at) = rest.find('`') {
        let (before, tail) = rest.split_at(at);
        kept.push_str(before);
        let inner = tail.trim_start_matches('`');
        let fence = tail.len() - inner.len();
        let runs = inner.match_indices('`').map(|(at, _)| at);
        let starts = runs.filter(|&at| !inner.get(..at).unwrap_or_default().ends_with('`'));
        let run = |at: usize| inner.get(at..).unwrap_or_default().chars().take_while(|&ch| ch == '`').count();
        let end = starts.into_iter().find(|&at| run(at) == fence).unwrap();
        rest = inner.get(end + fence..).unwrap();
    }
    kept + rest
}

#[test]
fn text_of_users_adds_no_markup() {
    let comment = without_code(&hostile().render(Format::Markdown));
    let tags = ["<!-- palisade -->", "<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>"];
    let bare = tags.iter().fold(comment.clone(), |text, tag| text.replace(tag, ""));
    for sign in ["<", ">", "](", "@", "://", "_", "![", "~~"] {
        assert!(!bare.contains(sign), "{sign} in {bare}");
    }
    assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
    assert!(comment.lines().all(|line| !line.starts_with("::")));
}
