//! Files that were read, and positions in them.

use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

/// A file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The position of the file in its map.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in one file: `start` inclusive, `end` exclusive, both offsets from the file's first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `file` from `start` to `end`.
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest span that covers both; `other` must be in the same file, otherwise `self` is returned.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A line and a column, both counted from 1; the column counts characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// A span as people read it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Location {
    /// Path as shown to the user, with forward slashes.
    pub file: String,
    /// First character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
}

/// One file as it was read.
#[derive(Debug)]
pub struct SourceFile {
    /// Path as shown to the user.
    pub path: PathBuf,
    /// The bytes, unchanged.
    pub bytes: Arc<[u8]>,
    lines: OnceLock<Vec<u32>>,
    secrets: OnceLock<Vec<Range<usize>>>,
}

impl SourceFile {
    /// The path with forward slashes, for output.
    #[must_use]
    pub fn display_path(&self) -> String {
        display_path(&self.path)
    }

    /// The ranges of bytes that must not be shown; `find` looks for them when it is asked first.
    pub fn secrets(&self, find: impl FnOnce(&[u8]) -> Vec<Range<usize>>) -> &[Range<usize>] {
        self.secrets.get_or_init(|| find(&self.bytes))
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let mut starts = vec![0];
            starts.extend(memchr::memchr_iter(b'\n', &self.bytes).map(|at| at as u32 + 1));
            starts
        })
    }

    /// The line and column of a byte offset; offsets past the end give the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(self.bytes.len() as u32);
        let lines = self.lines();
        let line = lines.partition_point(|&start| start <= offset).max(1);
        let start = lines.get(line - 1).copied().unwrap_or(0);
        let start = if line == 1 && self.bytes.starts_with(b"\xEF\xBB\xBF") { 3.min(offset) } else { start };
        let text = self.bytes.get(start as usize..offset as usize).unwrap_or_default();
        // Every byte that does not continue a UTF-8 sequence begins a character.
        let column = text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32 + 1;
        Position { line: line as u32, column }
    }

    /// The text of one line (from 1) without its line end; `None` past the end.
    #[must_use]
    pub fn line_text(&self, line: u32) -> Option<std::borrow::Cow<'_, str>> {
        let lines = self.lines();
        let idx = (line as usize).checked_sub(1)?;
        let start = *lines.get(idx)? as usize;
        let end = lines.get(idx + 1).map_or(self.bytes.len(), |&next| next as usize - 1);
        let text = self.bytes.get(start..end)?;
        Some(String::from_utf8_lossy(text.strip_suffix(b"\r").unwrap_or(text)))
    }
}

/// All files of a run. Append-only: an id stays valid and its bytes never change. A clone is the same map.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    inner: Arc<RwLock<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    files: Vec<Arc<SourceFile>>,
    /// The newest file of each path and hash of its bytes.
    by_content: FxHashMap<(PathBuf, u64), FileId>,
}

impl SourceMap {
    /// Adds a file and gives its id. A file that is there with the same path and bytes keeps its id, so that
    /// several roots that call one module mean the same places by the same spans, and a template that is rendered a thousand
    /// times is kept once.
    pub fn add(&self, path: &Path, bytes: Arc<[u8]>) -> FileId {
        let key = (path.to_path_buf(), hash(&bytes));
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let known = inner.by_content.get(&key).copied();
        if let Some(id) = known.filter(|id| inner.files.get(id.index()).is_some_and(|file| file.bytes == bytes)) {
            return id;
        }
        let id = FileId(inner.files.len() as u32);
        let (path_owned, lines, secrets) = (path.to_path_buf(), OnceLock::new(), OnceLock::new());
        inner.files.push(Arc::new(SourceFile { path: path_owned, bytes, lines, secrets }));
        inner.by_content.insert(key, id);
        id
    }

    /// The file with this id; `None` if the id is of another map.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<Arc<SourceFile>> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).files.get(id.index()).cloned()
    }

    /// How many files were added.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).files.len()
    }

    /// Whether no file was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The span as file, lines and columns; `None` if the span is of another map.
    #[must_use]
    pub fn location(&self, span: Span) -> Option<Location> {
        let file = self.file(span.file)?;
        Some(Location { file: file.display_path(), start: file.position(span.start), end: file.position(span.end) })
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    bytes.hash(&mut hasher);
    hasher.finish()
}

pub(crate) fn display_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}
