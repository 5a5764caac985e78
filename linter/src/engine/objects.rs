//! Judging objects that come one by one: what a provider plans, what a function was given.
//!
//! Other resources may exist, so what depends on them is undetermined here, never failed; what concerns providers,
//! modules or a root as a whole is not judged. Findings say the way into the object that they are about.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path as FilePath;
use std::sync::Arc;

use super::report::is_called;
use crate::diagnostic::{Diagnostic, Finding};
use crate::graph::Graph;
use crate::rules::{self, RuleSet, RuleVerdict, Settings, Surroundings};
use crate::source::{Clock, FileId, SourceMap, Span};
use crate::terraform::{Instance, Others, Root};
use crate::value::{Origin, OriginKind, Path, PathStep};
use crate::waivers::{self, Date, Names, Waiver};

/// Objects and what they are judged by.
pub struct ObjectRequest<'r> {
    /// The rules.
    pub rules: &'r RuleSet,
    /// What users changed about rules and environments.
    pub settings: &'r Settings,
    /// Where the rules' files are registered; the objects are too.
    pub sources: &'r SourceMap,
    /// Waivers of the configuration.
    pub waivers: &'r [Waiver],
    /// The day on which waivers are looked at.
    pub today: Date,
    /// The workspace, where it is known.
    pub workspace: Option<Arc<str>>,
}

/// A finding about an object.
#[derive(Clone, Debug)]
pub struct ObjectFinding {
    /// The finding. Its location is of no file.
    pub finding: Finding,
    /// Which of the objects it is about, from 0.
    pub object: usize,
    /// What in the object it is about; empty for the object as a whole.
    pub path: Path,
}

/// What was found out about objects.
#[derive(Clone, Debug, Default)]
pub struct JudgedObjects {
    /// Findings, worst first, then in the order of rules; waived ones among them.
    pub findings: Vec<ObjectFinding>,
    /// What each rule came to on each object that it concerns, in order.
    pub verdicts: Vec<RuleVerdict>,
    /// Mistakes in rules.
    pub errors: Vec<Diagnostic>,
}

/// Judges objects together: what one says of another counts.
#[must_use]
pub fn judge_objects(request: &ObjectRequest<'_>, mut objects: Vec<Instance>) -> JudgedObjects {
    let places: Vec<Places> = objects.iter_mut().map(|object| Places::give(object, request.sources)).collect();
    let addresses: Vec<Arc<str>> = objects.iter().map(|object| object.address.clone()).collect();
    let root =
        Root { instances: objects, workspace: request.workspace.clone(), others: Others::Possible, ..Root::default() };
    let graph = Graph::new(&root, request.settings.environments.clone());
    let around = Surroundings { sources: request.sources, clock: Clock::Stopped };
    let judged = rules::judge(request.rules, &graph, request.settings, around);
    let mut found = judged.findings;
    let names = Names { called: &|id, name| is_called(request.rules, id, name), missing: &|_| None };
    // Waivers for what is not among these objects are not unused: they are for others.
    drop(waivers::apply(request.waivers, &mut found, request.today, request.sources, &names));
    let mut findings: Vec<ObjectFinding> = found
        .into_iter()
        .filter_map(|finding| {
            let object = addresses.iter().position(|address| **address == *finding.address)?;
            let path = places.get(object)?.path(finding.span);
            Some(ObjectFinding { finding, object, path })
        })
        .collect();
    findings.sort_by_key(|it| std::cmp::Reverse(it.finding.severity));
    let mut verdicts = judged.verdicts;
    verdicts.sort();
    JudgedObjects { findings, verdicts, errors: judged.errors }
}

/// The ways into one object by the spans that stand for them.
///
/// Findings point at spans. An object has no text, so it is given one: a line for each of its parts, which says the way.
struct Places {
    file: FileId,
    paths: BTreeMap<u32, Path>,
}

impl Places {
    fn give(object: &mut Instance, sources: &SourceMap) -> Self {
        let (mut text, mut paths) = (format!("{}\n", object.address), BTreeMap::new());
        drop(object.values.map_parts(&mut |path, part| {
            paths.insert(text.len() as u32, path.clone());
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{path}");
            part
        }));
        let file = sources.add(FilePath::new(&*object.address), text.into_bytes().into());
        // Parts are visited in the same order again.
        let mut spans =
            paths.keys().copied().map(|start| Span::new(file, start, start)).collect::<Vec<_>>().into_iter();
        object.values = object.values.map_parts(&mut |path, part| match spans.next() {
            Some(span) => part.from_origin(Some(Origin::new(kind(path), Some(span)))),
            None => part,
        });
        object.span = Some(Span::new(file, 0, 0));
        Self { file, paths }
    }

    fn path(&self, span: Option<Span>) -> Path {
        let known = span.filter(|span| span.file == self.file);
        known.and_then(|span| self.paths.get(&span.start)).cloned().unwrap_or_default()
    }
}

fn kind(path: &Path) -> OriginKind {
    OriginKind::Attribute(match path.0.last() {
        Some(PathStep::Attribute(name) | PathStep::Key(name)) => name.clone(),
        Some(PathStep::Index(index)) => index.to_string().into(),
        None => "".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Verdict;
    use crate::terraform::{Action, Mode, Planned, planned_instance};
    use crate::value::Value;

    /// Judges an object in JSON; `"?"` stands for an unknown value.
    fn judged(resource_type: &str, json: &str) -> Vec<String> {
        let sources = SourceMap::default();
        let (rules, _) = RuleSet::builtin(&sources);
        let settings = Settings::default();
        let request = ObjectRequest {
            rules: &rules,
            settings: &settings,
            sources: &sources,
            waivers: &[],
            today: Date::from_days_since_epoch(20_779),
            workspace: None,
        };
        let json: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        let after = Value::from_json(&json).map_parts(&mut |path, part| match part.as_str() {
            Some("?") => {
                let reason = crate::value::Reason::NotInPlan("config".into(), path.to_string().into());
                Value::unknown(crate::value::Type::Any, reason)
            }
            _ => part,
        });
        let planned = Planned {
            address: &format!("{resource_type}.x"),
            mode: Mode::Managed,
            resource_type,
            after,
            before: Value::null(),
            action: Action::Create,
        };
        let judged = judge_objects(&request, vec![planned_instance(&planned)]);
        assert!(judged.errors.is_empty());
        let tell = |it: &ObjectFinding| {
            let word = if it.finding.verdict == Verdict::Fail { "" } else { "?" };
            format!("{}{word} {}", it.finding.rule, it.path)
        };
        judged.findings.iter().map(tell).collect()
    }

    #[test]
    fn a_finding_says_the_way_into_the_object() {
        let open = r#"{"ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]},
            {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]}"#;
        let found = judged("aws_security_group", open);
        assert!(found.iter().any(|it| it.starts_with("net/no-open-admin-ports ingress[1]")), "{found:?}");
    }

    #[test]
    fn what_is_unknown_or_elsewhere_is_undetermined() {
        let unknown = r#"{"ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["?"]}]}"#;
        let found = judged("aws_security_group", unknown);
        assert!(found.iter().any(|it| it.starts_with("net/no-open-admin-ports? ")), "{found:?}");
        let alone = judged("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#);
        assert!(!alone.is_empty());
        assert!(alone.iter().all(|it| it.split(' ').next().is_some_and(|rule| rule.ends_with('?'))), "{alone:?}");
    }
}
