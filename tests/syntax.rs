//! The syntax room seen from outside: what it accepts, what it makes of it, and what it withstands.
#![expect(clippy::unwrap_used, clippy::print_stderr, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "syntax/corpus.rs"]
mod corpus;
#[path = "syntax/differential.rs"]
mod differential;
#[path = "syntax/edges.rs"]
mod edges;
#[path = "syntax/fuzz.rs"]
mod fuzz;
#[path = "syntax/generated.rs"]
mod generated;
#[path = "syntax/hostile.rs"]
mod hostile;
#[path = "syntax/json_verdicts.rs"]
mod json_verdicts;
#[path = "syntax/memory.rs"]
mod memory;
#[path = "syntax/mutants.rs"]
mod mutants;
#[path = "syntax/oracle.rs"]
mod oracle;
#[path = "syntax/ordinary.rs"]
mod ordinary;
#[path = "syntax/strings.rs"]
mod strings;

use std::path::Path;
use std::sync::Arc;

use palisade::diagnostic::Diagnostic;
use palisade::source::{FileId, SourceMap};
use palisade::syntax::{Tree, parse_body};

/// A file of its own map.
fn file(bytes: &[u8]) -> (FileId, Arc<[u8]>) {
    let bytes: Arc<[u8]> = Arc::from(bytes);
    (SourceMap::default().add(Path::new("main.tf"), bytes.clone()), bytes)
}

fn parse(bytes: &[u8]) -> (Tree, Vec<Diagnostic>) {
    let (file, bytes) = file(bytes);
    parse_body(file, bytes)
}

/// So many cases, or as many as `PROPTEST_CASES` says.
fn config(cases: u32) -> proptest::test_runner::Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok());
    proptest::test_runner::Config {
        cases: wanted.unwrap_or(cases),
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    }
}
