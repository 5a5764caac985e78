//! From the configuration file to zones, firewalls and intents.

use std::collections::BTreeMap;

use crate::config::network::{Assume, LevelOption, NetworkOptions, OnUnknownOption, RelaysOption, ZoneOptions};
use crate::network::address::AddressSet;
use crate::network::build::Assumption;
use crate::network::model::Relays;
use crate::network::model::connection::Level;
use crate::network::prove::{Endpoint, Flow, Intent, IntentKind, OnUnknown, Zone, ZoneMatch};
use crate::network::service::ServiceSet;

/// What the configuration says about the network.
pub(super) struct Network {
    pub(super) zones: BTreeMap<String, Zone>,
    pub(super) assumed: BTreeMap<String, Assumption>,
    pub(super) intents: Vec<Intent>,
    pub(super) on_unknown: OnUnknown,
}

/// Reads it.
///
/// # Errors
/// When a range, a service or an endpoint is none.
pub(super) fn network(options: &NetworkOptions) -> Result<Network, String> {
    let mut zones = BTreeMap::new();
    for (name, zone) in &options.zone {
        zones.insert(name.clone(), self::zone(zone).map_err(|problem| format!("zone {name:?}: {problem}"))?);
    }
    let mut assumed = BTreeMap::new();
    for firewall in options.firewall.values() {
        let assumption = match firewall.assume.unwrap_or_default() {
            Assume::Config => Assumption::Configured,
            Assume::DenyAll => Assumption::DenyAll,
            Assume::AllowAll => Assumption::AllowAll,
        };
        assumed.extend(firewall.resources.iter().map(|resource| (resource.clone(), assumption)));
    }
    let on_unknown = match options.on_unknown.unwrap_or_default() {
        OnUnknownOption::Error => OnUnknown::Error,
        OnUnknownOption::Warn => OnUnknown::Warn,
        OnUnknownOption::AssumeClosed => OnUnknown::AssumeClosed,
    };
    Ok(Network { zones, assumed, intents: intents(options)?, on_unknown })
}

pub(super) fn level(option: LevelOption) -> Level {
    match option {
        LevelOption::Packet => Level::Packet,
        LevelOption::Connection => Level::Connection,
    }
}

pub(super) fn relays(option: RelaysOption) -> Relays {
    match option {
        RelaysOption::None => Relays::None,
        RelaysOption::LoadBalancers => Relays::LoadBalancers,
        RelaysOption::Hosts => Relays::Hosts,
    }
}

fn zone(options: &ZoneOptions) -> Result<Zone, String> {
    let ranges = options.cidr.as_ref().map(|cidr| cidr.list()).unwrap_or_default();
    let addresses = ranges.iter().map(|text| text.parse::<AddressSet>().map_err(|problem| problem.to_string()));
    let matches = options.matches.list().into_iter().map(|wanted| ZoneMatch {
        tags: wanted.tag,
        environment: wanted.environment,
        account: wanted.account,
        modules: wanted.module.list(),
        networks: wanted.vpc.list(),
        subnets: wanted.subnet.list(),
        addresses: wanted.address.list(),
    });
    Ok(Zone {
        is_internet: options.builtin.as_deref() == Some("internet"),
        addresses: addresses.collect::<Result<_, _>>()?,
        matches: matches.collect(),
    })
}

/// The union of services.
///
/// # Errors
/// When a text is no service.
pub(super) fn services(texts: &[String]) -> Result<ServiceSet, String> {
    let mut sum = ServiceSet::empty();
    for text in texts {
        sum = sum.union(&text.parse::<ServiceSet>().map_err(|problem| problem.to_string())?);
    }
    Ok(sum)
}

fn intents(options: &NetworkOptions) -> Result<Vec<Intent>, String> {
    let mut intents = Vec::new();
    let reader = Reader { options };
    let mut add = |name: &str, kind: Result<IntentKind, String>| {
        let kind = kind.map_err(|problem| format!("{name:?}: {problem}"))?;
        intents.push(Intent { name: name.to_owned(), kind });
        Ok::<_, String>(())
    };
    for (name, isolate) in &options.isolate {
        let level = isolate.level.map_or(Level::Packet, level);
        let between = reader.endpoints(&isolate.between);
        add(name, between.map(|between| IntentKind::Isolate { between, level }))?;
    }
    for (name, allow) in &options.allow_only {
        add(name, reader.allow_only(&allow.to, &allow.flow.list()))?;
    }
    for (name, waypoint) in &options.waypoint {
        add(name, reader.waypoint(waypoint))?;
    }
    for (name, forbid) in &options.forbid {
        add(name, reader.forbid(forbid))?;
    }
    for (name, egress) in &options.egress_only {
        let to = egress.to.clone().unwrap_or_else(|| "internet".to_owned());
        let through = reader.resources(&egress.through.list());
        let ends = reader.endpoint(&egress.from).and_then(|from| Ok((from, reader.endpoint(&to)?)));
        add(name, ends.map(|(from, to)| IntentKind::EgressOnly { from, to, through }))?;
    }
    for (name, require) in &options.require {
        add(name, reader.require(require))?;
    }
    Ok(intents)
}

struct Reader<'r> {
    options: &'r NetworkOptions,
}

impl Reader<'_> {
    /// An endpoint; a bare word is a zone if there is one of that name, or else an environment.
    fn endpoint(&self, text: &str) -> Result<Endpoint, String> {
        if self.options.zone.contains_key(text) {
            return Ok(Endpoint::Zone(text.to_owned()));
        }
        let is_word = !text.contains(['.', ':', '*', '[']) && text != "internet" && !text.is_empty();
        if is_word {
            return Ok(Endpoint::Zone(text.to_owned()));
        }
        text.parse::<Endpoint>().map_err(|problem| problem.to_string())
    }

    fn endpoints(&self, texts: &[String]) -> Result<Vec<Endpoint>, String> {
        texts.iter().map(|text| self.endpoint(text)).collect()
    }

    /// The same where `*` is every zone.
    fn every(&self, texts: &[String]) -> Result<Vec<Endpoint>, String> {
        if texts.iter().any(|text| text == "*") {
            return Ok(self.options.zone.keys().map(|name| Endpoint::Zone(name.clone())).collect());
        }
        self.endpoints(texts)
    }

    /// The resources of firewalls, and resources named themselves.
    fn resources(&self, names: &[String]) -> Vec<String> {
        let of = |name: &String| match self.options.firewall.get(name) {
            Some(firewall) => firewall.resources.clone(),
            None => vec![name.clone()],
        };
        names.iter().flat_map(of).collect()
    }

    fn services(ports: Option<&Vec<String>>) -> Result<ServiceSet, String> {
        ports.map_or_else(|| Ok(ServiceSet::all()), |ports| services(ports))
    }

    fn allow_only(&self, to: &str, flows: &[crate::config::network::FlowOptions]) -> Result<IntentKind, String> {
        let flow = |flow: &crate::config::network::FlowOptions| {
            Ok::<_, String>(Flow {
                from: self.endpoint(&flow.from)?,
                services: Self::services(flow.ports.as_ref())?,
                via: self.resources(&flow.via),
            })
        };
        Ok(IntentKind::AllowOnly { to: self.endpoint(to)?, flows: flows.iter().map(flow).collect::<Result<_, _>>()? })
    }

    fn waypoint(&self, waypoint: &crate::config::network::WaypointOptions) -> Result<IntentKind, String> {
        Ok(IntentKind::Waypoint {
            from: self.every(&waypoint.from.list())?,
            to: self.every(&waypoint.to.list())?,
            through: self.resources(&waypoint.through.list()),
            both: waypoint.direction.as_deref() != Some("request"),
        })
    }

    fn forbid(&self, forbid: &crate::config::network::ForbidOptions) -> Result<IntentKind, String> {
        Ok(IntentKind::Forbid {
            from: self.endpoint(&forbid.from)?,
            to: self.endpoint(&forbid.to)?,
            services: Self::services(forbid.ports.as_ref())?,
            relays: relays(forbid.relays),
        })
    }

    fn require(&self, require: &crate::config::network::RequireOptions) -> Result<IntentKind, String> {
        let services = require.ports.iter().map(|text| services(std::slice::from_ref(text)));
        Ok(IntentKind::Require {
            from: self.endpoint(&require.from)?,
            to: self.endpoint(&require.to)?,
            services: services.collect::<Result<_, _>>()?,
        })
    }
}
