//! Comments in examples that say what must fire: `# fails: rule-id "text"`.

use super::markdown::Example;
use crate::diagnostic::{Finding, Verdict};

/// What a line says must fire there.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) verdict: Verdict,
    pub(super) rule: String,
    /// Text that the message holds.
    pub(super) text: Option<String>,
    /// Line in the document.
    pub(super) line: usize,
}

impl Expected {
    pub(super) fn matches(&self, finding: &Finding) -> bool {
        finding.verdict == self.verdict
            && *finding.rule == *self.rule
            && self.text.as_ref().is_none_or(|text| finding.message.contains(text))
    }

    pub(super) fn wanted(&self) -> String {
        self.text.as_ref().map_or_else(String::new, |text| format!(" with \"{text}\""))
    }
}

/// The markers of an example. One that stands alone on its line speaks of the next line that is no comment.
pub(super) fn expectations(example: &Example, own_rule: &str) -> Vec<Expected> {
    let mut expected = Vec::new();
    for file in &example.files {
        let mut waiting: Vec<Expected> = Vec::new();
        for (idx, line) in file.text.lines().enumerate() {
            let number = file.first_line + idx;
            let stands_alone = line.trim_start().starts_with(['#', '/']);
            waiting.extend(marker(line, own_rule, number));
            if !stands_alone && !line.trim().is_empty() {
                waiting.iter_mut().for_each(|it| it.line = number);
                expected.append(&mut waiting);
            }
        }
        expected.append(&mut waiting);
    }
    expected
}

fn marker(line: &str, own_rule: &str, number: usize) -> Option<Expected> {
    let words = [("fails", Verdict::Fail), ("undetermined", Verdict::Undetermined)];
    let comment = line.find("# ").or_else(|| line.find("// ")).and_then(|at| line.get(at..))?;
    let comment = comment.trim_start_matches(['#', '/', ' ']);
    let (rest, verdict) = words.iter().find_map(|(word, verdict)| Some((comment.strip_prefix(word)?, *verdict)))?;
    // `# fails` in a sentence is no marker; `# fails` alone and `# fails: id` are.
    let rest = match rest.strip_prefix(':') {
        Some(rest) => rest.trim(),
        None if rest.trim().is_empty() => "",
        None => return None,
    };
    let (rule, text) = match rest.split_once('"') {
        Some((rule, text)) => (rule.trim(), text.rfind('"').and_then(|end| text.get(..end))),
        None => (rest, None),
    };
    let rule = if rule.is_empty() { own_rule } else { rule };
    Some(Expected { verdict, rule: rule.to_owned(), text: text.map(str::to_owned), line: number })
}
