//! Waivers in comments: `# palisade:ignore[tls/lb-*] until=2027-03-31 by=@edge reason="moves in March"`.
//!
//! A comment on its own line covers the block or attribute that follows it; at the end of a line it covers what
//! begins on that line; as the first thing inside a block it covers that block when it is another tool's mark,
//! because that is where those tools have it.

use super::{Date, Waiver};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceMap, Span};
use crate::syntax::{Body, Comment, Item, Tree};

/// Whether other tools' marks count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peers {
    /// `checkov:skip` and `trivy:ignore` waive the rules that have these ids as aliases.
    Honoured,
    /// Only our own marks count.
    Left,
}

/// The waivers in the comments of a file. Incomplete ones are said and waive nothing.
pub fn read(tree: &Tree, map: &SourceMap, peers: Peers, diagnostics: &mut Vec<Diagnostic>) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for &comment in tree.comments() {
        let text = tree.comment_text(comment);
        let span = tree.span(comment.start, comment.end);
        let words = text.trim_start_matches(['#', '/', '*', ' ', '\t']).trim_end_matches(['*', '/', ' ', '\r']);
        if let Some(mark) = words.strip_prefix("palisade:ignore") {
            match own(mark, span) {
                Ok(waiver) => waivers.push(Waiver { covers: covered(tree, map, comment, Place::Own), ..waiver }),
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        } else if peers == Peers::Honoured
            && let Some((waiver, place)) = peer(words, span)
        {
            waivers.push(Waiver { covers: covered(tree, map, comment, place), ..waiver });
        }
    }
    waivers
}

fn own(mark: &str, span: Span) -> Result<Waiver, Box<Diagnostic>> {
    let wrong = |message: &str| {
        let help = "Write # palisade:ignore[rule] until=YYYY-MM-DD by=owner reason=\"why\".";
        Box::new(Diagnostic::error(span, format!("This waiver counts for nothing: {message}")).with_help(help))
    };
    let (rules, rest) = mark
        .trim_start()
        .strip_prefix('[')
        .and_then(|mark| mark.split_once(']'))
        .ok_or_else(|| wrong("it names no rule in brackets"))?;
    let rules: Vec<String> =
        rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).map(str::to_owned).collect();
    if rules.is_empty() {
        return Err(wrong("it names no rule in brackets"));
    }
    let fields = fields(rest);
    let get = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let missing = |name: &str| wrong(&format!("it has no {name}="));
    let expires: Date = get("until").ok_or_else(|| missing("until"))?.parse().map_err(|error: String| wrong(&error))?;
    Ok(Waiver {
        name: "inline".to_owned(),
        rules,
        address: None,
        file: None,
        environment: None,
        covers: None,
        reason: get("reason").filter(|reason| !reason.is_empty()).ok_or_else(|| missing("reason"))?,
        owner: get("by").filter(|owner| !owner.is_empty()).ok_or_else(|| missing("by"))?,
        ticket: get("ticket"),
        expires: Some(expires),
        span: Some(span),
    })
}

/// `key=value` and `key="value with blanks"` pairs.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut rest = text.trim_start();
    while let Some((key, after)) = rest.split_once('=') {
        let (value, next) = match after.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
            Some((value, next)) => (value, next),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        let key = key.rsplit(char::is_whitespace).next().unwrap_or(key);
        fields.push((key.to_owned(), value.to_owned()));
        rest = next.trim_start();
    }
    fields
}

/// Where a kind of mark stands relative to what it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before it, or at the end of its first line.
    Own,
    /// Inside the block.
    Inside,
}

fn peer(words: &str, span: Span) -> Option<(Waiver, Place)> {
    let waiver = |id: &str, reason: &str, tool: &str, expires: Option<Date>| Waiver {
        name: format!("{tool} mark"),
        rules: vec![id.trim().to_owned()],
        address: None,
        file: None,
        environment: None,
        covers: None,
        reason: if reason.trim().is_empty() { format!("marked for {tool}") } else { reason.trim().to_owned() },
        owner: format!("{tool} mark"),
        ticket: None,
        expires,
        span: Some(span),
    };
    if let Some(rest) = words.strip_prefix("checkov:skip=").or_else(|| words.strip_prefix("bridgecrew:skip=")) {
        let (id, reason) = rest.split_once(':').unwrap_or((rest, ""));
        return Some((waiver(id, reason, "checkov", None), Place::Inside));
    }
    let rest = words.strip_prefix("trivy:ignore:").or_else(|| words.strip_prefix("tfsec:ignore:"))?;
    let first = rest.split_whitespace().next().unwrap_or(rest);
    let mut parts = first.split(':');
    let id = parts.next()?.split('[').next()?;
    let expires = parts.skip_while(|part| *part != "exp").nth(1).and_then(|date| date.parse().ok());
    Some((waiver(id, "", "trivy", expires), Place::Own))
}

/// The span of what a comment covers; `None` if nothing stands there.
fn covered(tree: &Tree, map: &SourceMap, comment: Comment, place: Place) -> Option<Span> {
    let file = map.file(tree.file())?;
    let line = file.position(comment.start).line;
    let before = file.line_text(line)?;
    let column = file.position(comment.start).column as usize;
    let alone = before.chars().take(column.saturating_sub(1)).all(char::is_whitespace);
    let inside = enclosing(tree.body(), comment.start);
    if place == Place::Inside {
        return inside.map(|(span, _)| span);
    }
    let body = inside.map_or_else(|| tree.body(), |(_, body)| body);
    let spans = body.items().map(|item| match item {
        Item::Attribute(attribute) => attribute.span(),
        Item::Block(block) => block.span(),
    });
    if alone {
        let next = spans.filter(|span| span.start >= comment.end).min_by_key(|span| span.start);
        return next.or(inside.map(|(span, _)| span));
    }
    let same_line = spans.filter(|span| file.position(span.start).line == line);
    let nearest = same_line.max_by_key(|span| span.start);
    // At the end of a block's header line the comment is already inside the block.
    nearest.or(inside.map(|(span, _)| span))
}

/// The innermost block around an offset: its span and body.
fn enclosing(body: Body<'_>, offset: u32) -> Option<(Span, Body<'_>)> {
    let mut found = None;
    let mut current = body;
    while let Some(block) = current.blocks().find(|block| block.span().start < offset && offset < block.span().end) {
        found = Some((block.span(), block.body()));
        current = block.body();
    }
    found
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::path::Path;

    use super::*;
    use crate::syntax;

    /// Rules of each waiver and the text it covers.
    type Shown = Vec<(Vec<String>, Option<String>)>;

    fn waivers(text: &str, peers: Peers) -> (Shown, Vec<String>) {
        let map = SourceMap::default();
        let id = map.add(Path::new("main.tf"), text.as_bytes().into());
        let (tree, _) = syntax::parse_body(id, text.as_bytes().into());
        let mut diagnostics = Vec::new();
        let found = read(&tree, &map, peers, &mut diagnostics);
        let shown = found.into_iter().map(|waiver| {
            let covers = waiver.covers.map(|span| text.get(span.start as usize..span.end as usize).unwrap().to_owned());
            (waiver.rules, covers)
        });
        (shown.collect(), diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect())
    }

    const FIELDS: &str = "until=2027-03-31 by=@edge reason=\"moves in March\"";

    #[test]
    fn a_comment_on_its_own_line_covers_what_follows() {
        let text = format!("# palisade:ignore[tls/x, net] {FIELDS}\nresource \"a\" \"b\" {{}}\nx = 1\n");
        let (found, problems) = waivers(&text, Peers::Left);
        let block = "resource \"a\" \"b\" {}".to_owned();
        assert_eq!(found, [(vec!["tls/x".to_owned(), "net".to_owned()], Some(block))]);
        assert!(problems.is_empty());
    }

    #[test]
    fn a_comment_at_the_end_of_a_line_covers_that_line() {
        let text =
            format!("resource \"a\" \"b\" {{\n  x = 1\n  y = 2 # palisade:ignore[tls/x] {FIELDS}\n  z = 3\n}}\n");
        assert_eq!(waivers(&text, Peers::Left).0, [(vec!["tls/x".to_owned()], Some("y = 2".to_owned()))]);
        let text = format!("resource \"a\" \"b\" {{ # palisade:ignore[tls/x] {FIELDS}\n  x = 1\n}}");
        let whole = waivers(&text, Peers::Left).0.remove(0).1.unwrap();
        assert!(whole.starts_with("resource") && whole.ends_with('}'));
    }

    #[test]
    fn an_incomplete_waiver_waives_nothing_and_says_why() {
        for (mark, missing) in [
            ("palisade:ignore[tls] by=a reason=b", "until"),
            ("palisade:ignore[tls] until=2027-01-01 reason=b", "by"),
            ("palisade:ignore[tls] until=2027-01-01 by=a", "reason"),
            ("palisade:ignore until=2027-01-01 by=a reason=b", "rule"),
            ("palisade:ignore[tls] until=soon by=a reason=b", "date"),
        ] {
            let (found, problems) = waivers(&format!("# {mark}\nx = 1\n"), Peers::Left);
            assert!(found.is_empty());
            assert!(problems.first().unwrap().contains(missing), "{mark}: {problems:?}");
        }
    }

    #[test]
    fn other_tools_marks_count_only_when_asked_for() {
        let text = "resource \"a\" \"b\" {\n  #checkov:skip=CKV_AWS_2:internal only\n  x = 1\n}\n#trivy:ignore:AVD-AWS-0054\ny = 2\n";
        assert!(waivers(text, Peers::Left).0.is_empty());
        let (found, _) = waivers(text, Peers::Honoured);
        assert_eq!(found.first().unwrap().0, ["CKV_AWS_2"]);
        assert!(found.first().unwrap().1.as_ref().unwrap().starts_with("resource"));
        assert_eq!(found.get(1).unwrap(), &(vec!["AVD-AWS-0054".to_owned()], Some("y = 2".to_owned())));
    }
}
