//! PowerShell and command scripts of Windows guests: `w32tm`, the service and the registry of the Windows time service.

use rustc_hash::FxHashMap;

use super::client::Client;
use super::clock::Slot;
use super::reading::Reading;
use super::text::is_configured;
use super::time_source::DOMAIN;

/// More lines than this are not read from one script.
const MAX_LINES: usize = 200_000;

/// Longer values of variables are not followed.
const MAX_VARIABLE: usize = 4_096;

/// The settings of the Windows time service as a script goes by.
#[derive(Clone, Debug, Default)]
pub(super) struct WindowsTime {
    peers: Vec<String>,
    kind: Option<Kind>,
    evidence: String,
}

/// Where the service takes its time from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Manual,
    Domain,
    Both,
    Nothing,
}

/// The scripts between `<powershell>` or `<script>` tags; `None` if there are none.
pub(super) fn tagged(text: &str) -> Option<Vec<&str>> {
    let lower = text.to_ascii_lowercase();
    let mut scripts = Vec::new();
    for tag in ["powershell", "script"] {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let mut at = 0;
        while let Some(start) = lower.get(at..).and_then(|rest| rest.find(&open)).map(|found| at + found + open.len()) {
            let end = lower.get(start..).and_then(|rest| rest.find(&close)).map_or(text.len(), |found| start + found);
            scripts.extend(text.get(start..end));
            at = end;
        }
    }
    (!scripts.is_empty()).then_some(scripts)
}

/// Reads a script, PowerShell or commands.
pub(super) fn read(reading: &mut Reading, text: &str) {
    if !reading.enter(text.len()) {
        return;
    }
    let mut variables = FxHashMap::default();
    let joined = text.replace("`\r\n", " ").replace("`\n", " ").replace("^\r\n", " ").replace("^\n", " ");
    for (idx, line) in joined.lines().enumerate() {
        if idx >= MAX_LINES {
            reading.limit(format!("{MAX_LINES} lines in one script"));
            break;
        }
        for statement in statements(line) {
            if let Some((name, value)) = assignment(&statement) {
                variables.insert(name, value);
                continue;
            }
            run(reading, &statement, &variables, idx + 1);
        }
    }
    reading.leave();
}

/// A word and whether variables in it are replaced.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    is_literal: bool,
}

/// The statements of a line, each a list of words.
fn statements(line: &str) -> Vec<Vec<Word>> {
    let mut all = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote: Option<char> = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(end), c) if c == end => quote = None,
            (Some(_), c) => word.get_or_insert_with(empty).text.push(c),
            (None, '"') => {
                quote = Some('"');
                word.get_or_insert_with(empty);
            }
            (None, '\'') => {
                quote = Some('\'');
                word.get_or_insert_with(empty).is_literal = true;
            }
            (None, '#') if word.is_none() => break,
            (None, ';' | '|' | '&' | '{' | '}' | '(' | ')') => {
                words.extend(word.take());
                all.push(std::mem::take(&mut words));
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_with(empty).text.push(c),
        }
    }
    words.extend(word);
    all.push(words);
    all.retain(|words| !words.is_empty());
    all
}

fn empty() -> Word {
    Word { text: String::new(), is_literal: false }
}

/// `$ntp = "a b"`
fn assignment(words: &[Word]) -> Option<(String, String)> {
    let [name, equals, value, ..] = words else { return None };
    let name = name.text.strip_prefix('$')?;
    if equals.text != "=" || value.text.len() > MAX_VARIABLE {
        return None;
    }
    let is_call = !value.is_literal && value.text.contains('-') && words.len() > 3;
    (!is_call).then(|| (name.to_ascii_lowercase(), value.text.clone()))
}

/// The text of a word with known variables filled in.
fn expand(word: &Word, variables: &FxHashMap<String, String>) -> String {
    if word.is_literal || !word.text.contains('$') {
        return word.text.clone();
    }
    let mut text = String::new();
    let mut rest = word.text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let inner = after.strip_prefix('{').unwrap_or(after);
        let end = inner.find(|c: char| !(c == '_' || c.is_ascii_alphanumeric())).unwrap_or(inner.len());
        let (name, tail) = inner.split_at(end);
        match variables.get(&name.to_ascii_lowercase()) {
            Some(value) => text.push_str(value),
            None => text.push(super::text::AT_RUN_TIME),
        }
        rest = if inner.len() < after.len() { tail.strip_prefix('}').unwrap_or(tail) } else { tail };
    }
    text.push_str(rest);
    text
}

fn run(reading: &mut Reading, statement: &[Word], variables: &FxHashMap<String, String>, line: usize) {
    let words: Vec<String> = statement.iter().map(|word| expand(word, variables)).collect();
    let Some(first) = words.first() else { return };
    if !first.is_empty() && first.chars().all(is_configured) {
        return reading.doubt_hole(first);
    }
    let evidence = format!("line {line}: {}", words.join(" "));
    let program = first.to_ascii_lowercase();
    let program = program.rsplit('\\').next().unwrap_or(&program);
    let program = program.strip_suffix(".exe").unwrap_or(program);
    match program {
        "w32tm" => w32tm(reading, &words, &evidence),
        "sc" => service_control(reading, &words, &evidence),
        "net" | "start-service" | "restart-service" | "stop-service" => {
            start_or_stop(reading, program, &words, &evidence)
        }
        "set-date" => {
            let evidence = reading.evidence(&evidence);
            reading.clock.set_by_hand(evidence);
        }
        "set-service" => set_service(reading, &words, &evidence),
        "reg" => reg_add(reading, &words, &evidence),
        "set-itemproperty" | "new-itemproperty" => item_property(reading, &words, &evidence),
        _ => {}
    }
}

/// The value after the first of these names, whatever its case.
fn after<'w>(words: &'w [String], names: &[&str]) -> Option<&'w str> {
    let at = words.iter().position(|word| names.iter().any(|name| word.eq_ignore_ascii_case(name)))?;
    words.get(at + 1).map(String::as_str)
}

fn names_w32time(words: &[String]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case("w32time"))
}

fn w32tm(reading: &mut Reading, words: &[String], evidence: &str) {
    let has = |name: &str| words.iter().any(|word| word.eq_ignore_ascii_case(name));
    if has("/unregister") {
        return switch(reading, false, evidence);
    }
    if has("/register") {
        return switch(reading, true, evidence);
    }
    if !has("/config") {
        return;
    }
    let option = |name: &str| {
        let of = |word: &String| {
            let (key, value) = word.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        };
        words.iter().find_map(of)
    };
    if let Some(list) = option("/manualpeerlist") {
        reading.windows.peers = peers(&list);
    }
    if let Some(flags) = option("/syncfromflags") {
        reading.windows.kind = Some(from_flags(&flags));
    }
    apply(reading, evidence);
}

/// The servers of a list: `a,0x8 b,0x9`.
fn peers(list: &str) -> Vec<String> {
    let is_break = |c: char| c.is_whitespace() || c == ';';
    let name = |entry: &str| entry.split(',').next().unwrap_or_default().trim_matches(['"', '\'']).to_owned();
    // `a,b` without flags is a usual slip; the second is then no server for Windows either.
    list.split(is_break).map(name).filter(|name| !name.is_empty()).collect()
}

fn from_flags(flags: &str) -> Kind {
    let has = |name: &str| flags.split(',').any(|flag| flag.trim().eq_ignore_ascii_case(name));
    match (has("manual"), has("domhier"), has("all")) {
        (_, _, true) | (true, true, false) => Kind::Both,
        (true, false, false) => Kind::Manual,
        (false, true, false) => Kind::Domain,
        (false, false, false) => Kind::Nothing,
    }
}

fn from_type(value: &str) -> Option<Kind> {
    match value.to_ascii_lowercase().as_str() {
        "ntp" => Some(Kind::Manual),
        "nt5ds" => Some(Kind::Domain),
        "allsync" => Some(Kind::Both),
        "nosync" => Some(Kind::Nothing),
        _ => None,
    }
}

/// Brings the clock in line with the settings.
fn apply(reading: &mut Reading, evidence: &str) {
    let WindowsTime { peers, kind, .. } = reading.windows.clone();
    reading.windows.evidence = evidence.to_owned();
    let mut names = Vec::new();
    match kind {
        Some(Kind::Nothing) => return switch(reading, false, evidence),
        Some(Kind::Domain) => names.push(DOMAIN.to_owned()),
        Some(Kind::Both) => {
            names.extend(peers);
            names.push(DOMAIN.to_owned());
        }
        Some(Kind::Manual) | None => names.extend(peers),
    }
    if names.is_empty() {
        return;
    }
    reading.set_sources(Slot::Windows, Some(Client::Windows), &names, evidence);
    switch(reading, true, evidence);
}

fn switch(reading: &mut Reading, is_on: bool, evidence: &str) {
    let evidence = reading.evidence(evidence);
    reading.clock.switch(Some(Client::Windows), is_on, true, evidence);
}

/// `sc config w32time start= disabled`, `sc stop w32time`
fn service_control(reading: &mut Reading, words: &[String], evidence: &str) {
    if !names_w32time(words) {
        return;
    }
    let verb = words.get(1).map(|word| word.to_ascii_lowercase());
    let start = after(words, &["start="]).or_else(|| words.iter().find_map(|word| word.strip_prefix("start=")));
    match (verb.as_deref(), start.map(str::to_ascii_lowercase).as_deref()) {
        (Some("config"), Some("disabled")) | (Some("stop" | "delete"), _) => switch(reading, false, evidence),
        (Some("config"), Some("auto" | "demand" | "delayed-auto")) | (Some("start"), _) => {
            switch(reading, true, evidence);
        }
        _ => {}
    }
}

fn start_or_stop(reading: &mut Reading, program: &str, words: &[String], evidence: &str) {
    if !names_w32time(words) {
        return;
    }
    let verb = words.get(1).map(|word| word.to_ascii_lowercase());
    match (program, verb.as_deref()) {
        ("net", Some("stop")) | ("stop-service", _) => switch(reading, false, evidence),
        ("net", Some("start")) | ("start-service" | "restart-service", _) => switch(reading, true, evidence),
        _ => {}
    }
}

fn set_service(reading: &mut Reading, words: &[String], evidence: &str) {
    if !names_w32time(words) {
        return;
    }
    let told = [after(words, &["-StartupType"]), after(words, &["-Status"])];
    for value in told.into_iter().flatten() {
        match value.to_ascii_lowercase().as_str() {
            "disabled" | "stopped" => switch(reading, false, evidence),
            "automatic" | "manual" | "automaticdelayedstart" | "running" => switch(reading, true, evidence),
            _ => {}
        }
    }
}

/// `reg add "HKLM\…\W32Time\Parameters" /v NtpServer /d "a,0x8" /f`
fn reg_add(reading: &mut Reading, words: &[String], evidence: &str) {
    let is_add = words.get(1).is_some_and(|word| word.eq_ignore_ascii_case("add"));
    let (Some(key), Some(name), Some(value)) = (words.get(2), after(words, &["/v"]), after(words, &["/d"])) else {
        return;
    };
    if is_add {
        registry(reading, key, name, value, evidence);
    }
}

fn item_property(reading: &mut Reading, words: &[String], evidence: &str) {
    let path = after(words, &["-Path", "-LiteralPath"]).or_else(|| words.get(1).map(String::as_str));
    let (Some(path), Some(name), Some(value)) = (path, after(words, &["-Name"]), after(words, &["-Value"])) else {
        return;
    };
    registry(reading, path, name, value, evidence);
}

fn registry(reading: &mut Reading, key: &str, name: &str, value: &str, evidence: &str) {
    let key = key.trim_end_matches(['\\', '/']).to_ascii_lowercase();
    match (name.to_ascii_lowercase().as_str(), value) {
        ("ntpserver", list) if key.ends_with("w32time\\parameters") => reading.windows.peers = peers(list),
        ("type", kind) if key.ends_with("w32time\\parameters") => reading.windows.kind = from_type(kind),
        ("start", "4") if key.ends_with("services\\w32time") => return switch(reading, false, evidence),
        ("start", _) if key.ends_with("services\\w32time") => return switch(reading, true, evidence),
        _ => return,
    }
    apply(reading, evidence);
}
