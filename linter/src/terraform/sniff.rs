//! What a path or the bytes of standard input are, by content; file names do not count.

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Configuration in native syntax: `.tf`.
    Configuration,
    /// Configuration in JSON syntax: `.tf.json`.
    JsonConfiguration,
    /// Values of variables: `.tfvars`.
    Variables,
    /// A binary plan file.
    BinaryPlan,
    /// Plan JSON, as `terraform show -json tfplan` prints it.
    PlanJson,
    /// A state file, or a state as `terraform show -json` prints it.
    State,
    /// The log lines of `terraform plan -json`, which hold no values.
    PlanLog,
    /// Nothing Palisade reads.
    Other,
}

/// Text beyond this is not looked at to tell what it is.
const TEXT_LIMIT: usize = 256 << 10;

/// What the bytes are.
#[must_use]
pub fn sniff(bytes: &[u8]) -> Content {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return if holds_plan(bytes) { Content::BinaryPlan } else { Content::Other };
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
    match start.and_then(|start| bytes.get(start..)) {
        None => Content::Configuration,
        Some(json) if json.starts_with(b"{") => json_content(json),
        Some(text) if text.iter().take(4096).any(|byte| *byte == 0) => Content::Other,
        Some(text) => text_content(text),
    }
}

/// Whether a zip archive has the entry that makes it a plan.
fn holds_plan(bytes: &[u8]) -> bool {
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else { return false };
    archive.by_name("tfplan").is_ok()
}

/// Decides by the names at the top of the object; they are few, and the values in between are skipped.
fn json_content(json: &[u8]) -> Content {
    let mut format = false;
    for name in TopNames::of(json) {
        match name {
            b"resource_changes" | b"planned_values" | b"configuration" => return Content::PlanJson,
            b"serial" | b"lineage" => return Content::State,
            b"values" if format => return Content::State,
            b"format_version" => format = true,
            b"@level" | b"@message" => return Content::PlanLog,
            b"resource" | b"variable" | b"module" | b"provider" | b"terraform" | b"data" | b"locals" | b"output"
            | b"moved" | b"removed" | b"import" | b"check" | b"ephemeral"
                if !format =>
            {
                return Content::JsonConfiguration;
            }
            _ => {}
        }
    }
    if format { Content::PlanJson } else { Content::Other }
}

/// The names of the outermost object of JSON text, as far as it is well-formed.
struct TopNames<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> TopNames<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The text in quotes from `at`, and the position after it.
    fn string(&self) -> Option<(&'a [u8], usize)> {
        let mut from = self.at + 1;
        loop {
            let found = memchr::memchr2(b'"', b'\\', self.text.get(from..)?)? + from;
            if self.text.get(found) == Some(&b'"') {
                return Some((self.text.get(self.at + 1..found)?, found + 1));
            }
            from = found + 2;
        }
    }
}

impl<'a> Iterator for TopNames<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            match self.text.get(self.at)? {
                b'"' => {
                    let (text, after) = self.string()?;
                    self.at = after;
                    let rest = self.text.get(after..).unwrap_or_default();
                    let colon = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
                    if self.depth == 1 && colon {
                        return Some(text);
                    }
                    continue;
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.checked_sub(1)?,
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// Variables files assign at the top, configuration has blocks there.
fn text_content(text: &[u8]) -> Content {
    let text = String::from_utf8_lossy(text.get(..TEXT_LIMIT).unwrap_or(text));
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        if in_comment {
            in_comment = !line.contains("*/");
            continue;
        }
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        if line.starts_with("/*") {
            in_comment = !line.contains("*/");
            continue;
        }
        let end = line.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(line.len());
        let (word, rest) = line.split_at_checked(end).unwrap_or((line, ""));
        let rest = rest.trim_start();
        let quoted_name = line.starts_with('"');
        return match (word, rest.chars().next()) {
            _ if quoted_name => Content::Variables,
            ("", _) => Content::Other,
            (_, Some('=')) => Content::Variables,
            (_, Some('{' | '"')) => Content::Configuration,
            _ => Content::Other,
        };
    }
    Content::Configuration
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn content_decides_not_the_name() {
        let cases: [(&str, Content); 20] = [
            ("", Content::Configuration),
            ("# only a comment\n", Content::Configuration),
            ("/* a\n b */ \nresource \"a\" \"b\" {}\n", Content::Configuration),
            ("\u{feff}locals {\n}\n", Content::Configuration),
            ("region = \"eu-west-1\"\n", Content::Variables),
            ("\"quoted\" = 1\n", Content::Variables),
            ("Hello, world", Content::Other),
            ("<html>", Content::Other),
            (r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{}}"#, Content::PlanJson),
            (r#"{ "resource_changes" : [] }"#, Content::PlanJson),
            (r#"{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}"#, Content::State),
            (r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x"}"#, Content::State),
            (r#"{"resource":{"aws_vpc":{"a":{}}}}"#, Content::JsonConfiguration),
            (r#"{"//":"a \"variable\": comment","variable":{}}"#, Content::JsonConfiguration),
            (r#"{"a":{"resource_changes":[]}}"#, Content::Other),
            (r#"{"a":"resource_changes"}"#, Content::Other),
            (r#"{"@level":"info","@message":"Terraform 1.11.4"}"#, Content::PlanLog),
            ("{", Content::Other),
            (r#"{"a\"#, Content::Other),
            ("a\0b = 1", Content::Other),
        ];
        for (text, content) in cases {
            assert_eq!(sniff(text.as_bytes()), content, "{text}");
        }
    }

    #[test]
    fn real_files_are_told_apart() {
        let cases = [
            ("network/plan.bin", Content::BinaryPlan),
            ("network/plan.json", Content::PlanJson),
            ("network/main.tf", Content::Configuration),
            ("changes/terraform.tfstate", Content::State),
            ("changes/state.json", Content::State),
        ];
        for (name, content) in cases {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/plans").join(name);
            assert_eq!(sniff(&std::fs::read(path).unwrap()), content, "{name}");
        }
        assert_eq!(sniff(b"PK\x03\x04 and no more"), Content::Other);
    }
}
