//! One time source that a guest is told to use.

use std::sync::Arc;

use crate::value::Reason;

/// What a time source is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceName {
    /// An address, a host name, or a word for what is no server: `ptp`, `hypervisor`, `azure-host`, `domain-hierarchy`,
    /// `distribution-pool`.
    Known(Arc<str>),
    /// Not known, for these reasons.
    Unknown(Arc<[Reason]>),
}

/// A time source, and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeSource {
    /// Its name.
    pub name: SourceName,
    /// What says so, for people: `/etc/chrony.conf, line 3: server 192.0.2.1 iburst`.
    pub evidence: Arc<str>,
    /// Whether its answers are checked: with a key, or with NTS.
    pub is_authenticated: bool,
}

/// What is found instead of a server's name when a client is told to use its distribution's pool.
pub(super) const DISTRIBUTION_POOL: &str = "distribution-pool";

/// A clock that the cloud or hypervisor gives to the machine.
pub(super) const PTP: &str = "ptp";
/// The clock of the host under a virtual machine.
pub(super) const HYPERVISOR: &str = "hypervisor";
/// The clock of the host under an Azure machine.
pub(super) const AZURE_HOST: &str = "azure-host";
/// The domain controllers of Active Directory.
pub(super) const DOMAIN: &str = "domain-hierarchy";

/// The token for a clock device; `None` for devices that say nothing about where time comes from.
pub(super) fn device_token(path: &str) -> &'static str {
    match path.rsplit('/').next().unwrap_or(path) {
        "ptp_hyperv" => AZURE_HOST,
        "ptp_kvm" | "ptp_vmw" | "ptp_xen" => HYPERVISOR,
        _ => PTP,
    }
}
