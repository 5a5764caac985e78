//! The examples hold what they promise: the compliant landing zone is clean, and in the other one exactly the planted
//! faults are found.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const COMPLIANT: &str = "examples/landing-zone";
const NONCOMPLIANT: &str = "examples/landing-zone-noncompliant";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn check(example: &str, format: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_palisade"));
    command.current_dir(repository()).env("NO_COLOR", "1").env_remove("COLUMNS").env_remove("GITHUB_STEP_SUMMARY");
    command.args(["check", example, "--as-of", "2026-11-22", "-f", format]);
    command.output().unwrap()
}

fn findings(example: &str) -> Vec<serde_json::Value> {
    let output = check(example, "json");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    report.pointer("/findings").unwrap().as_array().unwrap().clone()
}

fn text<'v>(finding: &'v serde_json::Value, pointer: &str) -> &'v str {
    finding.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// A rule at a line of a file.
type Place = (String, u64, String);

fn place(finding: &serde_json::Value) -> Place {
    let line = finding.pointer("/location/start/line").and_then(serde_json::Value::as_u64).unwrap_or(0);
    (text(finding, "/location/file").to_owned(), line, text(finding, "/rule").to_owned())
}

fn terraform_files(dir: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            terraform_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            let name = path.strip_prefix(repository()).unwrap().to_string_lossy().replace('\\', "/");
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// What the comments promise. A comment alone on its line speaks of the next one.
fn planted() -> BTreeSet<Place> {
    let mut files = BTreeMap::new();
    terraform_files(&repository().join(NONCOMPLIANT), &mut files);
    let mut places = BTreeSet::new();
    for (name, text) in files {
        for (number, line) in (1..).zip(text.lines()) {
            let Some((before, rules)) = line.split_once("# planted: ") else { continue };
            let line = if before.trim().is_empty() { number + 1 } else { number };
            places.extend(rules.split_whitespace().map(|rule| (name.clone(), line, rule.to_owned())));
        }
    }
    places
}

fn assert_expected(example: &str) {
    let output = check(example, "compact");
    let found = String::from_utf8(output.stdout).unwrap();
    let path = repository().join(example).join("expected.txt");
    if std::env::var_os("PALISADE_BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let changes = similar::TextDiff::from_lines(&expected, &found);
    let changes = changes.unified_diff().context_radius(1).header("expected.txt", "found").to_string();
    assert!(changes.is_empty(), "{example} (PALISADE_BLESS=1 writes the file anew)\n{changes}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "nothing is wrong with the input of {example}");
}

#[test]
fn the_compliant_landing_zone_is_clean() {
    let output = check(COMPLIANT, "json");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let failing: Vec<_> = findings(COMPLIANT).into_iter().filter(|it| text(it, "/verdict") == "fail").collect();
    assert!(failing.is_empty(), "{failing:#?}");
}

#[test]
fn the_compliant_landing_zone_is_judged_by_every_domain() {
    let report: serde_json::Value = serde_json::from_slice(&check(COMPLIANT, "json").stdout).unwrap();
    let count = |name: &str| report.pointer(&format!("/summary/{name}")).unwrap().as_u64().unwrap();
    assert_eq!(count("roots"), 3);
    assert_eq!(count("unparsed"), 0);
    assert!(count("pass") > 200, "{report:#}");
    assert_eq!(report.pointer("/errors"), Some(&serde_json::json!([])));
}

#[test]
fn every_planted_fault_is_found_and_nothing_else() {
    assert_eq!(check(NONCOMPLIANT, "json").status.code(), Some(1));
    let failing = findings(NONCOMPLIANT).into_iter().filter(|it| text(it, "/verdict") == "fail");
    let found: BTreeSet<Place> = failing.map(|it| place(&it)).collect();
    let planted = planted();
    assert!(planted.len() >= 20, "{} faults are planted", planted.len());
    let missed: Vec<&Place> = planted.difference(&found).collect();
    let unplanted: Vec<&Place> = found.difference(&planted).collect();
    assert!(missed.is_empty() && unplanted.is_empty(), "missed: {missed:#?}\nnot planted: {unplanted:#?}");
}

#[test]
fn the_output_is_the_expected_one() {
    assert_expected(COMPLIANT);
    assert_expected(NONCOMPLIANT);
}
