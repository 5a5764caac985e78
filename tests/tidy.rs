//! The law of the house: what the crate's architecture page says is true, or this fails.
#![expect(clippy::expect_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `linter/src`, each allowed to use those before it.
const ROOMS: [&str; 15] = [
    "source",
    "diagnostic",
    "syntax",
    "value",
    "eval",
    "terraform",
    "guest",
    "graph",
    "network",
    "rules",
    "waivers",
    "engine",
    "report",
    "config",
    "cli",
];
/// Longest file, in lines.
const MAX_FILE_LINES: usize = 600;
/// Longest function, in lines.
const MAX_FUNCTION_LINES: usize = 60;
/// Licences that dependencies may have.
const LICENCES: [&str; 14] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unlicense",
    "CC0-1.0",
    "MIT-0",
    "0BSD",
    "MPL-2.0",
    "BSL-1.0",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below a folder with this ending, sorted.
fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![dir.to_path_buf()];
    while let Some(dir) = pending.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn sources() -> Vec<PathBuf> {
    let found = files(&root().join("linter/src"), ".rs");
    assert!(found.len() > 50, "the sources are not where this test looks for them");
    found
}

/// The sources of the provider, without the code that is generated.
fn provider_sources() -> Vec<PathBuf> {
    let generated = |path: &PathBuf| path.components().any(|part| part.as_os_str() == "generated");
    files(&root().join("provider/src"), ".rs").into_iter().filter(|path| !generated(path)).collect()
}

/// The room of a source file; `None` for the façade.
fn room(path: &Path) -> Option<String> {
    let below = path.strip_prefix(root().join("linter/src")).ok()?;
    let first = below.components().next()?.as_os_str().to_string_lossy().into_owned();
    let name = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
    ROOMS.contains(&name.as_str()).then_some(name)
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn data_flows_one_way_through_the_rooms() {
    let rank = |name: &str| ROOMS.iter().position(|room| *room == name);
    let mut problems = Vec::new();
    for path in sources() {
        let Some(own) = room(&path) else { continue };
        for (idx, line) in text(&path).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let used = line
                .split("crate::")
                .skip(1)
                .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>());
            for other in used.filter(|other| rank(other) > rank(&own)) {
                problems.push(format!("{}:{}: {own} must not know {other}", path.display(), idx + 1));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_folder_of_the_sources_is_a_known_room() {
    let known: BTreeSet<&str> = ROOMS.into_iter().chain(["lib.rs", "main.rs"]).collect();
    let entries = fs::read_dir(root().join("linter/src")).expect("sources");
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    report(&names.filter(|name| !known.contains(name.as_str())).collect::<Vec<_>>());
}

#[test]
fn files_and_functions_stay_small() {
    let mut problems = Vec::new();
    let tests = files(&root().join("tests"), ".rs");
    for path in sources().iter().chain(&provider_sources()).chain(&tests) {
        let text = text(path);
        let count = text.lines().count();
        if count > MAX_FILE_LINES {
            problems.push(format!("{}: {count} lines", path.display()));
        }
        for (name, line, length) in long_functions(&text) {
            problems.push(format!("{}:{line}: fn {name} has {length} lines", path.display()));
        }
    }
    report(&problems);
}

/// Functions over the limit: name, line, length. rustfmt puts a function's closing brace under its `fn`.
fn long_functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (idx, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let Some(at) = trimmed.find("fn ").filter(|at| is_signature(trimmed.get(..*at).unwrap_or_default())) else {
            continue;
        };
        let indent = line.len() - trimmed.len();
        let closing = format!("{}}}", " ".repeat(indent));
        let Some(length) = lines.iter().skip(idx).position(|line| *line == closing) else { continue };
        if length + 1 > MAX_FUNCTION_LINES {
            let name: String = trimmed.chars().skip(at + 3).take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.push((name, idx + 1, length + 1));
        }
    }
    found
}

fn is_signature(before: &str) -> bool {
    let words = ["pub", "const", "async", "extern"];
    before
        .split_whitespace()
        .all(|word| words.iter().any(|known| word.starts_with(known)) || word.starts_with("(in") || word.ends_with(')'))
}

#[test]
fn every_module_says_what_it_is() {
    let is_test = |path: &PathBuf| path.file_name().is_some_and(|name| name == "tests.rs");
    let all = sources().into_iter().chain(provider_sources());
    let missing = all.filter(|path| !is_test(path) && !text(path).starts_with("//!"));
    report(&missing.map(|path| format!("{}: begins without //!", path.display())).collect::<Vec<_>>());
}

#[test]
fn only_source_and_the_command_line_touch_the_machine() {
    let mut problems = Vec::new();
    for path in sources() {
        let is_test = path.to_string_lossy().contains("tests");
        if is_test || matches!(room(&path).as_deref(), Some("source" | "cli") | None) {
            continue;
        }
        let text = text(&path);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (idx, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for banned in [
                "std::fs",
                "std::env::",
                "std::process",
                "std::net::Tcp",
                "std::net::Udp",
                "SystemTime",
                "Instant::now",
            ] {
                if line.contains(banned) {
                    problems.push(format!("{}:{}: {banned}", path.display(), idx + 1));
                }
            }
        }
    }
    report(&problems);
}

#[test]
fn no_lint_is_switched_off_without_a_reason() {
    let mut problems = Vec::new();
    for path in sources().into_iter().chain(provider_sources()) {
        for (idx, line) in text(&path).lines().enumerate() {
            let line = line.trim_start();
            if line.starts_with("#[allow(") || line.starts_with("#![allow(") {
                problems.push(format!("{}:{}: use #[expect(…, reason = …)]", path.display(), idx + 1));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_rule_is_two_files() {
    let rules = files(&root().join("rulesets"), ".hcl");
    assert!(!rules.is_empty(), "there are no rules");
    let policies = root().join("rulesets/policies");
    let alone = rules.iter().filter(|path| !path.starts_with(&policies) && !path.with_extension("md").exists());
    report(&alone.map(|path| format!("{}: no document beside it", path.display())).collect::<Vec<_>>());
}

#[test]
fn dependencies_have_licences_on_the_list() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = std::process::Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", env!("PALISADE_TARGET")])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata.get("packages").and_then(|packages| packages.as_array()).expect("packages");
    let mut problems = Vec::new();
    for package in packages {
        let name = package.get("name").and_then(|name| name.as_str()).unwrap_or_default();
        let licence = package.get("license").and_then(|licence| licence.as_str()).unwrap_or("none");
        if !is_acceptable(licence) {
            problems.push(format!("{name}: {licence}"));
        }
    }
    report(&problems);
}

/// Whether one of the alternatives of a licence expression is made of licences on the list.
fn is_acceptable(expression: &str) -> bool {
    let on_list = |name: &str| LICENCES.contains(&name.trim().trim_matches(['(', ')']).trim());
    expression.replace('/', " OR ").split(" OR ").any(|choice| choice.split(" AND ").all(on_list))
        || expression.split(" AND ").all(|part| part.split(" OR ").any(on_list))
}

#[test]
fn the_published_crate_documentation_names_every_room() {
    let page = text(&root().join("linter/src/lib.rs"));
    let present = fs::read_dir(root().join("linter/src")).expect("sources");
    let rooms = present.flatten().filter(|entry| entry.path().is_dir());
    let missing = rooms
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|room| !page.contains(&format!("`{room}`")));
    report(&missing.map(|room| format!("lib.rs does not tell of {room}")).collect::<Vec<_>>());
}
