//! `palisade check`: judge, render, gate.

use std::fs;
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;

use super::super::args::{Arguments, Check};
use super::super::session::Session;
use super::super::{Exit, settings, terminal};
use crate::config::judging::{self, Builtin};
use crate::diagnostic::{Diagnostic, Report, Severity, closest};
use crate::engine::{self, Request};
use crate::report::{self, Format, Style};
use crate::rules::{RuleSet, Settings};
use crate::source::{Clock, Disk, System as _, display_path};
use crate::waivers::Date;
use crate::waivers::inline::Peers;
use crate::waivers::known::{self, KnownFile};

/// Most bytes read from standard input.
const MAX_INPUT: u64 = 1 << 30;

pub(crate) fn run(session: Session, check: &Check) -> Exit {
    match prepare_and_run(session, check) {
        Ok(exit) => exit,
        Err(message) => terminal::fail(&message),
    }
}

/// Where output of a format goes.
struct Output {
    format: Format,
    file: Option<PathBuf>,
}

fn prepare_and_run(mut session: Session, check: &Check) -> Result<Exit, String> {
    let clock = if check.timings { Clock::start() } else { Clock::Stopped };
    let outputs = outputs(check)?;
    let paths = paths(check);
    hint_at_command(&paths);
    session.configure(paths.first().map_or(Path::new("."), PathBuf::as_path));
    let (rules, mut problems) = session.rules(Builtin::OnDemand);
    problems.splice(0..0, session.config.diagnostics.clone());
    let rule_settings = settings::rule_settings(&session, check);
    problems.extend(judging::mistakes(&session.config, &rule_settings, &rules));
    let waivers = judging::waivers(&session.config.options, &mut problems);
    if session.say(&problems) {
        return Ok(Exit::Failed);
    }
    if check.show_config {
        return show_config(&session, check, &rule_settings, &rules);
    }
    let environments = settings::passes(&session, check)?;
    let general = &session.config.options.palisade;
    let known_path = match session.known_file(check.known.as_deref()) {
        Ok(path) => path,
        Err(problem) => {
            session.say(&[*problem]);
            return Ok(Exit::Failed);
        }
    };
    let known = read_known(check, known_path.as_deref())?;
    let progress = terminal::Progress::new(&session.global);
    let tell = |what: &str| progress.tell(what);
    let request = Request {
        system: &Disk,
        sources: &session.sources,
        rules: &rules,
        settings: &rule_settings,
        standard_input: standard_input(&paths)?,
        paths: &paths,
        environments: &environments,
        exclude: &general.exclude,
        waivers: &waivers,
        peers: if check.peer_ignores || general.peer_ignores { Peers::Honoured } else { Peers::Left },
        today: today(check)?,
        known: known.as_ref(),
        show: check.severity.or(general.severity).unwrap_or(Severity::Low),
        fail_on: check.fail_on.or(general.fail_on).unwrap_or(Severity::Medium),
        undetermined: settings::undetermined(&session, check),
        progress: &tell,
    };
    let (report, timings) = engine::run_timed(&request, clock);
    progress.done();
    let exit = match check.write_known {
        true => write_known(&report, known_path.as_deref()),
        false => finish(&session, check, &request, &report, &outputs),
    };
    if clock.is_running() {
        terminal::timings(&timings, clock.now());
    }
    exit
}

fn finish(
    session: &Session,
    check: &Check,
    request: &Request<'_>,
    report: &Report,
    outputs: &[Output],
) -> Result<Exit, String> {
    session.say_errors(report);
    let exit = match () {
        () if engine::has_errors(report) => Exit::Failed,
        () if check.exit_zero => Exit::Clean,
        () if engine::fails(report, request.fail_on, request.undetermined) => Exit::Findings,
        () => Exit::Clean,
    };
    for output in outputs {
        match &output.file {
            None => {
                let mut out = BufWriter::new(io::stdout().lock());
                let result = report::render(report, &session.sources, output.format, &session.style, &mut out);
                let result = result.and_then(|()| out.flush());
                if terminal::written(result, Exit::Clean) == Exit::Failed {
                    return Ok(Exit::Failed);
                }
            }
            Some(path) => {
                let mut bytes = Vec::new();
                report::render(report, &session.sources, output.format, &Style::default(), &mut bytes)
                    .and_then(|()| append_or_write(path, output.format, &bytes))
                    .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            }
        }
    }
    Ok(exit)
}

/// A step summary is added to; every other file is written anew.
fn append_or_write(path: &Path, format: Format, bytes: &[u8]) -> io::Result<()> {
    let summary = std::env::var_os("GITHUB_STEP_SUMMARY").is_some_and(|file| Path::new(&file) == path);
    if format == Format::Markdown && summary {
        return fs::OpenOptions::new().create(true).append(true).open(path)?.write_all(bytes);
    }
    fs::write(path, bytes)
}

fn outputs(check: &Check) -> Result<Vec<Output>, String> {
    let mut outputs = Vec::new();
    for text in &check.formats {
        let (format, file) = match text.split_once('=') {
            Some((format, file)) if !file.is_empty() => (format, Some(PathBuf::from(file))),
            Some((format, _)) => return Err(format!("-f {format}= names no file")),
            None => (text.as_str(), None),
        };
        outputs.push(Output { format: format.parse()?, file });
    }
    if outputs.is_empty() {
        outputs.push(Output { format: Format::Text, file: None });
    }
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err("only one format can go to standard output; give the others a file: -f sarif=out.sarif".to_owned());
    }
    Ok(outputs)
}

fn paths(check: &Check) -> Vec<PathBuf> {
    let named: Vec<PathBuf> = check.paths.iter().chain(&check.directories).cloned().collect();
    if named.is_empty() { vec![PathBuf::from(".")] } else { named }
}

/// A first path that is not there and looks like a command was most likely meant as one.
fn hint_at_command(paths: &[PathBuf]) {
    let Some(first) = paths.first().filter(|path| Disk.kind(path).is_none()) else { return };
    let command = Arguments::command();
    let names = command.get_subcommands().map(clap::Command::get_name);
    if let Some(close) = first.to_str().and_then(|word| closest(word, names)) {
        terminal::note(&format!("there is no {}; did you mean the command `{close}`?", display_path(first)));
    }
}

fn standard_input(paths: &[PathBuf]) -> Result<Option<Vec<u8>>, String> {
    if !paths.iter().any(|path| path == Path::new("-")) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(MAX_INPUT).read_to_end(&mut bytes);
    read.map_err(|error| format!("standard input: {error}"))?;
    Ok(Some(bytes))
}

/// The day on which waivers are looked at. It is the one thing that depends on the clock, and only when no day is given.
fn today(check: &Check) -> Result<Date, String> {
    if let Some(day) = &check.as_of {
        return day.parse().map_err(|error| format!("--as-of: {error}"));
    }
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Date::from_days_since_epoch(since.as_secs() / 86_400))
}

fn read_known(check: &Check, path: Option<&Path>) -> Result<Option<KnownFile>, String> {
    let Some(path) = path else {
        return if check.write_known { Err("--write-known needs --known FILE".to_owned()) } else { Ok(None) };
    };
    if check.write_known {
        return Ok(None);
    }
    let bytes = Disk.read(path, MAX_INPUT).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = known::parse(&bytes).map_err(|error| format!("{} is no file of findings: {error}", path.display()))?;
    Ok(Some(file))
}

fn write_known(report: &Report, path: Option<&Path>) -> Result<Exit, String> {
    let path = path.ok_or("--write-known needs --known FILE")?;
    if engine::has_errors(report) {
        return Err("the input has errors; nothing was accepted".to_owned());
    }
    let file = known::accept(&report.findings);
    let mut text = serde_json::to_string_pretty(&file).map_err(|error| error.to_string())?;
    text.push('\n');
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    let count = file.findings.len();
    let findings = if count == 1 { "finding" } else { "findings" };
    terminal::note(&format!("{count} {findings} accepted in {}", display_path(path)));
    Ok(Exit::Clean)
}

/// What is in force and where it comes from.
fn show_config(session: &Session, check: &Check, settings: &Settings, rules: &RuleSet) -> Result<Exit, String> {
    let file = session.config.path.as_deref().map_or_else(|| "none".to_owned(), display_path);
    let general = &session.config.options.palisade;
    let active = rules.iter().filter(|rule| settings.is_selected(rule)).count();
    let origin = |given: bool, configured: bool| match (given, configured) {
        (true, _) => "command line",
        (false, true) => "configuration file",
        (false, false) => "default",
    };
    let severity = |given: Option<Severity>, configured: Option<Severity>, default: Severity| {
        let value = given.or(configured).unwrap_or(default);
        format!("{value} ({})", origin(given.is_some(), configured.is_some()))
    };
    let names: Vec<&str> = settings.environments.names().collect();
    let lines = [
        format!("configuration file: {file}"),
        format!("rules: {active} of {} in force", rules.len()),
        format!("select: {:?} ({})", settings.select, origin(!check.select.is_empty(), !general.select.is_empty())),
        format!("ignore: {:?} ({})", settings.ignore, origin(!check.ignore.is_empty(), !general.ignore.is_empty())),
        format!("severity: {}", severity(check.severity, general.severity, Severity::Low)),
        format!("fail_on: {}", severity(check.fail_on, general.fail_on, Severity::Medium)),
        format!("undetermined: {:?}", settings::undetermined(session, check)).to_lowercase(),
        format!("environments: {}", names.join(", ")),
        format!("time sources: {}", settings.time_sources.join(", ")),
        format!("waivers: {}", session.config.options.waiver.len()),
    ];
    let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    Ok(terminal::written(io::stdout().lock().write_all(text.as_bytes()), Exit::Clean))
}

impl Session {
    fn say_errors(&self, report: &Report) {
        let diagnostics: &[Diagnostic] = &report.errors;
        if !diagnostics.is_empty() {
            terminal::errors(report, &self.sources, self.global.color);
        }
    }
}
