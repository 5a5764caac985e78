//! What is judged by: rules, settings, waivers, the gate; and the digest that tells one policy from another.
//!
//! Owns: [`Policy`], [`Choices`].
//! Promises: a policy that cannot be read in full is an error, never a smaller policy; the digest changes with
//! anything that can change a verdict, except the day.
//! Must not know: the wire.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use palisade::config::judging::{self, Builtin, Chosen};
use palisade::config::{self, Loaded, Undetermined as Configured};
use palisade::diagnostic::{Diagnostic, Level, Severity};
use palisade::engine::Undetermined;
use palisade::rules::{RuleSet, Settings};
use palisade::source::{EntryKind, SourceMap, System};
use palisade::waivers::{Date, Waiver};
use sha2::{Digest as _, Sha256};

/// What findings at or above the gate do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// They are errors.
    #[default]
    Enforce,
    /// They are warnings.
    Advise,
}

impl Mode {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Advise => "advise",
        }
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "enforce" => Ok(Self::Enforce),
            "advise" => Ok(Self::Advise),
            _ => Err(format!("unknown mode {text:?}: use enforce or advise")),
        }
    }
}

/// What is said about the policy from outside. What is not said, the configuration file says.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// The configuration file; otherwise the nearest `palisade.hcl` above the current directory.
    pub config: Option<PathBuf>,
    /// `builtin` and folders of rules, instead of those that the configuration file names.
    pub rulesets: Option<Vec<String>>,
    /// The environment that everything belongs to.
    pub environment: Option<String>,
    /// Findings at or above this severity count.
    pub fail_on: Option<Severity>,
    /// What they do.
    pub mode: Mode,
}

/// A policy that was read.
pub struct Policy {
    /// Where the files of rules and configuration are registered.
    pub sources: SourceMap,
    /// The rules.
    pub rules: RuleSet,
    /// What users changed about rules and environments.
    pub settings: Settings,
    /// Waivers of the configuration.
    pub waivers: Vec<Waiver>,
    /// Findings at or above this severity count.
    pub fail_on: Severity,
    /// What undetermined verdicts do.
    pub undetermined: Undetermined,
    /// What findings that count do.
    pub mode: Mode,
    /// SHA-256 over everything that decides verdicts.
    pub digest: String,
    /// The configuration file, read.
    pub config: Loaded,
}

/// A policy that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPolicy {
    /// What is wrong, one sentence a mistake.
    pub mistakes: Vec<String>,
}

impl fmt::Display for BadPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.mistakes.join("\n"))
    }
}

impl std::error::Error for BadPolicy {}

impl Policy {
    /// Reads the policy.
    ///
    /// # Errors
    /// When any part of it cannot be read.
    pub fn load(system: &dyn System, choices: &Choices) -> Result<Self, BadPolicy> {
        let sources = SourceMap::default();
        let (mut config, chosen) = configuration(system, &sources, choices)?;
        let mut problems = config.diagnostics.clone();
        let mut further = Vec::new();
        if let Some(named) = &choices.rulesets {
            // Folders named by the user start from the current directory, and may be anywhere.
            config.options.palisade.rulesets = Some(named.iter().filter(|it| *it == "builtin").cloned().collect());
            further = named.iter().filter(|it| *it != "builtin").map(PathBuf::from).collect();
        }
        let (rules, said) = judging::rules(system, &sources, &config, chosen, &further, Builtin::Whole);
        problems.extend(said);
        let mut settings = judging::settings(&config.options);
        settings.environments.assigned = choices.environment.as_deref().map(Arc::from);
        problems.extend(judging::mistakes(&config, &settings, &rules));
        let waivers = judging::waivers(&config.options, &mut problems);
        let mistakes: Vec<String> =
            problems.iter().filter(|it| it.level == Level::Error).map(|it| sentence(it, &sources)).collect();
        if !mistakes.is_empty() {
            return Err(BadPolicy { mistakes });
        }
        if rules.is_empty() {
            return Err(BadPolicy { mistakes: vec!["there is no rule in the rulesets named".to_owned()] });
        }
        let general = &config.options.palisade;
        let fail_on = choices.fail_on.or(general.fail_on).unwrap_or(Severity::Medium);
        let undetermined = match general.undetermined.unwrap_or_default() {
            Configured::Report => Undetermined::Report,
            Configured::Fail => Undetermined::Fail,
            Configured::Hide => Undetermined::Hide,
        };
        let digest = digest(system, &sources, &rules, &config, choices, fail_on);
        Ok(Self { sources, rules, settings, waivers, fail_on, undetermined, mode: choices.mode, digest, config })
    }

    /// The day on which waivers are looked at.
    #[must_use]
    pub fn today() -> Date {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Date::from_days_since_epoch(since.as_secs() / (24 * 60 * 60))
    }
}

/// The configuration file that is named, or the nearest one; an empty one if there is none.
fn configuration(system: &dyn System, sources: &SourceMap, choices: &Choices) -> Result<(Loaded, Chosen), BadPolicy> {
    let refused = |message: String| BadPolicy { mistakes: vec![message] };
    match &choices.config {
        Some(path) if system.kind(path) != Some(EntryKind::File) => {
            Err(refused(format!("{}: there is no such file", path.display())))
        }
        Some(path) => Ok((config::load(system, sources, path), Chosen::ByUser)),
        None => match config::find(system, Path::new(".")) {
            Some(path) => {
                let loaded = config::load(system, sources, &path);
                if judging::leads_out(system, &loaded, Chosen::Found, &path) {
                    return Err(refused(format!("{} is a link out of the repository", path.display())));
                }
                Ok((loaded, Chosen::Found))
            }
            None => Ok((Loaded::default(), Chosen::Found)),
        },
    }
}

/// A diagnostic in one line, with its place.
fn sentence(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = match diagnostic.span.and_then(|span| sources.location(span)) {
        Some(at) => format!("{}:{}: ", at.file, at.start.line),
        None => diagnostic.path.as_ref().map_or_else(String::new, |path| format!("{path}: ")),
    };
    let help = diagnostic.help.as_ref().map_or_else(String::new, |help| format!(" {help}"));
    format!("{place}{}{help}", diagnostic.message)
}

fn digest(
    system: &dyn System,
    sources: &SourceMap,
    rules: &RuleSet,
    config: &Loaded,
    choices: &Choices,
    fail_on: Severity,
) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        // The length keeps parts apart whatever they hold.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    add(env!("CARGO_PKG_VERSION").as_bytes());
    for rule in rules.iter() {
        add(rule.id.as_bytes());
        let file = rule.definition().ok().and_then(|definition| sources.file(definition.span.file));
        add(file.map(|file| Arc::clone(&file.bytes)).as_deref().unwrap_or_default());
    }
    let written = config.path.as_deref().and_then(|path| system.read(path, 4 << 20).ok());
    add(&written.unwrap_or_default());
    add(choices.environment.as_deref().unwrap_or_default().as_bytes());
    add(fail_on.as_str().as_bytes());
    add(choices.mode.as_str().as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use palisade::source::Memory;

    use super::*;

    fn memory(config: &str) -> Memory {
        let mut memory = Memory::new();
        memory.add("/repo/.git/HEAD", "");
        if !config.is_empty() {
            memory.add("/repo/palisade.hcl", config);
        }
        memory
    }

    fn choices(config: &str) -> Choices {
        Choices { config: (!config.is_empty()).then(|| "/repo/palisade.hcl".into()), ..Choices::default() }
    }

    fn load(config: &str, change: impl Fn(&mut Choices)) -> Result<Policy, BadPolicy> {
        let mut choices = choices(config);
        change(&mut choices);
        Policy::load(&memory(config), &choices)
    }

    #[test]
    fn the_digest_tells_policies_apart() {
        let digests = [
            load("", |_| {}).unwrap().digest,
            load("palisade { fail_on = \"high\" }", |_| {}).unwrap().digest,
            load("", |choices| choices.fail_on = Some(Severity::High)).unwrap().digest,
            load("", |choices| choices.mode = Mode::Advise).unwrap().digest,
            load("", |choices| choices.environment = Some("prod".to_owned())).unwrap().digest,
        ];
        let different: std::collections::BTreeSet<&String> = digests.iter().collect();
        assert_eq!(different.len(), digests.len());
        assert_eq!(load("", |_| {}).unwrap().digest, digests[0]);
    }

    #[test]
    fn a_policy_that_cannot_be_read_in_full_is_refused() {
        let mistakes = |config: &str, change: fn(&mut Choices)| load(config, change).err().unwrap().to_string();
        assert!(mistakes("palisade { fail_on = \"hgih\" }", |_| {}).contains("fail_on"));
        let missing = mistakes("", |choices| choices.rulesets = Some(vec!["./nowhere".to_owned()]));
        assert!(missing.contains("nowhere"), "{missing}");
        let typo = mistakes("rule \"net/no-open-admn-ports\" { enabled = false }", |_| {});
        assert!(typo.contains("palisade.hcl:1") && typo.contains("no-open-admin-ports"), "{typo}");
        assert!(mistakes("", |choices| choices.rulesets = Some(Vec::new())).contains("no rule"));
        assert!(mistakes("", |choices| choices.config = Some("/none.hcl".into())).contains("no such file"));
    }
}
