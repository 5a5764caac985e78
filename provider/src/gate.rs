//! `palisade_gate`: judges its subjects, and keeps what came of it.
//!
//! Owns: [`Gate`], what it is written with; [`Judged`], what it comes to.
//! Promises: what is certainly wrong closes the gate, whatever else is unknown; what the state keeps holds no values.
//! Must not know: the wire.

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade::diagnostic::Verdict;
use palisade::engine::{JudgedObjects, ObjectFinding};
use palisade::value::{Fields, Kind, ObjectAttribute, Path, PathStep, Reason, Type, Value};

use crate::policy::Policy;
use crate::subject::{self, Part, Subject};

/// A gate as it is written.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Its name; `None` while it is unknown.
    pub name: Option<Arc<str>>,
    /// The environment of its subjects, if it says one.
    pub environment: Option<Arc<str>>,
    /// What it judges, with the place of each among the blocks.
    pub subjects: Vec<(usize, Subject)>,
    /// Whether everything it is written with is known.
    pub is_known: bool,
}

/// Something wrong in how a gate is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub path: Path,
    /// What.
    pub message: String,
}

/// What a gate comes to.
#[derive(Debug)]
pub struct Judged {
    /// Findings that count, with their place in the gate.
    pub counting: Vec<(Path, ObjectFinding)>,
    /// Its computed attributes by name.
    pub computed: Vec<(&'static str, Value, Type)>,
    /// Mistakes in rules, in words.
    pub errors: Vec<String>,
}

impl Gate {
    /// The gate that an object of its type says.
    #[must_use]
    pub fn read(object: &Value) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(Arc::from);
        let fields = object.as_fields().cloned().unwrap_or_default();
        let blocks = fields.get("subject").and_then(Value::as_items).unwrap_or_default();
        let written = ["name", "environment", "subject"];
        Self {
            name: text(fields.get("name")),
            environment: text(fields.get("environment")),
            subjects: blocks.iter().enumerate().filter_map(|(at, block)| Some((at, subject_of(at, block)?))).collect(),
            is_known: written.iter().filter_map(|name| fields.get(*name)).all(Value::is_wholly_known),
        }
    }

    /// What is surely wrong with how it is written.
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake> {
        let of = |(at, subject): &(usize, Subject)| {
            let mistake = subject.mistake()?;
            let part = match mistake.part {
                Part::Type => "type",
                Part::Config => "config",
            };
            Some(Mistake { path: within(*at, part), message: mistake.message })
        };
        self.subjects.iter().filter_map(of).collect()
    }

    /// Judges it.
    #[must_use]
    pub fn judge(&self, policy: &Policy) -> Judged {
        let subjects: Vec<Subject> = self.subjects.iter().map(|(_, subject)| subject.clone()).collect();
        let judged = subject::judge(policy, self.environment.as_ref(), &subjects);
        let counting = judged.findings.iter().filter(|found| subject::counts(policy, found));
        let counting: Vec<(Path, ObjectFinding)> = counting.map(|found| (self.place(found), found.clone())).collect();
        let errors = judged.errors.iter().map(|error| error.message.clone()).collect();
        Judged { computed: self.computed(policy, &judged, &counting), counting, errors }
    }

    /// Where in the gate a finding is. Terraform finds the line of a block's attribute and of one key in it, no deeper.
    fn place(&self, found: &ObjectFinding) -> Path {
        let at = self.subjects.get(found.object).map_or(0, |(at, _)| *at);
        let path = within(at, "config");
        match found.path.0.first() {
            Some(PathStep::Attribute(name) | PathStep::Key(name)) => path.with(PathStep::Key(name.clone())),
            Some(PathStep::Index(_)) | None => path,
        }
    }

    fn computed(
        &self,
        policy: &Policy,
        judged: &JudgedObjects,
        counting: &[(Path, ObjectFinding)],
    ) -> Vec<(&'static str, Value, Type)> {
        let later = |name: &str, ty: Type| Value::unknown(ty, Reason::NotInPlan("palisade_gate".into(), name.into()));
        let (verdict, record) = if self.is_known {
            (Value::from(verdict(judged, counting)), record(judged))
        } else {
            (later("verdict", Type::String), later("record", record_type()))
        };
        let id = self.name.as_ref().map_or_else(|| later("id", Type::String), Value::string);
        vec![
            ("id", id, Type::String),
            ("policy_digest", Value::string(&policy.digest), Type::String),
            ("verdict", verdict, Type::String),
            ("record", record, record_type()),
        ]
    }
}

/// The state of a gate that exists and was not judged yet.
#[must_use]
pub fn imported(name: &str) -> Value {
    let mut fields: Fields = ["environment", "policy_digest", "verdict"]
        .map(|attribute| (Arc::from(attribute), Value::null_of(Type::String)))
        .into();
    fields.insert("name".into(), Value::string(name));
    fields.insert("id".into(), Value::string(name));
    fields.insert("record".into(), Value::null_of(record_type()));
    fields.insert("subject".into(), Value::tuple([]));
    Value::object(fields)
}

/// The subject that a block says; `None` while its type is unknown.
fn subject_of(at: usize, block: &Value) -> Option<Subject> {
    let fields = block.as_fields()?;
    let resource_type = fields.get("type")?.as_str()?.to_owned();
    let config = fields.get("config")?.clone();
    let name = fields.get("name").and_then(Value::as_str).map_or_else(|| at.to_string(), str::to_owned);
    Some(Subject { address: format!("{resource_type}.{name}"), resource_type, config })
}

fn within(at: usize, attribute: &str) -> Path {
    Path(vec![PathStep::Attribute("subject".into()), PathStep::Index(at), PathStep::Attribute(attribute.into())])
}

fn verdict(judged: &JudgedObjects, counting: &[(Path, ObjectFinding)]) -> &'static str {
    let open = judged.verdicts.iter().any(|it| it.verdict == Verdict::Undetermined);
    match (counting.is_empty(), open) {
        (false, _) => Verdict::Fail.as_str(),
        (true, true) => Verdict::Undetermined.as_str(),
        (true, false) => Verdict::Pass.as_str(),
    }
}

/// What each rule came to: names and verdicts only, for values may be secret.
fn record(judged: &JudgedObjects) -> Value {
    let entry = |verdict: &palisade::rules::RuleVerdict| {
        Value::object(Fields::from([
            ("rule".into(), Value::string(&verdict.rule)),
            ("subject".into(), Value::string(&verdict.address)),
            ("verdict".into(), Value::string(verdict.verdict.as_str())),
        ]))
    };
    // A rule may check a type in several ways: the worst of them is what it came to.
    let mut worst: BTreeMap<(&str, &str), &palisade::rules::RuleVerdict> = BTreeMap::new();
    for verdict in &judged.verdicts {
        let held = worst.entry((&verdict.address, &verdict.rule)).or_insert(verdict);
        if weight(verdict.verdict) > weight(held.verdict) {
            *held = verdict;
        }
    }
    let items: Vec<Value> = worst.into_values().map(entry).collect();
    Kind::List(item_type(), items.into()).into()
}

fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NotApplicable => 0,
        Verdict::Pass => 1,
        Verdict::Undetermined => 2,
        Verdict::Fail => 3,
    }
}

fn item_type() -> Type {
    let attribute = |name: &str| (Arc::from(name), ObjectAttribute::required(Type::String));
    Type::Object(Arc::new(["rule", "subject", "verdict"].map(attribute).into()))
}

fn record_type() -> Type {
    Type::list(item_type())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use palisade::source::Memory;

    use super::*;
    use crate::policy::Choices;

    fn gate(json: &str) -> Gate {
        let value = Value::from_json(&serde_json::from_str(json).unwrap());
        Gate::read(&value.map_parts(&mut |path, part| match part.as_str() {
            Some("?") => Value::unknown(Type::Any, Reason::NotInPlan("gate".into(), path.to_string().into())),
            _ => part,
        }))
    }

    fn attribute(judged: &Judged, wanted: &str) -> String {
        let found = judged.computed.iter().find(|(name, ..)| *name == wanted);
        found.map_or("absent".to_owned(), |(_, value, _)| value.to_json_text().unwrap_or("unknown".to_owned()))
    }

    fn policy() -> Policy {
        Policy::load(&Memory::new(), &Choices::default()).unwrap()
    }

    fn open_to(range: &str) -> String {
        let rule = format!(
            r#"{{"type": "ingress", "from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["{range}"]}}"#
        );
        format!(
            r#"{{"name": "g", "subject": [{{"type": "aws_security_group_rule", "name": "ssh", "config": {rule}}}]}}"#
        )
    }

    #[test]
    fn what_is_open_to_the_world_closes_the_gate() {
        let judged = gate(&open_to("0.0.0.0/0")).judge(&policy());
        let (path, found) = judged.counting.first().unwrap();
        assert_eq!(path.to_string(), "subject[0].config[\"cidr_blocks\"]");
        assert_eq!(found.finding.address, "aws_security_group_rule.ssh");
        assert_eq!(attribute(&judged, "verdict"), "\"fail\"");
        assert_eq!(attribute(&judged, "id"), "\"g\"");
        let record = attribute(&judged, "record");
        assert!(record.contains(r#""subject":"aws_security_group_rule.ssh","verdict":"fail""#), "{record}");
        assert!(!record.contains("0.0.0.0"), "no values are kept");
    }

    #[test]
    fn what_is_not_known_yet_is_judged_later() {
        let judged = gate(&open_to("?")).judge(&policy());
        assert!(judged.counting.is_empty());
        assert_eq!((attribute(&judged, "verdict"), attribute(&judged, "record")), ("unknown".into(), "unknown".into()));
        assert_eq!(attribute(&judged, "policy_digest").len(), 66);
    }

    #[test]
    fn mistakes_have_places() {
        let wrong = gate(r#"{"name": "g", "subject": [{"type": "aws_security_group", "config": {"ingres": []}}]}"#);
        let mistakes = wrong.mistakes();
        let mistake = mistakes.first().unwrap();
        assert_eq!(mistake.path.to_string(), "subject[0].config");
        assert!(mistake.message.contains("ingress"));
    }
}
