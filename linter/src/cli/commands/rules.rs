//! `palisade rules`: the rules in force.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use super::super::args::{Check, ListFormat, Rules};
use super::super::session::Session;
use super::super::{Exit, settings, terminal};
use crate::config::judging::Builtin;
use crate::diagnostic::RuleInfo;
use crate::engine;
use crate::report;

pub(crate) fn run(mut session: Session, asked: &Rules) -> Exit {
    session.configure(Path::new("."));
    let (rules, problems) = session.rules(Builtin::Whole);
    if session.say(&problems) {
        return Exit::Failed;
    }
    let settings = settings::rule_settings(&session, &Check { select: asked.rules.clone(), ..Check::default() });
    let selected = rules.iter().filter(|rule| settings.is_selected(rule));
    let infos: Vec<RuleInfo> = selected.map(|rule| engine::rule_info(rule, &settings)).collect();
    if infos.is_empty() {
        return terminal::fail(&format!("no rule is called {}", asked.rules.join(", ")));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let result = match asked.format {
        ListFormat::Json => report::render_rules_json(&infos, &mut out),
        ListFormat::Text => report::render_rules_text(&infos, &mut out),
    };
    terminal::written(result.and_then(|()| out.flush()), Exit::Clean)
}
