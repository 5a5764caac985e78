//! Where logs end up, and which logs are sent.

use std::sync::{Arc, OnceLock};

use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::graph::Related;
use crate::rules::scope::unknown_because;
use crate::terraform::Instance;
use crate::value::{Kind, Knowledge, Member, Reason, Type, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "is_log_store",
        &[anything("store")],
        Signature::Bool,
        "Whether a service in the root writes its logs to this bucket or storage account. False for null.",
        is_log_store,
    ),
    RuleFunction::new(
        "log_writers",
        &[anything("instance")],
        Signature::Any,
        "The services in the root that write their logs to this bucket or storage account.",
        log_writers,
    ),
    RuleFunction::new(
        "diagnostic_logs",
        &[anything("instance")],
        Signature::Any,
        "The categories and category groups of logs that diagnostic settings send for an Azure resource.",
        diagnostic_logs,
    ),
];

fn is_log_store(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let given = call.value(0)?;
    if given.is_null() {
        return Ok(false.into());
    }
    if let Some(unknown) = given.as_unknown() {
        let has_writers = writers().iter().any(|(name, _)| around.facts.graph.of_type(name).len() > 0);
        if !has_writers {
            return Ok(false.into());
        }
        return Ok(Kind::Unknown(Arc::new(unknown_because(Type::Bool, &unknown.reasons))).into());
    }
    let found = writers_to(around.instance(call, 0)?, around);
    if found.certain.is_empty() && !found.possible.is_empty() {
        let open: Vec<Reason> = found.possible.iter().map(|it| Reason::InstanceKey(it.address.clone())).collect();
        return Ok(Kind::Unknown(Arc::new(unknown_because(Type::Bool, &open))).into());
    }
    Ok((!found.certain.is_empty()).into())
}

fn log_writers(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let found = writers_to(around.instance(call, 0)?, around);
    Ok(around.instances(&found.certain, &found.possible, &[]))
}

fn writers_to<'r>(store: &Instance, around: &Surroundings<'_, '_, 'r>) -> Related<'r> {
    let mut sum = Related::default();
    for (resource_type, path) in writers() {
        let found = around.facts.graph.related(store, resource_type, path);
        sum.certain.extend(found.certain);
        // A destination that is not known could be any bucket: that alone makes none of them a log store.
        sum.possible.extend(found.possible.iter().filter(|_| found.reasons.is_empty()));
    }
    sum
}

/// Types and the attributes that name the store they write to.
fn writers() -> &'static [(&'static str, &'static str)] {
    static TABLE: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = include_str!("log_writers.txt").lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once(' ')).map(|(name, path)| (name, path.trim())).collect()
    })
}

fn diagnostic_logs(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let found = around.facts.graph.related(instance, "azurerm_monitor_diagnostic_setting", "target_resource_id");
    let mut logs = Logs { members: Vec::new(), open: found.reasons.clone() };
    for (setting, is_certain) in
        found.certain.iter().map(|it| (it, true)).chain(found.possible.iter().map(|it| (it, false)))
    {
        if !is_certain && found.reasons.is_empty() {
            logs.open.push(Reason::InstanceKey(setting.address.clone()));
        }
        let Some(fields) = setting.values.as_fields() else { continue };
        // `log` is what `enabled_log` was before version 4 of the provider.
        for blocks in ["enabled_log", "log"].iter().filter_map(|name| fields.get(*name)) {
            logs.add_blocks(blocks, is_certain);
        }
    }
    Ok(logs.into_list())
}

/// The names of logs that are sent, and why there may be more.
struct Logs {
    members: Vec<Member>,
    open: Vec<Reason>,
}

impl Logs {
    fn add_blocks(&mut self, blocks: &Value, is_certain: bool) {
        for block in blocks.as_items().into_iter().flatten() {
            self.add_block(block, is_certain);
        }
        let Some(unknown) = blocks.as_unknown() else { return };
        self.open.extend(unknown.reasons.iter().cloned());
        if let Knowledge::Members(members) = &unknown.knowledge {
            members.iter().for_each(|member| self.add_block(&member.value, is_certain && member.certain));
        }
    }

    fn add_block(&mut self, block: &Value, is_certain: bool) {
        let Some(fields) = block.as_fields() else { return };
        let enabled = fields.get("enabled");
        if enabled.and_then(Value::as_bool) == Some(false) {
            return;
        }
        let in_doubt = enabled.and_then(Value::as_unknown);
        self.open.extend(in_doubt.iter().flat_map(|unknown| unknown.reasons.iter().cloned()));
        let certain = is_certain && in_doubt.is_none();
        let names = ["category", "category_group"].iter().filter_map(|name| fields.get(*name));
        self.members.extend(names.filter(|name| !name.is_null()).map(|name| Member {
            key: None,
            value: name.clone(),
            certain,
        }));
    }

    fn into_list(self) -> Value {
        if self.open.is_empty() {
            return Value::tuple(self.members.into_iter().map(|member| member.value).collect::<Vec<_>>());
        }
        let mut unknown = unknown_because(Type::list(Type::String), &self.open);
        unknown.refinement.not_null = true;
        unknown.refinement.min_length = Some(self.members.iter().filter(|member| member.certain).count());
        unknown.knowledge = Knowledge::Members(self.members.into());
        Kind::Unknown(Arc::new(unknown)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::writers;
    use crate::terraform::schema;

    #[test]
    fn every_writer_has_its_attribute() {
        for (resource_type, path) in writers() {
            let known = schema::resource(resource_type).is_some_and(|it| it.find(path.split('.')).is_some());
            assert!(known, "{resource_type} has no {path}");
        }
    }
}
