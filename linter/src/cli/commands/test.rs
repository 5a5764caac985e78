//! `palisade test`: the documents of rules, run.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use super::super::args::Test;
use super::super::session::Session;
use super::super::{Exit, terminal};
use crate::config::judging::Builtin;
use crate::report::visible_line;
use crate::rules::{DocumentResult, RuleSet, test_documents};
use crate::source::Disk;

pub(crate) fn run(mut session: Session, test: &Test) -> Exit {
    let (rules, problems) = match &test.dir {
        Some(dir) => RuleSet::load(&Disk, dir, &session.sources),
        None => {
            session.configure(Path::new("."));
            session.rules(Builtin::Whole)
        }
    };
    if session.say(&problems) {
        return Exit::Failed;
    }
    if rules.is_empty() {
        return terminal::fail("there are no rules here");
    }
    let results = test_documents(&rules, &session.sources);
    let failed = results.iter().filter(|result| !result.problems.is_empty()).count();
    let result = print(&results, session.global.verbose).and_then(|()| {
        let passed = results.len() - failed;
        writeln!(io::stdout().lock(), "{} rules: {passed} passed, {failed} failed", rules.len())
    });
    terminal::written(result, if failed == 0 { Exit::Clean } else { Exit::Findings })
}

fn print(results: &[DocumentResult], verbose: bool) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for result in results {
        let name = visible_line(&result.name);
        if result.problems.is_empty() {
            if verbose {
                writeln!(out, "ok      {name}")?;
            }
            continue;
        }
        writeln!(out, "FAILED  {name}")?;
        for problem in &result.problems {
            writeln!(out, "        {}", visible_line(problem))?;
        }
    }
    out.flush()
}
