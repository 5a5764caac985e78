//! A comment on a pull request.

mod escape;
mod sections;

use std::io::{self, Write};

use super::tally::{Standing, Tally, counted, gate_fails, judged_nothing};
use crate::diagnostic::{Finding, Level, Report, Severity};
use crate::source::SourceMap;

/// GitHub refuses comments of more than 65,536 characters; entities and the sections' ends need some room.
const MAX_COMMENT: usize = 62_000;
/// So much of it is kept for the sections after the findings.
const KEPT_FOR_THE_REST: usize = 14_000;

/// Writes the comment: the verdict, the counts, then what is behind them, never longer than a forge takes.
///
/// # Errors
/// When writing fails.
pub(super) fn render(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let mut comment = Comment::default();
    // Bots find their earlier comment by this line.
    comment.push("<!-- palisade -->\n");
    comment.push(&format!("### {}\n\n", verdict(report)));
    comment.push(&counts(report));
    comment.limit = MAX_COMMENT - KEPT_FOR_THE_REST;
    sections::findings(report, sources, &mut comment);
    comment.limit = MAX_COMMENT - KEPT_FOR_THE_REST / 2;
    sections::undetermined(report, &mut comment);
    comment.limit = MAX_COMMENT;
    sections::errors(report, sources, &mut comment);
    sections::not_judged(report, &mut comment);
    sections::waived(report, &mut comment);
    sections::notes(report, &mut comment);
    out.write_all(comment.text.as_bytes())
}

/// The text so far and how long it may become.
#[derive(Default)]
struct Comment {
    text: String,
    limit: usize,
}

impl Comment {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends items while there is room; the line after says how many there was no room for.
    fn push_items(&mut self, items: impl ExactSizeIterator<Item = String>, noun: &str) {
        let total = items.len();
        for (at, item) in items.enumerate() {
            if self.text.len() + item.len() > self.limit {
                self.push(&format!("- … and {} more\n", counted(total - at, noun)));
                return;
            }
            self.push(&item);
        }
    }
}

fn of_standing(report: &Report, standing: Standing) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| Standing::of(finding) == standing).collect()
}

/// One line that answers: may this be merged?
fn verdict(report: &Report) -> String {
    let failing = Tally::standing(report, Standing::Fails);
    let is_broken = report.errors.iter().any(|error| error.level == Level::Error) || report.summary.unparsed > 0;
    let found = counted(failing.total(), "finding");
    let undecided = Tally::standing(report, Standing::Undecided).total();
    let open = if undecided > 0 { format!("; {undecided} undetermined") } else { String::new() };
    match (is_broken, gate_fails(report), failing.total()) {
        (true, _, 0) => format!("⚠️ Palisade could not read everything{open}"),
        (true, _, _) => format!("⚠️ Palisade could not read everything; {found} in the rest{open}"),
        (false, true, _) => {
            let gate = report.fail_on.unwrap_or(Severity::Low);
            let counts = Severity::ALL.into_iter().filter(|&severity| severity >= gate);
            let gated: usize = counts.map(|severity| failing.count(severity)).sum();
            format!("❌ Palisade: {found}, {gated} at or above {gate}{open}")
        }
        (false, false, 0) if judged_nothing(report) => "⚠️ Palisade found no resources to judge".to_owned(),
        (false, false, 0) => format!("✅ Palisade found nothing wrong{open}"),
        (false, false, _) => format!("✅ Palisade: {found}, none that blocks{open}"),
    }
}

fn counts(report: &Report) -> String {
    let fails = Tally::standing(report, Standing::Fails);
    let undecided = Tally::standing(report, Standing::Undecided);
    let mut text = String::new();
    if fails.total() + undecided.total() > 0 {
        text.push_str("| Severity | Fails | Undetermined |\n|:--|--:|--:|\n");
        for severity in Severity::ALL.into_iter().rev() {
            let (fails, undecided) = (fails.count(severity), undecided.count(severity));
            if fails + undecided > 0 {
                text.push_str(&format!("| {severity} | {fails} | {undecided} |\n"));
            }
        }
        text.push('\n');
    }
    let summary = &report.summary;
    let mut parts = vec![format!("{} passed", counted(summary.pass, "check"))];
    if summary.waived > 0 {
        parts.push(format!("{} waived", summary.waived));
    }
    if summary.known > 0 {
        parts.push(format!("{} known", summary.known));
    }
    parts.push(counted(summary.files, "file"));
    if summary.unparsed > 0 {
        parts.push(format!("**{} not parsed**", summary.unparsed));
    }
    parts.push(counted(summary.resources, "resource"));
    parts.push(counted(summary.rules, "rule"));
    text.push_str(&format!("{}\n", parts.join(" · ")));
    text
}

#[cfg(all(test, feature = "cli"))]
mod tests;
