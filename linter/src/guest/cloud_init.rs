//! `#cloud-config`: what cloud-init is told about time, in the order in which it does things.

use super::client::Client;
use super::clock::Slot;
use super::payload::{Form, decode_base64, read_text, text_of_bytes};
use super::reading::{Reading, get, get_path, scalar, texts, truth};
use super::text::has_hole;
use super::time_source::DISTRIBUTION_POOL;
use super::{commands, packages, scripts};
use crate::value::Value;

/// Entries of lists beyond this many are not read.
const MAX_ENTRIES: usize = 10_000;

/// Reads a document.
pub(super) fn read(reading: &mut Reading, text: &str) {
    match crate::eval::functions::decode_yaml(text) {
        Ok(document) if document.is_unknown() => reading.doubt("its YAML cannot be read here".to_owned()),
        Ok(document) => match document.as_str() {
            Some(text) => reading.doubt_hole(text),
            None => read_document(reading, &document),
        },
        Err(_) if has_hole(text) => read_around_holes(reading, text),
        Err(error) => reading.doubt(format!("its YAML cannot be read: {}", error.message)),
    }
}

/// Leaves out the lines of which nothing is known, and reads the others.
fn read_around_holes(reading: &mut Reading, text: &str) {
    reading.doubt_hole(text);
    let is_hole_line = |line: &&str| !line.trim().is_empty() && line.trim().chars().all(super::text::is_hole);
    let rest: Vec<&str> = text.lines().filter(|line| !is_hole_line(line)).collect();
    if let Ok(document) = crate::eval::functions::decode_yaml(&rest.join("\n")) {
        read_document(reading, &document);
    }
}

/// Reads an archive: a list of texts and of parts with their types.
pub(super) fn read_archive(reading: &mut Reading, text: &str) {
    let Ok(document) = crate::eval::functions::decode_yaml(text) else {
        return reading.doubt("its YAML cannot be read".to_owned());
    };
    for part in document.as_items().unwrap_or_default().iter().take(MAX_ENTRIES) {
        match (part.as_str(), get(part, "content").and_then(Value::as_str)) {
            (Some(text), _) | (None, Some(text)) => read_text(reading, text, Form::Sniff),
            (None, None) => {}
        }
    }
}

fn read_document(reading: &mut Reading, document: &Value) {
    commands_of(reading, get(document, "bootcmd"));
    files(reading, document, false);
    if let Some(ntp) = get(document, "ntp") {
        read_ntp(reading, ntp);
    }
    for name in listed_packages(get(document, "packages")) {
        packages::installed(reading, &name, &format!("packages: {name}"), true);
    }
    files(reading, document, true);
    commands_of(reading, get(document, "runcmd"));
}

/// `packages`: names, names with versions, and lists by package manager.
fn listed_packages(value: Option<&Value>) -> Vec<String> {
    let mut names = Vec::new();
    for item in value.and_then(Value::as_items).unwrap_or_default().iter().take(MAX_ENTRIES) {
        if let Some(first) = item.as_items().and_then(<[Value]>::first) {
            names.extend(scalar(first));
        }
        for list in item.as_fields().into_iter().flat_map(|fields| fields.values()) {
            names.extend(texts(Some(list)));
        }
        names.extend(scalar(item));
    }
    names
}

/// `runcmd` and `bootcmd`: lines for the shell, and lists of words.
fn commands_of(reading: &mut Reading, value: Option<&Value>) {
    let Some(value) = value else { return };
    if let Some(text) = value.as_str().filter(|text| has_hole(text)) {
        return reading.doubt_hole(text);
    }
    let mut script = String::new();
    let items = value.as_items().unwrap_or(std::slice::from_ref(value));
    for item in items.iter().take(MAX_ENTRIES) {
        match item.as_items() {
            Some(_) => script.push_str(&commands::quoted(&texts(Some(item)))),
            None => script.push_str(&scalar(item).unwrap_or_default()),
        }
        script.push('\n');
    }
    scripts::shell(reading, &script);
}

/// `write_files`, those that are written at once or at last.
fn files(reading: &mut Reading, document: &Value, is_deferred: bool) {
    let list = get(document, "write_files").and_then(Value::as_items).unwrap_or_default();
    for file in list.iter().take(MAX_ENTRIES) {
        let defers = get(file, "defer").and_then(truth) == Some(true);
        let Some(path) = get(file, "path").and_then(Value::as_str) else { continue };
        if defers == is_deferred && Client::of_file(path).is_some() {
            write_file(reading, path, file);
        }
    }
}

fn write_file(reading: &mut Reading, path: &str, file: &Value) {
    if get(file, "source").is_some() {
        return reading.doubt_sources(format!("{path} is fetched from elsewhere"));
    }
    let appends = get(file, "append").and_then(truth) == Some(true);
    let encoding = get(file, "encoding").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let content = get(file, "content").and_then(scalar).unwrap_or_default();
    match decoded(&content, &encoding) {
        Some(text) => reading.write_file(path, &text, appends),
        None => reading.doubt_sources(format!("{path} is written in an encoding that cannot be read")),
    }
}

/// The text of content in one of cloud-init's encodings; `None` if it cannot be read.
fn decoded(content: &str, encoding: &str) -> Option<String> {
    match encoding {
        "" | "text/plain" => Some(content.to_owned()),
        "b64" | "base64" | "gz+b64" | "gz+base64" | "gzip+b64" | "gzip+base64" => {
            let symbols: Vec<u8> = content.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            text_of_bytes(&decode_base64(&symbols)?).ok()
        }
        _ => None,
    }
}

fn read_ntp(reading: &mut Reading, ntp: &Value) {
    if let Some(text) = ntp.as_str().filter(|text| has_hole(text)) {
        return reading.doubt_hole(text);
    }
    let enabled = get(ntp, "enabled");
    if let Some(text) = enabled.and_then(Value::as_str).filter(|text| has_hole(text)) {
        reading.doubt_hole(text);
    }
    if enabled.and_then(truth) == Some(false) {
        let evidence = reading.evidence("ntp: enabled: false");
        return reading.clock.switch(None, false, true, evidence);
    }
    let client = get(ntp, "ntp_client").and_then(Value::as_str).and_then(Client::of_service);
    let mut names = Vec::new();
    for list in ["servers", "pools", "peers"] {
        names.extend(texts(get(ntp, list)).into_iter().take(MAX_ENTRIES));
    }
    let template = get_path(ntp, &["config", "template"]).and_then(Value::as_str);
    let is_filled = template.is_none_or(|text| text.contains("{{") || text.contains("{%"));
    let what = match names.is_empty() {
        true => "ntp without servers or pools".to_owned(),
        false => format!("ntp: {}", names.join(", ")),
    };
    // Nothing listed: cloud-init writes the pool of the distribution.
    if names.is_empty() && is_filled {
        names.push(DISTRIBUTION_POOL.to_owned());
    }
    if !is_filled {
        names.clear();
    }
    let evidence = reading.evidence(&what);
    reading.clock.switch(client, true, true, evidence);
    if !names.is_empty() {
        reading.set_sources(Slot::CloudInit, client, &names, &what);
    }
    if let Some(template) = template {
        let path = get_path(ntp, &["config", "confpath"]).and_then(Value::as_str);
        read_template(reading, template, path.unwrap_or_else(|| main_file(client)));
    }
}

/// The lines of a template that are the same whatever is filled in.
fn read_template(reading: &mut Reading, template: &str, path: &str) {
    let is_fixed = |line: &&str| !line.contains("{{") && !line.contains("{%") && !line.starts_with("##");
    let fixed: Vec<&str> = template.lines().filter(is_fixed).collect();
    reading.write_file(path, &fixed.join("\n"), true);
}

fn main_file(client: Option<Client>) -> &'static str {
    match client {
        Some(Client::Ntpd) => "/etc/ntp.conf",
        Some(Client::Timesyncd) => "/etc/systemd/timesyncd.conf",
        Some(Client::Openntpd) => "/etc/openntpd/ntpd.conf",
        Some(Client::Chrony | Client::Windows) | None => "/etc/chrony.conf",
    }
}
