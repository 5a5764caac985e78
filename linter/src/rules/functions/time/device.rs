//! The time servers that routers, firewalls, hypervisors and DHCP scopes are configured with.

use std::sync::Arc;

use crate::network::reading::{Scalar, entries, field, place as place_of, text};
use crate::rules::scope::unknown_because;
use crate::rules::subject::record;
use crate::terraform::Instance;
use crate::value::{Fields, Kind, Knowledge, Member, Origin, OriginKind, Reason, Type, Value};

/// Where a type of resource names time servers.
struct Place {
    resource_type: &'static str,
    /// The attributes and blocks on the way, the last one holding the entries.
    path: &'static str,
    name: Name,
}

/// How an entry names its server.
#[derive(Clone, Copy)]
enum Name {
    /// The attribute is the one name itself, or a list of names.
    Plain,
    /// An entry has it in this attribute.
    Field(&'static str),
    /// Entries are kept by name.
    Key,
}

const fn place(resource_type: &'static str, path: &'static str, name: Name) -> Place {
    Place { resource_type, path, name }
}

/// What nobody says about FortiOS: without servers of one's own it asks Fortinet's.
const FORTIGUARD: &str = "fortiguard";

const PLACES: &[Place] = &[
    place("aws_vpc_dhcp_options", "ntp_servers", Name::Plain),
    place("azurerm_hpc_cache", "ntp_server", Name::Plain),
    place("bigip_sys_ntp", "servers", Name::Plain),
    place("checkpoint_gaia_ntp", "servers", Name::Field("address")),
    place("ciscoasa_ntp_server", "ip_address", Name::Plain),
    place("google_gkeonprem_vmware_admin_cluster", "network_config.host_config.ntp_servers", Name::Plain),
    place("google_gkeonprem_vmware_cluster", "network_config.host_config.ntp_servers", Name::Plain),
    place("iosxe_ntp", "servers", Name::Field("ip_address")),
    place("iosxe_ntp", "server_vrfs.servers", Name::Field("ip_address")),
    place("iosxe_ntp", "peers", Name::Field("ip_address")),
    place("iosxe_ntp", "peer_vrfs.peers", Name::Field("ip_address")),
    place("iosxr_ntp", "ipv4_peers_servers", Name::Field("address")),
    place("iosxr_ntp", "ipv6_peers_servers", Name::Field("address")),
    place("iosxr_ntp", "hostname_peers_servers", Name::Field("fqdn_hostname")),
    place("iosxr_ntp", "peers_servers_vrfs.ipv4_peers_servers", Name::Field("address")),
    place("iosxr_ntp", "peers_servers_vrfs.ipv6_peers_servers", Name::Field("address")),
    place("iosxr_ntp", "peers_servers_vrfs.hostname_peers_servers", Name::Field("fqdn_hostname")),
    place("junos_system_ntp_server", "address", Name::Plain),
    place("mist_device_switch", "ntp_servers", Name::Plain),
    place("mist_org_gatewaytemplate", "ntp_servers", Name::Plain),
    place("mist_org_networktemplate", "ntp_servers", Name::Plain),
    place("nsxt_edge_transport_node", "node_settings.ntp_servers", Name::Plain),
    place("nxos_ntp", "servers", Name::Key),
    place("panos_ntp_settings", "ntp_servers.primary_ntp_server", Name::Field("ntp_server_address")),
    place("panos_ntp_settings", "ntp_servers.secondary_ntp_server", Name::Field("ntp_server_address")),
    place("routeros_system_ntp_client", "servers", Name::Plain),
    place("vcf_instance", "ntp_servers", Name::Plain),
    place("vsphere_host", "services.ntpd.ntp_servers", Name::Plain),
];

/// Servers found, and why there may be others.
#[derive(Default)]
struct Servers {
    members: Vec<Member>,
    open: Vec<Reason>,
    /// The attribute that lists them.
    origin: Option<Arc<Origin>>,
}

/// The time servers that an instance names, each an object with `name` and `kind`.
pub(super) fn servers_of(instance: &Instance) -> Value {
    let mut servers = Servers::default();
    let is_named = instance.resource_type.as_ref() != "fortios_system_ntp" || names_own_servers(instance, &mut servers);
    let places = PLACES.iter().filter(|place| *place.resource_type == *instance.resource_type);
    if is_named {
        places.for_each(|place| servers.walk(&instance.values, &mut place.path.split('.'), place.name, true));
    }
    servers.into_list()
}

/// The names of all servers in lower case; `None` if they are not all known.
pub(super) fn known_names(instance: &Instance) -> Option<Vec<String>> {
    let servers = servers_of(instance);
    let name = |server: &Value| server.as_fields()?.get("name")?.as_str().map(str::to_lowercase);
    servers.as_items()?.iter().map(name).collect()
}

/// Whether a FortiGate asks servers of its own; Fortinet's are noted if it does not.
fn names_own_servers(instance: &Instance, servers: &mut Servers) -> bool {
    let kind = field(&instance.values, "type");
    match text(kind) {
        Scalar::Known(kind) if kind == "custom" => {
            servers.walk(&instance.values, &mut "ntpserver".split('.'), Name::Field("server"), true);
        }
        Scalar::Known(_) | Scalar::Absent => {
            let origin = kind.and_then(|kind| kind.origin.clone());
            servers.add(Value::string(FORTIGUARD), None, true, origin);
        }
        Scalar::Unknown(reasons) => servers.open.extend(reasons.iter().cloned()),
    }
    false
}

impl Servers {
    fn walk(&mut self, value: &Value, path: &mut dyn Iterator<Item = &str>, name: Name, is_certain: bool) {
        let Some(step) = path.next() else { return self.entry(value, name, is_certain) };
        if let Some(unknown) = value.as_unknown() {
            return self.open.extend(unknown.reasons.iter().cloned());
        }
        let Some(found) = field(value, step) else { return };
        self.origin.clone_from(&found.origin);
        let rest: Vec<&str> = path.collect();
        match (name, keyed(found)) {
            (Name::Key, Some(fields)) if rest.is_empty() => {
                for (key, value) in fields {
                    self.add(Value::string(key), Some(value), is_certain, found.origin.clone());
                }
            }
            _ if is_one_name(found, name) && rest.is_empty() => self.entry(found, name, is_certain),
            _ => {
                let list = entries(Some(found));
                self.open.extend(list.others.iter().flat_map(|reasons| reasons.iter().cloned()));
                for entry in &list.entries {
                    let is_certain = is_certain && entry.exists.must;
                    self.walk(entry.value, &mut rest.iter().copied(), name, is_certain);
                }
            }
        }
    }

    fn entry(&mut self, value: &Value, name: Name, is_certain: bool) {
        match name {
            Name::Plain | Name::Key => self.add(value.clone(), None, is_certain, value.origin.clone()),
            Name::Field(attribute) => match (field(value, attribute), value.as_unknown()) {
                (Some(server), _) => self.add(server.clone(), Some(value), is_certain, server.origin.clone()),
                (None, Some(unknown)) => self.open.extend(unknown.reasons.iter().cloned()),
                (None, None) => {}
            },
        }
    }

    fn add(&mut self, name: Value, entry: Option<&Value>, is_certain: bool, origin: Option<Arc<Origin>>) {
        let kind = entry.and_then(|entry| field(entry, "type")).and_then(Value::as_str).unwrap_or("server");
        // Where the resource says it, not where a variable on the way got its value.
        let attribute = self.origin.clone().filter(|origin| matches!(origin.kind, OriginKind::Attribute(_)));
        let origin = place_of(origin, attribute);
        let value = record([("name", plain(name)), ("kind", Value::string(kind))]).from_origin(origin);
        if !is_certain {
            self.open.push(Reason::Error("it is not known whether all of the servers are there".into()));
        }
        self.members.push(Member { key: None, value, certain: is_certain });
    }

    fn into_list(mut self) -> Value {
        if self.open.is_empty() {
            let values: Vec<Value> = self.members.into_iter().map(|member| member.value).collect();
            return Value::tuple(values).from_origin(self.origin);
        }
        self.open.dedup();
        let mut list = unknown_because(Type::list(Type::Any), &self.open);
        list.refinement.not_null = true;
        list.refinement.min_length = Some(self.members.iter().filter(|member| member.certain).count());
        if !self.members.is_empty() {
            list.knowledge = Knowledge::Members(self.members.into());
        }
        Value::from(Kind::Unknown(Arc::new(list))).from_origin(self.origin)
    }
}

fn keyed(value: &Value) -> Option<&Fields> {
    value.as_fields()
}

/// Whether a value is the one name, rather than a list of names or of entries.
fn is_one_name(value: &Value, name: Name) -> bool {
    let is_text = value.as_str().is_some() || value.as_unknown().is_some_and(|unknown| unknown.ty == Type::String);
    matches!(name, Name::Plain) && is_text
}

/// The name without what RouterOS puts behind it; what Mist fills in is not known here.
fn plain(name: Value) -> Value {
    let Some(text) = name.as_str() else { return name };
    if text.contains("{{") {
        let why = Reason::Error(format!("{text} is filled in by the Mist cloud").into());
        return Value::unknown(Type::String, why);
    }
    match text.split_once(['@', '%']) {
        Some((server, _)) => Value::string(server).from_origin(name.origin.clone()),
        None => name,
    }
}
