//! `palisade inspect`: what was evaluated.

use std::io::{self, BufWriter, Write as _};

use super::super::args::{Check, Inspect, ListFormat};
use super::super::session::Session;
use super::super::{Exit, settings, terminal};
use crate::engine;
use crate::graph::Graph;
use crate::report::{self, Inspected, Secrecy};
use crate::source::Disk;

pub(crate) fn run(mut session: Session, inspect: &Inspect) -> Exit {
    session.configure(&inspect.path);
    if session.say(&session.config.diagnostics.clone()) {
        return Exit::Failed;
    }
    let options = match settings::variables(&inspect.variables) {
        Ok(options) => options,
        Err(message) => return terminal::fail(&message),
    };
    let loaded = engine::load(&Disk, &session.sources, &inspect.path, &options);
    let rule_settings = settings::rule_settings(&session, &Check::default());
    let graph = Graph::new(&loaded.root, rule_settings.environments.clone());
    let environments: Vec<_> =
        loaded.root.instances.iter().map(|instance| graph.environment(instance).name.clone()).collect();
    let shown = loaded.root.instances.iter().zip(&environments).filter(|(instance, _)| {
        inspect.address.as_deref().is_none_or(|asked| report::address_is_within(&instance.address, asked))
    });
    let shown = shown.map(|(instance, environment)| Inspected { instance, environment: environment.as_deref() });
    let secrecy = if inspect.show_sensitive { Secrecy::Shown } else { Secrecy::Masked };
    let mut out = BufWriter::new(io::stdout().lock());
    let failed = session.say(&loaded.diagnostics);
    let result = match inspect.format {
        ListFormat::Json => {
            report::render_inspection_json(shown, &loaded.diagnostics, secrecy, &session.sources, &mut out)
        }
        ListFormat::Text => report::render_inspection_text(shown, secrecy, &session.sources, &session.style, &mut out),
    };
    let exit = if failed { Exit::Failed } else { Exit::Clean };
    terminal::written(result.and_then(|()| out.flush()), exit)
}
