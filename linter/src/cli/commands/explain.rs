//! `palisade explain`: the document of a rule.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use super::super::args::{Check, Explain};
use super::super::session::Session;
use super::super::{Exit, settings, terminal};
use crate::engine;
use crate::report;

pub(crate) fn run(mut session: Session, explain: &Explain) -> Exit {
    session.configure(Path::new("."));
    let (rules, problems) = session.rules();
    if session.say(&problems) {
        return Exit::Failed;
    }
    let Some(rule) = rules.find(&explain.rule) else {
        let near = rules.iter().map(|rule| &*rule.id).filter(|id| id.contains(explain.rule.as_str())).take(5);
        let near: Vec<&str> = near.collect();
        let hint = if near.is_empty() {
            "see `palisade rules`".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        return terminal::fail(&format!("there is no rule {:?}; {hint}", explain.rule));
    };
    let info = engine::rule_info(rule, &settings::rule_settings(&session, &Check::default()));
    let mut out = BufWriter::new(io::stdout().lock());
    let result = report::render_explanation(&info, &session.style, &mut out).and_then(|()| out.flush());
    terminal::written(result, Exit::Clean)
}
