//! A plan laid over the configuration it was made from: the plan's values with the configuration's places and symbols.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::static_address;
use super::overlay::{Overlay, Trust};
use super::settle::Settled;
use crate::terraform::{Backend, Extent, Instance, Lifecycle, ProviderRef, Root};
use crate::value::Value;

/// The plan's root, with what only the configuration knows: positions, which attribute of which instance an unknown
/// value is, shadows of text, `lifecycle`. What the plan knows wins. Instances that only the configuration has are left
/// out, for the plan would have them if they were to exist; those that only the plan has are kept.
#[must_use]
pub fn overlay(configuration: Root, plan: Root) -> Root {
    let settled = Settled::new(&plan.instances);
    let sources = Sources::new(&configuration.instances);
    let mut merged: Vec<(usize, Instance)> = Vec::with_capacity(plan.instances.len());
    for planned in &plan.instances {
        merged.push(match sources.find(planned) {
            Some((order, source, trust)) => (order, instance(source, planned, trust, &settled)),
            None => (usize::MAX, planned.clone()),
        });
    }
    // The order is stable: instances of one block stay in the plan's order.
    merged.sort_by_key(|(order, _)| *order);
    let removed = plan.removed.into_iter().map(|removed| with_block(removed, &sources)).collect();
    let mut moves = plan.moves;
    moves.extend(configuration.moves.into_iter().filter(|found| !moves.contains(found)).collect::<Vec<_>>());
    let mut files = plan.files;
    files.extend(configuration.files.into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>());
    Root {
        path: plan.path,
        instances: merged.into_iter().map(|(_, instance)| instance).collect(),
        removed,
        workspace: plan.workspace.filter(|name| !name.is_empty()).or(configuration.workspace),
        backend: backend(configuration.backend, plan.backend),
        moves,
        providers: providers(configuration.providers, &plan.providers),
        modules: if configuration.modules.is_empty() { plan.modules } else { configuration.modules },
        files,
        has_source: configuration.has_source,
        others: configuration.others,
    }
}

/// The configuration's instances by address, and by address without keys.
struct Sources<'c> {
    instances: &'c [Instance],
    exact: FxHashMap<&'c str, usize>,
    by_block: FxHashMap<String, usize>,
}

impl<'c> Sources<'c> {
    fn new(instances: &'c [Instance]) -> Self {
        let mut exact = FxHashMap::default();
        let mut by_block = FxHashMap::default();
        for (index, instance) in instances.iter().enumerate() {
            exact.entry(&*instance.address).or_insert(index);
            by_block.entry(static_address(instance)).or_insert(index);
        }
        Self { instances, exact, by_block }
    }

    /// The instance to take places from, its position, and how far its values are to be trusted.
    fn find(&self, planned: &Instance) -> Option<(usize, &'c Instance, Trust)> {
        if let Some(&index) = self.exact.get(&*planned.address) {
            return Some((index, self.instances.get(index)?, Trust::Values));
        }
        let &index = self.by_block.get(&static_address(planned))?;
        Some((index, self.instances.get(index)?, Trust::Places))
    }
}

fn instance(source: &Instance, planned: &Instance, trust: Trust, settled: &Settled<'_>) -> Instance {
    let overlay = Overlay::new(planned, trust, settled);
    Instance {
        values: overlay.object(&source.values, &planned.values),
        span: source.span,
        calls: source.calls.clone(),
        provider: provider(&source.provider, &planned.provider),
        extent: Extent::Certain,
        lifecycle: source.lifecycle.clone(),
        depends_on: source.depends_on.clone(),
        provisioners: if trust == Trust::Values { source.provisioners.clone() } else { planned.provisioners.clone() },
        ..planned.clone()
    }
}

/// A removed instance whose block is still there has its position and `lifecycle`.
fn with_block(removed: Instance, sources: &Sources<'_>) -> Instance {
    let Some((_, source, _)) = sources.find(&removed) else { return removed };
    let lifecycle = Lifecycle { ..source.lifecycle.clone() };
    let provider = provider(&source.provider, &removed.provider);
    Instance { span: source.span, calls: source.calls.clone(), lifecycle, provider, ..removed }
}

fn provider(source: &ProviderRef, planned: &ProviderRef) -> ProviderRef {
    let text = |one: &Arc<str>, other: &Arc<str>| Arc::clone(if one.is_empty() { other } else { one });
    ProviderRef {
        // The plan names the provider that was used; the configuration may only guess it.
        source: text(&planned.source, &source.source),
        name: text(&source.name, &planned.name),
        config: source.config.clone().or_else(|| planned.config.clone()),
        major: source.major.or(planned.major),
    }
}

fn backend(configuration: Option<Backend>, plan: Option<Backend>) -> Option<Backend> {
    match (configuration, plan) {
        (Some(written), Some(used)) if written.kind == used.kind => {
            Some(Backend { values: layered(&written.values, &used.values), ..written })
        }
        // The plan says which one was used; -backend-config may have filled it.
        (Some(_) | None, Some(used)) => Some(used),
        (written, None) => written,
    }
}

fn providers(
    configuration: Vec<(Arc<str>, Arc<Value>)>,
    plan: &[(Arc<str>, Arc<Value>)],
) -> Vec<(Arc<str>, Arc<Value>)> {
    let known: FxHashSet<Arc<str>> = configuration.iter().map(|(name, _)| Arc::clone(name)).collect();
    let mut all = configuration;
    all.extend(plan.iter().filter(|(name, _)| !known.contains(name)).cloned());
    all
}

/// Two objects, the second one's attributes winning, with the first one's places.
fn layered(written: &Value, used: &Value) -> Value {
    let (Some(first), Some(second)) = (written.as_fields(), used.as_fields()) else { return used.clone() };
    let mut fields = first.clone();
    for (name, value) in second.iter().filter(|(_, value)| !value.is_unknown()) {
        let before = first.get(name);
        let origin = before.and_then(|value| value.origin.clone()).or_else(|| value.origin.clone());
        let marks = before.map(|value| value.marks).unwrap_or_default();
        fields.insert(Arc::clone(name), value.clone().marked(marks).from_origin(origin));
    }
    Value::object(fields).marked(written.marks).from_origin(written.origin.clone())
}
