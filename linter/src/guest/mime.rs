//! MIME archives, as cloud-init takes them.

use super::payload::{Form, decode_base64, read_bytes, read_text};
use super::reading::Reading;

/// More parts than this are not read.
const MAX_PARTS: usize = 256;

/// A header and a body.
struct Entity<'t> {
    content_type: String,
    boundary: Option<String>,
    encoding: String,
    body: &'t str,
}

/// Reads an archive, or a single part with headers.
pub(super) fn read(reading: &mut Reading, text: &str) {
    let whole = entity(text);
    let Some(boundary) = &whole.boundary else { return part(reading, &whole) };
    let parts = split(whole.body, boundary);
    if parts.len() > MAX_PARTS {
        reading.limit(format!("{MAX_PARTS} parts in one archive"));
    }
    for text in parts.into_iter().take(MAX_PARTS) {
        let nested = entity(text);
        match nested.boundary {
            Some(_) => read_text(reading, text.trim_start(), Form::Sniff),
            None => part(reading, &nested),
        }
    }
}

fn part(reading: &mut Reading, part: &Entity<'_>) {
    let form = form(&part.content_type);
    match part.encoding.as_str() {
        "" | "7bit" | "8bit" | "binary" => read_text(reading, part.body, form),
        "base64" => {
            let symbols: Vec<u8> = part.body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            match decode_base64(&symbols) {
                Some(bytes) => read_bytes(reading, &bytes, form),
                None => reading.doubt("a part of the archive is not readable as Base64".to_owned()),
            }
        }
        other => reading.doubt(format!("a part of the archive is encoded as {other}")),
    }
}

fn form(content_type: &str) -> Form {
    match content_type {
        "text/cloud-config" => Form::CloudConfig,
        "text/x-shellscript" | "text/x-sh" | "text/x-shellscript-per-boot" | "text/x-shellscript-per-instance" => {
            Form::Sniff
        }
        "text/x-include-url" | "text/x-include-once-url" | "text/part-handler" => Form::Include,
        "text/x-powershell" => Form::PowerShell,
        _ => Form::Sniff,
    }
}

/// Cuts header lines from a body.
fn entity(text: &str) -> Entity<'_> {
    let mut entity = Entity { content_type: String::new(), boundary: None, encoding: String::new(), body: "" };
    let text = text.trim_start_matches(['\r', '\n']);
    let (mut rest, mut header) = (text, String::new());
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = line.trim_end_matches('\r');
        let continues = line.starts_with([' ', '\t']);
        if !continues {
            note(&mut entity, &header);
            header.clear();
        }
        let is_header = continues || line.split_once(':').is_some_and(|(name, _)| is_name(name));
        if line.is_empty() || !is_header || header.len() > 4_096 {
            entity.body = if line.is_empty() { after } else { rest };
            return entity;
        }
        header.push_str(line);
        rest = after;
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() < 80 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn note(entity: &mut Entity<'_>, header: &str) {
    let Some((name, value)) = header.split_once(':') else { return };
    let mut fields = value.split(';').map(str::trim);
    let first = fields.next().unwrap_or_default().to_ascii_lowercase();
    match name.trim().to_ascii_lowercase().as_str() {
        "content-type" => {
            entity.boundary = fields.find_map(|field| {
                let (name, value) = field.split_once('=')?;
                name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
            });
            entity.content_type = first;
        }
        "content-transfer-encoding" => entity.encoding = first,
        _ => {}
    }
}

/// The texts between the lines that are a boundary.
fn split<'t>(body: &'t str, boundary: &str) -> Vec<&'t str> {
    let marker = format!("--{boundary}");
    let (mut parts, mut start, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive('\n') {
        let end = line.trim_end();
        if end.strip_prefix(marker.as_str()).is_some_and(|rest| rest.is_empty() || rest == "--") {
            parts.extend(start.and_then(|start| body.get(start..at)));
            start = (!end.ends_with("--") || end == marker).then_some(at + line.len());
        }
        at += line.len();
    }
    parts.extend(start.and_then(|start| body.get(start..)));
    parts
}
