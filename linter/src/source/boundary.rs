//! The fence around what untrusted configuration may read.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{ReadError, System};

/// A directory that reads on behalf of configuration may not leave, symbolic links included.
///
/// Paths that the user names (arguments, `--var-file`) are read directly through [`System`];
/// paths that configuration names (module sources, `file()`) go through a boundary.
#[derive(Debug, Clone)]
pub struct Boundary {
    root: PathBuf,
}

/// Why a path was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Escape {
    /// The path leads out of the boundary.
    Outside {
        /// What was asked for.
        path: PathBuf,
        /// The boundary.
        root: PathBuf,
    },
    /// Nothing readable is there.
    Unreadable(ReadError),
}

impl fmt::Display for Escape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside { path, root } => {
                write!(f, "{} is outside {}, and configuration may not read there", path.display(), root.display())
            }
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Escape {}

impl Boundary {
    /// The repository that `start` is in: the nearest parent with a `.git`. Outside of repositories it is the
    /// current directory if `start` is below it, else `start` itself.
    #[must_use]
    pub fn around(system: &dyn System, start: &Path) -> Self {
        if let Some(repository) = Self::repository(system, start) {
            return repository;
        }
        let start = system.canonicalize(start).unwrap_or_else(|_| start.to_path_buf());
        let current = system.current_dir();
        let current = system.canonicalize(&current).unwrap_or(current);
        // The file system's root as the current directory would be no fence at all.
        let root = if start.starts_with(&current) && current.parent().is_some() { current } else { start };
        Self { root }
    }

    /// The repository that `start` is in, if it is in one.
    #[must_use]
    pub fn repository(system: &dyn System, start: &Path) -> Option<Self> {
        let start = system.canonicalize(start).unwrap_or_else(|_| start.to_path_buf());
        let root = start.ancestors().find(|dir| system.kind(&dir.join(".git")).is_some())?;
        Some(Self { root: root.to_path_buf() })
    }

    /// Exactly this directory.
    #[must_use]
    pub fn at(system: &dyn System, root: &Path) -> Self {
        Self { root: system.canonicalize(root).unwrap_or_else(|_| root.to_path_buf()) }
    }

    /// The directory that may not be left.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The real path of `path`, if it is inside.
    ///
    /// # Errors
    /// When the path, after following links, is outside or does not exist.
    pub fn resolve(&self, system: &dyn System, path: &Path) -> Result<PathBuf, Escape> {
        let real = system.canonicalize(path).map_err(Escape::Unreadable)?;
        if real.starts_with(&self.root) {
            Ok(real)
        } else {
            Err(Escape::Outside { path: path.to_path_buf(), root: self.root.clone() })
        }
    }

    /// The bytes of a file inside the boundary, at most `limit` of them.
    ///
    /// # Errors
    /// When the path is outside, missing, too large or unreadable.
    pub fn read(&self, system: &dyn System, path: &Path, limit: u64) -> Result<Vec<u8>, Escape> {
        let real = self.resolve(system, path)?;
        system.read(&real, limit).map_err(Escape::Unreadable)
    }
}
