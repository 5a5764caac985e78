//! What is judged: a resource type and its values, as configuration gives them.
//!
//! Owns: [`Subject`], [`judge`], and what is said about a finding.
//! Promises: a type or attribute that is surely mistyped is a mistake, not a pass.
//! Must not know: the wire.

use std::sync::Arc;

use palisade::diagnostic::{Finding, Verdict};
use palisade::engine::{self, JudgedObjects, ObjectFinding, ObjectRequest};
use palisade::terraform::{Action, Mode, Others, Planned, planned_instance, schema};
use palisade::value::{Type, Value};

use crate::policy::Policy;

/// A resource type and its values.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is called in messages and waivers.
    pub address: String,
    /// `aws_security_group`
    pub resource_type: String,
    /// Its attributes and blocks; blocks are objects or lists of objects.
    pub config: Value,
}

/// What is wrong with a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Whether the type is wrong, or the values.
    pub part: Part,
    /// What is wrong.
    pub message: String,
}

/// A part of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The resource type.
    Type,
    /// The values.
    Config,
}

impl Subject {
    /// What is surely wrong with it.
    #[must_use]
    pub fn mistake(&self) -> Option<Mistake> {
        let of = |part, message| Some(Mistake { part, message });
        let name = &self.resource_type;
        let Some(known) = schema::resource(name) else {
            if name.is_empty() {
                return of(Part::Type, "a resource type such as \"aws_security_group\" is wanted".to_owned());
            }
            let close = schema::suggest_type(name).filter(|_| schema::is_covered(name))?;
            return of(Part::Type, format!("there is no resource type {name:?}; did you mean {close:?}?"));
        };
        if self.config.is_unknown() {
            return None;
        }
        let Some(fields) = self.config.as_fields() else {
            let is = self.config.type_of().friendly();
            return of(Part::Config, format!("an object of attributes of {name} is wanted, not {is}"));
        };
        // New attributes of a provider are not mistakes: only what is close to a known one that is not given.
        let mut unknown = fields.keys().filter(|field| known.members.get(field).is_none());
        let (wrong, meant) = unknown.find_map(|field| {
            let meant = known.members.suggest(field).filter(|meant| !fields.contains_key(*meant))?;
            Some((field, meant))
        })?;
        of(Part::Config, format!("{name} has no attribute or block {wrong:?}; did you mean {meant:?}?"))
    }
}

/// Judges subjects together, in an environment if one is named.
#[must_use]
pub fn judge(policy: &Policy, environment: Option<&Arc<str>>, subjects: &[Subject]) -> JudgedObjects {
    let mut settings = policy.settings.clone();
    if let Some(environment) = environment {
        settings.environments.assigned = Some(environment.clone());
    }
    let request = ObjectRequest {
        rules: &policy.rules,
        settings: &settings,
        sources: &policy.sources,
        waivers: &policy.waivers,
        today: Policy::today(),
        workspace: None,
    };
    let instance = |subject: &Subject| {
        planned_instance(&Planned {
            address: &subject.address,
            mode: Mode::Managed,
            resource_type: &subject.resource_type,
            after: subject.config.clone(),
            before: Value::null_of(Type::Any),
            action: Action::Create,
        })
    };
    engine::judge_objects(&request, subjects.iter().map(instance).collect())
}

/// Whether a finding counts under the policy.
#[must_use]
pub fn counts(policy: &Policy, found: &ObjectFinding) -> bool {
    engine::gates(&found.finding, policy.fail_on, policy.undetermined)
}

/// Whether a finding waits for values of the subject that are not known yet, and may count once they are.
#[must_use]
pub fn waits(policy: &Policy, found: &ObjectFinding) -> bool {
    let finding = &found.finding;
    finding.verdict == Verdict::Undetermined
        && engine::gates(finding, policy.fail_on, engine::Undetermined::Fail)
        && finding.because.iter().any(|reason| reason != Others::REASON)
}

/// One line about a finding: the rule and what it says.
#[must_use]
pub fn line(found: &ObjectFinding) -> String {
    format!("{}: {}", found.finding.rule, found.finding.message)
}

/// The first line of a diagnostic about a finding.
#[must_use]
pub fn headline(policy: &Policy, finding: &Finding) -> String {
    /// Longer lines are cut.
    const MAX: usize = 80;
    let summary = policy.rules.find(&finding.rule).map_or("", |rule| rule.summary.as_str());
    let whole = format!("{}: {summary}", finding.rule);
    if whole.chars().count() <= MAX { whole } else { whole.chars().take(MAX - 1).chain(['…']).collect() }
}

/// The rest of a diagnostic about a finding: what, where, how grave, what to do.
#[must_use]
pub fn detail(found: &ObjectFinding) -> String {
    let finding = &found.finding;
    let mut text = format!("{}\n\nSubject: {}", finding.message, finding.address);
    if !found.path.0.is_empty() {
        text.push_str(&format!(", {}", found.path));
    }
    text.push_str(&format!(". Severity: {}.", finding.severity));
    if let Some(help) = &finding.help {
        text.push_str(&format!("\n{help}"));
    }
    text.push_str(&format!("\n\"palisade explain {}\" tells more.", finding.rule));
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn mistake(resource_type: &str, json: &str) -> Option<String> {
        let config = Value::from_json(&serde_json::from_str(json).unwrap());
        let subject = Subject { address: "x".to_owned(), resource_type: resource_type.to_owned(), config };
        subject.mistake().map(|mistake| mistake.message)
    }

    #[test]
    fn what_is_surely_mistyped_is_a_mistake() {
        assert_eq!(mistake("aws_security_group", r#"{"ingress": [], "brand_new": 1}"#), None);
        assert_eq!(mistake("acme_thing", r#"{"ingres": []}"#), None);
        let wrong = mistake("aws_security_group", r#"{"ingres": []}"#).unwrap();
        assert!(wrong.contains("did you mean \"ingress\""), "{wrong}");
        let wrong = mistake("aws_securty_group", "{}").unwrap();
        assert!(wrong.contains("did you mean \"aws_security_group\""), "{wrong}");
        assert!(mistake("aws_security_group", "[1]").unwrap().contains("object"));
        assert!(mistake("", "{}").is_some());
    }
}
