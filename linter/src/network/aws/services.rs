//! Protocols and ports as AWS writes them.

use std::sync::Arc;

use super::super::bounds::Bounds;
use super::super::filter::Services;
use super::super::reading::{Scalar, choices, text, whole};
use super::super::service::{ServiceSet, protocol};
use crate::value::{Origin, Reason, Value};

/// Where a rule says which services it is for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ports<'v> {
    /// `-1`, `tcp`, `6`.
    pub(super) protocol: Option<&'v Value>,
    /// First port, or ICMP type.
    pub(super) from: Option<&'v Value>,
    /// Last port, or ICMP code.
    pub(super) to: Option<&'v Value>,
}

/// Combinations of choices that are tried; beyond them nothing is certain and everything possible.
const MOST_COMBINATIONS: usize = 64;

/// The services of a rule: certain is what every choice of the unknown values has, possible what one has.
pub(super) fn services(ports: Ports<'_>) -> Services {
    let (protocols, firsts, lasts) = (choices(ports.protocol), choices(ports.from), choices(ports.to));
    let mut set: Option<Bounds<ServiceSet>> = None;
    let mut reasons: Vec<Reason> = Vec::new();
    for value in [ports.protocol, ports.from, ports.to].into_iter().flatten() {
        let unknown = value.as_unknown().map(|unknown| unknown.reasons.clone());
        reasons.extend(unknown.iter().flat_map(|reasons| reasons.iter().cloned()));
    }
    if protocols.len() * firsts.len() * lasts.len() <= MOST_COMBINATIONS {
        for protocol in &protocols {
            for first in &firsts {
                for last in &lasts {
                    let one = single(text(*protocol), whole(*first), whole(*last));
                    set = Some(match set {
                        None => one,
                        Some(sum) => Bounds { must: sum.must.intersect(&one.must), may: sum.may.union(&one.may) },
                    });
                }
            }
        }
    }
    let set = set.unwrap_or(Bounds { must: ServiceSet::empty(), may: ServiceSet::all() });
    let origin = [ports.from, ports.to, ports.protocol].into_iter().flatten().find_map(|value| value.origin.clone());
    Services { set, reasons: reasons.into(), origin }
}

/// Every service, for what is wholly unknown.
pub(super) fn unknown_services(reasons: &Arc<[Reason]>, origin: Option<Arc<Origin>>) -> Services {
    let set = Bounds { must: ServiceSet::empty(), may: ServiceSet::all() };
    Services { set, reasons: reasons.clone(), origin }
}

fn single(name: Scalar<String>, first: Scalar<i64>, last: Scalar<i64>) -> Bounds<ServiceSet> {
    let nothing = ServiceSet::empty();
    let name = match name {
        Scalar::Known(name) => name,
        // AWS reads a missing protocol as all.
        Scalar::Absent => return Bounds::known(ServiceSet::all()),
        Scalar::Unknown(_) => return Bounds { must: nothing, may: ServiceSet::all() },
    };
    if name == "-1" || name.eq_ignore_ascii_case("all") {
        return Bounds::known(ServiceSet::all());
    }
    let Some(number) = protocol::number(&name) else { return Bounds::known(nothing) };
    if protocol::has_types(number) {
        return types(number, &first, &last);
    }
    if !protocol::has_ports(number) {
        return Bounds::known(ServiceSet::protocol(number));
    }
    let known = |port: &Scalar<i64>, missing: u16| match port {
        Scalar::Known(-1) | Scalar::Absent => Some(missing),
        Scalar::Known(port) => u16::try_from(*port).ok(),
        Scalar::Unknown(_) => Some(missing),
    };
    let (Some(low), Some(high)) = (known(&first, 0), known(&last, u16::MAX)) else { return Bounds::known(nothing) };
    let widest = ServiceSet::ports(number, low, high);
    match (&first, &last) {
        (Scalar::Unknown(_), _) | (_, Scalar::Unknown(_)) => Bounds { must: nothing, may: widest },
        (Scalar::Known(_) | Scalar::Absent, Scalar::Known(_) | Scalar::Absent) => Bounds::known(widest),
    }
}

/// ICMP: the type stands where the first port does, the code where the last one does; -1 is any.
fn types(number: u8, kind: &Scalar<i64>, code: &Scalar<i64>) -> Bounds<ServiceSet> {
    let any = ServiceSet::protocol(number);
    let kind = match kind {
        Scalar::Unknown(_) => return Bounds { must: ServiceSet::empty(), may: any },
        Scalar::Absent => return Bounds::known(any),
        Scalar::Known(kind) => match u8::try_from(*kind) {
            Ok(kind) => kind,
            Err(_) => return Bounds::known(any),
        },
    };
    match code {
        Scalar::Unknown(_) => Bounds { must: ServiceSet::empty(), may: ServiceSet::icmp(number, kind, None) },
        Scalar::Absent => Bounds::known(ServiceSet::icmp(number, kind, None)),
        Scalar::Known(code) => Bounds::known(ServiceSet::icmp(number, kind, u8::try_from(*code).ok())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Knowledge, Type, Unknown};

    fn set(protocol: &Value, from: Option<i64>, to: Option<i64>) -> Bounds<ServiceSet> {
        let (from, to) = (from.map(Value::from), to.map(Value::from));
        services(Ports { protocol: Some(protocol), from: from.as_ref(), to: to.as_ref() }).set
    }

    #[test]
    fn protocols_and_ports_are_read_as_aws_does() {
        for (protocol, from, to, expected) in [
            ("tcp", Some(22), Some(22), "tcp/22"),
            ("6", Some(22), Some(22), "tcp/22"),
            ("TCP", Some(0), Some(65535), "tcp"),
            ("tcp", Some(0), Some(0), "tcp/0"),
            ("tcp", None, None, "tcp"),
            ("-1", Some(22), Some(22), "all"),
            ("all", None, None, "all"),
            ("icmp", Some(-1), Some(-1), "icmp"),
            ("icmp", Some(8), Some(-1), "icmp/8"),
            ("icmp", Some(8), Some(0), "icmp/8/0"),
            ("icmpv6", None, None, "icmpv6"),
            ("50", Some(1), Some(2), "esp"),
            ("tcp", Some(22), Some(21), "none"),
            ("nonsense", Some(22), Some(22), "none"),
        ] {
            let found = set(&Value::string(protocol), from, to);
            assert_eq!(
                (found.must.to_string(), found.may.to_string()),
                (expected.into(), expected.into()),
                "{protocol}"
            );
        }
    }

    #[test]
    fn an_unknown_port_bounds_what_is_possible() {
        let unknown = Value::unknown(Type::Number, Reason::NoValue("var.port".into()));
        let (tcp, port) = (Value::string("tcp"), Value::from(1000));
        let found = services(Ports { protocol: Some(&tcp), from: Some(&port), to: Some(&unknown) });
        assert_eq!(found.set.must, ServiceSet::empty());
        assert_eq!(found.set.may.to_string(), "tcp/1000-65535");
        assert_eq!(found.reasons.as_ref(), [Reason::NoValue("var.port".into())]);
    }

    #[test]
    fn what_every_choice_allows_is_certain() {
        let reason = Reason::NoValue("var.all".into());
        let mut unknown = Unknown::new(Type::String, reason);
        unknown.knowledge = Knowledge::OneOf([Value::string("tcp"), Value::string("-1")].into());
        let found = set(&Value::from(crate::value::Kind::Unknown(unknown.into())), Some(22), Some(22));
        assert_eq!((found.must.to_string(), found.may.to_string()), ("tcp/22".to_owned(), "all".to_owned()));
    }
}
