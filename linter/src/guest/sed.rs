//! `sed -i` on the files of time clients: lines taken out, lines put in, lines replaced.

use super::client::Client;
use super::reading::Reading;
use super::scripts::Call;
use super::shell_words::unescaped;

/// What one edit does to the sources in a file.
enum Edit {
    /// It takes lines out, comments them out or changes nothing about sources.
    Less,
    /// These lines stand there afterwards.
    Lines(String),
    /// Not known.
    Unclear,
}

/// Runs `sed`.
pub(super) fn run(reading: &mut Reading, call: &Call<'_>) {
    let edits_in_place =
        call.args.iter().any(|arg| arg.starts_with("-i") || arg.starts_with("--in-place") || arg == "-ri");
    let files: Vec<&String> = call.args.iter().filter(|arg| Client::of_file(arg).is_some()).collect();
    if !edits_in_place || files.is_empty() {
        return;
    }
    let edits: Vec<Edit> = scripts(call.args).into_iter().map(edit).collect();
    for path in files {
        for edit in &edits {
            match edit {
                Edit::Less => {}
                Edit::Lines(text) => reading.write_file(path, text, true),
                Edit::Unclear => {
                    reading.doubt_sources(format!("{} changes {path} in a way that is not known", call.evidence));
                }
            }
        }
    }
}

/// The scripts among the arguments: those of `-e`, otherwise the first that is no option.
fn scripts(args: &[String]) -> Vec<&str> {
    let pairs = args.iter().zip(args.iter().skip(1));
    let follows_e = pairs.filter(|(flag, _)| matches!(flag.as_str(), "-e" | "--expression" | "-ie"));
    let told: Vec<&str> = follows_e.map(|(_, script)| script.as_str()).collect();
    if !told.is_empty() {
        return told;
    }
    args.iter().map(String::as_str).find(|arg| !arg.starts_with('-') && !arg.is_empty()).into_iter().collect()
}

fn edit(script: &str) -> Edit {
    let (pattern, command) = address(script.trim());
    let Some(letter) = command.chars().next() else { return Edit::Unclear };
    let rest = command.get(letter.len_utf8()..).unwrap_or_default();
    match letter {
        'd' if rest.trim_matches([';', '}', ' ']).is_empty() => Edit::Less,
        'a' | 'i' | 'c' => Edit::Lines(unescaped(rest.trim_start_matches(['\\', ' ', '\n']))),
        's' => substitution(pattern, rest),
        _ => Edit::Unclear,
    }
}

/// The address before a command, and the command: `/^pool/d`, `3,5d`, `$ a …`.
fn address(script: &str) -> (&str, &str) {
    let mut rest = script;
    let mut pattern = "";
    loop {
        rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('/') {
            let Some((text, after)) = cut(inner, '/') else { return (pattern, "") };
            (pattern, rest) = (text, after.trim_start_matches('I'));
            continue;
        }
        let is_place = |c: char| c.is_ascii_digit() || matches!(c, '$' | ',' | '!' | '~' | '+');
        let trimmed = rest.trim_start_matches(is_place);
        if trimmed.len() == rest.len() {
            return (pattern, rest.trim_start_matches('{').trim_start());
        }
        rest = trimmed;
    }
}

/// Cuts text at the first delimiter that is not escaped.
fn cut(text: &str, delimiter: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == delimiter && !escaped {
            return Some((text.get(..at)?, text.get(at + c.len_utf8()..)?));
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn substitution(address: &str, rest: &str) -> Edit {
    let Some(delimiter) = rest.chars().next() else { return Edit::Unclear };
    let inner = rest.get(delimiter.len_utf8()..).unwrap_or_default();
    let Some((pattern, after)) = cut(inner, delimiter) else { return Edit::Unclear };
    let Some((replacement, flags)) = cut(after, delimiter) else { return Edit::Unclear };
    if flags.contains([';', '\n']) {
        return Edit::Unclear;
    }
    let is_removed = replacement.is_empty() || replacement.trim_start().starts_with('#');
    if is_removed {
        return Edit::Less;
    }
    let speaks = |text: &str| {
        ["server", "pool", "peer", "NTP", "refclock", "ntp", "time"].iter().any(|word| text.contains(word))
    };
    if !speaks(address) && !speaks(pattern) && !speaks(replacement) {
        return Edit::Less;
    }
    // What the replacement takes over from the line is not known.
    let takes_over = replacement.contains('&') || replacement.contains("\\1") || replacement.contains("\\2");
    let first = replacement.split_whitespace().next().unwrap_or_default();
    let is_line = matches!(first, "server" | "pool" | "peer" | "refclock") || first.starts_with("NTP=");
    if takes_over || !is_line { Edit::Unclear } else { Edit::Lines(unescaped(replacement)) }
}
