//! Paths of attributes as text: `vpc_config[0].subnet_ids`, `tags["a.b"]`.

use std::fmt::Write as _;

/// Adds an attribute name.
pub(in crate::terraform) fn push_name(path: &mut String, name: &str) {
    if !is_identifier(name) {
        let _ = write!(path, "[{name:?}]");
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// Adds a position.
pub(in crate::terraform) fn push_index(path: &mut String, index: usize) {
    let _ = write!(path, "[{index}]");
}

/// The steps of a path, names and positions alike: `a[0].b` gives `a`, `0`, `b`.
pub(in crate::terraform) fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split(['.', '[', ']']).map(|step| step.trim_matches('"')).filter(|step| !step.is_empty())
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}
