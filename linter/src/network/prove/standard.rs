//! What must hold where nobody says what: environments are apart, the Internet reaches no administration and no data.

use std::sync::LazyLock;

use super::super::model::Relays;
use super::super::model::connection::Level;
use super::super::service::ServiceSet;
use super::{Endpoint, Intent, IntentKind, Model};

/// Ports of administration.
const ADMINISTRATION: &[&str] =
    &["tcp/22", "tcp/23", "tcp/135", "tcp/3389", "tcp/5900-5901", "tcp/5985-5986", "tcp/2375-2376", "tcp/6443"];

/// Ports of databases, caches, queues and search.
const DATA: &[&str] = &[
    "tcp/1433-1434",
    "tcp/1521",
    "tcp/2049",
    "tcp/445",
    "tcp/3306",
    "tcp/5432-5433",
    "tcp/5439",
    "tcp/5984",
    "tcp/6379-6380",
    "tcp/7000-7001",
    "tcp/8086",
    "tcp/9042",
    "tcp/9092-9098",
    "tcp/9200",
    "tcp/9300",
    "tcp/11211",
    "udp/11211",
    "tcp/27017-27019",
];

static ADMINISTRATION_SET: LazyLock<ServiceSet> = LazyLock::new(|| services(ADMINISTRATION));
static DATA_SET: LazyLock<ServiceSet> = LazyLock::new(|| services(DATA));

fn services(texts: &[&str]) -> ServiceSet {
    let parsed = texts.iter().filter_map(|text| text.parse::<ServiceSet>().ok());
    parsed.fold(ServiceSet::empty(), |sum, one| sum.union(&one))
}

/// An environment that serves all others is no part of their separation.
const SHARED: &str = "shared";

/// The intents that hold without configuration.
#[must_use]
pub fn standard_intents(model: &Model<'_, '_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let environments: Vec<Endpoint> = model
        .environments()
        .iter()
        .filter(|name| ***name != *SHARED)
        .map(|name| Endpoint::Environment(name.to_string()))
        .collect();
    if environments.len() > 1 {
        let kind = IntentKind::Isolate { between: environments, level: Level::Packet };
        intents.push(Intent { name: "environments".to_owned(), kind });
    }
    if model.known_sites(&Endpoint::Everything).is_empty() {
        return intents;
    }
    for (name, services) in [("administration ports", &*ADMINISTRATION_SET), ("datastore ports", &*DATA_SET)] {
        let kind = IntentKind::Forbid {
            from: Endpoint::Strangers,
            to: Endpoint::Everything,
            services: services.clone(),
            relays: Relays::None,
        };
        intents.push(Intent { name: name.to_owned(), kind });
    }
    intents
}
