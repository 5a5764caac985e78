//! Paths of attributes: `vpc_config[0].subnet_ids`, `tags["a.b"]`.

use std::fmt::{self, Write as _};

/// A path on the way down; text is made of it only where it is wanted.
#[derive(Clone, Copy, Debug)]
pub(in crate::terraform) enum Path<'p> {
    /// The instance itself.
    Start,
    /// An attribute or key below a path.
    Name(&'p Path<'p>, &'p str),
    /// A position below a path.
    Index(&'p Path<'p>, usize),
}

impl Path<'_> {
    /// The path to an attribute below this one.
    pub(in crate::terraform) fn name<'p>(&'p self, name: &'p str) -> Path<'p> {
        Path::Name(self, name)
    }

    /// The path to a position below this one.
    pub(in crate::terraform) fn index(&self, index: usize) -> Path<'_> {
        Path::Index(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => Ok(()),
            Self::Name(above, name) if !is_identifier(name) => write!(f, "{above}[{name:?}]"),
            Self::Name(Self::Start, name) => f.write_str(name),
            Self::Name(above, name) => write!(f, "{above}.{name}"),
            Self::Index(above, index) => write!(f, "{above}[{index}]"),
        }
    }
}

/// Adds an attribute name to a path that is text.
pub(in crate::terraform) fn push_name(path: &mut String, name: &str) {
    let between = if path.is_empty() || !is_identifier(name) { "" } else { "." };
    let _ = if is_identifier(name) { write!(path, "{between}{name}") } else { write!(path, "[{name:?}]") };
}

/// Adds a position to a path that is text.
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
