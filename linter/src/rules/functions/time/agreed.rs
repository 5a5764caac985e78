//! Which time sources are agreed.

use std::net::IpAddr;

use super::unknown;
use crate::network::address::AddressSet;
use crate::network::cidr::Address;
use crate::rules::Settings;
use crate::value::{Reason, Type, Value};

/// Whether a source is agreed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    Yes,
    No,
    NotKnown(Reason),
}

/// The time service of AWS on every machine.
const AWS: &[&str] = &["169.254.169.123", "fd00:ec2::123"];

/// The metadata server of Google on every machine; OCI keeps time at the same address.
const METADATA: &[&str] = &["metadata.google.internal", "metadata", "metadata.google.internal.", "169.254.169.254"];

/// Ends of the names of public servers that nobody has agreed upon as long as no list says so.
const PUBLIC: &[&str] = &[
    "ntp.org",
    "ntp.ubuntu.com",
    "time.windows.com",
    "time.google.com",
    "time.cloudflare.com",
    "time.apple.com",
    "time.facebook.com",
    "time.aws.com",
    "nist.gov",
    "ptb.de",
    "distribution-pool",
];

impl Verdict {
    /// The truth value.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Yes => true.into(),
            Self::No => false.into(),
            Self::NotKnown(reason) => unknown(Type::Bool, &[reason]),
        }
    }
}

/// Whether the clouds' own time is agreed.
pub(super) fn accepts_cloud(settings: &Settings) -> bool {
    settings.accept_cloud_default.unwrap_or(true)
}

/// Whether all of these are agreed.
pub(super) fn all(names: &[String], settings: &Settings) -> Verdict {
    let verdicts: Vec<Verdict> = names.iter().map(|name| judge(name, settings)).collect();
    if verdicts.contains(&Verdict::No) {
        return Verdict::No;
    }
    verdicts.into_iter().find(|verdict| *verdict != Verdict::Yes).unwrap_or(Verdict::Yes)
}

/// Whether a source is agreed.
pub(super) fn judge(name: &str, settings: &Settings) -> Verdict {
    let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
    if settings.time_sources.iter().any(|agreed| matches(agreed, &name)) {
        return Verdict::Yes;
    }
    if is_local(&name) {
        return if accepts_cloud(settings) { Verdict::Yes } else { Verdict::No };
    }
    if name == "domain-hierarchy" {
        let reason =
            "where the domain controllers take their time from is not shown; list domain-hierarchy if it is agreed";
        return Verdict::NotKnown(Reason::Error(reason.into()));
    }
    if settings.time_sources.is_empty() && !is_public(&name) {
        let reason = "no time sources are agreed: list them in time { sources = [...] }";
        return Verdict::NotKnown(Reason::Error(reason.into()));
    }
    Verdict::No
}

/// Whether the source is on the machine or at its cloud's own address, where no network is in between.
pub(super) fn is_local(name: &str) -> bool {
    let is_address = |known: &str| same_address(known, name);
    matches!(name, "ptp" | "hypervisor" | "azure-host" | "aws-link-local" | "gcp-metadata")
        || METADATA.contains(&name)
        || AWS.iter().any(|known| is_address(known))
}

fn same_address(left: &str, right: &str) -> bool {
    matches!((left.parse::<IpAddr>(), right.parse::<IpAddr>()), (Ok(left), Ok(right)) if left == right)
}

/// Whether an entry of the list means the source.
fn matches(agreed: &str, name: &str) -> bool {
    let agreed = agreed.trim().trim_end_matches('.').to_ascii_lowercase();
    match agreed.as_str() {
        "aws-link-local" => return AWS.iter().any(|known| same_address(known, name)) || name == agreed,
        "gcp-metadata" => return METADATA.contains(&name) || name == agreed,
        _ => {}
    }
    if agreed == name {
        return true;
    }
    if let Some(address) = Address::parse(name) {
        return agreed.parse::<AddressSet>().is_ok_and(|range| range.contains(address));
    }
    if agreed.contains('*') {
        return crate::graph::glob_matches(&agreed.replace('*', "**"), name);
    }
    // A pool is the names below it.
    let pool = agreed.ends_with("pool.ntp.org");
    pool && (name.ends_with(&format!(".{agreed}")) || name == "distribution-pool")
}

fn is_public(name: &str) -> bool {
    if let Some(address) = Address::parse(name) {
        return AddressSet::public().contains(address);
    }
    PUBLIC.iter().any(|public| name == *public || name.ends_with(&format!(".{public}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(sources: &[&str], accept: Option<bool>) -> Settings {
        let time_sources = sources.iter().map(|&source| source.to_owned()).collect();
        Settings { time_sources, accept_cloud_default: accept, ..Settings::default() }
    }

    #[test]
    fn addresses_ranges_names_and_words_are_agreed() {
        let settings = settings(
            &["10.0.0.0/28", "ntp.example.org", "*.time.example.org", "pool.ntp.org", "ptp", "fd00::1"],
            Some(false),
        );
        for name in ["10.0.0.3", "NTP.example.org.", "a.time.example.org", "0.eu.pool.ntp.org", "ptp", "fd00:0::1"] {
            assert_eq!(judge(name, &settings), Verdict::Yes, "{name}");
        }
        for name in ["10.0.0.16", "example.org", "0.ntp.example.org", "169.254.169.123", "hypervisor", ""] {
            assert_eq!(judge(name, &settings), Verdict::No, "{name}");
        }
    }

    #[test]
    fn the_clouds_own_time_is_agreed_unless_refused() {
        for name in ["169.254.169.123", "FD00:EC2::123", "metadata.google.internal", "azure-host", "169.254.169.254"] {
            assert_eq!(judge(name, &settings(&["10.0.0.1"], None)), Verdict::Yes, "{name}");
            assert_eq!(judge(name, &settings(&["10.0.0.1"], Some(false))), Verdict::No, "{name}");
        }
        let words = settings(&["aws-link-local", "gcp-metadata"], Some(false));
        assert_eq!(judge("fd00:ec2:0::123", &words), Verdict::Yes);
        assert_eq!(judge("metadata.google.internal", &words), Verdict::Yes);
    }

    #[test]
    fn without_a_list_only_public_servers_are_refused() {
        let settings = settings(&[], None);
        assert_eq!(judge("0.pool.ntp.org", &settings), Verdict::No);
        assert_eq!(judge("distribution-pool", &settings), Verdict::No);
        assert_eq!(judge("8.8.8.8", &settings), Verdict::No);
        assert!(matches!(judge("10.1.2.3", &settings), Verdict::NotKnown(_)));
        assert!(matches!(judge("ntp.corp.example", &settings), Verdict::NotKnown(_)));
    }
}
