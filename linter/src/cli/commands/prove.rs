//! `palisade prove`: who reaches whom, with proofs.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::super::args::{Check, ListFormat, Prove};
use super::super::intents::{Network, level, network, relays, services};
use super::super::session::Session;
use super::super::{Exit, settings, terminal};
use crate::config::network::LevelOption;
use crate::diagnostic::Diagnostic;
use crate::engine;
use crate::graph::Graph;
use crate::network::build::Input;
use crate::network::model::Version;
use crate::network::model::connection::Level;
use crate::network::prove::{Asked, Checked, Endpoint, Manner, Model, OnUnknown, Outcome, standard_intents};
use crate::network::service::ServiceSet;
use crate::report::{self, Proofs};
use crate::source::{Disk, EntryKind, System as _, display_path};
use crate::terraform::{Loaded, discover};

pub(crate) fn run(session: Session, prove: &Prove) -> Exit {
    match answered(session, prove) {
        Ok(exit) => exit,
        Err(message) => terminal::fail(&message),
    }
}

fn answered(mut session: Session, prove: &Prove) -> Result<Exit, String> {
    let paths = if prove.paths.is_empty() { vec![PathBuf::from(".")] } else { prove.paths.clone() };
    session.configure(paths.first().map_or(Path::new("."), PathBuf::as_path));
    if session.say(&session.config.diagnostics.clone()) {
        return Ok(Exit::Failed);
    }
    let configured = network(&session.config.options.network)?;
    let options = settings::variables(&prove.variables)?;
    let mut loaded: Vec<(String, Loaded)> = Vec::new();
    for path in roots(&paths) {
        loaded.push((display_path(&path), engine::load(&Disk, &session.sources, &path, &options)));
    }
    let problems: Vec<Diagnostic> = loaded.iter().flat_map(|(_, loaded)| loaded.diagnostics.iter().cloned()).collect();
    let failed = session.say(&problems);
    let rule_settings = settings::rule_settings(&session, &Check::default());
    let graphs: Vec<Graph<'_>> =
        loaded.iter().map(|(_, loaded)| Graph::new(&loaded.root, rule_settings.environments.clone())).collect();
    let inputs: Vec<Input<'_, '_>> =
        graphs.iter().zip(&loaded).map(|(graph, (name, _))| Input { graph, name: name.as_str() }).collect();
    let Network { zones, assumed, intents, on_unknown } = configured;
    let mut model = Model::new(&inputs, zones, assumed);
    let (mut asked, mut checked) = (Vec::new(), Vec::new());
    match (&prove.from, &prove.to) {
        (Some(from), Some(to)) => asked.push(ask(&mut model, prove, from, to)?),
        (None, _) | (_, None) => {
            let intents = if intents.is_empty() { standard_intents(&model) } else { intents };
            for intent in &intents {
                let name = format!("{} {:?}", intent.kind_name(), intent.name);
                checked.extend(intent.check(&mut model, on_unknown).map_err(|problem| format!("{name}: {problem}"))?);
            }
        }
    }
    let unmodelled = model.topology.unmodelled.clone();
    let proofs = Proofs { asked: &asked, checked: &checked, unmodelled: &unmodelled, errors: &problems };
    let exit = if failed { Exit::Failed } else { exit(&checked, on_unknown) };
    let mut out = BufWriter::new(io::stdout().lock());
    let result = match prove.format {
        ListFormat::Json => report::render_proofs_json(&proofs, &session.sources, &mut out),
        ListFormat::Text => report::render_proofs_text(&proofs, &session.sources, &session.style, &mut out),
    };
    Ok(terminal::written(result.and_then(|()| out.flush()), exit))
}

/// A directory without configuration stands for all roots below it.
fn roots(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = Vec::new();
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    for path in paths {
        let below = match Disk.kind(path) {
            Some(EntryKind::Directory) => discover(&Disk, path, &|_| false).roots,
            _ => Vec::new(),
        };
        let is_root = below.is_empty() || below.iter().any(|root| root == path);
        for root in if is_root { vec![path.clone()] } else { below } {
            if seen.insert(root.clone()) {
                roots.push(root);
            }
        }
    }
    roots
}

fn ask(model: &mut Model<'_, '_>, prove: &Prove, from: &str, to: &str) -> Result<Asked, String> {
    let services = if prove.port.is_empty() { ServiceSet::all() } else { services(&prove.port)? };
    let manner = Manner {
        services,
        version: if prove.ipv6 { Version::V6 } else { Version::V4 },
        level: prove.level.map_or(Level::Connection, |option: LevelOption| level(option)),
        relays: relays(prove.relays),
    };
    let endpoint = |text: &str| text.parse::<Endpoint>().map_err(|problem| problem.to_string());
    model.ask(&endpoint(from)?, &endpoint(to)?, &manner).map_err(|problem| problem.to_string())
}

/// A question is answered, whatever the answer; an intent that is violated fails the run.
fn exit(checked: &[Checked], on_unknown: OnUnknown) -> Exit {
    let fails = |checked: &Checked| match checked.outcome {
        Outcome::Violated => true,
        Outcome::Undetermined => on_unknown == OnUnknown::Error,
        Outcome::Holds => false,
    };
    if checked.iter().any(fails) { Exit::Findings } else { Exit::Clean }
}
