//! Which provider configuration a resource uses, through aliases and `providers` maps.

use std::sync::Arc;

use super::evaluator::{Evaluator, ModuleInstance};
use super::expand::Repetition;
use super::instance::ProviderRef;
use super::module::{ModuleCall, Resource};
use super::scope::ModuleScope;
use crate::syntax::{Expr, ExprKind};
use crate::value::Value;

/// Module calls nest at most so deep (the loader refuses more).
const MAX_CALLERS: usize = 64;

impl<'a> Evaluator<'a> {
    /// The provider of a resource of a module instance.
    pub(super) fn provider(&self, instance: &ModuleInstance<'a>, resource: &Resource<'a>) -> ProviderRef {
        let local = match resource.body.attribute("provider") {
            Some(attribute) => reference_text(attribute.expr()),
            None => resource.resource_type.split('_').next().unwrap_or_default().to_owned(),
        };
        let short = local.split('.').next().unwrap_or_default();
        let required = instance.module.required.get(short);
        let source = required.and_then(|required| required.source).map_or_else(|| default_source(short), normal_source);
        let (name, owner) = self.root_name(instance, local.clone());
        let config = owner.and_then(|owner| self.provider_config(&owner, &name));
        let major = self.majors.get(source.as_str()).copied().or_else(|| {
            let root = self.module(0)?;
            let constraint = root.module.required.get(short).or(required).and_then(|required| required.version)?;
            constrained_major(constraint)
        });
        ProviderRef { source: source.into(), name: name.into(), config, major }
    }

    /// Follows a local provider name up through the module calls: the name where it is configured, and that module.
    fn root_name(
        &self,
        instance: &ModuleInstance<'a>,
        local: String,
    ) -> (String, Option<std::rc::Rc<ModuleInstance<'a>>>) {
        let mut name = local;
        let mut current = self.module(instance.id);
        for _ in 0..MAX_CALLERS {
            let Some(module) = current else { break };
            if module.module.providers.iter().any(|provider| provider.name == name) {
                return (name, Some(module));
            }
            let Some(call) = &module.call else { break };
            if let Some(passed) = passed_provider(call.call, &name) {
                name = passed;
            }
            current = self.module(call.parent);
        }
        (name, None)
    }

    /// The evaluated `provider` block of a module instance, computed once.
    pub(super) fn provider_config(&self, owner: &ModuleInstance<'a>, name: &str) -> Option<Arc<Value>> {
        let key = (owner.id, name.to_owned());
        if let Some(known) = self.providers.borrow().get(&key) {
            return known.clone();
        }
        // Said to be absent while it is computed: a provider whose configuration needs itself gets none.
        self.providers.borrow_mut().insert(key.clone(), None);
        let block = owner.module.providers.iter().find(|provider| provider.name == name)?;
        let repetition = Repetition::default();
        let scope = ModuleScope { evaluator: self, instance: owner, repetition: &repetition, itself: None };
        let config = Arc::new(Value::object(self.fields(&block.body, None, &scope)));
        self.providers.borrow_mut().insert(key, Some(config.clone()));
        Some(config)
    }
}

/// What a module call passes for a provider name of the called module.
fn passed_provider(call: &ModuleCall<'_>, name: &str) -> Option<String> {
    let providers = call.body.attribute("providers")?;
    let mut items = providers.expr().object_items();
    items.find(|item| reference_text(item.key) == name).map(|item| reference_text(item.value))
}

/// `aws.west`, whether written as a reference or as a string.
fn reference_text(expr: Expr<'_>) -> String {
    match expr.kind() {
        ExprKind::String(text) => text.to_owned(),
        ExprKind::Paren(inner) => reference_text(inner),
        _ => expr.text().chars().filter(|c| !c.is_whitespace()).collect(),
    }
}

fn default_source(name: &str) -> String {
    if name == "terraform" { "terraform.io/builtin/terraform".to_owned() } else { format!("hashicorp/{name}") }
}

/// The source without the public registry's host, in lower case.
fn normal_source(source: &str) -> String {
    let lower = source.to_lowercase();
    let short = lower.split('/').count() == 3;
    match lower.split_once('/') {
        Some((host, rest)) if short && host.starts_with("registry.") => rest.to_owned(),
        _ => lower,
    }
}

/// The major version that a constraint such as `~> 5.1` or `>= 4.0, < 5.0` settles; `None` if it leaves several open.
pub(super) fn constrained_major(constraint: &str) -> Option<u32> {
    let mut lower: Option<u32> = None;
    let mut upper: Option<u32> = None;
    for part in constraint.split(',') {
        let part = part.trim();
        let version = part.trim_start_matches(['~', '>', '<', '=', '!', ' ']);
        let mut numbers = version.split('.').map(|number| number.trim().parse::<u32>().ok());
        let major = numbers.next()??;
        let has_minor = version.contains('.');
        let is_round = numbers.all(|number| number.unwrap_or(0) == 0);
        if part.starts_with("!=") {
            continue;
        }
        if part.starts_with("~>") {
            lower = Some(major);
            // `~> 5` allows 6, `~> 5.1` does not.
            upper = has_minor.then_some(major);
        } else if part.starts_with('>') {
            lower = Some(major);
        } else if part.starts_with('<') {
            upper = Some(if is_round && !part.starts_with("<=") { major.checked_sub(1)? } else { major });
        } else {
            return Some(major);
        }
    }
    lower.filter(|lower| Some(*lower) == upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_settle_a_major_version_or_leave_it_open() {
        let cases = [
            ("~> 5.1", Some(5)),
            ("5.31.0", Some(5)),
            ("= 4.2", Some(4)),
            (">= 4.0, < 5.0", Some(4)),
            (">= 4.0", None),
            ("~> 5", None),
            (">= 3.0, < 5.0.0", None),
            ("> 4.0, <= 4.9", Some(4)),
            ("banana", None),
        ];
        for (constraint, major) in cases {
            assert_eq!(constrained_major(constraint), major, "{constraint}");
        }
    }

    #[test]
    fn sources_lose_the_public_registry() {
        assert_eq!(normal_source("registry.terraform.io/hashicorp/aws"), "hashicorp/aws");
        assert_eq!(normal_source("Hashicorp/AWS"), "hashicorp/aws");
        assert_eq!(normal_source("example.com/acme/cloud"), "example.com/acme/cloud");
    }
}
