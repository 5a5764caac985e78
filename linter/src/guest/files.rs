//! The files of time clients, read line by line.

use std::sync::Arc;

use super::client::{Client, ClientFile};
use super::time_source::{SourceName, TimeSource};

/// What a client's file says.
#[derive(Clone, Debug, Default)]
pub(super) struct FileContent {
    /// The sources it names, in order.
    pub(super) sources: Vec<TimeSource>,
    /// Whether sources may come from files that it includes.
    pub(super) is_open: bool,
    /// Lines that are not known as a whole.
    pub(super) doubts: Vec<String>,
}

/// More sources than this are not gathered from one file.
const MAX_SOURCES: usize = 1_000;

/// One line of a client's file without comment and blanks, with its number.
pub(super) struct Line<'t> {
    pub(super) number: usize,
    pub(super) text: &'t str,
}

/// What one line says.
pub(super) enum Directive {
    /// A source by name or token.
    Source(SourceName),
    /// Several sources.
    Several(Vec<SourceName>),
    /// The sources so far do not count.
    Reset,
    /// Sources may come from elsewhere.
    Open,
    /// Nothing about sources.
    Nothing,
}

/// Makes names of words that may have holes.
pub(super) type NameOf<'n> = &'n dyn Fn(&str) -> SourceName;

/// Reads the text of a client's file; `file` is how it is called in evidence.
pub(super) fn read(kind: ClientFile, text: &str, file: &str, name_of: NameOf<'_>) -> FileContent {
    let mut content = FileContent::default();
    let mut fallbacks = Vec::new();
    for line in lines(text) {
        if super::text::has_hole(line.text.split_whitespace().next().unwrap_or_default()) {
            content.doubts.push(evidence(file, &line));
            continue;
        }
        let directive = match kind.client {
            Client::Chrony => super::chrony::directive(line.text, name_of),
            Client::Ntpd => super::ntpd::directive(line.text, name_of),
            Client::Openntpd => super::openntpd::directive(line.text, name_of),
            Client::Timesyncd => super::timesyncd::directive(line.text, name_of, &mut fallbacks),
            Client::Windows => Directive::Nothing,
        };
        let is_authenticated = is_authenticated(kind.client, line.text);
        let source = |name| TimeSource { name, evidence: evidence(file, &line).into(), is_authenticated };
        match directive {
            Directive::Source(name) => push(&mut content, source(name)),
            Directive::Several(names) => names.into_iter().for_each(|name| push(&mut content, source(name))),
            Directive::Reset => content.sources.clear(),
            Directive::Open => content.is_open = true,
            Directive::Nothing => {}
        }
    }
    // Fallback servers count only when nothing else is named.
    if content.sources.is_empty() {
        let evidence: Arc<str> = format!("{file}: FallbackNTP").into();
        let source = |name| TimeSource { name, evidence: evidence.clone(), is_authenticated: false };
        content.sources = fallbacks.into_iter().map(source).collect();
    }
    // Without servers of its own it takes those of the network, or those it was built with.
    content.is_open |= kind.client == Client::Timesyncd && content.sources.is_empty();
    content
}

/// Whether a line asks for answers that are checked: `server 192.0.2.1 key 3`, `server time.example.org nts`.
fn is_authenticated(client: Client, line: &str) -> bool {
    let mut options = line.split_whitespace().skip(2);
    match client {
        Client::Chrony | Client::Ntpd => options.any(|word| word == "nts" || word == "key"),
        Client::Timesyncd | Client::Openntpd | Client::Windows => false,
    }
}

fn push(content: &mut FileContent, source: TimeSource) {
    if content.sources.len() < MAX_SOURCES {
        content.sources.push(source);
    }
}

fn evidence(file: &str, line: &Line<'_>) -> String {
    format!("{file}, line {}: {}", line.number, super::text::shown(line.text))
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.lines().enumerate().filter_map(|(idx, line)| {
        let text = line.trim();
        let is_comment = text.starts_with(['#', ';', '!', '%']);
        (!text.is_empty() && !is_comment).then_some(Line { number: idx + 1, text })
    })
}
