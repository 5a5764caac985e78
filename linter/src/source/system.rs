//! The machine: files and environment, real or in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

/// What a directory holds under one name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// File name without directories.
    pub name: String,
    /// File or directory; symbolic links are followed.
    pub kind: EntryKind,
}

/// Kind of an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Anything else: a socket, a broken link.
    Other,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing is there.
    NotFound,
    /// It has more bytes than the caller accepts; the limit, in bytes.
    TooLarge(u64),
    /// The system refused; its words.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such file or directory"),
            Self::TooLarge(limit) => write!(f, "larger than the limit of {limit} bytes"),
            Self::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::NotFound { Self::NotFound } else { Self::Other(error.to_string()) }
    }
}

/// Access to files and environment variables. Paths are absolute or relative to [`System::current_dir`].
pub trait System: Send + Sync {
    /// The bytes of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// When the file is missing, larger than `limit`, not a regular file, or unreadable.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError>;
    /// The entries of a directory, sorted by name.
    ///
    /// # Errors
    /// When the directory is missing or unreadable.
    fn read_dir(&self, path: &Path) -> Result<Vec<Entry>, ReadError>;
    /// What is at the path, links followed; `None` if nothing is.
    fn kind(&self, path: &Path) -> Option<EntryKind>;
    /// The path with all links resolved.
    ///
    /// # Errors
    /// When nothing is there.
    fn canonicalize(&self, path: &Path) -> Result<PathBuf, ReadError>;
    /// An environment variable.
    fn env_var(&self, name: &str) -> Option<String>;
    /// All environment variables whose name starts with `prefix`, sorted by name.
    fn env_vars(&self, prefix: &str) -> Vec<(String, String)>;
    /// The directory that relative paths start from.
    fn current_dir(&self) -> PathBuf;
}

/// The real machine.
#[derive(Debug, Default, Clone, Copy)]
pub struct Disk;

impl System for Disk {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let metadata = std::fs::metadata(path)?;
        // A pipe or a device could block for ever or never end.
        if !metadata.is_file() {
            return Err(ReadError::Other("not a regular file".to_owned()));
        }
        if metadata.len() > limit {
            return Err(ReadError::TooLarge(limit));
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        std::fs::File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<Entry>, ReadError> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_file() => EntryKind::File,
                Ok(kind) if kind.is_dir() => EntryKind::Directory,
                Ok(_) => self.kind(&entry.path()).unwrap_or(EntryKind::Other),
                Err(_) => EntryKind::Other,
            };
            entries.push(Entry { name, kind });
        }
        entries.sort();
        Ok(entries)
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(if metadata.is_file() {
            EntryKind::File
        } else if metadata.is_dir() {
            EntryKind::Directory
        } else {
            EntryKind::Other
        })
    }

    fn canonicalize(&self, path: &Path) -> Result<PathBuf, ReadError> {
        Ok(std::fs::canonicalize(path)?)
    }

    fn env_var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn env_vars(&self, prefix: &str) -> Vec<(String, String)> {
        let mut vars: Vec<_> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with(prefix))
            .collect();
        vars.sort();
        vars
    }

    fn current_dir(&self) -> PathBuf {
        std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
    }
}

/// A machine in memory, for tests, rule documents and the sources inside a plan file. Its current directory is `/`.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
    env: BTreeMap<String, String>,
}

impl Memory {
    /// An empty machine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; its directories exist from then on.
    pub fn add(&mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.files.insert(normalize(path.as_ref()), bytes.into());
        self
    }

    /// Sets an environment variable.
    pub fn set_env(&mut self, name: &str, value: &str) -> &mut Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl System for Memory {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.files.get(&normalize(path)).ok_or(ReadError::NotFound)?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes.clone()) }
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<Entry>, ReadError> {
        let dir = normalize(path);
        let mut entries: Vec<Entry> = Vec::new();
        for file in self.files.keys() {
            let Ok(rest) = file.strip_prefix(&dir) else { continue };
            let mut parts = rest.components();
            let Some(first) = parts.next() else { continue };
            let kind = if parts.next().is_some() { EntryKind::Directory } else { EntryKind::File };
            entries.push(Entry { name: first.as_os_str().to_string_lossy().into_owned(), kind });
        }
        entries.sort();
        entries.dedup();
        if entries.is_empty() && dir != Path::new("/") { Err(ReadError::NotFound) } else { Ok(entries) }
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let path = normalize(path);
        if self.files.contains_key(&path) {
            return Some(EntryKind::File);
        }
        let is_dir = path == Path::new("/") || self.files.keys().any(|file| file.starts_with(&path));
        is_dir.then_some(EntryKind::Directory)
    }

    fn canonicalize(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let path = normalize(path);
        if self.kind(&path).is_some() { Ok(path) } else { Err(ReadError::NotFound) }
    }

    fn env_var(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn env_vars(&self, prefix: &str) -> Vec<(String, String)> {
        self.env.iter().filter(|(name, _)| name.starts_with(prefix)).map(|(n, v)| (n.clone(), v.clone())).collect()
    }

    fn current_dir(&self) -> PathBuf {
        PathBuf::from("/")
    }
}

/// The path made absolute from `/` with `.` and `..` resolved by name alone.
fn normalize(path: &Path) -> PathBuf {
    let mut clean = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::Normal(name) => clean.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    clean
}
