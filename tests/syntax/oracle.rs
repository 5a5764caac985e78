//! Terraform itself as the judge of what is syntax: `terraform fmt` on directories of numbered files.

use std::collections::BTreeMap;
use std::process::Command;

/// Whether the `terraform` binary is here. Where it must be (CI) its absence fails the test.
pub(crate) fn available() -> bool {
    let found = Command::new("terraform").arg("version").output().is_ok_and(|out| out.status.success());
    assert!(found || std::env::var_os("CI").is_none_or(|ci| ci != "true"), "terraform is not installed");
    if !found {
        eprintln!("skipped: terraform is not installed");
    }
    found
}

/// For each source the line of the first error that Terraform reports, `None` if it accepts the source.
pub(crate) fn verdicts<'a>(sources: impl IntoIterator<Item = &'a [u8]>) -> Vec<Option<u32>> {
    let sources: Vec<&[u8]> = sources.into_iter().collect();
    let mut verdicts = Vec::with_capacity(sources.len());
    for batch in sources.chunks(300) {
        let dir = tempfile::tempdir().unwrap();
        for (idx, source) in batch.iter().enumerate() {
            std::fs::write(dir.path().join(format!("f{idx}.tf")), source).unwrap();
        }
        let mut fmt = Command::new("terraform");
        fmt.args(["fmt", "-no-color", "-check", "-list=false", "-write=false"]).arg(dir.path());
        let output = fmt.env("CHECKPOINT_DISABLE", "1").output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        let errors = first_errors(&errors);
        verdicts.extend((0..batch.len()).map(|idx| errors.get(&idx).copied()));
    }
    verdicts
}

/// The lines `on …/f12.tf line 3` of Terraform's report, first per file.
fn first_errors(report: &str) -> BTreeMap<usize, u32> {
    let place = regex::Regex::new(r"on \S*?f(\d+)\.tf line (\d+)").unwrap();
    let mut errors = BTreeMap::new();
    for found in place.captures_iter(report) {
        errors.entry(found[1].parse().unwrap()).or_insert(found[2].parse().unwrap());
    }
    errors
}
