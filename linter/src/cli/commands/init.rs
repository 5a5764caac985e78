//! `palisade init`: a configuration file with what the repository itself says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use super::super::args::Init;
use super::super::session::Session;
use super::super::{Exit, terminal};
use crate::config::{FILE_NAMES, FoundEnvironment, starter};
use crate::engine;
use crate::graph::{EnvironmentSettings, Graph};
use crate::source::{Disk, EntryKind, System as _, display_path};
use crate::terraform::{Instance, Options, discover};

/// The file that is written.
const FILE_NAME: &str = "palisade.hcl";
/// Attributes that hold the address ranges of networks.
const RANGES: [(&str, &str); 4] = [
    ("aws_vpc", "cidr_block"),
    ("aws_vpc_ipv4_cidr_block_association", "cidr_block"),
    ("azurerm_virtual_network", "address_space"),
    ("google_compute_subnetwork", "ip_cidr_range"),
];

pub(crate) fn run(session: &Session, asked: &Init) -> Exit {
    if Disk.kind(&asked.path) != Some(EntryKind::Directory) {
        return terminal::fail(&format!("{} is not a directory", display_path(&asked.path)));
    }
    let existing = FILE_NAMES.iter().map(|name| asked.path.join(name)).find(|file| Disk.kind(file).is_some());
    if let Some(file) = existing.filter(|_| !asked.print) {
        return terminal::fail(&format!(
            "{} is there already; --print shows what would be written",
            display_path(&file)
        ));
    }
    let survey = Survey::of(session, &asked.path);
    let text = match starter(&survey.environments, &survey.time_sources) {
        Ok(text) => text,
        Err(error) => return terminal::fail(&format!("cannot write the configuration: {error}")),
    };
    if asked.print {
        return terminal::written(terminal::print(&text), Exit::Clean);
    }
    let file = asked.path.join(FILE_NAME);
    // A link that leads nowhere is not followed either.
    let created = std::fs::OpenOptions::new().write(true).create_new(true).open(&file);
    if let Err(error) = created.and_then(|mut file| file.write_all(text.as_bytes())) {
        return terminal::fail(&format!("{} cannot be written: {error}", display_path(&file)));
    }
    let names: Vec<&str> = survey.environments.keys().map(String::as_str).collect();
    let found = if names.is_empty() { "no environment was found".to_owned() } else { names.join(", ") };
    terminal::note(&format!("wrote {}: {found}; read it, then run palisade", display_path(&file)));
    Exit::Clean
}

/// What a repository says of its environments.
#[derive(Default)]
struct Survey {
    environments: BTreeMap<String, FoundEnvironment>,
    time_sources: BTreeSet<String>,
}

impl Survey {
    fn of(session: &Session, start: &Path) -> Self {
        let settings = EnvironmentSettings::default();
        let mut survey = Self::default();
        for dir in discover(&Disk, start, &|_| false).roots {
            let loaded = engine::load(&Disk, &session.sources, &dir, &Options::default());
            let graph = Graph::new(&loaded.root, settings.clone());
            let mut named = BTreeSet::new();
            for instance in &loaded.root.instances {
                survey.add_time_sources(instance);
                if let Some(name) = &graph.environment(instance).name {
                    named.insert(name.to_string());
                    survey.environment(name).cidrs.extend(ranges(instance));
                }
            }
            survey.add_path(start, &dir, &named);
            survey.add_variables_files(&dir, &settings);
        }
        survey
    }

    fn environment(&mut self, name: &str) -> &mut FoundEnvironment {
        self.environments.entry(name.to_owned()).or_default()
    }

    /// A root all of whose resources are of one environment belongs to it.
    fn add_path(&mut self, start: &Path, dir: &Path, named: &BTreeSet<String>) {
        let below = dir.strip_prefix(start).unwrap_or(dir);
        if let (1, Some(name)) = (named.len(), named.first())
            && !below.as_os_str().is_empty()
        {
            self.environment(name).paths.insert(format!("{}/**", display_path(below)));
        }
    }

    /// Variables files called after an environment: `prod.tfvars`, `eu-prod.tfvars`.
    fn add_variables_files(&mut self, dir: &Path, settings: &EnvironmentSettings) {
        for entry in Disk.read_dir(dir).unwrap_or_default() {
            let Some(stem) = entry.name.strip_suffix(".tfvars").or_else(|| entry.name.strip_suffix(".tfvars.json"))
            else {
                continue;
            };
            let words: BTreeSet<_> =
                stem.split(['-', '_', '.']).filter_map(|word| settings.environment_named(word)).collect();
            if let (1, Some(name)) = (words.len(), words.first()) {
                self.environment(name).var_files.insert(entry.name.clone());
            }
        }
    }

    fn add_time_sources(&mut self, instance: &Instance) {
        if &*instance.resource_type == "aws_vpc_dhcp_options" {
            self.time_sources.extend(texts(instance, "ntp_servers"));
        }
    }
}

fn ranges(instance: &Instance) -> impl Iterator<Item = String> {
    let attribute = RANGES.iter().find(|(name, _)| **name == *instance.resource_type).map(|(_, attribute)| *attribute);
    attribute.into_iter().flat_map(|attribute| texts(instance, attribute))
}

/// The known texts of an attribute: one, or a list of them. Sensitive ones stay where they are.
fn texts(instance: &Instance, attribute: &str) -> Vec<String> {
    let Some(value) = instance.values.as_fields().and_then(|fields| fields.get(attribute)) else { return Vec::new() };
    let values = value.as_items().unwrap_or_else(|| std::slice::from_ref(value));
    let shown = values.iter().filter(|value| !value.deep_marks().is_sensitive());
    shown.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}
