//! The syntax room seen from outside: what it accepts, what it makes of it, and what it withstands.
#![expect(clippy::unwrap_used, clippy::print_stderr, clippy::indexing_slicing, reason = "tests")]

#[path = "syntax/corpus.rs"]
mod corpus;
#[path = "syntax/oracle.rs"]
mod oracle;

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
