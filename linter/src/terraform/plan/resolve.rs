//! Which attribute of which instance an unknown value is, as far as plan JSON tells.
//!
//! Plan JSON has no expressions, only the references in them: `"${a.id}-x"`, `a.id` and `[for …]` look alike. So a
//! reference counts only from attributes that hold identifiers to attributes that name other things.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::address::module_names;
use super::document::{ConfigModule, ConfigResource, Configuration, ModuleCall};
use super::mask::Mask;
use super::path;
use super::references::{Setting, references, setting};
use super::shape::Declared;
use crate::terraform::schema::{Presence, ResourceSchema};
use crate::value::{Knowledge, Member, Reason, Symbol, Type, Unknown, Value};

/// More candidates than this say nothing.
const MAX_CANDIDATES: usize = 8;
/// Module boundaries that one resolution crosses at most.
const MAX_HOPS: usize = 32;

/// An instance as far as resolving needs it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) address: &'a Arc<str>,
    pub(super) module: &'a str,
    /// `aws_subnet.s`, `data.aws_vpc.main`
    pub(super) resource: &'a str,
    pub(super) schema: Option<&'a ResourceSchema>,
}

/// The configuration and the unknowns of a plan, by address.
#[derive(Debug, Default)]
pub(super) struct Catalogue<'a> {
    root: Option<&'a ConfigModule<'a>>,
    /// Resources of the configuration by module names and resource: `net.inner|aws_subnet.s`.
    config: FxHashMap<String, Entry<'a>>,
    /// What is unknown of each instance.
    unknown: FxHashMap<Arc<str>, Arc<Mask>>,
    /// Instances of each resource, by its full address without key.
    instances: FxHashMap<String, Vec<Arc<str>>>,
}

#[derive(Debug)]
struct Entry<'a> {
    resource: &'a ConfigResource<'a>,
    expressions: OnceLock<Json>,
}

impl<'a> Catalogue<'a> {
    pub(super) fn new(configuration: Option<&'a Configuration<'a>>) -> Self {
        let mut catalogue = Self { root: configuration.map(|config| &config.root_module), ..Self::default() };
        if let Some(root) = catalogue.root {
            catalogue.add_module(root, "");
        }
        catalogue
    }

    fn add_module(&mut self, module: &'a ConfigModule<'a>, names: &str) {
        for resource in &module.resources {
            let entry = Entry { resource, expressions: OnceLock::new() };
            self.config.insert(format!("{names}|{}", resource.address), entry);
        }
        for (name, call) in &module.module_calls {
            let inner = if names.is_empty() { name.clone() } else { format!("{names}.{name}") };
            self.add_module(&call.module, &inner);
        }
    }

    /// Says that an instance is there and what of it is unknown.
    pub(super) fn add_instance(&mut self, address: &Arc<str>, module: &str, resource: &str, unknown: Arc<Mask>) {
        self.unknown.insert(Arc::clone(address), unknown);
        self.instances.entry(within(module, resource)).or_default().push(Arc::clone(address));
    }

    /// The resource block of an instance.
    pub(super) fn block(&self, module: &str, resource: &str) -> Option<&'a ConfigResource<'a>> {
        Some(self.entry(module, resource)?.resource)
    }

    fn entry(&self, module: &str, resource: &str) -> Option<&Entry<'a>> {
        self.config.get(&format!("{}|{resource}", module_names(module)?.join(".")))
    }

    /// The unknown value of an attribute, with all that can be said about it.
    pub(super) fn unknown(&self, place: Place<'_>, path: &str, declared: Declared<'_>) -> Value {
        let ty = declared.ty();
        let setting = match self.entry(place.module, place.resource) {
            Some(entry) => {
                let expressions = entry.expressions.get_or_init(|| json(entry.resource.expressions));
                setting(expressions, path, place.schema)
            }
            None => Setting::Ambiguous,
        };
        match setting {
            Setting::Unset if is_computed(path, declared) => own(place.address, path, ty),
            Setting::Ambiguous if path == "id" || always_computed(declared) => own(place.address, path, ty),
            Setting::Unset | Setting::Ambiguous => unexplained(place.address, path, ty),
            Setting::References(references) => {
                let mut search = Search { catalogue: self, found: Vec::new(), exact: true, hops: 0 };
                let scope = Scope { module: place.module, resource: Some(place.resource), call: None };
                let resolved = names_things(path) && search.all(&references, scope).is_some();
                if resolved { search.value(place.address, path, ty) } else { unexplained(place.address, path, ty) }
            }
        }
    }
}

/// Only the provider can give it.
fn always_computed(declared: Declared<'_>) -> bool {
    matches!(declared, Declared::Attribute(attribute) if attribute.presence == Presence::Computed)
}

/// The provider gives it when nothing is written. What may be written as blocks may come from `dynamic` blocks, which
/// plan JSON leaves out.
fn is_computed(path: &str, declared: Declared<'_>) -> bool {
    match declared {
        Declared::Attribute(attribute) => match attribute.presence {
            Presence::Computed => true,
            Presence::OptionalComputed => !path.contains('[') && !attribute.may_be_blocks(),
            Presence::Required | Presence::Optional => false,
        },
        Declared::Inside(..) | Declared::Block => false,
        Declared::Nothing => path == "id",
    }
}

/// The instance's own attribute, decided by the provider.
pub(in crate::terraform) fn own(address: &Arc<str>, path: &str, ty: Type) -> Value {
    symbol(Symbol { address: Arc::clone(address), attribute: path.into() }, ty)
}

/// An unknown of which the plan tells nothing more.
pub(super) fn unexplained(address: &Arc<str>, path: &str, ty: Type) -> Value {
    Value::unknown(ty, Reason::NotInPlan(Arc::clone(address), path.into()))
}

fn symbol(symbol: Symbol, ty: Type) -> Value {
    let reason = Reason::Computed(Arc::clone(&symbol.address), Arc::clone(&symbol.attribute));
    let mut unknown = Unknown::new(ty, reason);
    unknown.knowledge = Knowledge::Symbol(symbol);
    crate::value::Kind::Unknown(Arc::new(unknown)).into()
}

fn json(raw: Option<&RawValue>) -> Json {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or(Json::Null)
}

fn within(module: &str, resource: &str) -> String {
    if module.is_empty() { resource.to_owned() } else { format!("{module}.{resource}") }
}

/// Where references are looked up: a resource's body, a module call's arguments, or an output.
#[derive(Clone, Copy)]
struct Scope<'s> {
    module: &'s str,
    resource: Option<&'s str>,
    call: Option<&'s str>,
}

struct Search<'c, 'a> {
    catalogue: &'c Catalogue<'a>,
    found: Vec<Symbol>,
    /// Whether every reference was followed to one instance, with nothing beside it.
    exact: bool,
    hops: usize,
}

impl Search<'_, '_> {
    /// Follows references; `None` when one of them leads where plan JSON says nothing.
    fn all(&mut self, references: &[String], scope: Scope<'_>) -> Option<()> {
        self.hops += 1;
        if self.hops > MAX_HOPS || self.found.len() > MAX_CANDIDATES {
            return None;
        }
        self.exact &= references.len() == 1 || self.found.is_empty();
        references.iter().try_for_each(|reference| self.one(reference, scope))
    }

    fn one(&mut self, reference: &str, scope: Scope<'_>) -> Option<()> {
        let mut steps = path::steps(reference);
        match steps.next()? {
            "count" | "path" | "terraform" => self.nothing(),
            "each" if steps.next() == Some("key") => self.nothing(),
            "each" => self.each(scope),
            "var" => self.variable(steps.next()?, scope),
            "module" => self.output(reference, scope),
            "local" | "self" | "provider" => None,
            _ => self.attribute(reference, scope),
        }
    }

    /// A reference to what is always known: it says which, but is not the unknown itself.
    fn nothing(&mut self) -> Option<()> {
        self.exact = false;
        Some(())
    }

    fn each(&mut self, scope: Scope<'_>) -> Option<()> {
        self.exact = false;
        let source = match (scope.resource, scope.call) {
            (Some(resource), _) => self.catalogue.block(scope.module, resource)?.for_each_expression,
            (None, Some(call)) => self.catalogue.call(scope.module, call)?.for_each_expression,
            (None, None) => None,
        };
        let found = references(&json(source));
        self.all(&found, Scope { resource: None, call: None, ..scope })
    }

    fn variable(&mut self, name: &str, scope: Scope<'_>) -> Option<()> {
        // Variables of the root module are known in a plan.
        let Some((parent, call)) = parent_call(scope.module) else { return self.nothing() };
        let arguments = json(self.catalogue.call(parent, &call)?.expressions);
        match arguments.get(name) {
            Some(argument) => {
                let found = references(argument);
                if found.is_empty() {
                    self.nothing()
                } else {
                    self.all(&found, Scope { module: parent, resource: None, call: Some(&call) })
                }
            }
            None => self.nothing(),
        }
    }

    fn output(&mut self, reference: &str, scope: Scope<'_>) -> Option<()> {
        let rest = reference.strip_prefix("module.")?;
        let head_end = rest.find(['.', '['])?;
        let call = rest.get(..head_end)?;
        let mut after = rest.get(head_end..)?;
        let declared = self.catalogue.call(scope.module, call)?;
        let mut module = within(scope.module, &format!("module.{call}"));
        if after.starts_with('[') {
            let end = after.find(']')? + 1;
            module.push_str(after.get(..end)?);
            after = after.get(end..)?;
        } else if declared.count_expression.is_some() || declared.for_each_expression.is_some() {
            return None;
        }
        let output = path::steps(after).next()?;
        let found = references(&json(declared.module.outputs.get(output)?.expression));
        if found.is_empty() {
            return self.nothing();
        }
        self.all(&found, Scope { module: &module, resource: None, call: None })
    }

    fn attribute(&mut self, reference: &str, scope: Scope<'_>) -> Option<()> {
        let parts = if reference.starts_with("data.") { 3 } else { 2 };
        let end = reference.match_indices(['.', '[']).nth(parts - 1).map_or(reference.len(), |(at, _)| at);
        let resource = reference.get(..end)?;
        let mut rest = reference.get(end..)?;
        let mut address = within(scope.module, resource);
        let instances = self.catalogue.instances.get(&address)?;
        if rest.starts_with('[') {
            let close = rest.find(']')? + 1;
            address.push_str(rest.get(..close)?);
            rest = rest.get(close..)?;
        }
        let attribute = rest.trim_start_matches('.');
        if attribute.is_empty() {
            return None;
        }
        let instance = instances.iter().find(|known| ***known == *address)?;
        if !self.catalogue.unknown.get(instance)?.touches(path::steps(attribute)) {
            return self.nothing();
        }
        if !identifies(attribute) {
            return None;
        }
        let symbol = Symbol { address: Arc::clone(instance), attribute: attribute.into() };
        if !self.found.contains(&symbol) {
            self.found.push(symbol);
        }
        Some(())
    }

    fn value(self, address: &Arc<str>, path: &str, ty: Type) -> Value {
        if self.found.is_empty() || self.found.len() > MAX_CANDIDATES {
            return unexplained(address, path, ty);
        }
        if let Type::List(item) | Type::Set(item) = &ty {
            let item = (**item).clone();
            let member = |found| Member { key: None, value: symbol(found, item.clone()), certain: self.exact };
            let members: Vec<Member> = self.found.into_iter().map(member).collect();
            return derived(ty, members.iter().map(|member| &member.value), Knowledge::Members(members.clone().into()));
        }
        let mut found = self.found;
        match (found.len(), found.pop()) {
            (1, Some(only)) => symbol(only, ty),
            (_, last) => {
                found.extend(last);
                let values: Vec<Value> = found.into_iter().map(|found| symbol(found, ty.clone())).collect();
                derived(ty, values.iter(), Knowledge::OneOf(values.clone().into()))
            }
        }
    }
}

fn derived<'v>(ty: Type, from: impl Iterator<Item = &'v Value>, knowledge: Knowledge) -> Value {
    let mut unknown = Unknown::derived(ty, from.filter_map(Value::as_unknown));
    unknown.knowledge = knowledge;
    crate::value::Kind::Unknown(Arc::new(unknown)).into()
}

impl<'a> Catalogue<'a> {
    fn call(&self, module: &str, name: &str) -> Option<&'a ModuleCall<'a>> {
        let mut at = self.root?;
        for step in module_names(module)? {
            at = &at.module_calls.get(&step)?.module;
        }
        at.module_calls.get(name)
    }
}

/// The module around a module instance, and the name of the call that made it.
fn parent_call(module: &str) -> Option<(&str, String)> {
    let call = module_names(module)?.pop()?;
    let start = last_call(module)?;
    Some((module.get(..start)?.trim_end_matches('.'), call))
}

/// Where the last `module.` of a module address starts, keys left aside.
fn last_call(module: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    let mut start = None;
    for (at, letter) in module.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            'm' if !quoted && module.get(at..)?.starts_with("module.") => {
                let after_dot = at == 0 || module.get(..at)?.ends_with('.');
                // `module.module.x`: a call named module is no start.
                if after_dot && !module.get(..at)?.ends_with("module.") {
                    start = Some(at);
                }
            }
            _ => {}
        }
    }
    start
}

/// Whether an attribute holds an identifier that others refer to.
fn identifies(attribute: &str) -> bool {
    let last = path::steps(attribute).last().unwrap_or(attribute);
    matches!(last, "id" | "arn" | "name" | "bucket" | "self_link" | "url" | "key_name")
        || ["_id", "_arn", "_ids", "_arns", "_name", "_identifier"].iter().any(|suffix| last.ends_with(suffix))
}

/// Whether an attribute names other things, and so holds what it refers to and no text made of it.
fn names_things(path: &str) -> bool {
    const WHOLE: [&str; 28] = [
        "bucket",
        "role",
        "roles",
        "user",
        "users",
        "group",
        "groups",
        "cluster",
        "subnets",
        "security_groups",
        "instances",
        "instance",
        "network",
        "subnetwork",
        "vpc",
        "topic",
        "queue",
        "rest_api",
        "function_name",
        "listener",
        "load_balancer",
        "vault",
        "kms_key",
        "policy_arn",
        "identifier",
        "parent",
        "project",
        "service_account",
    ];
    const ENDS: [&str; 9] =
        ["_id", "_ids", "_arn", "_arns", "_identifier", "_identifiers", "_link", "_groups", "_subnets"];
    path::steps(path)
        .filter(|step| step.bytes().any(|byte| !byte.is_ascii_digit()))
        .last()
        .is_some_and(|last| WHOLE.contains(&last) || ENDS.iter().any(|end| last.ends_with(end)))
}
