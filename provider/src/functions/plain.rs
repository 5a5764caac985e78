//! Functions that need no rules.

use palisade::graph::EnvironmentSettings;
use palisade::network::address::AddressSet;
use palisade::network::cidr::Cidr;
use palisade::value::{Type, Unknown, Value};

use super::{Refused, derived, refused};

/// `environment_of(text)`: the environment that a name means, such as `prod` for `app-production-1`; null if none or
/// several.
///
/// # Errors
/// When the argument is not text.
pub fn environment_of(text: &Value) -> Result<Value, Refused> {
    if let Some(unknown) = text.as_unknown() {
        return Ok(derived(Type::String, &[unknown]));
    }
    let name = text.as_str().ok_or_else(|| refused(0, "text is wanted"))?;
    let settings = EnvironmentSettings::default();
    if let Some(environment) = settings.environment_named(name) {
        return Ok(Value::string(environment));
    }
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut found: Vec<_> = words.filter_map(|word| settings.environment_named(word)).collect();
    found.sort();
    found.dedup();
    Ok(match found.as_slice() {
        [one] => Value::string(one),
        _ => Value::null_of(Type::String),
    })
}

/// `cidr_overlaps(a, b)`: whether two address ranges have an address in common.
///
/// # Errors
/// When an argument is not a range such as `10.0.0.0/16` or `fd00::/8`.
pub fn cidr_overlaps(a: &Value, b: &Value) -> Result<Value, Refused> {
    let first = range(0, a)?;
    let second = range(1, b)?;
    match (first, second) {
        (Some(first), Some(second)) => Ok(first.overlaps(&second).into()),
        _ => {
            let unknowns: Vec<&Unknown> = [a, b].into_iter().filter_map(Value::as_unknown).collect();
            Ok(derived(Type::Bool, &unknowns))
        }
    }
}

/// The addresses of a range; `None` if the argument is unknown.
fn range(argument: usize, value: &Value) -> Result<Option<AddressSet>, Refused> {
    if value.is_unknown() {
        return Ok(None);
    }
    let text = value.as_str().ok_or_else(|| refused(argument, "an address range is wanted"))?;
    match Cidr::parse(text) {
        Some(_) => Ok(Some(AddressSet::of(&[text]))),
        None => Err(refused(argument, &format!("{text:?} is not an address range such as 10.0.0.0/16"))),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use palisade::value::Reason;

    use super::*;

    #[test]
    fn names_mean_environments() {
        for (name, environment) in [
            ("production", Some("prod")),
            ("app-prod-1", Some("prod")),
            ("eu_test_db", Some("test")),
            ("billing", None),
            ("dev-to-prod", None),
        ] {
            let found = environment_of(&Value::string(name)).unwrap();
            assert_eq!(found.as_str(), environment, "{name}");
        }
    }

    #[test]
    fn ranges_overlap_or_not() {
        for (a, b, overlap) in [
            ("10.0.0.0/8", "10.1.0.0/16", true),
            ("10.0.0.0/16", "10.1.0.0/16", false),
            ("0.0.0.0/0", "fd00::/8", false),
            ("fd00::/8", "fd12::/16", true),
        ] {
            let found = cidr_overlaps(&Value::string(a), &Value::string(b)).unwrap();
            assert_eq!(found.as_bool(), Some(overlap), "{a} {b}");
        }
    }

    #[test]
    fn unknown_arguments_stay_unknown_and_wrong_ones_are_named() {
        let unknown = Value::unknown(Type::String, Reason::NoValue("var.cidr".into()));
        assert!(cidr_overlaps(&unknown, &Value::string("10.0.0.0/8")).unwrap().is_unknown());
        let refused = cidr_overlaps(&unknown, &Value::string("ten")).unwrap_err();
        assert_eq!(refused.argument, 1);
        assert!(environment_of(&unknown).unwrap().is_unknown());
        assert!(environment_of(&Value::from(1)).is_err());
    }
}
