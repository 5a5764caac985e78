//! Ways into values, as messages have them.

use palisade::value::{Path, PathStep};

use super::{tfplugin5, tfplugin6};

/// The way as version 6 has it.
#[must_use]
pub fn v6(path: &Path) -> tfplugin6::AttributePath {
    use tfplugin6::attribute_path::{Step, step::Selector};
    let step = |step: &PathStep| Step {
        selector: Some(match step {
            PathStep::Attribute(name) => Selector::AttributeName(name.to_string()),
            PathStep::Key(key) => Selector::ElementKeyString(key.to_string()),
            PathStep::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX)),
        }),
    };
    tfplugin6::AttributePath { steps: path.0.iter().map(step).collect() }
}

/// The way as version 5 has it.
#[must_use]
pub fn v5(path: &Path) -> tfplugin5::AttributePath {
    use tfplugin5::attribute_path::{Step, step::Selector};
    let step = |step: &PathStep| Step {
        selector: Some(match step {
            PathStep::Attribute(name) => Selector::AttributeName(name.to_string()),
            PathStep::Key(key) => Selector::ElementKeyString(key.to_string()),
            PathStep::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX)),
        }),
    };
    tfplugin5::AttributePath { steps: path.0.iter().map(step).collect() }
}
