//! Scripts that a guest runs: which interpreter, and the shell's variables, pipes and redirections.

use rustc_hash::FxHashMap;

use super::client::Client;
use super::commands;
use super::reading::Reading;
use super::shell::{self, Command};
use super::shell_words::{Piece, Word};
use super::text::{AT_RUN_TIME, is_configured};

/// Longer values of variables are not followed.
const MAX_VARIABLE: usize = 4_096;

/// Reads a script with a first line that names its interpreter.
pub(super) fn script(reading: &mut Reading, text: &str) {
    let first = text.lines().next().unwrap_or_default();
    let mut words =
        first.trim_start_matches("#!").split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    let program = match words.next() {
        Some("env") => words.find(|word| !word.starts_with('-')),
        other => other,
    };
    match program {
        None | Some("sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "busybox") => shell(reading, text),
        Some(name) if name.starts_with("pwsh") || name.starts_with("powershell") => super::windows::read(reading, text),
        Some(name) => reading.doubt(format!("a program in {name} may configure anything")),
    }
}

/// Reads a shell script.
pub(super) fn shell(reading: &mut Reading, text: &str) {
    if !reading.enter(text.len()) {
        return;
    }
    let commands = shell::commands(text);
    if commands.len() > shell::MAX_COMMANDS {
        reading.limit(format!("{} commands in one script", shell::MAX_COMMANDS));
    }
    let mut shell = Shell { reading, variables: FxHashMap::default(), output: None };
    commands.iter().for_each(|command| shell.run(command));
    reading.leave();
}

/// The words after the options of `sudo` and its like, some of which have a value.
fn without_options(words: &[String]) -> &[String] {
    let mut rest = words;
    while let Some((option, after)) = rest.split_first().filter(|(first, _)| first.starts_with('-')) {
        let has_value = matches!(option.as_str(), "-u" | "-g" | "-h" | "-U" | "-p" | "-C");
        rest = after.get(usize::from(has_value)..).unwrap_or_default();
    }
    rest
}

/// One command with its words expanded.
#[derive(Debug)]
pub(super) struct Call<'c> {
    /// The program without its folder.
    pub(super) program: &'c str,
    /// Its arguments.
    pub(super) args: &'c [String],
    /// What it reads, if that is known.
    pub(super) input: Option<&'c str>,
    /// Whether it runs in any case.
    pub(super) is_certain: bool,
    /// What it is, for evidence: `line 4: systemctl stop chronyd`.
    pub(super) evidence: &'c str,
}

struct Shell<'r> {
    reading: &'r mut Reading,
    variables: FxHashMap<String, String>,
    /// What the command before wrote, if that is known.
    output: Option<String>,
}

impl Shell<'_> {
    fn run(&mut self, command: &Command) {
        let mut words: Vec<String> = Vec::with_capacity(command.words.len());
        for word in &command.words {
            words.push(self.expand(word));
        }
        let input = match &command.input {
            Some(word) => Some(self.expand(word)),
            None => self.output.take().filter(|_| command.is_piped),
        };
        let evidence = format!("line {}: {}", command.line, words.join(" "));
        let words = self.without_prefix(&words);
        if words.first().is_some_and(|first| !first.is_empty() && first.chars().all(is_configured)) {
            let text = words.concat();
            return self.reading.doubt_hole(&text);
        }
        let program = words.first().map_or("", |first| first.rsplit('/').next().unwrap_or(first));
        let args = words.get(1..).unwrap_or_default();
        let is_certain = !command.is_conditional;
        let call = Call { program, args, input: input.as_deref(), is_certain, evidence: &evidence };
        let output = match words.is_empty() {
            true => input.clone().or_else(|| Some(String::new())),
            false => commands::run(self.reading, &call),
        };
        for (target, appends) in &command.outputs {
            let path = self.expand(target);
            self.write(&path, output.as_deref(), *appends, &evidence);
        }
        self.output = output.filter(|_| command.feeds_next);
    }

    /// The words without assignments and without programs that only run others.
    fn without_prefix<'w>(&mut self, words: &'w [String]) -> &'w [String] {
        let mut rest = words;
        while let Some((first, after)) = rest.split_first() {
            match first.rsplit('/').next().unwrap_or(first) {
                "sudo" | "env" | "exec" | "nohup" | "command" | "nice" | "eatmydata" => {
                    rest = without_options(after);
                }
                "export" | "local" | "readonly" | "declare" => {
                    after.iter().for_each(|word| self.declare(word));
                    return &[];
                }
                _ if self.assign(first) => rest = after,
                _ => break,
            }
        }
        rest
    }

    /// Takes an assignment; `false` if the word is none.
    fn assign(&mut self, word: &str) -> bool {
        let Some((name, value)) = word.split_once('=') else { return false };
        let is_name = name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        if !is_name || name.is_empty() {
            return false;
        }
        let value = if value.len() > MAX_VARIABLE { AT_RUN_TIME.to_string() } else { value.to_owned() };
        self.variables.insert(name.to_owned(), value);
        true
    }

    fn declare(&mut self, word: &str) {
        let _ = self.assign(word);
    }

    fn expand(&self, word: &Word) -> String {
        let mut text = String::new();
        for piece in word {
            match piece {
                Piece::Text(known) => text.push_str(known),
                Piece::Computed => text.push(AT_RUN_TIME),
                Piece::Variable(name, default) => match self.variables.get(name).or(default.as_ref()) {
                    Some(value) => text.push_str(value),
                    None => text.push(AT_RUN_TIME),
                },
            }
        }
        text
    }

    fn write(&mut self, path: &str, output: Option<&str>, appends: bool, evidence: &str) {
        if Client::of_file(path).is_none() {
            return;
        }
        match output {
            Some(text) => self.reading.write_file(path, text, appends),
            None => self.reading.doubt_sources(format!("{evidence} writes {path} in a way that is not known")),
        }
    }
}
