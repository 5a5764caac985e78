//! Functions that judge a resource type with arguments.

use std::sync::Arc;

use palisade::value::{Kind, Refinement, Type, Unknown, Value};

use super::{Refused, derived, refused};
use crate::policy::Policy;
use crate::subject::{self, Part, Subject};

/// What is certain about a subject, and what is still open.
struct Verdict {
    /// What is wrong with it.
    violations: Vec<String>,
    /// Whether values that are not known yet could add to that.
    is_open: bool,
}

/// `violations(type, config)`: the messages of all rules that are violated.
///
/// # Errors
/// When an argument makes no sense.
pub fn violations(policy: &Policy, resource_type: &Value, config: &Value) -> Result<Value, Refused> {
    let ty = || Type::list(Type::String);
    let Some(verdict) = verdict(policy, resource_type, config)? else {
        return Ok(derived(ty(), &unknowns(resource_type, config)));
    };
    if verdict.is_open {
        let certain = Refinement {
            not_null: true,
            min_length: Some(verdict.violations.len()).filter(|length| *length > 0),
            ..Refinement::default()
        };
        let unknown = Unknown { refinement: certain, ..Unknown::derived(ty(), unknowns(resource_type, config)) };
        return Ok(Kind::Unknown(Arc::new(unknown)).into());
    }
    let messages: Vec<Value> = verdict.violations.iter().map(Value::string).collect();
    Ok(Kind::List(Type::String, messages.into()).into())
}

/// `compliant(type, config)`: whether no rule is violated.
///
/// # Errors
/// When an argument makes no sense.
pub fn compliant(policy: &Policy, resource_type: &Value, config: &Value) -> Result<Value, Refused> {
    match verdict(policy, resource_type, config)? {
        Some(verdict) if !verdict.violations.is_empty() => Ok(false.into()),
        Some(verdict) if !verdict.is_open => Ok(true.into()),
        Some(_) | None => Ok(derived(Type::Bool, &unknowns(resource_type, config))),
    }
}

/// The verdict; `None` while the type, or all of the arguments, is unknown.
fn verdict(policy: &Policy, resource_type: &Value, config: &Value) -> Result<Option<Verdict>, Refused> {
    if resource_type.is_unknown() || config.is_unknown() {
        return Ok(None);
    }
    let name = resource_type.as_str().ok_or_else(|| refused(0, "a resource type is wanted"))?;
    let subject = Subject { address: format!("{name}.config"), resource_type: name.to_owned(), config: config.clone() };
    if let Some(mistake) = subject.mistake() {
        let argument = match mistake.part {
            Part::Type => 0,
            Part::Config => 1,
        };
        return Err(Refused { argument, message: mistake.message });
    }
    let judged = subject::judge(policy, None, &[subject]);
    if let Some(error) = judged.errors.first() {
        return Err(refused(1, &error.message));
    }
    let counting = judged.findings.iter().filter(|found| subject::counts(policy, found));
    let is_open = !config.is_wholly_known() && judged.findings.iter().any(|found| subject::waits(policy, found));
    Ok(Some(Verdict { violations: counting.map(subject::line).collect(), is_open }))
}

fn unknowns<'v>(resource_type: &'v Value, config: &'v Value) -> Vec<&'v Unknown> {
    [resource_type, config].into_iter().flat_map(Value::unknowns_within).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use palisade::source::Memory;
    use palisade::value::Reason;

    use super::*;
    use crate::policy::Choices;

    fn config(json: &str) -> Value {
        let value = Value::from_json(&serde_json::from_str(json).unwrap());
        value.map_parts(&mut |path, part| match part.as_str() {
            Some("?") => Value::unknown(Type::Any, Reason::NotInPlan("config".into(), path.to_string().into())),
            _ => part,
        })
    }

    fn answers(json: &str) -> (Value, Value) {
        let policy = Policy::load(&Memory::new(), &Choices::default()).unwrap();
        let (name, config) = (Value::from("aws_security_group_rule"), config(json));
        (violations(&policy, &name, &config).unwrap(), compliant(&policy, &name, &config).unwrap())
    }

    #[test]
    fn the_answer_is_unknown_only_where_it_is_open() {
        let rule = |range: &str, port: &str| {
            format!(
                r#"{{"type": "ingress", "protocol": "tcp", "from_port": {port}, "to_port": {port},
                    "cidr_blocks": ["{range}"], "description": "?"}}"#
            )
        };
        let (messages, complies) = answers(&rule("0.0.0.0/0", "22"));
        assert_eq!(complies.as_bool(), Some(false));
        assert!(messages.as_items().is_some_and(|items| !items.is_empty()) || messages.is_unknown());
        let (_, complies) = answers(&rule("10.0.0.0/8", "22"));
        assert_eq!(complies.as_bool(), Some(true));
        let (messages, complies) = answers(&rule("?", "22"));
        assert!(messages.is_unknown() && complies.is_unknown());
    }

    #[test]
    fn wrong_arguments_are_named() {
        let policy = Policy::load(&Memory::new(), &Choices::default()).unwrap();
        let ask = |name: &str, json: &str| compliant(&policy, &name.into(), &config(json)).unwrap_err().argument;
        assert_eq!(ask("aws_securty_group", "{}"), 0);
        assert_eq!(ask("aws_security_group", r#"{"ingres": []}"#), 1);
        assert_eq!(ask("aws_security_group", "[]"), 1);
    }
}
