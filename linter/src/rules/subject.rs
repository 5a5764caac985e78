//! What is judged: an instance, a provider configuration, a module call, a root; and its object as rules see it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::rule::Target;
use super::{Defaults, Settings};
use crate::graph::Graph;
use crate::guest::{TimeFinding, time_finding};
use crate::network::build::Input;
use crate::network::environment::{PlannedNetwork, address_plan};
use crate::network::filters::Filters;
use crate::network::prove::Model;
use crate::source::Span;
use crate::terraform::schema::{self, MemberKind, Members, Nesting};
use crate::terraform::{Instance, ModuleState, Others};
use crate::value::{Fields, Kind, Object, Type, Value};

/// Everything that is the same for all rules on one root.
pub(super) struct Facts<'f, 'r> {
    pub(super) graph: &'f Graph<'r>,
    pub(super) settings: &'f Settings,
    /// What was found out about instances, by address.
    found: FxHashMap<&'r str, Found>,
    filters: OnceLock<Filters>,
    address_plan: OnceLock<Vec<PlannedNetwork>>,
    environment_names: OnceLock<Value>,
    model: OnceLock<Model<'f, 'r>>,
}

/// What is found out about an instance when it is first asked for.
#[derive(Default)]
struct Found {
    object: OnceLock<Value>,
    time: OnceLock<Arc<TimeFinding>>,
}

/// One thing to judge.
#[derive(Clone, Debug)]
pub(super) struct Subject<'r> {
    pub(super) address: Arc<str>,
    /// The resource type; empty for roots.
    pub(super) resource_type: Arc<str>,
    /// `self`
    pub(super) object: Value,
    pub(super) span: Option<Span>,
    pub(super) calls: &'r [Span],
    /// The instance, if it is one.
    pub(super) instance: Option<&'r Instance>,
}

impl<'f, 'r> Facts<'f, 'r> {
    pub(super) fn new(graph: &'f Graph<'r>, settings: &'f Settings) -> Self {
        let instances = &graph.root().instances;
        let found = instances.iter().map(|instance| (&*instance.address, Found::default())).collect();
        let (filters, address_plan, environment_names) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { graph, settings, found, filters, address_plan, environment_names, model: OnceLock::new() }
    }

    /// The packet filters, read when first asked for.
    pub(super) fn filters(&self) -> &Filters {
        self.filters.get_or_init(|| Filters::of(&self.graph.root().instances))
    }

    /// Which addresses belong to which environment, read when first asked for.
    pub(super) fn address_plan(&self) -> &[PlannedNetwork] {
        self.address_plan.get_or_init(|| address_plan(self.graph))
    }

    /// The environments that occur, in name order, read when first asked for.
    pub(super) fn environment_names(&self) -> &Value {
        self.environment_names.get_or_init(|| super::functions::environment_names(self))
    }

    /// The model of the whole network, made when first asked for.
    pub(super) fn model(&self) -> &Model<'f, 'r> {
        self.model
            .get_or_init(|| Model::new(&[Input { graph: self.graph, name: "" }], BTreeMap::new(), BTreeMap::new()))
    }

    /// The object of an instance: its values, what was left out, and what Terraform knows about it besides.
    pub(super) fn object(&self, instance: &Instance) -> Value {
        match self.found.get(&*instance.address) {
            Some(found) => found.object.get_or_init(|| object_of(instance)).clone(),
            None => object_of(instance),
        }
    }

    /// What the instance tells its guest about time, read when first asked for: several rules do.
    pub(super) fn time(&self, instance: &Instance) -> Arc<TimeFinding> {
        let read = || Arc::new(time_finding(instance));
        match self.found.get(&*instance.address) {
            Some(found) => found.time.get_or_init(read).clone(),
            None => read(),
        }
    }

    /// Whether there is something that a check of this judges.
    pub(super) fn occurs(&self, target: &Target) -> bool {
        let root = self.graph.root();
        match target {
            Target::Instances(types) => types.iter().any(|name| self.graph.of_type(name).len() > 0),
            Target::Provider(name) => root.providers.iter().any(|(full, _)| is_provider(full, name)),
            Target::Module => !root.modules.is_empty(),
            // A part says nothing about the whole.
            Target::Root => root.others == Others::None,
        }
    }

    /// The things a check judges, in the root's order.
    pub(super) fn subjects(&self, target: &Target) -> Vec<Subject<'r>> {
        match target {
            Target::Instances(types) => {
                let instances = types.iter().flat_map(|name| self.graph.of_type(name));
                instances.map(|instance| self.instance_subject(instance)).collect()
            }
            Target::Provider(name) => self.providers(name),
            Target::Module => self.modules(),
            Target::Root => vec![self.root_subject()],
        }
    }

    fn instance_subject(&self, instance: &'r Instance) -> Subject<'r> {
        Subject {
            address: instance.address.clone(),
            resource_type: instance.resource_type.clone(),
            object: self.object(instance),
            span: instance.span,
            calls: &instance.calls,
            instance: Some(instance),
        }
    }

    fn providers(&self, name: &str) -> Vec<Subject<'r>> {
        let providers = self.graph.root().providers.iter().filter(|(full, _)| is_provider(full, name));
        providers
            .map(|(full, config)| {
                let address: Arc<str> = format!("provider.{full}").into();
                let span = config.origin.as_ref().and_then(|origin| origin.span);
                plain_subject(address, format!("provider.{name}").into(), (**config).clone(), span)
            })
            .collect()
    }

    fn modules(&self) -> Vec<Subject<'r>> {
        let modules = self.graph.root().modules.iter();
        modules
            .map(|(address, state)| {
                let (loaded, reason) = match state {
                    ModuleState::Loaded => (true, Value::null()),
                    ModuleState::Missing(reason) => (false, Value::string(reason)),
                };
                let fields = [("address", Value::string(address)), ("loaded", loaded.into()), ("reason", reason)];
                plain_subject(address.clone(), "module".into(), record(fields), None)
            })
            .collect()
    }

    fn root_subject(&self) -> Subject<'r> {
        let root = self.graph.root();
        let path = root.path.to_string_lossy().replace('\\', "/");
        let backend = root.backend.as_ref().map_or_else(Value::null, |backend| {
            let mut fields = backend.values.as_fields().cloned().unwrap_or_default();
            fields.insert("kind".into(), Value::string(&backend.kind));
            Value::object(fields).from_origin(backend.values.origin.clone())
        });
        let providers = root.providers.iter().map(|(name, config)| (name.clone(), (**config).clone())).collect();
        let fields = [
            ("path", Value::string(&path)),
            ("workspace", root.workspace.as_ref().map_or_else(Value::null, Value::string)),
            ("backend", backend),
            ("environments", self.environment_names().clone()),
            ("providers", Value::object(providers)),
            ("has_source", root.has_source.into()),
        ];
        let span = root.backend.as_ref().and_then(|backend| backend.span);
        plain_subject(path.into(), "".into(), record(fields), span)
    }
}

/// Whether a provider configuration, with or without alias, is of the provider.
fn is_provider(full: &str, name: &str) -> bool {
    full == name || full.split_once('.').is_some_and(|(first, _)| first == name)
}

fn plain_subject<'r>(address: Arc<str>, kind: Arc<str>, object: Value, span: Option<Span>) -> Subject<'r> {
    Subject { address, resource_type: kind, object, span, calls: &[], instance: None }
}

/// An object of named values.
pub(super) fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::object(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn object_of(instance: &Instance) -> Value {
    let given = instance.values.as_fields().cloned().unwrap_or_default();
    let given = match schema::resource(&crate::graph::canonical_type(&instance.resource_type)) {
        Some(schema) => with_empty_blocks(given, &schema.members),
        None => given,
    };
    let major = instance.provider.major;
    let mut fields = Defaults::builtin().applied(&instance.resource_type, major, &instance.address, &given);
    for (name, value) in meta(instance) {
        fields.entry(name.into()).or_insert(value);
    }
    let object = Object { fields, identity: Some(instance.address.clone()) };
    Value { kind: Kind::Object(Arc::new(object)), marks: instance.values.marks, origin: instance.values.origin.clone() }
}

/// Nested blocks that are not there are empty lists, so that rules can go through them.
fn with_empty_blocks(mut fields: Fields, members: &Members) -> Fields {
    for (name, member) in members.iter() {
        let MemberKind::Block(block) = &member.kind else { continue };
        match fields.get_mut(name) {
            None => {
                if matches!(block.nesting, Nesting::List | Nesting::Set | Nesting::Single) {
                    fields.insert(name.clone(), Value::tuple([]));
                }
            }
            Some(value) => fill(value, &block.members),
        }
    }
    fields
}

fn fill(value: &mut Value, members: &Members) {
    match &mut value.kind {
        Kind::Object(object) => {
            let fields = with_empty_blocks(object.fields.clone(), members);
            *object = Arc::new(Object { fields, identity: object.identity.clone() });
        }
        Kind::Tuple(items) => *items = filled(items, members),
        Kind::List(ty, items) | Kind::Set(ty, items) => {
            // Items with more attributes are of another type.
            *ty = Type::Any;
            *items = filled(items, members);
        }
        Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(..) => {}
    }
}

fn filled(items: &[Value], members: &Members) -> Arc<[Value]> {
    let fill_one = |item: &Value| {
        let mut item = item.clone();
        fill(&mut item, members);
        item
    };
    items.iter().map(fill_one).collect()
}

/// What Terraform knows about an instance besides its attributes; none of these can be an attribute's name.
fn meta(instance: &Instance) -> [(&'static str, Value); 4] {
    let strings = |texts: &[Arc<str>]| Value::tuple(texts.iter().map(Value::string).collect::<Vec<_>>());
    let lifecycle = record([
        ("prevent_destroy", instance.lifecycle.prevent_destroy.map_or_else(Value::null, Value::from)),
        ("ignore_changes", strings(&instance.lifecycle.ignore_changes)),
    ]);
    let provider = record([
        ("source", Value::string(&instance.provider.source)),
        ("name", Value::string(&instance.provider.name)),
        ("major", instance.provider.major.map_or_else(Value::null, |major| i64::from(major).into())),
        ("config", instance.provider.config.as_deref().cloned().unwrap_or_else(Value::null)),
    ]);
    [
        ("lifecycle", lifecycle),
        ("provider", provider),
        ("depends_on", strings(&instance.depends_on)),
        ("provisioner", Value::tuple(instance.provisioners.clone())),
    ]
}
