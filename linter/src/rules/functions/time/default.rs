//! The time that a machine keeps when its configuration says nothing: what its image and its cloud bring.

use super::Surroundings;
use crate::terraform::{Instance, Mode};
use crate::value::{Reason, Value};

/// What keeps the clock.
#[derive(Clone, Debug)]
pub(super) enum Default {
    /// The cloud's own time service.
    Cloud(Vec<String>),
    /// These sources.
    Other(Vec<String>),
    /// It cannot be told.
    NotKnown(Reason),
}

/// Accounts of AWS and of the vendors of operating systems: their images take the time of AWS.
const VENDORS: &[&str] = &[
    "amazon",
    "aws-marketplace",
    "self-vendored",
    "137112412989",
    "801119661308",
    "099720109477",
    "136693071363",
    "379101102735",
    "309956199498",
    "013907871322",
    "125523088429",
    "764336703387",
    "792107900819",
    "591542846629",
    "602401143452",
    "679593333241",
    "131827586825",
    "075585003325",
];

/// Projects of Google and its partners with public images.
const PUBLIC_PROJECTS: &[&str] = &[
    "debian-cloud",
    "ubuntu-os-cloud",
    "ubuntu-os-pro-cloud",
    "cos-cloud",
    "centos-cloud",
    "rhel-cloud",
    "rhel-sap-cloud",
    "rocky-linux-cloud",
    "almalinux-cloud",
    "oracle-linux-cloud",
    "suse-cloud",
    "suse-sap-cloud",
    "opensuse-cloud",
    "windows-cloud",
    "windows-sql-cloud",
    "fedora-cloud",
    "fedora-coreos-cloud",
    "deeplearning-platform-release",
];

/// The time of a machine of which nothing is said.
pub(super) fn of(instance: &Instance, around: &Surroundings<'_, '_, '_>) -> Default {
    let images = images(instance);
    if let Some(sources) = images.iter().find_map(|image| mapped(image, around)) {
        return Default::Other(sources);
    }
    match instance.resource_type.split('_').next().unwrap_or_default() {
        "aws" => aws(&images, around),
        "azurerm" => azure(instance, around),
        "google" => google(&images, around),
        "oci" => Default::Cloud(vec!["169.254.169.254".to_owned()]),
        "digitalocean" | "hcloud" | "scaleway" | "linode" | "vultr" | "exoscale" => {
            Default::Other(vec!["distribution-pool".to_owned()])
        }
        _ => Default::NotKnown(Reason::Error("the image's time sources are not known".into())),
    }
}

/// What may name the image.
fn images(instance: &Instance) -> Vec<&Value> {
    let mut found = Vec::new();
    let Some(fields) = instance.values.as_fields() else { return found };
    for name in ["ami", "image_id", "source_image_id", "source_image", "image", "image_name"] {
        found.extend(fields.get(name).filter(|value| !value.is_null()));
    }
    for (block, inner) in [("boot_disk", Some("initialize_params")), ("disk", None), ("source_image_reference", None)] {
        let Some(mut object) = fields.get(block).and_then(first) else { continue };
        if let Some(name) = inner {
            match object.as_fields().and_then(|fields| fields.get(name)).and_then(first) {
                Some(nested) => object = nested,
                None => continue,
            }
        }
        let Some(fields) = object.as_fields() else { continue };
        found.extend(["image", "source_image", "offer"].iter().filter_map(|name| fields.get(*name)));
    }
    found.retain(|value| !value.is_null());
    found
}

fn first(blocks: &Value) -> Option<&Value> {
    blocks.as_items().and_then(<[Value]>::first)
}

/// The sources that the user's table gives for an image.
fn mapped(image: &Value, around: &Surroundings<'_, '_, '_>) -> Option<Vec<String>> {
    let table = &around.facts.settings.time_images;
    let known = image.as_str().map(str::to_owned);
    let symbol = image.symbol().map(|symbol| symbol.address.to_string());
    let names = data_image_names(image, around);
    for text in known.into_iter().chain(symbol).chain(names) {
        let found = table.iter().find(|(pattern, _)| crate::graph::glob_matches(&pattern.replace('*', "**"), &text));
        if let Some((_, sources)) = found {
            return Some(sources.clone());
        }
    }
    None
}

/// The names that a data source looks for.
fn data_image_names(image: &Value, around: &Surroundings<'_, '_, '_>) -> Vec<String> {
    let mut names = Vec::new();
    for instance in referenced(image, around) {
        let Some(fields) = instance.values.as_fields() else { continue };
        names.extend(
            ["name", "family", "name_regex"].iter().filter_map(|key| fields.get(*key)?.as_str().map(str::to_owned)),
        );
        let filters = fields.get("filter").and_then(Value::as_items).unwrap_or_default();
        for filter in filters.iter().filter_map(Value::as_fields) {
            if filter.get("name").and_then(Value::as_str) == Some("name") {
                let values = filter.get("values").and_then(Value::as_items).unwrap_or_default();
                names.extend(values.iter().filter_map(|value| value.as_str().map(str::to_owned)));
            }
        }
    }
    names
}

fn referenced<'r>(image: &Value, around: &Surroundings<'_, '_, 'r>) -> Vec<&'r Instance> {
    around.facts.graph.resolve(image, None).certain
}

fn custom(what: &str) -> Default {
    let text = format!("{what} is an image of one's own: map it in time {{ images = {{ ... }} }}");
    Default::NotKnown(Reason::Error(text.into()))
}

/// Vendors' images take the time of AWS. An image that is made or owned here may take any.
fn aws(images: &[&Value], around: &Surroundings<'_, '_, '_>) -> Default {
    let cloud = Default::Cloud(vec!["169.254.169.123".to_owned()]);
    let Some(image) = images.first() else { return cloud };
    for instance in referenced(image, around) {
        if instance.mode == Mode::Managed && instance.resource_type.starts_with("aws_ami") {
            return custom(&instance.address);
        }
        let owners = instance.values.as_fields().and_then(|fields| fields.get("owners")).and_then(Value::as_items);
        let is_foreign = |owner: &Value| owner.as_str().is_some_and(|owner| !VENDORS.contains(&owner));
        if owners.is_some_and(|owners| owners.iter().any(is_foreign)) {
            return custom(&instance.address);
        }
    }
    cloud
}

fn azure(instance: &Instance, around: &Surroundings<'_, '_, '_>) -> Default {
    let id = instance.values.as_fields().and_then(|fields| fields.get("source_image_id")).filter(|id| !id.is_null());
    match id {
        Some(id) => match referenced(id, around).first() {
            Some(image) => custom(&image.address),
            None => custom("source_image_id"),
        },
        None if instance.resource_type.contains("windows") => {
            Default::Cloud(vec!["azure-host".to_owned(), "time.windows.com".to_owned()])
        }
        None => Default::Cloud(vec!["azure-host".to_owned()]),
    }
}

fn google(images: &[&Value], around: &Surroundings<'_, '_, '_>) -> Default {
    let cloud = Default::Cloud(vec!["metadata.google.internal".to_owned()]);
    let Some(image) = images.first() else { return cloud };
    if let Some(own) = referenced(image, around).iter().find(|it| it.mode == Mode::Managed) {
        return custom(&own.address);
    }
    let Some(text) = image.as_str() else { return cloud };
    let mut parts = text.split('/').skip_while(|part| *part != "projects").skip(1);
    let project = parts.next().or_else(|| text.split_once('/').map(|(project, _)| project));
    match project {
        Some(project) if !PUBLIC_PROJECTS.contains(&project) && project != "global" && project != "family" => {
            custom(text)
        }
        _ => cloud,
    }
}
