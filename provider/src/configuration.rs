//! The `provider` block.

use palisade::diagnostic::Severity;
use palisade::value::{Path, PathStep, Value};

use crate::gate::Mistake;
use crate::policy::{Choices, Mode};

/// The choices that an object of the provider's type says. What is unknown is left out: it is known when it counts.
///
/// # Errors
/// When a word in it means nothing.
pub fn read(object: &Value) -> Result<Choices, Mistake> {
    let fields = object.as_fields().cloned().unwrap_or_default();
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let wrong = |name: &str, message: String| Mistake { path: Path(vec![PathStep::Attribute(name.into())]), message };
    let fail_on = text("fail_on").map(|word| word.parse::<Severity>().map_err(|message| wrong("fail_on", message)));
    let mode = text("mode").map(|word| word.parse::<Mode>().map_err(|message| wrong("mode", message)));
    let rulesets = fields.get("rulesets").and_then(Value::as_items);
    Ok(Choices {
        config: text("config").map(Into::into),
        rulesets: rulesets.map(|items| items.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        environment: text("environment").map(str::to_owned),
        fail_on: fail_on.transpose()?,
        mode: mode.transpose()?.unwrap_or_default(),
    })
}

/// The first attribute that is not known.
#[must_use]
pub fn unknown(object: &Value) -> Option<Path> {
    let fields = object.as_fields()?;
    let (name, _) = fields.iter().find(|(_, value)| !value.is_wholly_known())?;
    Some(Path(vec![PathStep::Attribute(name.clone())]))
}
