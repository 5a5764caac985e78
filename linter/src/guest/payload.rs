//! From what a resource holds to text: Base64, gzip, and what kind of document it is.

use std::io::Read as _;

use base64::Engine as _;

use super::reading::Reading;
use super::text::{MAX_BYTES, has_hole};
use super::{cloud_init, machine_config, mime, scripts};
use crate::value::{Kind, Knowledge, Reason, Value};

/// Largest text that compressed user data may become, in bytes.
const MAX_INFLATED: usize = 8 << 20;

/// What is known about a text before one looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Its beginning says what it is.
    Sniff,
    /// `#cloud-config`
    CloudConfig,
    /// A shell script, whatever its first line says.
    Shell,
    /// PowerShell without tags around it.
    PowerShell,
    /// Windows commands without tags around them.
    Batch,
    /// A list of addresses to fetch more from.
    Include,
}

/// Reads the value of an attribute that holds user data.
pub(super) fn read_value(reading: &mut Reading, value: &Value, form: Form) {
    if value.is_null() {
        return;
    }
    if let Some(text) = reading.holes.text_of(value) {
        return read_text(reading, &text, form);
    }
    let Kind::Unknown(unknown) = &value.kind else {
        return reading.doubt("it is no text, or too long".to_owned());
    };
    match &unknown.knowledge {
        Knowledge::Base64(inner) => nested(reading, |reading| read_value(reading, inner, form)),
        Knowledge::Json(document) => {
            let document = reading.holes.fill(document);
            machine_config::read_json(reading, &document);
        }
        Knowledge::Nothing
        | Knowledge::Symbol(_)
        | Knowledge::Template(_)
        | Knowledge::Yaml(_)
        | Knowledge::OneOf(_)
        | Knowledge::Members(_) => reading.clock.doubt(unknown.reasons.to_vec()),
    }
}

fn nested(reading: &mut Reading, read: impl FnOnce(&mut Reading)) {
    if reading.enter(0) {
        read(reading);
        reading.leave();
    }
}

/// Reads text.
pub(super) fn read_text(reading: &mut Reading, text: &str, form: Form) {
    if !reading.enter(text.len()) {
        return;
    }
    match unwrapped(text) {
        Some(bytes) => read_bytes(reading, &bytes, form),
        None => read_plain(reading, text, form),
    }
    reading.leave();
}

/// Reads bytes: compressed or not.
pub(super) fn read_bytes(reading: &mut Reading, bytes: &[u8], form: Form) {
    let text = match text_of_bytes(bytes) {
        Ok(text) => text,
        Err(what) => return reading.limit(what),
    };
    if reading.enter(text.len()) {
        read_plain(reading, &text, form);
        reading.leave();
    }
}

/// The text of bytes that may be compressed.
///
/// # Errors
/// The bound, in words, when it becomes too long.
pub(super) fn text_of_bytes(bytes: &[u8]) -> Result<String, String> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(plain(&String::from_utf8_lossy(bytes)));
    }
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes).take(MAX_INFLATED as u64 + 1);
    // What comes before a broken end is still what the guest may see.
    let _ = decoder.read_to_end(&mut inflated);
    if inflated.len() > MAX_INFLATED {
        return Err(format!("{MAX_INFLATED} bytes of inflated user data"));
    }
    Ok(plain(&String::from_utf8_lossy(&inflated)))
}

/// Text from bytes, in which nothing may look like a hole.
fn plain(text: &str) -> String {
    if !has_hole(text) {
        return text.to_owned();
    }
    text.chars().map(|c| if super::text::is_hole(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// The bytes of text that is Base64 of something that a guest reads; `None` for all other text.
fn unwrapped(text: &str) -> Option<Vec<u8>> {
    let is_symbol = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let symbols: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if symbols.len() < 8 || symbols.len() > MAX_BYTES || !symbols.iter().all(|&byte| is_symbol(byte)) {
        return None;
    }
    let bytes = decode_base64(&symbols)?;
    let is_document = bytes.starts_with(&[0x1f, 0x8b])
        || bytes.first().is_some_and(|first| matches!(first, b'#' | b'<' | b'{' | b'[' | b'\n' | b'\r'))
        || std::str::from_utf8(&bytes).is_ok_and(|text| text.contains('\n') || text.contains(' '));
    is_document.then_some(bytes)
}

/// The bytes of Base64 symbols, padded or not.
pub(super) fn decode_base64(symbols: &[u8]) -> Option<Vec<u8>> {
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    ENGINE.decode(symbols).ok()
}

/// Whether text is the digest that a provider keeps instead of user data.
fn is_digest(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn read_plain(reading: &mut Reading, text: &str, form: Form) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    if is_digest(text.trim_end()) {
        let reason = Reason::Error(format!("of {} only a digest is kept", reading.place).into());
        return reading.clock.doubt(vec![reason]);
    }
    if start.chars().next().is_some_and(super::text::is_hole) && form == Form::Sniff {
        return reading.doubt_hole(start);
    }
    match form {
        Form::Sniff => sniffed(reading, text, start),
        Form::CloudConfig => cloud_init::read(reading, text),
        Form::Shell => scripts::shell(reading, text),
        Form::PowerShell | Form::Batch => super::windows::read(reading, text),
        Form::Include => reading.doubt("it fetches more configuration from elsewhere".to_owned()),
    }
}

/// Finds out what text is by how it begins.
fn sniffed(reading: &mut Reading, text: &str, start: &str) {
    let first = start.lines().next().unwrap_or_default().trim_end();
    let lower = first.to_ascii_lowercase();
    if first.starts_with("#cloud-config-archive") {
        cloud_init::read_archive(reading, text);
    } else if first.starts_with("#cloud-config") {
        cloud_init::read(reading, text);
    } else if first.starts_with("## template: jinja") || first.starts_with("##template: jinja") {
        read_text(reading, start.split_once('\n').map_or("", |(_, rest)| rest), Form::Sniff);
    } else if first.starts_with("#!") {
        scripts::script(reading, start);
    } else if first.starts_with("#cloud-boothook") {
        scripts::shell(reading, start);
    } else if first.starts_with("#include") || first.starts_with("#part-handler") || first.starts_with("#upstart-job") {
        reading.doubt(format!("{first} brings configuration that is not shown"));
    } else if lower.starts_with("content-type:") || lower.starts_with("mime-version:") {
        mime::read(reading, start);
    } else if start.starts_with('{') {
        machine_config::read_json_text(reading, start);
    } else if start.starts_with('[') {
        machine_config::read_toml(reading, start);
    } else if let Some(scripts) = super::windows::tagged(text) {
        scripts.iter().for_each(|script| super::windows::read(reading, script));
    } else if machine_config::is_yaml(start) {
        machine_config::read_yaml(reading, text);
    }
    // Other text is kept on the guest and not looked at by anything we know.
}
