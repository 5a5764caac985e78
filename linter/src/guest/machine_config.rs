//! Configurations of operating systems that are configured as a whole: Ignition, Butane, Talos, Bottlerocket.

use super::client::Client;
use super::clock::Slot;
use super::payload::{Form, decode_base64, read_text, text_of_bytes};
use super::reading::{Reading, get, get_path, texts, truth};
use super::text::{has_hole, is_hole};
use crate::value::Value;

/// Entries of lists beyond this many are not read.
const MAX_ENTRIES: usize = 10_000;

/// Reads the text of a JSON document.
pub(super) fn read_json_text(reading: &mut Reading, text: &str) {
    // JSON is YAML, and its strings may have holes.
    match crate::eval::functions::decode_json(text) {
        Ok(document) => read_json(reading, &document),
        Err(_) if has_hole(text) => reading.doubt_hole(text),
        Err(_) => reading.doubt("its JSON cannot be read".to_owned()),
    }
}

/// Reads a JSON document: Ignition, or the settings of an extension that runs a command.
pub(super) fn read_json(reading: &mut Reading, document: &Value) {
    if get(document, "ignition").is_some() {
        ignition(reading, document);
    }
    for name in ["commandToExecute", "script"] {
        let Some(text) = get(document, name).and_then(Value::as_str) else { continue };
        if name == "commandToExecute" {
            command(reading, text);
        } else {
            read_text(reading, text, Form::Shell);
        }
    }
}

/// A command line of an extension, for whichever system it is.
pub(super) fn command(reading: &mut Reading, text: &str) {
    let lower = text.to_ascii_lowercase();
    match lower.contains("powershell") || lower.contains("w32tm") || lower.contains("cmd ") {
        true => super::windows::read(reading, &inner_command(text)),
        false => super::scripts::shell(reading, text),
    }
}

/// `powershell -Command "…"`: what is run in the end.
fn inner_command(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let found = ["-command ", " /c "].iter().find_map(|flag| lower.find(flag).map(|at| at + flag.len()));
    let inner = found.and_then(|at| text.get(at..)).unwrap_or(text).trim();
    let quoted = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    quoted.unwrap_or(inner).replace("\\\"", "\"").trim_start_matches(['&', ' ', '{']).to_owned()
}

/// Whether text is a YAML document of a kind that is read here.
pub(super) fn is_yaml(text: &str) -> bool {
    let mut lines = text.lines().take(200).map(str::trim_end);
    lines.any(|line| line.starts_with("machine:") || line.starts_with("variant:") || line.starts_with("tasks:"))
}

/// Reads Talos, Butane or an EC2Launch task list.
pub(super) fn read_yaml(reading: &mut Reading, text: &str) {
    let document = match crate::eval::functions::decode_yaml(text) {
        Ok(document) => document,
        Err(_) if has_hole(text) => return reading.doubt_hole(text),
        Err(_) => return reading.doubt("its YAML cannot be read".to_owned()),
    };
    if let Some(time) = get_path(&document, &["machine", "time"]) {
        talos(reading, time);
    }
    if get(&document, "variant").is_some() {
        ignition(reading, &document);
    }
    for task in get(&document, "tasks").and_then(Value::as_items).unwrap_or_default().iter().take(MAX_ENTRIES) {
        for input in get(task, "inputs").and_then(Value::as_items).unwrap_or_default().iter().take(MAX_ENTRIES) {
            if let Some(script) = get(input, "content").and_then(Value::as_str) {
                read_text(reading, script, Form::PowerShell);
            }
        }
    }
}

fn talos(reading: &mut Reading, time: &Value) {
    if get(time, "disabled").and_then(truth) == Some(true) {
        let evidence = reading.evidence("machine.time.disabled: true");
        return reading.clock.switch(None, false, true, evidence);
    }
    let servers = texts(get(time, "servers"));
    if !servers.is_empty() {
        let what = format!("machine.time.servers: {}", servers.join(", "));
        reading.set_sources(Slot::System, None, &servers, &what);
    }
}

/// Ignition, and Butane, which is turned into it.
fn ignition(reading: &mut Reading, document: &Value) {
    let is_remote = |name: &str| get_path(document, &["ignition", "config", name]).is_some();
    if ["replace", "merge"].iter().any(|name| is_remote(name)) {
        reading.doubt("it takes in configuration from elsewhere".to_owned());
    }
    let units = get_path(document, &["systemd", "units"]).and_then(Value::as_items).unwrap_or_default();
    for unit in units.iter().take(MAX_ENTRIES) {
        read_unit(reading, unit);
    }
    let files = get_path(document, &["storage", "files"]).and_then(Value::as_items).unwrap_or_default();
    for file in files.iter().take(MAX_ENTRIES) {
        let Some(path) = get(file, "path").and_then(Value::as_str) else { continue };
        if Client::of_file(path).is_none() {
            continue;
        }
        if let Some(contents) = get(file, "contents") {
            write_contents(reading, path, contents, false);
        }
        for contents in get(file, "append").and_then(Value::as_items).unwrap_or_default().iter().take(MAX_ENTRIES) {
            write_contents(reading, path, contents, true);
        }
    }
}

fn read_unit(reading: &mut Reading, unit: &Value) {
    let Some(name) = get(unit, "name").and_then(Value::as_str) else { return };
    let Some(client) = Client::of_service(name) else { return };
    let enabled = get(unit, "enabled").and_then(truth);
    let is_masked = get(unit, "mask").and_then(truth) == Some(true);
    let is_on = match (is_masked, enabled) {
        (true, _) | (false, Some(false)) => false,
        (false, Some(true)) => true,
        (false, None) => return,
    };
    let word = if is_on { "enabled" } else { "masked or disabled" };
    let evidence = reading.evidence(&format!("systemd unit {name} is {word}"));
    reading.clock.switch(Some(client), is_on, true, evidence);
}

fn write_contents(reading: &mut Reading, path: &str, contents: &Value, appends: bool) {
    if let Some(text) = get(contents, "inline").and_then(Value::as_str) {
        return reading.write_file(path, text, appends);
    }
    let is_compressed = get(contents, "compression").and_then(Value::as_str).is_some_and(|how| !how.is_empty());
    let source = get(contents, "source").and_then(Value::as_str).unwrap_or_default();
    match data_url(source, is_compressed) {
        Some(text) => reading.write_file(path, &text, appends),
        None if source.is_empty() => reading.write_file(path, "", appends),
        None => reading.doubt_sources(format!("{path} is fetched from elsewhere")),
    }
}

/// The text of a `data:` URL; `None` for other addresses.
fn data_url(url: &str, is_compressed: bool) -> Option<String> {
    let (head, body) = url.strip_prefix("data:")?.split_once(',')?;
    let text = percent_decoded(body);
    if !head.ends_with(";base64") {
        return Some(text);
    }
    if text.chars().any(is_hole) {
        return Some(text);
    }
    let symbols: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = decode_base64(&symbols)?;
    let is_gzip = bytes.starts_with(&[0x1f, 0x8b]);
    if is_compressed && !is_gzip { None } else { text_of_bytes(&bytes).ok() }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads the TOML of Bottlerocket: `[settings.ntp]` with `time-servers`.
pub(super) fn read_toml(reading: &mut Reading, text: &str) {
    let mut section = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
            section = name.trim().replace('"', "");
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().replace('"', "");
        let path = if section.is_empty() { key } else { format!("{section}.{key}") };
        if path != "settings.ntp.time-servers" {
            continue;
        }
        let mut list = value.trim().to_owned();
        while !list.contains(']') {
            let Some(more) = lines.next() else { break };
            list.push(' ');
            list.push_str(more.split('#').next().unwrap_or_default());
        }
        let unquoted = |name: &str| name.trim().trim_matches(['"', '\'']).to_owned();
        let inner = list.trim_start_matches('[').split(']').next().unwrap_or_default();
        let names: Vec<String> = inner.split(',').map(unquoted).filter(|name| !name.is_empty()).collect();
        reading.set_sources(Slot::System, None, &names, &format!("{path}: {}", names.join(", ")));
    }
}
