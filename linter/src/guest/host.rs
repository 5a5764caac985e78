//! Where resources hold what their guests are configured with.

use std::sync::Arc;

use super::payload::Form;
use crate::terraform::Instance;
use crate::value::{Kind, Knowledge, Origin, Value};

/// One text for the guest of an instance.
#[derive(Clone, Debug)]
pub(super) struct GuestData<'v> {
    /// The attribute, for evidence: `user_data`, `metadata["startup-script"]`.
    pub(super) place: String,
    pub(super) value: &'v Value,
    pub(super) form: Form,
    /// Where it is written.
    pub(super) origin: Option<Arc<Origin>>,
}

impl<'v> GuestData<'v> {
    /// `holder` is the attribute that the value is in, for values that stand nowhere themselves.
    fn new(place: String, value: &'v Value, form: Form, holder: &Value) -> Self {
        let origin = value.origin.clone().or_else(|| holder.origin.clone());
        Self { place, value, form, origin }
    }
}

/// Keys of metadata, and of vSphere's extra configuration, that hold something for the guest.
const KEYS: &[(&str, Form)] = &[
    ("user-data", Form::Sniff),
    ("user_data", Form::Sniff),
    ("startup-script", Form::Shell),
    ("windows-startup-script-ps1", Form::PowerShell),
    ("windows-startup-script-cmd", Form::Batch),
    ("windows-startup-script-bat", Form::Batch),
    ("sysprep-specialize-script-ps1", Form::PowerShell),
    ("guestinfo.userdata", Form::Sniff),
    ("guestinfo.ignition.config.data", Form::Sniff),
    ("guestinfo.talos.config", Form::Sniff),
];

/// All that an instance holds for its guest, in the order in which it takes effect.
pub(super) fn guest_data(instance: &Instance) -> Vec<GuestData<'_>> {
    let mut data = Vec::new();
    let Some(fields) = instance.values.as_fields() else { return data };
    for (name, form) in [
        ("custom_data", Form::Sniff),
        ("user_data", Form::Sniff),
        ("user_data_base64", Form::Sniff),
        ("metadata_startup_script", Form::Shell),
        ("settings", Form::Sniff),
        ("protected_settings", Form::Sniff),
    ] {
        let is_extension = instance.resource_type.contains("extension");
        if name.ends_with("settings") != is_extension {
            continue;
        }
        if let Some(value) = fields.get(name).filter(|value| !value.is_null()) {
            data.push(GuestData::new(name.to_owned(), value, form, value));
        }
    }
    for name in ["metadata", "extra_config"] {
        if let Some(value) = fields.get(name) {
            keyed(name, value, &mut data);
        }
    }
    let profile = fields.get("os_profile").and_then(first).and_then(|profile| profile.as_fields()?.get("custom_data"));
    if let Some(value) = profile.filter(|value| !value.is_null()) {
        data.push(GuestData::new("os_profile.custom_data".to_owned(), value, Form::Sniff, value));
    }
    data
}

fn first(blocks: &Value) -> Option<&Value> {
    blocks.as_items()?.first()
}

/// The entries of a map that guests look at.
fn keyed<'v>(name: &str, value: &'v Value, data: &mut Vec<GuestData<'v>>) {
    let holder = value;
    if let Some(fields) = value.as_fields() {
        for &(key, form) in KEYS {
            if let Some(value) = fields.get(key).filter(|value| !value.is_null()) {
                data.push(GuestData::new(format!("{name}[{key:?}]"), value, form, holder));
            }
        }
        return;
    }
    let Kind::Unknown(unknown) = &value.kind else { return };
    let Knowledge::Members(members) = &unknown.knowledge else {
        return data.push(GuestData::new(name.to_owned(), value, Form::Sniff, holder));
    };
    for member in members.iter() {
        let key = member.key.as_ref().and_then(Value::as_str);
        if let Some(&(key, form)) = KEYS.iter().find(|(known, _)| Some(*known) == key) {
            data.push(GuestData::new(format!("{name}[{key:?}]"), &member.value, form, holder));
        }
    }
}
