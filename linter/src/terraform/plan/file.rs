//! The archive that `terraform plan -out` writes: the plan, the state it was made from, the configuration.

use std::io::{Cursor, Read as _};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::binary;
use super::embedded::{EmbeddedConfig, EmbeddedModule};
use crate::diagnostic::Diagnostic;
use crate::terraform::{Mode, Root, read_state};
use crate::value::Fields;

/// Entries an archive may have.
const MAX_ENTRIES: usize = 50_000;
/// Bytes that all entries read may have together.
const MAX_INFLATED: u64 = 512 << 20;
/// Past this many bytes, an archive that grows more than [`MAX_RATIO`] times is refused.
const RATIO_FROM: u64 = 64 << 20;
/// Plans grow about ten times.
const MAX_RATIO: u64 = 200;

/// A binary plan that was read.
#[derive(Debug)]
pub struct PlanFile {
    /// What the plan says will be.
    pub root: Root,
    /// The configuration it was made from.
    pub sources: Option<EmbeddedConfig>,
    /// Values of the root's variables. Binary plans hold only those that were given.
    pub variables: Fields,
    /// The Terraform that made it.
    pub terraform_version: Option<std::sync::Arc<str>>,
}

/// Reads a binary plan.
///
/// # Errors
/// When the bytes are no plan file, damaged, too large, or of another version. What is wrong with parts is added to
/// `diagnostics`.
pub fn read_binary(path: &Path, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Result<PlanFile, Diagnostic> {
    let shown = path.display().to_string();
    let mut entries = Entries::read(&shown, bytes)?;
    let plan = entries.plan.take().ok_or_else(|| Diagnostic::file_error(&*shown, "The archive holds no plan"))?;
    let decoded = binary::decode(path, &plan, diagnostics)?;
    let mut root = decoded.root;
    if let Some(state) = &entries.state {
        add_data(&mut root, path, state, diagnostics);
    }
    let sources = entries.sources(&shown, diagnostics);
    let terraform_version = Some(decoded.terraform_version);
    Ok(PlanFile { root, sources, variables: decoded.variables, terraform_version })
}

/// Data sources that were read before planning are only in the state.
fn add_data(root: &mut Root, path: &Path, state: &[u8], diagnostics: &mut Vec<Diagnostic>) {
    match read_state(path, state, diagnostics) {
        Ok(state) => {
            let known: std::collections::BTreeSet<_> =
                root.instances.iter().map(|found| found.address.clone()).collect();
            let data =
                state.instances.into_iter().filter(|found| found.mode == Mode::Data && !known.contains(&found.address));
            root.instances.extend(data);
        }
        Err(diagnostic) => diagnostics.push(diagnostic),
    }
}

/// The entries that are read.
#[derive(Default)]
struct Entries {
    plan: Option<Vec<u8>>,
    state: Option<Vec<u8>>,
    manifest: Option<Vec<u8>>,
    lock: Option<Vec<u8>>,
    /// Module key, file name, content.
    files: Vec<(String, String, Vec<u8>)>,
}

impl Entries {
    fn read(shown: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let damaged = |_| {
            Diagnostic::file_error(shown, "The plan file is a damaged archive")
                .with_help("Make it again with `terraform plan -out`.")
        };
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if archive.len() > MAX_ENTRIES {
            return Err(Diagnostic::file_error(
                shown,
                format!("The archive has {} entries: no plan has so many", archive.len()),
            ));
        }
        let mut entries = Self::default();
        let mut total = 0_u64;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(damaged)?;
            let Ok(name) = entry.name().map(std::borrow::Cow::into_owned) else { continue };
            if !is_read(&name) {
                continue;
            }
            let mut content = Vec::new();
            let left = MAX_INFLATED - total;
            // The size in the archive's index may lie: what counts is what comes out.
            let read = entry.by_ref().take(left + 1).read_to_end(&mut content);
            read.map_err(|error| damaged(error.into()))?;
            total += content.len() as u64;
            check_inflation(shown, total, bytes.len() as u64)?;
            entries.keep(&name, content);
        }
        Ok(entries)
    }

    fn keep(&mut self, name: &str, content: Vec<u8>) {
        match name {
            "tfplan" => self.plan = Some(content),
            "tfstate" => self.state = Some(content),
            "tfconfig/modules.json" => self.manifest = Some(content),
            ".terraform.lock.hcl" => self.lock = Some(content),
            _ => {
                if let Some((key, file)) = name.strip_prefix("tfconfig/m-").and_then(|rest| rest.rsplit_once('/')) {
                    self.files.push((key.to_owned(), file.to_owned(), content));
                }
            }
        }
    }

    /// The configuration, if there is any.
    fn sources(self, shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<EmbeddedConfig> {
        #[derive(Deserialize)]
        struct Entry {
            #[serde(rename = "Key", default)]
            key: String,
            #[serde(rename = "Dir", default)]
            dir: String,
        }
        let manifest = self.manifest?;
        let modules: Vec<Entry> = match serde_json::from_slice(&manifest) {
            Ok(modules) => modules,
            Err(_) => {
                let message = "The list of modules in the plan cannot be read: findings have no positions";
                diagnostics.push(Diagnostic::file_error(shown, message));
                return None;
            }
        };
        let mut config = EmbeddedConfig::new(
            modules.into_iter().map(|entry| EmbeddedModule { key: entry.key, dir: relative(&entry.dir) }),
        );
        for (key, file, content) in self.files {
            config.add(&key, &file, content);
        }
        if let Some(lock) = self.lock {
            config.add("", ".terraform.lock.hcl", lock);
        }
        Some(config)
    }
}

fn is_read(name: &str) -> bool {
    matches!(name, "tfplan" | "tfstate" | ".terraform.lock.hcl") || name.starts_with("tfconfig/")
}

fn check_inflation(shown: &str, inflated: u64, packed: u64) -> Result<(), Diagnostic> {
    if inflated > MAX_INFLATED || inflated > RATIO_FROM && inflated / MAX_RATIO > packed {
        let message = format!("The plan file grows past {} MiB when unpacked", inflated >> 20);
        return Err(Diagnostic::file_error(shown, message).with_help("Give its JSON instead, if it is a real plan."));
    }
    Ok(())
}

/// The directory of a module as a path from the root module.
fn relative(dir: &str) -> PathBuf {
    let parts = Path::new(dir).components().filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    parts.collect()
}
