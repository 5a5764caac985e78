//! What every command starts from: the sources, the configuration file, how output looks.

use std::path::{Path, PathBuf};

use super::args::Global;
use super::terminal;
use crate::config::{self, Loaded};
use crate::diagnostic::{Diagnostic, Level};
use crate::report::Style;
use crate::rules::RuleSet;
use crate::source::{Disk, SourceMap, System, display_path};

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
        }
    }

    /// The rules: built-in ones, unless the configuration leaves them out, and those of further folders.
    pub(super) fn rules(&self) -> (RuleSet, Vec<Diagnostic>) {
        let named = self.config.options.palisade.rulesets.clone();
        let named = named.unwrap_or_else(|| vec!["builtin".to_owned()]);
        let (mut rules, mut diagnostics) = if named.iter().any(|name| name == "builtin") {
            RuleSet::builtin(&self.sources)
        } else {
            (RuleSet::default(), Vec::new())
        };
        let base = self.config_dir();
        let folders = named.iter().filter(|name| *name != "builtin").map(|name| base.join(name));
        for folder in folders.chain(self.global.rulesets.iter().cloned()) {
            if Disk.kind(&folder).is_none() {
                let message = "There is no folder of rules here";
                diagnostics.push(Diagnostic::file_error(display_path(&folder), message));
                continue;
            }
            let (more, problems) = RuleSet::load(&Disk, &folder, &self.sources);
            rules.extend(more);
            diagnostics.extend(problems);
        }
        (rules, diagnostics)
    }

    /// The directory that relative paths in the configuration start from.
    pub(super) fn config_dir(&self) -> PathBuf {
        let dir = self.config.path.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        dir.unwrap_or_default()
    }

    /// Says diagnostics on standard error; whether one of them is an error.
    pub(super) fn say(&self, diagnostics: &[Diagnostic]) -> bool {
        terminal::diagnostics(diagnostics, &self.sources, self.global.color);
        diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }
}

/// The path relative to the current directory, when it is below it.
fn shortened(path: &Path) -> PathBuf {
    let current = Disk.current_dir();
    path.strip_prefix(&current).map_or_else(|_| path.to_path_buf(), Path::to_path_buf)
}
