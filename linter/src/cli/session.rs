//! What every command starts from: the sources, the configuration file, how output looks.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::Global;
use super::terminal;
use crate::config::judging::{self, Builtin, Chosen};
use crate::config::{self, Loaded};
use crate::diagnostic::{Diagnostic, Level};
use crate::report::Style;
use crate::rules::RuleSet;
use crate::source::{Disk, SourceMap, System as _, display_path};

/// The state of one run of the program.
pub(super) struct Session {
    pub(super) global: Global,
    pub(super) sources: SourceMap,
    pub(super) config: Loaded,
    pub(super) style: Style,
}

impl Session {
    /// Changes directory and reads the configuration.
    ///
    /// # Errors
    /// When the directory does not exist.
    pub(super) fn start(global: &Global) -> Result<Self, String> {
        if let Some(dir) = &global.chdir {
            std::env::set_current_dir(dir).map_err(|error| format!("--chdir {}: {error}", dir.display()))?;
        }
        Ok(Self {
            global: global.clone(),
            sources: SourceMap::default(),
            config: Loaded::default(),
            style: terminal::style(global),
        })
    }

    /// Reads the configuration: the file named, or the nearest one above `start`.
    pub(super) fn configure(&mut self, start: &Path) {
        if self.global.no_config {
            return;
        }
        let found = self.global.config.clone().or_else(|| config::find(&Disk, start));
        if let Some(path) = found {
            self.config = config::load(&Disk, &self.sources, &shortened(&path));
            if judging::leads_out(&Disk, &self.config, self.chosen(), &path) {
                // Its text is not shown: the file may be a link to anything that the user may read.
                let shown = display_path(&path);
                let problem = Diagnostic::file_error(shown, "The configuration file is a link out of the repository");
                self.config = Loaded { diagnostics: vec![problem], ..Loaded::default() };
            }
        }
    }

    /// The rules: built-in ones, unless the configuration leaves them out, and those of further folders.
    pub(super) fn rules(&self, builtin: Builtin) -> (RuleSet, Vec<Diagnostic>) {
        judging::rules(&Disk, &self.sources, &self.config, self.chosen(), &self.global.rulesets, builtin)
    }

    /// The file of accepted findings: the one given, or the one that the configuration names.
    ///
    /// # Errors
    /// When the configuration names one outside its repository.
    pub(super) fn known_file(&self, given: Option<&Path>) -> Result<Option<PathBuf>, Box<Diagnostic>> {
        let named = || self.config.options.palisade.known.as_ref().map(|path| self.config_dir().join(path));
        let Some(path) = given.map(Path::to_path_buf).or_else(named) else { return Ok(None) };
        if given.is_none() && judging::leads_out(&Disk, &self.config, self.chosen(), existing_part(&path)) {
            let message = "The configuration names a file of known findings outside the repository";
            let help = "Configuration may not read or write there; name the file with --known.";
            return Err(Box::new(Diagnostic::file_error(display_path(&path), message).with_help(help)));
        }
        Ok(Some(path))
    }

    fn chosen(&self) -> Chosen {
        if self.global.config.is_some() { Chosen::ByUser } else { Chosen::Found }
    }

    /// The directory that relative paths in the configuration start from.
    pub(super) fn config_dir(&self) -> PathBuf {
        self.config.directory()
    }

    /// Says diagnostics on standard error; whether one of them is an error.
    pub(super) fn say(&self, diagnostics: &[Diagnostic]) -> bool {
        terminal::diagnostics(diagnostics, &self.sources, self.global.color);
        diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }
}

/// The path, or what is there of it while the file is still to be written.
fn existing_part(path: &Path) -> &Path {
    // A link that leads nowhere is there: to write through it would make the file it names.
    let found = path.ancestors().find(|part| fs::symlink_metadata(part).is_ok());
    found.unwrap_or(Path::new("."))
}

/// The path relative to the current directory, when it is below it.
fn shortened(path: &Path) -> PathBuf {
    let current = Disk.current_dir();
    path.strip_prefix(&current).map_or_else(|_| path.to_path_buf(), Path::to_path_buf)
}
