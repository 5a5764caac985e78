//! Questions to the model: who reaches whom, and the answer with its proof.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use super::super::bounds::{Bounds, Certainty};
use super::super::service::ServiceSet;
use super::connection::Level;
use super::label::Label;
use super::search::{Element, Without};
use super::site::{Multiplicity, Site, Version};
use super::topology::{NodeId, SiteId, Topology};
use super::way::{Seeker, Way};
use super::witness::{Witness, cuts_of, doubts_of, stops_of};

/// Who may pass on what reaches them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relays {
    /// Nobody.
    #[default]
    None,
    /// Load balancers.
    LoadBalancers,
    /// Every host: whoever gets in goes on from there.
    Hosts,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Query {
    /// Any of these.
    pub sources: Vec<SiteId>,
    /// Any of these.
    pub targets: Vec<SiteId>,
    /// For any of these services.
    pub services: ServiceSet,
    /// IP version.
    pub version: Version,
    /// What counts as reaching.
    pub level: Level,
    /// Who may pass on.
    pub relays: Relays,
    /// Nodes that are treated as not there: for questions about detours.
    pub avoiding: Vec<NodeId>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Proved: there is a way, whatever the unknown values are.
    Reachable,
    /// Proved: there is none, whatever the unknown values are.
    Unreachable,
    /// It depends on values that are not known.
    Undetermined,
}

impl Verdict {
    /// One word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Unreachable => "unreachable",
            Self::Undetermined => "undetermined",
        }
    }
}

/// A place where packets stop, or what could be taken away to stop them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What it is, and where it is written; several belong together.
    pub labels: Vec<Label>,
    /// What it does, or what to do with it.
    pub text: Arc<str>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// What is proved.
    pub verdict: Verdict,
    /// What is proved of packets alone, without replies.
    pub packet_verdict: Verdict,
    /// A way, certain or possible.
    pub witness: Option<Witness>,
    /// The services that reach, between the ends of the witness.
    pub services: Bounds<ServiceSet>,
    /// Where packets stop, if none arrives; otherwise what could be taken away to stop them.
    pub cuts: Vec<Cut>,
    /// The values that decide, if it is undetermined.
    pub because: Vec<Arc<str>>,
}

/// Said where a bound on work was reached.
const LIMIT: &str = "limit reached: the network is too large to look at every way";

/// More pairs than this are not explained one by one.
const EXPLAINED_PAIRS: usize = 3;

impl Query {
    /// Answers it.
    #[must_use]
    pub fn answer(&self, topology: &Topology) -> Answer {
        let without = Without::these(self.avoiding.iter().map(|node| Element::Node(*node)));
        let limited = AtomicBool::new(false);
        let seeker = self.seeker(topology, &without, &limited);
        let (mut first_possible, mut certain) = (None, None);
        seeker.each_pair(Certainty::May, &mut |source, target| {
            first_possible = first_possible.or(Some((source, target)));
            certain = seeker.between(source, target).first(Certainty::Must);
            certain.is_some()
        });
        let is_limited = || limited.load(Ordering::Relaxed);
        let verdict = match (&certain, &first_possible) {
            (Some(_), _) => Verdict::Reachable,
            (None, None) if !is_limited() => Verdict::Unreachable,
            (None, None | Some(_)) => Verdict::Undetermined,
        };
        let packet_verdict = self.packet_verdict(topology, verdict);
        let possible = first_possible.and_then(|(source, target)| seeker.between(source, target).first(Certainty::May));
        match (certain, possible) {
            (Some(way), _) => self.reached(&seeker, &way, packet_verdict),
            (None, Some(way)) => self.open(&seeker, &way, packet_verdict),
            (None, None) => {
                let cuts = stops_of(&seeker, EXPLAINED_PAIRS);
                let services = Bounds::known(ServiceSet::empty());
                let because = if is_limited() { vec![LIMIT.into()] } else { Vec::new() };
                Answer { verdict, packet_verdict, witness: None, services, cuts, because }
            }
        }
    }

    fn seeker<'t>(&'t self, topology: &'t Topology, without: &'t Without, limited: &'t AtomicBool) -> Seeker<'t> {
        Seeker {
            topology,
            without,
            limited,
            sources: representatives(topology, &self.sources),
            targets: representatives(topology, &self.targets),
            all_targets: &self.targets,
            services: &self.services,
            version: self.version,
            level: self.level,
            relays: self.relays,
        }
    }

    fn packet_verdict(&self, topology: &Topology, verdict: Verdict) -> Verdict {
        if self.level == Level::Packet || verdict == Verdict::Reachable {
            return verdict;
        }
        let without = Without::these(self.avoiding.iter().map(|node| Element::Node(*node)));
        let limited = AtomicBool::new(false);
        let seeker = Seeker { level: Level::Packet, ..self.seeker(topology, &without, &limited) };
        if seeker.first(Certainty::Must).is_some() {
            Verdict::Reachable
        } else if seeker.first(Certainty::May).is_some() || limited.load(Ordering::Relaxed) {
            Verdict::Undetermined
        } else {
            Verdict::Unreachable
        }
    }

    fn reached(&self, seeker: &Seeker<'_>, way: &Way, packet_verdict: Verdict) -> Answer {
        let pair = seeker.between(way.source, way.target);
        let may = pair.first(Certainty::May).map(|way| way.services()).unwrap_or_default();
        let must = way.services();
        let may = may.union(&must);
        let witness = Witness::of(seeker.topology, way);
        let cuts = witness.as_ref().map(|witness| cuts_of(&pair, witness)).unwrap_or_default();
        Answer {
            verdict: Verdict::Reachable,
            packet_verdict,
            witness,
            services: Bounds { must, may },
            cuts,
            because: Vec::new(),
        }
    }

    fn open(&self, seeker: &Seeker<'_>, way: &Way, packet_verdict: Verdict) -> Answer {
        let witness = Witness::of(seeker.topology, way);
        let because = doubts_of(seeker.topology, way, witness.as_ref());
        let services = Bounds { must: ServiceSet::empty(), may: way.services() };
        Answer { verdict: Verdict::Undetermined, packet_verdict, witness, services, cuts: Vec::new(), because }
    }
}

/// One site of each class that the network treats alike; two where there are more, so that they can be asked about each
/// other.
#[must_use]
pub fn representatives(topology: &Topology, sites: &[SiteId]) -> Vec<SiteId> {
    let classes = topology.shortcuts.classes.get_or_init(|| classes(topology));
    let mut seen: FxHashMap<u32, u32> = FxHashMap::default();
    let is_kept = |id: &&SiteId| {
        let Some(class) = classes.get(id.0 as usize) else { return true };
        let count = seen.entry(*class).or_default();
        *count += 1;
        *count <= 2
    };
    sites.iter().filter(is_kept).copied().collect()
}

/// The class of each site, as a number.
fn classes(topology: &Topology) -> Vec<u32> {
    let mut numbers: BTreeMap<Class, u32> = BTreeMap::new();
    let number = |(id, site): (SiteId, &Site)| {
        let next = numbers.len() as u32;
        *numbers.entry(Class::of(id, site)).or_insert(next)
    };
    topology.all_sites().map(number).collect()
}

/// What decides how packets of a site are treated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Class {
    nodes: [NodeId; 3],
    groups: Vec<(Arc<str>, bool)>,
    faces: Vec<(super::site::FaceKind, super::super::address::AddressSet, bool, bool, Option<NodeId>)>,
    exists: (bool, bool),
    /// Sites that are alike in nothing else have their own number.
    own: Option<SiteId>,
}

impl Class {
    fn of(id: SiteId, site: &Site) -> Self {
        let faces = site
            .faces
            .iter()
            .map(|(kind, face)| (*kind, face.addresses.clone(), face.exists.must, face.exists.may, face.entry));
        let is_special = site.multiplicity == Multiplicity::Many
            || !site.forwards.is_empty()
            || site.is_outside()
            || site.open_groups.is_some()
            || site.segment.is_none();
        Self {
            nodes: [site.start, site.door, site.home],
            groups: site.groups.iter().map(|member| (member.group.clone(), member.certain)).collect(),
            faces: faces.collect(),
            exists: (site.exists.must, site.exists.may),
            own: is_special.then_some(id),
        }
    }
}
