//! Plan JSON (`terraform show -json tfplan`, format 1.x) to a [`Root`].

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::value::RawValue;

use super::address::Address;
use super::document::{Configuration, Document, Index, ResourceChange, StateModule, StateResource, StateValues};
use super::file::PlanFile;
use super::mask::Mask;
use super::providers::Providers;
use super::raw::{self, Budget, Names, Raw};
use super::resolve::{Catalogue, Place};
use super::shape::{self, Subject};
use crate::diagnostic::{Diagnostic, Level};
use crate::terraform::lock::short_source;
use crate::terraform::{
    Action, Change, Extent, Instance, InstanceKey, Lifecycle, Mode, ModuleState, Move, Root, schema,
};
use crate::value::{Fields, Marks, Reason, Type, Value};

/// Reads plan JSON.
///
/// # Errors
/// When the bytes are no plan JSON of a format this reader knows. What is wrong with parts is added to `diagnostics`.
pub fn read_json(path: &Path, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Result<PlanFile, Diagnostic> {
    let shown = path.display().to_string();
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Diagnostic::file_error(&*shown, format!("Plan JSON is not UTF-8 at byte {}", error.valid_up_to()))
    })?;
    let document: Document<'_> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| broken(&shown, "Plan JSON", &error))?;
    check_format(&shown, &document)?;
    say_incomplete(&shown, &document, diagnostics);
    let reader = Reader { budget: Budget::new(), shown: &shown };
    Ok(reader.plan(path, &document, diagnostics))
}

/// Reads the JSON that `terraform show -json` prints of a state.
///
/// # Errors
/// When the text is no such JSON.
pub(in crate::terraform) fn read_shown_state(
    path: &Path,
    text: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Root, Diagnostic> {
    let shown = path.display().to_string();
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| broken(&shown, "State", &error))?;
    let reader = Reader { budget: Budget::new(), shown: &shown };
    let mut items = Vec::new();
    let root = document.values.as_ref().and_then(|values| values.root_module.as_ref());
    visit(root, &mut |resource| {
        if resource.deposed_key.is_none() {
            items.push(state_item(resource));
        }
    });
    let instances = reader.instances(&items, &Catalogue::default(), &Providers::default());
    reader.say_exhausted(diagnostics);
    Ok(Root { path: path.to_path_buf(), instances, files: vec![path.to_path_buf()], ..Root::default() })
}

/// A syntax error in words; the text itself may hold secrets and is not repeated.
pub(in crate::terraform) fn broken(shown: &str, what: &str, error: &serde_json::Error) -> Diagnostic {
    let kind = match error.classify() {
        serde_json::error::Category::Io | serde_json::error::Category::Syntax => "is not valid JSON",
        serde_json::error::Category::Data => "does not have the expected form",
        serde_json::error::Category::Eof => "ends too early",
    };
    let message = format!("{what} {kind} at line {}, column {}", error.line(), error.column());
    Diagnostic::file_error(shown, message).with_help("Make it again with `terraform show -json`.")
}

fn check_format(shown: &str, document: &Document<'_>) -> Result<(), Diagnostic> {
    let version = document.format_version.as_deref().unwrap_or("");
    match version.split('.').next() {
        Some("0" | "1") => {}
        Some("") | None => {
            return Err(Diagnostic::file_error(shown, "No format_version: this JSON is not a Terraform plan")
                .with_help("Make it with `terraform show -json tfplan > plan.json`."));
        }
        Some(_) => {
            return Err(Diagnostic::file_error(shown, format!("Plan JSON has format {version}; known is 1.x"))
                .with_help("Give the binary plan or the directory instead, or use a newer Palisade."));
        }
    }
    if document.resource_changes.is_none() && document.planned_values.is_none() {
        return Err(Diagnostic::file_error(shown, "No resource_changes: this JSON is not a Terraform plan")
            .with_help("`terraform plan -json` prints log lines; use `terraform show -json tfplan`."));
    }
    Ok(())
}

fn say_incomplete(shown: &str, document: &Document<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if document.errored == Some(true) {
        let message = "Planning failed: the plan holds only part of the changes";
        diagnostics.push(Diagnostic::file_error(shown, message).with_help("Mend the plan's error and plan again."));
    } else if document.complete == Some(false) {
        let message = "The plan is not complete: it leaves out resources (-target, or deferred changes)";
        let help = "Judge a plan of the whole configuration to be sure.";
        diagnostics
            .push(Diagnostic { level: Level::Warning, ..Diagnostic::file_error(shown, message).with_help(help) });
    }
}

/// One resource instance on its way.
struct Item<'a> {
    address: Arc<str>,
    module: Arc<str>,
    mode: Mode,
    resource_type: Arc<str>,
    name: Arc<str>,
    key: InstanceKey,
    /// `aws_subnet.s`, `data.aws_vpc.main`
    resource: String,
    provider_name: String,
    values: Option<&'a RawValue>,
    sensitive: Mask,
    unknown: Arc<Mask>,
    action: Option<Action>,
    before: Option<&'a RawValue>,
    before_sensitive: Option<&'a RawValue>,
    depends_on: Vec<Arc<str>>,
}

struct Reader<'r> {
    budget: Budget,
    shown: &'r str,
}

impl Reader<'_> {
    fn plan(&self, path: &Path, document: &Document<'_>, diagnostics: &mut Vec<Diagnostic>) -> PlanFile {
        let mut items = self.items(document, diagnostics);
        let mut moves = Vec::new();
        for change in document.resource_changes.iter().flatten() {
            if let Some(from) = change.previous_address.as_deref().filter(|from| *from != change.address) {
                moves.push(Move { from: from.into(), to: change.address.as_str().into() });
            }
        }
        let prior = document.prior_state.as_ref().and_then(|state| state.values.as_ref());
        self.add_data(prior, &mut items);
        let mut catalogue = Catalogue::new(document.configuration.as_ref());
        for item in items.iter().filter(|item| item.action != Some(Action::Delete)) {
            catalogue.add_instance(&item.address, &item.module, &item.resource, Arc::clone(&item.unknown));
        }
        let variables = self.variables(document);
        let providers = Providers::of_plan(document.configuration.as_ref(), &variables);
        let made = self.instances(&items, &catalogue, &providers);
        let (removed, instances): (Vec<_>, Vec<_>) = made.into_iter().partition(is_removed);
        self.say_exhausted(diagnostics);
        let root = Root {
            path: path.to_path_buf(),
            instances,
            removed,
            moves,
            providers: providers.configs(),
            modules: module_states(document.configuration.as_ref()),
            files: vec![path.to_path_buf()],
            ..Root::default()
        };
        let version = document.terraform_version.as_deref().map(Arc::from);
        PlanFile { root, sources: None, variables, terraform_version: version }
    }

    fn say_exhausted(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.budget.is_exhausted() {
            let message = format!("It holds more than {} values: the rest is unknown", Budget::VALUES);
            diagnostics.push(Diagnostic::file_error(self.shown, message));
        }
    }

    fn items<'a>(&self, document: &'a Document<'a>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item<'a>> {
        let Some(changes) = &document.resource_changes else {
            let planned = document.planned_values.map(|raw| serde_json::from_str::<StateValues<'a>>(raw.get()));
            let mut items = Vec::new();
            match planned {
                Some(Ok(values)) => collect(values.root_module, &mut |resource| items.push(state_item(resource))),
                Some(Err(error)) => diagnostics.push(broken(self.shown, "planned_values", &error)),
                None => {}
            }
            return items;
        };
        let items: Vec<_> = changes.par_iter().map(|change| self.change_item(change)).collect();
        let unread = items.iter().filter(|item| item.action.is_none()).count();
        if unread > 0 {
            let message = format!("{unread} changes have actions this version does not know: taken as present");
            diagnostics.push(Diagnostic { level: Level::Warning, ..Diagnostic::file_error(self.shown, message) });
        }
        items
    }

    fn change_item<'a>(&self, entry: &'a ResourceChange<'a>) -> Item<'a> {
        let change = &entry.change;
        let mut action = action(&change.actions);
        if entry.deposed.is_some() && action != Some(Action::Forget) {
            action = Some(Action::Delete);
        }
        let mode = mode(entry.mode.as_deref());
        let gone = matches!(action, Some(Action::Delete | Action::Forget));
        Item {
            address: entry.address.as_str().into(),
            module: entry.module_address.as_deref().unwrap_or("").into(),
            mode,
            resource_type: entry.resource_type.as_ref().into(),
            name: entry.name.as_ref().into(),
            key: key(entry.index.as_ref()),
            resource: resource_name(mode, &entry.resource_type, &entry.name),
            provider_name: entry.provider_name.to_string(),
            values: if gone { change.before } else { change.after },
            sensitive: mask(if gone { change.before_sensitive } else { change.after_sensitive }),
            unknown: Arc::new(if gone { Mask::Nothing } else { mask(change.after_unknown) }),
            action,
            before: change.before,
            before_sensitive: change.before_sensitive,
            depends_on: Vec::new(),
        }
    }

    /// Data sources that were read before planning are only in the state.
    fn add_data<'a>(&self, prior: Option<&StateValues<'a>>, items: &mut Vec<Item<'a>>) {
        let known: rustc_hash::FxHashSet<Arc<str>> = items.iter().map(|item| Arc::clone(&item.address)).collect();
        let root = prior.and_then(|values| values.root_module.as_ref());
        visit(root, &mut |resource| {
            if resource.mode.as_deref() == Some("data") && !known.contains(resource.address.as_str()) {
                items.push(state_item(resource));
            }
        });
    }

    fn variables(&self, document: &Document<'_>) -> Fields {
        let mut names = Names::default();
        let read = |(name, variable): (&String, &super::document::Variable<'_>)| {
            let raw = raw::read(variable.value?.get(), &mut names, &self.budget).ok()?;
            Some((Arc::from(name.as_str()), raw.into_value()))
        };
        document.variables.iter().filter_map(read).collect()
    }

    fn instances(&self, items: &[Item<'_>], catalogue: &Catalogue<'_>, providers: &Providers) -> Vec<Instance> {
        items
            .par_iter()
            .map_init(Names::default, |names, item| self.instance(item, names, catalogue, providers))
            .collect()
    }

    fn instance(
        &self,
        item: &Item<'_>,
        names: &mut Names,
        catalogue: &Catalogue<'_>,
        providers: &Providers,
    ) -> Instance {
        let schema = (item.mode == Mode::Managed).then(|| schema::resource(&item.resource_type)).flatten();
        let place =
            Place { address: &item.address, module: &item.module, resource: &item.resource, schema: schema.as_deref() };
        let unknowns = |path: &str, declared: shape::Declared<'_>| catalogue.unknown(place, path, declared);
        let mut subject = Subject {
            address: &item.address,
            schema: schema.as_deref(),
            unknown: &item.unknown,
            sensitive: &item.sensitive,
            unknowns: &unknowns,
        };
        let values = self.object(item.values, &subject, names);
        let before_sensitive = mask(item.before_sensitive);
        subject.sensitive = &before_sensitive;
        subject.unknown = &Mask::Nothing;
        let before = item.before.filter(|before| before.get() != "null");
        let before = before.map(|before| self.object(Some(before), &subject, names));
        let block = catalogue.block(&item.module, &item.resource);
        let mut depends_on = item.depends_on.clone();
        depends_on.extend(block.into_iter().flat_map(|block| &block.depends_on).map(|name| Arc::from(name.as_str())));
        let key = block.and_then(|block| block.provider_config_key.as_deref());
        Instance {
            address: Arc::clone(&item.address),
            module: Arc::clone(&item.module),
            mode: item.mode,
            resource_type: Arc::clone(&item.resource_type),
            name: Arc::clone(&item.name),
            key: item.key.clone(),
            values,
            span: None,
            calls: Vec::new(),
            provider: providers.reference(key, short_source(&item.provider_name).into()),
            extent: Extent::Certain,
            lifecycle: Lifecycle::default(),
            depends_on,
            provisioners: block.map(super::providers::provisioners).unwrap_or_default(),
            change: item.action.map(|action| Change { action, before }),
        }
    }

    fn object(&self, raw: Option<&RawValue>, subject: &Subject<'_>, names: &mut Names) -> Value {
        let parsed = raw.map_or(Ok(Raw::null()), |raw| raw::read(raw.get(), names, &self.budget));
        let shaped = parsed.ok().and_then(|raw| shape::object(raw, subject));
        shaped.unwrap_or_else(|| {
            let reason = match raw {
                Some(_) => Reason::Limit("values of the plan".into()),
                None => Reason::NotInPlan(Arc::clone(subject.address), "*".into()),
            };
            Value::unknown(Type::Any, reason).marked(Marks::NONE)
        })
    }
}

pub(super) fn is_removed(instance: &Instance) -> bool {
    instance.change.as_ref().is_some_and(|change| matches!(change.action, Action::Delete | Action::Forget))
}

/// What a list of actions means; `None` for lists this version does not know.
fn action<S: AsRef<str>>(actions: &[S]) -> Option<Action> {
    let mut words = actions.iter().map(AsRef::as_ref);
    match (words.next(), words.next()) {
        (Some("no-op"), None) => Some(Action::NoOp),
        (Some("create"), None) => Some(Action::Create),
        (Some("read"), None) => Some(Action::Read),
        (Some("update"), None) => Some(Action::Update),
        (Some("delete"), None) => Some(Action::Delete),
        (Some("forget"), None) => Some(Action::Forget),
        (Some("create"), Some("delete" | "forget")) | (Some("delete"), Some("create")) => Some(Action::Replace),
        _ => None,
    }
}

fn mode(mode: Option<&str>) -> Mode {
    if mode == Some("data") { Mode::Data } else { Mode::Managed }
}

fn key(index: Option<&Index>) -> InstanceKey {
    match index {
        None => InstanceKey::None,
        Some(Index::Number(index)) => InstanceKey::Index(*index),
        Some(Index::Name(name)) => InstanceKey::Name(name.as_str().into()),
        Some(Index::Other(_)) => InstanceKey::Unknown,
    }
}

fn resource_name(mode: Mode, resource_type: &str, name: &str) -> String {
    match mode {
        Mode::Managed => format!("{resource_type}.{name}"),
        Mode::Data => format!("data.{resource_type}.{name}"),
    }
}

fn mask(raw: Option<&RawValue>) -> Mask {
    raw.map(|raw| serde_json::from_str(raw.get()).unwrap_or(Mask::All)).unwrap_or_default()
}

fn module_states(configuration: Option<&Configuration<'_>>) -> Vec<(Arc<str>, ModuleState)> {
    let calls = configuration.into_iter().flat_map(|configuration| configuration.root_module.module_calls.keys());
    calls.map(|name| (format!("module.{name}").into(), ModuleState::Loaded)).collect()
}

/// Calls `found` for each resource of a module and the modules in it. serde_json bounds how deep they are nested.
fn visit<'d, 'a>(module: Option<&'d StateModule<'a>>, found: &mut dyn FnMut(&'d StateResource<'a>)) {
    let Some(module) = module else { return };
    module.resources.iter().for_each(&mut *found);
    module.child_modules.iter().for_each(|child| visit(Some(child), found));
}

/// As [`visit`], owning what it visits.
fn collect<'a>(module: Option<StateModule<'a>>, found: &mut dyn FnMut(&StateResource<'a>)) {
    let Some(module) = module else { return };
    module.resources.iter().for_each(&mut *found);
    module.child_modules.into_iter().for_each(|child| collect(Some(child), found));
}

fn state_item<'a>(resource: &StateResource<'a>) -> Item<'a> {
    let mode = mode(resource.mode.as_deref());
    let name = resource_name(mode, &resource.resource_type, &resource.name);
    Item {
        module: Address::parse(&resource.address).map_or_else(|| "".into(), |address| address.module),
        address: resource.address.as_str().into(),
        mode,
        resource_type: resource.resource_type.as_ref().into(),
        name: resource.name.as_ref().into(),
        key: key(resource.index.as_ref()),
        resource: name,
        provider_name: resource.provider_name.to_string(),
        values: resource.values,
        sensitive: mask(resource.sensitive_values),
        unknown: Arc::new(Mask::Nothing),
        action: None,
        before: None,
        before_sensitive: None,
        depends_on: resource.depends_on.iter().map(|address| Arc::from(address.as_ref())).collect(),
    }
}
