//! Every rule and its document: the rules load, the documents have their headings, the examples fail and pass as marked.
//!
//! `PALISADE_RULE=tls/lb- cargo test --test rulesets` runs only documents whose name starts so;
//! `PALISADE_BLESS=1` writes `rulesets/INDEX.md`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use palisade::diagnostic::Diagnostic;
use palisade::rules::{Defaults, RuleSet, document};
use palisade::source::{Disk, SourceMap};

fn told(problems: &[Diagnostic], sources: &SourceMap) -> String {
    let line = |it: &Diagnostic| {
        let place = it.span.and_then(|span| sources.location(span));
        let place = place.map_or_else(String::new, |it| format!("{}:{}:{}: ", it.file, it.start.line, it.start.column));
        let help = it.help.as_ref().map_or_else(String::new, |help| format!("\n    {help}"));
        format!("{place}{}{help}\n", it.message)
    };
    problems.iter().map(line).collect()
}

#[test]
fn every_builtin_rule_loads() {
    let sources = SourceMap::default();
    let (rules, problems) = RuleSet::builtin(&sources);
    assert!(problems.is_empty(), "{}", told(&problems, &sources));
    assert!(!rules.is_empty());
}

#[test]
fn the_embedded_rules_are_those_on_disk() {
    let sources = SourceMap::default();
    let (builtin, _) = RuleSet::builtin(&sources);
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets");
    let (disk, _) = RuleSet::load(&Disk, &dir, &sources);
    let ids = |rules: &RuleSet| rules.iter().map(|rule| rule.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&builtin), ids(&disk));
}

#[test]
fn every_document_holds_what_it_says() {
    let sources = SourceMap::default();
    let (rules, _) = RuleSet::builtin(&sources);
    let wanted = std::env::var("PALISADE_RULE").unwrap_or_default();
    let (mut failed, mut passed) = (String::new(), 0);
    for rule in rules.iter().filter(|rule| rule.id.starts_with(&wanted)) {
        for result in document::test_document(rule, &rules, &sources) {
            if result.problems.is_empty() {
                passed += 1;
                continue;
            }
            failed.push_str(&format!("\n{}\n", result.name));
            result.problems.iter().for_each(|problem| failed.push_str(&format!("    {problem}\n")));
        }
    }
    assert!(failed.is_empty(), "{passed} headings hold, these do not:\n{failed}");
    assert!(passed > 0, "no document was run");
}

#[test]
fn ids_and_aliases_are_given_once() {
    let sources = SourceMap::default();
    let (rules, _) = RuleSet::builtin(&sources);
    for rule in rules.iter() {
        assert_eq!(rules.find(&rule.id).unwrap().id, rule.id);
    }
}

#[test]
fn the_table_of_defaults_is_sound() {
    let sources = SourceMap::default();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules/defaults");
    let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let texts: Vec<_> =
        entries.iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect();
    let (table, problems) = Defaults::read(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())), &sources);
    assert!(problems.is_empty(), "{}", told(&problems, &sources));
    let mut unknown = Vec::new();
    for (name, default) in table.iter() {
        let Some(schema) = palisade::terraform::schema::resource(name) else {
            unknown.push(name.to_string());
            continue;
        };
        // Attributes that are gone in the newest version are not in its schema.
        let is_gone = default.until.is_some() && schema.find([&*default.path[0]]).is_none();
        if !is_gone && schema.find(default.path.iter().map(|step| &**step)).is_none() {
            unknown.push(format!("{name}.{}", default.path.join(".")));
        }
    }
    assert!(unknown.is_empty(), "not in the providers' schemas: {unknown:#?}");
}

#[test]
fn the_index_is_fresh() {
    let sources = SourceMap::default();
    let (rules, _) = RuleSet::builtin(&sources);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets/INDEX.md");
    let fresh = document::index(&rules);
    if std::env::var_os("PALISADE_BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    if path.exists() {
        let hint = "PALISADE_BLESS=1 cargo test --test rulesets writes it";
        assert_eq!(std::fs::read_to_string(&path).unwrap(), fresh, "{hint}");
    }
}
