//! The terminal: colours, width, progress, messages to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::Exit;
use super::args::{Color, Global};
use crate::diagnostic::Diagnostic;
use crate::engine::Timings;
use crate::report::{self, Detail, Style};
use crate::source::SourceMap;

/// How text on standard output looks.
pub(super) fn style(global: &Global) -> Style {
    let detail = match (global.quiet, global.verbose) {
        (true, _) => Detail::Quiet,
        (false, true) => Detail::Verbose,
        (false, false) => Detail::Normal,
    };
    Style { color: colored(global.color, io::stdout().is_terminal()), unicode: unicode(), width: width(), detail }
}

/// Says diagnostics on standard error.
pub(super) fn diagnostics(diagnostics: &[Diagnostic], sources: &SourceMap, color: Color) {
    let color = colored(color, io::stderr().is_terminal());
    let style = Style { color, unicode: unicode(), width: width(), detail: Detail::Normal };
    // Nobody is left to tell when standard error itself is gone.
    drop(report::render_diagnostics(diagnostics, sources, &style, &mut io::stderr().lock()));
}

/// Says on standard error where the time went.
pub(super) fn timings(timings: &Timings, whole: Duration) {
    drop(report::render_timings(timings, whole, &mut io::stderr().lock()));
}

/// Says why the program cannot go on.
pub(super) fn fail(message: &str) -> Exit {
    drop(writeln!(io::stderr().lock(), "palisade: {}", report::visible_line(message)));
    Exit::Failed
}

/// A line to standard error.
pub(super) fn note(message: &str) {
    drop(writeln!(io::stderr().lock(), "palisade: {}", report::visible_line(message)));
}

/// Text to standard output.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

/// A broken pipe means that the reader has seen enough; any other failure to write is one of the run.
pub(super) fn written(result: io::Result<()>, exit: Exit) -> Exit {
    match result {
        Ok(()) => exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => exit,
        Err(error) => fail(&format!("cannot write: {error}")),
    }
}

fn colored(color: Color, is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto => set("CLICOLOR_FORCE") || is_terminal && std::env::var("TERM").as_deref() != Ok("dumb"),
    }
}

fn unicode() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    // A locale that says nothing of its encoding is most often a container's, whose terminal shows UTF-8.
    locale.is_none_or(|locale| !matches!(locale.as_str(), "POSIX") && !locale.to_uppercase().contains("ISO-8859"))
}

/// Columns of the terminal; 100 where there is none.
fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    told.unwrap_or(100).clamp(40, 160)
}

/// Progress on standard error: shown on a terminal once a run lasts longer than a second.
pub(super) struct Progress {
    begun: Instant,
    shown: Mutex<bool>,
    active: bool,
}

impl Progress {
    pub(super) fn new(global: &Global) -> Self {
        let active = !global.quiet && io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        Self { begun: Instant::now(), shown: Mutex::new(false), active }
    }

    /// Tells what is being done.
    pub(super) fn tell(&self, what: &str) {
        if !self.active || self.begun.elapsed() < Duration::from_secs(1) {
            return;
        }
        if let Ok(mut shown) = self.shown.lock() {
            *shown = true;
            let mut error = io::stderr().lock();
            drop(write!(error, "\r\x1b[K{}", report::visible_line(what)));
            drop(error.flush());
        }
    }

    /// Wipes the line.
    pub(super) fn done(&self) {
        if self.shown.lock().is_ok_and(|shown| *shown) {
            drop(write!(io::stderr().lock(), "\r\x1b[K"));
        }
    }
}

/// Says the problems of a report on standard error, sensitive places masked.
pub(super) fn errors(found: &crate::diagnostic::Report, sources: &SourceMap, color: Color) {
    let color = colored(color, io::stderr().is_terminal());
    let style = Style { color, unicode: unicode(), width: width(), detail: Detail::Normal };
    drop(report::render_errors(found, sources, &style, &mut io::stderr().lock()));
}
