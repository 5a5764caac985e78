//! `palisade_check`: judges a directory, a plan or a state.
//!
//! Owns: [`Check`], what it is written with; [`Checked`], what it comes to.
//! Promises: input that cannot be read is an error, never a clean result.
//! Must not know: the wire.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use palisade::diagnostic::{Finding, KnownState, Level, Report, Severity};
use palisade::engine::{self, Environment, Request};
use palisade::source::System;
use palisade::terraform::Options;
use palisade::value::{Fields, Kind, Number, ObjectAttribute, Path, PathStep, Type, Value};
use palisade::waivers::inline::Peers;

use crate::gate::Mistake;
use crate::policy::{Mode, Policy};

/// A check as it is written.
#[derive(Clone, Debug)]
pub struct Check {
    /// What to judge.
    pub path: String,
    /// The environment, if it says one.
    pub environment: Option<Arc<str>>,
    /// The severity that counts, if it says one.
    pub fail_on: Option<Severity>,
    /// What findings that count do, if it says so.
    pub mode: Option<Mode>,
    /// Variables and workspace.
    pub options: Options,
}

/// What a check comes to.
#[derive(Debug)]
pub struct Checked {
    /// Findings that count.
    pub counting: Vec<Finding>,
    /// What they do.
    pub mode: Mode,
    /// Its computed attributes by name.
    pub computed: Vec<(&'static str, Value, Type)>,
    /// What of the input could not be read, in words.
    pub errors: Vec<String>,
}

impl Check {
    /// The check that an object of its type says.
    ///
    /// # Errors
    /// When a word in it means nothing.
    pub fn read(object: &Value) -> Result<Self, Mistake> {
        let fields = object.as_fields().cloned().unwrap_or_default();
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let wrong = |name: &str, message: String| Mistake { path: attribute(name), message };
        let fail_on = text("fail_on").map(|word| word.parse().map_err(|message| wrong("fail_on", message)));
        let mode = text("mode").map(|word| word.parse().map_err(|message| wrong("mode", message)));
        let items = |name: &str| fields.get(name).and_then(Value::as_items).unwrap_or_default().to_vec();
        let variables = fields.get("variables").and_then(Value::as_fields).cloned().unwrap_or_default();
        let variable = |(name, value): (Arc<str>, Value)| Some((name.to_string(), value.as_str()?.to_owned()));
        Ok(Self {
            path: text("path").unwrap_or_default(),
            environment: text("environment").map(Arc::from),
            fail_on: fail_on.transpose()?,
            mode: mode.transpose()?,
            options: Options {
                var_files: items("var_files").iter().filter_map(Value::as_str).map(PathBuf::from).collect(),
                vars: variables.into_iter().filter_map(variable).collect(),
                workspace: text("workspace"),
            },
        })
    }

    /// Judges it.
    #[must_use]
    pub fn judge(&self, system: &dyn System, policy: &Policy) -> Checked {
        let mut settings = policy.settings.clone();
        if let Some(environment) = &self.environment {
            settings.environments.assigned = Some(environment.clone());
        }
        let fail_on = self.fail_on.unwrap_or(policy.fail_on);
        let name = settings.environments.assigned.clone();
        let environments = [Environment { name, options: self.options.clone(), ..Environment::default() }];
        let general = &policy.config.options.palisade;
        let report = engine::run(&Request {
            system,
            sources: &policy.sources,
            rules: &policy.rules,
            settings: &settings,
            paths: &[PathBuf::from(&self.path)],
            standard_input: None,
            environments: &environments,
            exclude: &general.exclude,
            waivers: &policy.waivers,
            peers: if general.peer_ignores { Peers::Honoured } else { Peers::Left },
            today: Policy::today(),
            known: None,
            show: general.severity.unwrap_or(Severity::Low).min(fail_on),
            fail_on,
            undetermined: policy.undetermined,
            progress: &|_| (),
        });
        self.checked(policy, &report, fail_on)
    }

    fn checked(&self, policy: &Policy, report: &Report, fail_on: Severity) -> Checked {
        let counting = report.findings.iter().filter(|it| engine::gates(it, fail_on, policy.undetermined));
        let counting: Vec<Finding> = counting.cloned().collect();
        let errors = report.errors.iter().filter(|it| it.level == Level::Error).map(|it| {
            let place = match it.span.and_then(|span| policy.sources.location(span)) {
                Some(at) => format!("{}:{}: ", at.file, at.start.line),
                None => it.path.as_ref().map_or_else(String::new, |path| format!("{path}: ")),
            };
            format!("{place}{}", it.message)
        });
        let errors: Vec<String> = errors.collect();
        let findings: Vec<Value> = report.findings.iter().map(finding_value).collect();
        let computed = vec![
            ("id", Value::string(&self.path), Type::String),
            ("passed", (counting.is_empty() && errors.is_empty()).into(), Type::Bool),
            ("policy_digest", Value::string(&policy.digest), Type::String),
            ("findings", Kind::List(finding_type(), findings.into()).into(), Type::list(finding_type())),
        ];
        Checked { counting, mode: self.mode.unwrap_or(policy.mode), computed, errors }
    }
}

/// The way to an attribute.
fn attribute(name: &str) -> Path {
    Path(vec![PathStep::Attribute(name.into())])
}

/// What is said of a finding: where, what, what to do.
#[must_use]
pub fn detail(finding: &Finding) -> String {
    let mut text = String::new();
    if let Some(at) = &finding.location {
        text.push_str(&format!("{}:{}: ", at.file, at.start.line));
    }
    text.push_str(&finding.message);
    text.push_str(&format!("\n\nSubject: {}. Severity: {}.", finding.address, finding.severity));
    if let Some(help) = &finding.help {
        text.push_str(&format!("\n{help}"));
    }
    text.push_str(&format!("\n\"palisade explain {}\" tells more.", finding.rule));
    text
}

fn finding_value(finding: &Finding) -> Value {
    let place = finding.location.as_ref();
    let file = place.map_or_else(|| Value::null_of(Type::String), |at| Value::string(&at.file));
    let line = place.map_or_else(|| Value::null_of(Type::Number), |at| Number::from(i64::from(at.start.line)).into());
    let waived = finding.waiver.is_some() || finding.known == KnownState::Known;
    Value::object(Fields::from([
        ("rule".into(), Value::string(&finding.rule)),
        ("severity".into(), Value::string(finding.severity.as_str())),
        ("verdict".into(), Value::string(finding.verdict.as_str())),
        ("address".into(), Value::string(&finding.address)),
        ("message".into(), Value::string(&finding.message)),
        ("file".into(), file),
        ("line".into(), line),
        ("waived".into(), waived.into()),
    ]))
}

fn finding_type() -> Type {
    let text = |name: &str| (Arc::from(name), ObjectAttribute::required(Type::String));
    let mut attributes: BTreeMap<Arc<str>, ObjectAttribute> =
        ["rule", "severity", "verdict", "address", "message", "file"].map(text).into();
    attributes.insert("line".into(), ObjectAttribute::required(Type::Number));
    attributes.insert("waived".into(), ObjectAttribute::required(Type::Bool));
    Type::Object(Arc::new(attributes))
}
