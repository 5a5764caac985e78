//! The document of a rule on a terminal: `palisade explain`.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Style;
use super::paint::{Paint, wrap};
use super::visible::{visible, visible_line};
use crate::diagnostic::RuleInfo;

/// Writes what there is to say about a rule: a heading, its facts, its document.
///
/// # Errors
/// When writing fails.
pub fn render_explanation(rule: &RuleInfo, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(style);
    let severity = rule.severity.map(|severity| format!(" ({severity})")).unwrap_or_default();
    writeln!(out, "{}{severity}", paint.bold(&visible_line(&rule.id)))?;
    writeln!(out, "{}", wrap("  ", &visible_line(&rule.summary), style.width))?;
    let facts = [
        ("reads", &rule.resource_types),
        ("also known as", &rule.aliases),
        ("standards", &rule.standards),
        ("clauses", &rule.clauses),
    ];
    for (name, items) in facts.into_iter().filter(|(_, items)| !items.is_empty()) {
        writeln!(out, "{}", wrap(&format!("  {name}: "), &visible_line(&items.join(", ")), style.width))?;
    }
    for (name, value) in &rule.params {
        let value = value.to_string();
        writeln!(out, "  param {} = {}", visible_line(name), visible_line(&value))?;
    }
    let text = markdown(&rule.document, style);
    if text.is_empty() { Ok(()) } else { write!(out, "\n{text}") }
}

/// Markdown as text for a terminal: headings, lists, quotes and paragraphs are set; code and tables stay as written.
#[must_use]
pub fn markdown(document: &str, style: &Style) -> String {
    let document = document.replace("\r\n", "\n");
    let document = visible(&document);
    let mut page = Page { style, text: String::new(), pending: Pending::default() };
    let mut fence: Option<&str> = None;
    for line in document.lines() {
        let bare = line.trim_start();
        match fence {
            Some(open) if bare.starts_with(open) && bare.trim_start_matches(['`', '~']).trim().is_empty() => {
                fence = None;
                page.text.push('\n');
            }
            Some(_) => page.line(&format!("    {line}")),
            None => fence = page.outside_code(line, bare),
        }
    }
    page.finish_block();
    format!("{}\n", page.text.trim_end()).trim_start_matches('\n').to_owned()
}

/// What was set so far, and the block that is still open.
struct Page<'a> {
    style: &'a Style,
    text: String,
    pending: Pending,
}

/// A paragraph or list item whose lines are still being gathered.
#[derive(Default)]
struct Pending {
    lead: String,
    text: String,
}

impl Page<'_> {
    /// Takes a line outside code; gives the fence if it opens a block of code.
    fn outside_code<'l>(&mut self, line: &str, bare: &'l str) -> Option<&'l str> {
        let opened = ["```", "~~~"].into_iter().find(|fence| bare.starts_with(fence));
        if opened.is_some() || bare.is_empty() || bare.starts_with("<!--") {
            self.finish_block();
            if bare.is_empty() {
                self.gap();
            }
            // The closing fence is at least as long as the opening one.
            return opened.map(|_| bare.get(..bare.len() - bare.trim_start_matches(['`', '~']).len()).unwrap_or(bare));
        }
        let indent = line.len() - bare.len();
        if bare.starts_with('#') && bare.trim_start_matches('#').starts_with(' ') {
            self.finish_block();
            self.gap();
            let title = inline(bare.trim_start_matches('#').trim(), Paint::new(&plain(self.style)));
            let title = Paint::new(self.style).bold(&title);
            self.line(&title);
        } else if bare.starts_with('|') {
            self.finish_block();
            self.line(&format!("  {bare}"));
        } else if let Some((lead, rest)) = list_item(bare) {
            self.finish_block();
            self.pending = Pending { lead: format!("{}{lead}", " ".repeat(indent.min(12) + 2)), text: rest.to_owned() };
        } else {
            let bare = bare.strip_prefix("> ").unwrap_or(bare);
            if self.pending.text.is_empty() {
                self.pending.lead = "  ".to_owned();
            } else {
                self.pending.text.push(' ');
            }
            self.pending.text.push_str(bare);
        }
        None
    }

    fn finish_block(&mut self) {
        let block = std::mem::take(&mut self.pending);
        if !block.text.is_empty() {
            let text = inline(&block.text, Paint::new(self.style));
            let lines = wrap(&block.lead, &text, self.style.width);
            self.line(&lines);
        }
    }

    /// At most one blank line.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

fn plain(style: &Style) -> Style {
    Style { color: false, ..*style }
}

/// The mark and the rest of a list item.
fn list_item(bare: &str) -> Option<(Cow<'_, str>, &str)> {
    for mark in ["- ", "* ", "+ "] {
        if let Some(rest) = bare.strip_prefix(mark) {
            return Some((Cow::Borrowed("- "), rest.trim_start()));
        }
    }
    let digits = bare.len() - bare.trim_start_matches(|ch: char| ch.is_ascii_digit()).len();
    let rest = bare.get(digits..)?.strip_prefix(". ")?;
    (1..=4)
        .contains(&digits)
        .then(|| (Cow::Owned(bare.get(..digits + 2).unwrap_or_default().to_owned()), rest.trim_start()))
}

/// Text without the signs of emphasis, code painted, links with their address behind.
fn inline(text: &str, paint: Paint) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '[', '\\']) {
        shown.push_str(rest.get(..at).unwrap_or_default());
        let tail = rest.get(at..).unwrap_or_default();
        rest = if let Some((code, after)) = between(tail, "`", "`") {
            shown.push_str(&paint.code_span(code));
            after
        } else if let Some((strong, after)) = between(tail, "**", "**") {
            shown.push_str(&paint.bold(strong));
            after
        } else if let Some((label, after)) = between(tail, "[", "](") {
            let (address, after) = after.split_once(')').unwrap_or((after, ""));
            shown.push_str(label);
            if address != label && address.contains("://") {
                shown.push_str(&format!(" ({address})"));
            }
            after
        } else if let Some((soft, after)) = between(tail, "*", "*").filter(|(soft, _)| !soft.starts_with([' ', '*'])) {
            shown.push_str(soft);
            after
        } else if let Some(after) =
            tail.strip_prefix('\\').filter(|after| after.starts_with(|ch: char| "*_[]`#|<>".contains(ch)))
        {
            let end = after.chars().next().map_or(0, char::len_utf8);
            shown.push_str(after.get(..end).unwrap_or_default());
            after.get(end..).unwrap_or_default()
        } else {
            let end = tail.chars().next().map_or(0, char::len_utf8);
            shown.push_str(tail.get(..end).unwrap_or_default());
            tail.get(end..).unwrap_or_default()
        };
    }
    shown.push_str(rest);
    shown
}

/// What stands between `open` at the beginning and the next `close`, and what follows.
fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<(&'t str, &'t str)> {
    let (inner, after) = text.strip_prefix(open)?.split_once(close)?;
    (!inner.is_empty()).then_some((inner, after))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const NARROW: Style = Style { color: false, unicode: true, width: 40, detail: super::super::Detail::Normal };

    fn check(document: &str, expected: &str) {
        assert_eq!(markdown(document, &NARROW), expected, "{document:?}");
    }

    #[test]
    fn documents_are_set_for_a_terminal() {
        check(
            "# A *title*\nSome words that go on\nand on until the line is full.\n",
            "A title\n  Some words that go on and on until the\n  line is full.\n",
        );
        check(
            "a\n\n\n- one that is longer than the width of it\n  goes on\n- two\n1. three",
            "  a\n\n  - one that is longer than the width of\n    it goes on\n  - two\n  1. three\n",
        );
        check(
            "x\n```hcl\na  =  1 # fails: r \"t\"\n\n# no heading\n```\ny",
            "  x\n    a  =  1 # fails: r \"t\"\n\n    # no heading\n\n  y\n",
        );
        check("````\n```\n````\n", "    ```\n");
        check("| a | b |\n|---|---|\n", "  | a | b |\n  |---|---|\n");
        check("<!-- note -->\n> quoted\n", "  quoted\n");
        check("", "");
    }

    #[test]
    fn emphasis_goes_and_links_stay() {
        for (text, expected) in [
            ("a **b** *c* `d_*e*`", "a b c `d_*e*`"),
            ("[docs](https://e.example/x) [local](a.md)", "docs (https://e.example/x) local"),
            ("10.0.0.0/8 * 2 * 3, aws_x.y[0], \\*", "10.0.0.0/8 * 2 * 3, aws_x.y[0], *"),
            ("unclosed ` and ** and [", "unclosed ` and ** and ["),
        ] {
            assert_eq!(inline(text, Paint::new(&NARROW)), expected);
        }
    }

    #[test]
    fn a_rule_is_explained_with_its_facts() {
        let rule = RuleInfo {
            id: "tls/x".to_owned(),
            summary: "Short".to_owned(),
            severity: Some(crate::diagnostic::Severity::High),
            aliases: vec!["CKV_1".to_owned(), "AVD-2".to_owned()],
            params: [("days".to_owned(), 30.into())].into_iter().collect(),
            document: "# X\nWhy \u{1b}[2J\r\n".into(),
            ..RuleInfo::default()
        };
        let mut out = Vec::new();
        render_explanation(&rule, &NARROW, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "tls/x (high)\n  Short\n  also known as: CKV_1, AVD-2\n  param days = 30\n\nX\n  Why \\u{1b}[2J\n"
        );
    }
}
