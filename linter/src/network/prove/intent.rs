//! Intents: what the network must and must not let through, each checked by questions to the model.

use super::super::model::connection::Level;
use super::super::model::{NodeId, Relays, SiteId, Verdict, Version};
use super::super::service::ServiceSet;
use super::endpoint::is_called;
use super::{Asked, Endpoint, Manner, Model, NoSuchEndpoint};
use crate::graph::glob_matches;

/// What answers that depend on unknown values do to an intent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnUnknown {
    /// The run fails.
    Error,
    /// They are shown.
    #[default]
    Warn,
    /// What is not proved open counts as closed.
    AssumeClosed,
}

/// A flow that is allowed.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Where from.
    pub from: Endpoint,
    /// For these services.
    pub services: ServiceSet,
    /// Only through these resources; empty for any way.
    pub via: Vec<String>,
}

/// What an intent says.
#[derive(Clone, Debug)]
pub enum IntentKind {
    /// No packet passes between any two of these.
    Isolate {
        /// The parts.
        between: Vec<Endpoint>,
        /// What counts as reaching.
        level: Level,
    },
    /// Nothing but these flows reaches it.
    AllowOnly {
        /// What is protected.
        to: Endpoint,
        /// The flows.
        flows: Vec<Flow>,
    },
    /// Everything that passes goes through these.
    Waypoint {
        /// Where from.
        from: Vec<Endpoint>,
        /// Where to.
        to: Vec<Endpoint>,
        /// Resources of the firewall.
        through: Vec<String>,
        /// Whether the way back must go through as well.
        both: bool,
    },
    /// These services do not reach it.
    Forbid {
        /// Where from.
        from: Endpoint,
        /// Where to.
        to: Endpoint,
        /// The services.
        services: ServiceSet,
        /// Who passes on.
        relays: Relays,
    },
    /// What leaves goes through these.
    EgressOnly {
        /// Where from.
        from: Endpoint,
        /// Where to.
        to: Endpoint,
        /// Resources.
        through: Vec<String>,
    },
    /// These services reach it.
    Require {
        /// Where from.
        from: Endpoint,
        /// Where to.
        to: Endpoint,
        /// The services, each of them.
        services: Vec<ServiceSet>,
    },
}

/// An intent.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its name.
    pub name: String,
    /// What it says.
    pub kind: IntentKind,
}

/// How an intent fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Proved to hold.
    Holds,
    /// It depends on unknown values.
    Undetermined,
    /// Proved to be violated.
    Violated,
}

impl Outcome {
    /// One word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Undetermined => "undetermined",
            Self::Violated => "violated",
        }
    }
}

/// One question of an intent with its answer.
#[derive(Debug)]
pub struct Checked {
    /// The name of the intent.
    pub intent: String,
    /// Its kind, as written in the configuration.
    pub kind: &'static str,
    /// How it fares.
    pub outcome: Outcome,
    /// The question and its answer.
    pub asked: Asked,
}

/// A question that an intent asks.
struct Question {
    from: (String, Vec<SiteId>),
    to: (String, Vec<SiteId>),
    services: ServiceSet,
    level: Level,
    relays: Relays,
    avoiding: Vec<NodeId>,
    wanted: Wanted,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Unreachable,
    Reachable,
}

impl Intent {
    /// The kind as written in the configuration.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            IntentKind::Isolate { .. } => "isolate",
            IntentKind::AllowOnly { .. } => "allow_only",
            IntentKind::Waypoint { .. } => "waypoint",
            IntentKind::Forbid { .. } => "forbid",
            IntentKind::EgressOnly { .. } => "egress_only",
            IntentKind::Require { .. } => "require",
        }
    }

    /// Checks it for both IP versions; questions about IPv6 that concern nobody are left out.
    ///
    /// # Errors
    /// When a name in it means nothing.
    pub fn check(&self, model: &mut Model<'_, '_>, on_unknown: OnUnknown) -> Result<Vec<Checked>, NoSuchEndpoint> {
        let questions = self.questions(model)?;
        let mut checked = Vec::new();
        for question in &questions {
            for version in [Version::V4, Version::V6] {
                let has = |sites: &[SiteId]| sites.iter().any(|id| has_version(model, *id, version));
                if version == Version::V6 && !(has(&question.from.1) && has(&question.to.1)) {
                    continue;
                }
                let (services, level, relays) = (question.services.clone(), question.level, question.relays);
                let manner = Manner { services, version, level, relays };
                let asked =
                    model.ask_sites(question.from.clone(), question.to.clone(), &manner, question.avoiding.clone());
                let outcome = judge(asked.answer.verdict, question.wanted, on_unknown);
                checked.push(Checked { intent: self.name.clone(), kind: self.kind_name(), outcome, asked });
            }
        }
        Ok(checked)
    }

    fn questions(&self, model: &mut Model<'_, '_>) -> Result<Vec<Question>, NoSuchEndpoint> {
        match &self.kind {
            IntentKind::Isolate { between, level } => {
                let mut questions = Vec::new();
                for from in between {
                    for to in between.iter().filter(|to| *to != from) {
                        // A way over the Internet is the Internet's: what is open to it is another question.
                        let avoiding = model.internet_places();
                        let question = closed(model, from, to)?;
                        questions.push(Question { level: *level, avoiding, ..question });
                    }
                }
                Ok(questions)
            }
            IntentKind::AllowOnly { to, flows } => allow_only(model, to, flows),
            IntentKind::Waypoint { from, to, through, both } => {
                let avoiding = nodes_of(model, through);
                let mut questions = Vec::new();
                for from in from {
                    for to in to.iter().filter(|to| *to != from) {
                        let mut pairs = vec![(from, to)];
                        if *both {
                            pairs.push((to, from));
                        }
                        for (from, to) in pairs {
                            let question = closed(model, from, to)?;
                            questions.push(Question { avoiding: avoiding.clone(), ..question });
                        }
                    }
                }
                Ok(questions)
            }
            IntentKind::Forbid { from, to, services, relays } => {
                let question = closed(model, from, to)?;
                let level = Level::Connection;
                Ok(vec![Question { services: services.clone(), relays: *relays, level, ..question }])
            }
            IntentKind::EgressOnly { from, to, through } => {
                let avoiding = nodes_of(model, through);
                Ok(vec![Question { avoiding, ..closed(model, from, to)? }])
            }
            IntentKind::Require { from, to, services } => {
                let mut questions = Vec::new();
                for services in services {
                    let question = closed(model, from, to)?;
                    let (level, wanted) = (Level::Connection, Wanted::Reachable);
                    questions.push(Question { services: services.clone(), level, wanted, ..question });
                }
                Ok(questions)
            }
        }
    }
}

/// That nothing passes from one end to the other.
fn closed(model: &mut Model<'_, '_>, from: &Endpoint, to: &Endpoint) -> Result<Question, NoSuchEndpoint> {
    let (sources, mut targets) = (model.resolve(from)?, model.resolve(to)?);
    targets.retain(|target| !sources.contains(target) || *from == Endpoint::Everything);
    Ok(Question {
        from: (from.to_string(), sources),
        to: (to.to_string(), targets),
        services: ServiceSet::all(),
        level: Level::Packet,
        relays: Relays::None,
        avoiding: Vec::new(),
        wanted: Wanted::Unreachable,
    })
}

/// From each named source nothing but its flows, from all others nothing.
fn allow_only(model: &mut Model<'_, '_>, to: &Endpoint, flows: &[Flow]) -> Result<Vec<Question>, NoSuchEndpoint> {
    let protected = model.resolve(to)?;
    let mut questions = Vec::new();
    let mut named: Vec<SiteId> = protected.clone();
    let mut seen: Vec<&Endpoint> = Vec::new();
    for flow in flows {
        named.extend(model.resolve(&flow.from)?);
        if !flow.via.is_empty() {
            let avoiding = nodes_of(model, &flow.via);
            let question = closed(model, &flow.from, to)?;
            questions.push(Question { services: flow.services.clone(), avoiding, ..question });
        }
        if !seen.contains(&&flow.from) {
            seen.push(&flow.from);
            let same = flows.iter().filter(|other| other.from == flow.from);
            let allowed = same.fold(ServiceSet::empty(), |sum, other| sum.union(&other.services));
            let question = closed(model, &flow.from, to)?;
            questions.push(Question { services: allowed.complement(), level: Level::Connection, ..question });
        }
    }
    let mut others = model.members(&|id, _| !named.contains(&id));
    let outside = model.internet().into_iter().chain(model.outside_networks());
    others.extend(outside.filter(|id| !named.contains(id)));
    if !others.is_empty() {
        let from = ("everybody else".to_owned(), others);
        let question = closed(model, &Endpoint::Internet, to)?;
        questions.push(Question { from, to: (to.to_string(), protected), level: Level::Connection, ..question });
    }
    Ok(questions)
}

/// The places in the network that belong to some resources.
pub(super) fn nodes_of(model: &Model<'_, '_>, resources: &[String]) -> Vec<NodeId> {
    let belongs = |resource: &str| {
        resources.iter().any(|name| {
            let name = name.strip_prefix("resource:").unwrap_or(name);
            is_called(resource, name) || glob_matches(name, resource)
        })
    };
    let nodes = (0..).zip(&model.topology.nodes);
    nodes.filter(|(_, node)| belongs(&node.label.resource)).map(|(id, _)| NodeId(id)).collect()
}

fn has_version(model: &Model<'_, '_>, id: SiteId, version: Version) -> bool {
    model.topology.site(id).is_some_and(|site| site.faces.iter().any(|(face, _)| face.is_of(version)))
}

fn judge(verdict: Verdict, wanted: Wanted, on_unknown: OnUnknown) -> Outcome {
    match (verdict, wanted) {
        (Verdict::Unreachable, Wanted::Unreachable) | (Verdict::Reachable, Wanted::Reachable) => Outcome::Holds,
        (Verdict::Reachable, Wanted::Unreachable) | (Verdict::Unreachable, Wanted::Reachable) => Outcome::Violated,
        (Verdict::Undetermined, wanted) => match (on_unknown, wanted) {
            (OnUnknown::AssumeClosed, Wanted::Unreachable) => Outcome::Holds,
            (OnUnknown::AssumeClosed, Wanted::Reachable) => Outcome::Violated,
            (OnUnknown::Error | OnUnknown::Warn, _) => Outcome::Undetermined,
        },
    }
}
