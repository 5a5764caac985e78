//! `palisade explain`: the document of a rule.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use super::super::args::{Check, Explain};
use super::super::session::Session;
use super::super::{Exit, settings, terminal};
use crate::config::judging::Builtin;
use crate::diagnostic::RuleInfo;
use crate::engine;
use crate::report;
use crate::waivers;

pub(crate) fn run(mut session: Session, explain: &Explain) -> Exit {
    session.configure(Path::new("."));
    let (rules, problems) = session.rules(Builtin::OnDemand);
    if session.say(&problems) {
        return Exit::Failed;
    }
    let own = waivers::rule_infos().into_iter().find(|info| info.id == explain.rule);
    if let Some(info) = own {
        return show(&session, &info);
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
    show(&session, &engine::rule_info(rule, &settings::rule_settings(&session, &Check::default())))
}

fn show(session: &Session, info: &RuleInfo) -> Exit {
    let mut out = BufWriter::new(io::stdout().lock());
    let result = report::render_explanation(info, &session.style, &mut out).and_then(|()| out.flush());
    terminal::written(result, Exit::Clean)
}
