//! Every rule and its document: the rules load, the documents have their headings, the examples fail and pass as marked.
//!
//! `PALISADE_RULE=tls/lb- cargo test --test rulesets` runs only documents whose name starts so;
//! `PALISADE_BLESS=1` writes `rulesets/INDEX.md`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::path::{Path, PathBuf};

use palisade::diagnostic::{Diagnostic, Report, Severity};
use palisade::engine::{self, Environment, Request, Undetermined};
use palisade::rules::{Defaults, RuleSet, document};
use palisade::source::{Disk, Memory, SourceMap, System};
use palisade::waivers::inline::Peers;

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
fn heads_say_what_the_rules_say() {
    let (on_demand, problems) = RuleSet::builtin_on_demand(&SourceMap::default());
    assert!(problems.is_empty());
    let (whole, _) = RuleSet::builtin(&SourceMap::default());
    let heads = |rules: &RuleSet| {
        let head = |rule: &palisade::rules::Rule| {
            (rule.head(), rule.covered_by.clone(), rule.targets.clone(), rule.param_names.clone())
        };
        rules.iter().map(|rule| format!("{:#?}", head(rule))).collect::<Vec<_>>()
    };
    for (head, rule) in heads(&on_demand).iter().zip(heads(&whole)) {
        assert_eq!(*head, rule);
    }
    assert_eq!(on_demand.len(), whole.len());
}

/// A directory judged by these rules.
fn judged(system: &dyn System, dir: &Path, rules: &RuleSet, sources: &SourceMap) -> Report {
    engine::run(&Request {
        system,
        sources,
        rules,
        settings: &document::document_settings(),
        standard_input: None,
        paths: &[dir.to_path_buf()],
        environments: &[Environment::default()],
        exclude: &[],
        waivers: &[],
        peers: Peers::Left,
        today: "2026-11-22".parse().unwrap(),
        known: None,
        show: Severity::Low,
        fail_on: Severity::Medium,
        undetermined: Undetermined::Report,
        progress: &|_| (),
    })
}

#[test]
fn a_rule_is_read_only_when_it_has_something_to_judge() {
    let mut system = Memory::new();
    system.add("/w/main.tf", "resource \"aws_cloudwatch_log_group\" \"a\" {\n  retention_in_days = 1\n}\n");
    let sources = SourceMap::default();
    let (rules, _) = RuleSet::builtin_on_demand(&sources);
    assert_eq!(sources.len(), 0, "each of these rules has a head that cannot be found without reading it");
    let report = judged(&system, Path::new("/w"), &rules, &sources);
    assert_eq!(report.summary.rules, rules.len());
    assert!(report.findings.iter().any(|finding| &*finding.rule == "log/retention"));
    let concerns =
        |types: &[String]| types.iter().any(|name| matches!(name.as_str(), "aws_cloudwatch_log_group" | "terraform"));
    let read = rules.iter().filter(|rule| concerns(&rule.head().resource_types)).count();
    assert_eq!(sources.len(), read + 1, "the rules about it, and the configuration");
}

#[test]
fn judging_is_the_same_whether_rules_are_read_at_once_or_on_demand() {
    for example in ["landing-zone", "landing-zone-noncompliant"] {
        let dir: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example);
        let (at_once, on_demand) = (SourceMap::default(), SourceMap::default());
        let [at_once, on_demand] = [
            judged(&Disk, &dir, &RuleSet::builtin(&at_once).0, &at_once),
            judged(&Disk, &dir, &RuleSet::builtin_on_demand(&on_demand).0, &on_demand),
        ]
        .map(|report| {
            assert!(report.errors.is_empty(), "{:#?}", report.errors);
            // Files have other numbers when other files are read before them; places have not.
            let without_numbers = |mut finding: palisade::diagnostic::Finding| {
                finding.span = None;
                finding.related.iter_mut().for_each(|related| related.span = None);
                format!("{finding:#?}")
            };
            (report.summary.pass, report.findings.into_iter().map(without_numbers).collect::<Vec<_>>())
        });
        assert!(at_once.0 > 0, "{example}: nothing was judged");
        assert_eq!(at_once, on_demand, "{example}");
    }
}

#[test]
fn every_document_holds_what_it_says() {
    let sources = SourceMap::default();
    let (rules, _) = RuleSet::builtin_on_demand(&sources);
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
        for other in &rule.covered_by {
            assert!(rules.iter().any(|known| *known.id == **other), "{}: no rule {other:?}", rule.id);
        }
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
    let by_type = |table: &Defaults, name: &str| format!("{:?}", table.of(name, None).collect::<Vec<_>>());
    let mut unknown = Vec::new();
    for (name, default) in table.iter() {
        assert_eq!(by_type(&table, name), by_type(Defaults::builtin(), name), "{name}");
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
