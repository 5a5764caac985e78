//! The parts of a rule's Markdown that count: title, headings, fenced blocks.

/// A document.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The text of the first heading of level one.
    pub(super) title: Option<String>,
    /// The headings of level two with what is under them.
    pub(super) sections: Vec<Section>,
}

/// A heading of level two.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) heading: String,
    /// Its line, from 1.
    pub(super) line: usize,
    /// Whether nothing at all stands under it.
    pub(super) is_empty: bool,
    pub(super) examples: Vec<Example>,
}

/// One root: a block without file name, or several with.
#[derive(Debug)]
pub(super) struct Example {
    /// Line of the first block, from 1.
    pub(super) line: usize,
    /// Directory of the root: `dir="envs/prod"`, otherwise `example`.
    pub(super) dir: String,
    /// `workspace="prod"`
    pub(super) workspace: Option<String>,
    /// Whether the cloud's own time is agreed, if it says so.
    pub(super) accept_cloud_time: Option<bool>,
    pub(super) files: Vec<File>,
}

/// One fenced block.
#[derive(Debug)]
pub(super) struct File {
    /// `title="modules/x/main.tf"`, otherwise `main.tf`.
    pub(super) name: String,
    pub(super) text: String,
    /// Line in the document of its first line, from 1.
    pub(super) first_line: usize,
}

impl Example {
    /// Whether a path is that of one of its files.
    pub(super) fn has_file(&self, path: &str) -> bool {
        let path = path.trim_start_matches('/');
        self.files
            .iter()
            .any(|file| path.strip_prefix(self.dir.as_str()).is_some_and(|rest| rest.ends_with(&file.name)))
    }

    /// The line in the document of a line in one of its files.
    pub(super) fn line_in_document(&self, path: &str, line: u32) -> usize {
        let file = self.files.iter().filter(|file| path.ends_with(&file.name)).max_by_key(|file| file.name.len());
        file.map_or(self.line, |file| file.first_line + line as usize - 1)
    }
}

/// Reads a document. Text that is no Markdown gives a document without headings.
pub(super) fn read(text: &str) -> Document {
    let mut document = Document::default();
    let mut fence: Option<Fence> = None;
    for (idx, line) in text.lines().enumerate() {
        let number = idx + 1;
        if let Some(open) = &mut fence {
            if line.trim_end() == open.marker {
                let closed = fence.take();
                closed.into_iter().for_each(|fence| fence.close(&mut document));
            } else {
                open.text.push_str(line);
                open.text.push('\n');
            }
            continue;
        }
        if let Some(heading) = line.strip_prefix("# ") {
            document.title.get_or_insert_with(|| heading.trim().to_owned());
        } else if let Some(heading) = line.strip_prefix("## ") {
            let heading = heading.trim().to_owned();
            document.sections.push(Section { heading, line: number, is_empty: true, examples: Vec::new() });
        } else if !line.trim().is_empty() {
            if let Some(section) = document.sections.last_mut() {
                section.is_empty = false;
            }
            fence = Fence::open(line, number);
        }
    }
    document
}

struct Fence {
    marker: String,
    info: String,
    line: usize,
    text: String,
}

impl Fence {
    fn open(line: &str, number: usize) -> Option<Self> {
        let length = line.bytes().take_while(|&byte| byte == b'`').count();
        let info = line.get(length..).filter(|_| length >= 3)?;
        Some(Self { marker: "`".repeat(length), info: info.trim().to_owned(), line: number, text: String::new() })
    }

    fn close(self, document: &mut Document) {
        let Some(section) = document.sections.last_mut() else { return };
        if self.info != "hcl" && !self.info.starts_with("hcl ") {
            return;
        }
        let title = attribute(&self.info, "title");
        let is_named = title.is_some();
        let name = title.unwrap_or_else(|| "main.tf".to_owned());
        let file = File { name, text: self.text, first_line: self.line + 1 };
        // Named blocks belong together until a name comes again; a block without name is a root of its own.
        let joins = |example: &Example| is_named && example.files.iter().all(|other| other.name != file.name);
        match section.examples.last_mut() {
            Some(example) if joins(example) => example.files.push(file),
            _ => section.examples.push(Example {
                line: self.line,
                dir: attribute(&self.info, "dir").unwrap_or_else(|| "example".to_owned()),
                workspace: attribute(&self.info, "workspace"),
                accept_cloud_time: attribute(&self.info, "accept_cloud_time").map(|word| word == "yes"),
                files: vec![file],
            }),
        }
    }
}

/// The value of `name="value"` in the info string of a fence.
fn attribute(info: &str, name: &str) -> Option<String> {
    let start = info.find(&format!(" {name}=\""))? + name.len() + 3;
    let rest = info.get(start..)?;
    rest.get(..rest.find('"')?).map(str::to_owned)
}
