//! Exact sets of services: protocols with their ports or ICMP types and codes.

use std::fmt;
use std::str::FromStr;

use super::interval::Intervals;

/// Numbers of protocols that this room names.
pub mod protocol {
    /// ICMP
    pub const ICMP: u8 = 1;
    /// TCP
    pub const TCP: u8 = 6;
    /// UDP
    pub const UDP: u8 = 17;
    /// ESP
    pub const ESP: u8 = 50;
    /// AH
    pub const AH: u8 = 51;
    /// ICMP for IPv6
    pub const ICMPV6: u8 = 58;
    /// SCTP
    pub const SCTP: u8 = 132;

    /// Name and number, for reading and writing.
    pub(super) const NAMES: &[(&str, u8)] = &[
        ("icmp", ICMP),
        ("igmp", 2),
        ("ipip", 4),
        ("tcp", TCP),
        ("udp", UDP),
        ("gre", 47),
        ("esp", ESP),
        ("ah", AH),
        ("icmpv6", ICMPV6),
        ("ospf", 89),
        ("sctp", SCTP),
    ];

    /// Whether the protocol has ports.
    #[must_use]
    pub fn has_ports(protocol: u8) -> bool {
        matches!(protocol, TCP | UDP | SCTP)
    }

    /// Whether the protocol has types and codes.
    #[must_use]
    pub fn has_types(protocol: u8) -> bool {
        matches!(protocol, ICMP | ICMPV6)
    }

    /// The number of a protocol that is named or numbered in text, in any case.
    #[must_use]
    pub fn number(text: &str) -> Option<u8> {
        let named = |(name, number): &(&str, u8)| name.eq_ignore_ascii_case(text).then_some(*number);
        NAMES.iter().find_map(named).or_else(|| text.parse().ok())
    }
}

/// A set of services. Equal sets are equal values.
///
/// A service is a point: the protocol in the high bits; the destination port, or the ICMP type and code, in the low
/// sixteen. A protocol that has neither fills its sixteen bits or none of them, so one interval set is canonical.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceSet {
    points: Intervals<u32>,
}

const LAST_POINT: u32 = 0x00ff_ffff;

impl ServiceSet {
    /// No service.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every protocol, port and type.
    #[must_use]
    pub fn all() -> Self {
        Self { points: Intervals::range(0, LAST_POINT) }
    }

    /// All of one protocol.
    #[must_use]
    pub fn protocol(protocol: u8) -> Self {
        Self::ports(protocol, 0, u16::MAX)
    }

    /// A range of ports; for a protocol without ports, all of the protocol. Empty if the range ends before it begins.
    #[must_use]
    pub fn ports(protocol: u8, first: u16, last: u16) -> Self {
        let exact = protocol::has_ports(protocol) || protocol::has_types(protocol);
        let (first, last) = if exact || first > last { (first, last) } else { (0, u16::MAX) };
        Self { points: Intervals::range(point(protocol, first), point(protocol, last)) }
    }

    /// One ICMP type, with all codes or one.
    #[must_use]
    pub fn icmp(protocol: u8, kind: u8, code: Option<u8>) -> Self {
        let base = u16::from(kind) << 8;
        match code {
            Some(code) => Self::ports(protocol, base | u16::from(code), base | u16::from(code)),
            None => Self::ports(protocol, base, base | 0xff),
        }
    }

    /// The same ports of TCP and of UDP.
    #[must_use]
    pub fn tcp_udp(first: u16, last: u16) -> Self {
        Self::ports(protocol::TCP, first, last).union(&Self::ports(protocol::UDP, first, last))
    }

    /// Whether no service is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Whether every service is in it.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.points == Self::all().points
    }

    /// Whether a port of a protocol is in it.
    #[must_use]
    pub fn contains(&self, protocol: u8, port: u16) -> bool {
        self.points.contains(point(protocol, port))
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.points.includes(&other.points)
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { points: self.points.union(&other.points) }
    }

    /// What is in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self { points: self.points.intersect(&other.points) }
    }

    /// What is in it but not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        Self { points: self.points.subtract(&other.points) }
    }

    /// What is not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self::all().subtract(self)
    }

    /// The widest run of ports of one protocol that has ports.
    #[must_use]
    pub fn widest_port_run(&self) -> u32 {
        [protocol::TCP, protocol::UDP, protocol::SCTP]
            .into_iter()
            .map(|protocol| self.points.intersect(&Self::protocol(protocol).points).widest())
            .max()
            .map_or(0, |widest| u32::try_from(widest).unwrap_or(u32::MAX))
    }

    /// The lowest port of any protocol that has ports.
    #[must_use]
    pub fn first_port(&self) -> Option<u16> {
        let ports = self.runs().into_iter().filter(|(number, ..)| protocol::has_ports(*number));
        ports.map(|(_, first, _)| first).min()
    }

    /// The runs within single protocols, lowest first: protocol, first and last detail (port, or type and code).
    #[must_use]
    pub fn runs(&self) -> Vec<(u8, u16, u16)> {
        let mut runs = Vec::new();
        for &(first, last) in self.points.ranges() {
            for protocol in (first >> 16)..=(last >> 16) {
                let (base, top) = (protocol << 16, protocol << 16 | 0xffff);
                let detail = |point: u32| (point & 0xffff) as u16;
                runs.push((protocol as u8, detail(first.max(base)), detail(last.min(top))));
            }
        }
        runs
    }
}

fn point(protocol: u8, detail: u16) -> u32 {
    u32::from(protocol) << 16 | u32::from(detail)
}

/// Text that names no service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAService(
    /// The text.
    pub String,
);

impl fmt::Display for NotAService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no service: write tcp/22, tcp/1-1024, udp/53, icmp/8, icmp/8/0, tcp, or all", self.0)
    }
}

impl FromStr for ServiceSet {
    type Err = NotAService;

    /// `tcp/22`, `tcp/1-1024`, `icmp/8`, `icmp/8/0`, `tcp`, `47`, `all`.
    fn from_str(text: &str) -> Result<Self, NotAService> {
        parse(text).ok_or_else(|| NotAService(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<ServiceSet> {
    if matches!(text, "all" | "-1" | "*") {
        return Some(ServiceSet::all());
    }
    let mut parts = text.split('/');
    let protocol = protocol::number(parts.next()?)?;
    let set = match (parts.next(), parts.next()) {
        (None, _) => ServiceSet::protocol(protocol),
        (Some(kind), code) if protocol::has_types(protocol) => {
            let code = code.map(str::parse).transpose().ok()?;
            ServiceSet::icmp(protocol, kind.parse().ok()?, code)
        }
        (Some(ports), None) if protocol::has_ports(protocol) => {
            let (first, last) = parse_ports(ports)?;
            ServiceSet::ports(protocol, first, last)
        }
        (Some(_), _) => return None,
    };
    parts.next().is_none().then_some(set)
}

/// Reads `22` or `1-1024`.
#[must_use]
pub fn parse_ports(text: &str) -> Option<(u16, u16)> {
    let number = |digits: &str| digits.trim().parse::<u16>().ok();
    match text.split_once('-') {
        Some((first, last)) => Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last),
        None => number(text).map(|port| (port, port)),
    }
}

impl fmt::Display for ServiceSet {
    /// `tcp/22, tcp/80-90, udp/53, icmp/8`; `all`, `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("all");
        }
        if self.is_empty() {
            return f.write_str("none");
        }
        const SHOWN: usize = 4;
        let runs = self.runs();
        for (idx, &(number, first, last)) in runs.iter().take(SHOWN).enumerate() {
            f.write_str(if idx == 0 { "" } else { ", " })?;
            match protocol::NAMES.iter().find(|(_, named)| *named == number) {
                Some((name, _)) => f.write_str(name)?,
                None => write!(f, "protocol {number}")?,
            }
            write_detail(f, number, first, last)?;
        }
        match runs.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            rest => write!(f, " and {rest} more"),
        }
    }
}

fn write_detail(f: &mut fmt::Formatter<'_>, number: u8, first: u16, last: u16) -> fmt::Result {
    let (kind, code) = (first >> 8, first & 0xff);
    match (first, last) {
        (0, u16::MAX) => Ok(()),
        _ if !protocol::has_types(number) && first == last => write!(f, "/{first}"),
        _ if !protocol::has_types(number) => write!(f, "/{first}-{last}"),
        _ if first == last => write!(f, "/{kind}/{code}"),
        _ if code == 0 && last == first | 0xff => write!(f, "/{kind}"),
        _ => write!(f, "/{kind}/{code} to {}/{}", last >> 8, last & 0xff),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn set(text: &str) -> ServiceSet {
        text.split_whitespace().fold(ServiceSet::empty(), |sum, text| sum.union(&text.parse().unwrap()))
    }

    #[test]
    fn services_are_written_as_they_are_read() {
        for text in ["tcp/22", "tcp/1-1024", "udp/53", "icmp/8", "icmp/8/0", "tcp", "all", "esp", "icmpv6/128"] {
            assert_eq!(set(text).to_string(), text);
        }
        for text in ["", "tcp/", "tcp/9-1", "tcp/70000", "tcp/1/2", "esp/1", "icmp/8/0/1", "icmp/300", "nothing/1"] {
            assert_eq!(text.parse::<ServiceSet>(), Err(NotAService(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn split_ports_are_the_same_set() {
        assert_eq!(set("tcp/0-21 tcp/22 tcp/23-65535"), set("tcp"));
        assert_eq!(set("6"), set("tcp"));
        assert_eq!(
            (0..=u8::MAX).fold(ServiceSet::empty(), |sum, p| sum.union(&ServiceSet::protocol(p))),
            ServiceSet::all()
        );
    }

    #[test]
    fn a_protocol_without_ports_is_whole() {
        assert_eq!(ServiceSet::ports(protocol::ESP, 22, 22), set("esp"));
        assert!(ServiceSet::ports(protocol::TCP, 9, 1).is_empty());
    }

    #[test]
    fn the_widest_run_of_ports_stays_in_one_protocol() {
        assert_eq!(set("tcp/22 tcp/100-199 udp/1-50").widest_port_run(), 100);
        assert_eq!(ServiceSet::all().widest_port_run(), 65_536);
        assert_eq!(set("icmp esp").widest_port_run(), 0);
    }

    proptest! {
        #[test]
        fn runs_make_up_the_set_again(parts in proptest::collection::vec(any::<(u8, u16, u16)>(), 0..6)) {
            let whole = parts.iter().fold(ServiceSet::empty(), |sum, (p, a, b)| sum.union(&ServiceSet::ports(*p, *a, *b)));
            let again = whole.runs().into_iter().fold(ServiceSet::empty(), |sum, (p, a, b)| sum.union(&ServiceSet::ports(p, a, b)));
            prop_assert_eq!(&again, &whole);
            prop_assert_eq!(whole.complement().complement(), whole);
        }
    }
}
