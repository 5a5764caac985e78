//! The `tfplan` entry of a binary plan to a [`Root`].

use std::path::Path;
use std::sync::Arc;

use prost::Message as _;
use rayon::prelude::*;

use super::address::Address;
use super::mask::{Mask, Step};
use super::message::{self, ChangeAction, DynamicValue, ResourceInstanceChange, Selector, ValuePath};
use super::msgpack;
use super::providers::{mark_secrets, provider_address};
use super::raw::{Budget, Names};
use super::resolve::{Catalogue, Place};
use super::shape::{self, Declared, Subject};
use crate::diagnostic::{Diagnostic, Level};
use crate::terraform::lock::short_source;
use crate::terraform::{Action, Backend, Change, Extent, Instance, Lifecycle, Mode, Move, ProviderRef, Root, schema};
use crate::value::{Fields, Origin, OriginKind, Reason, Type, Value};

/// What the entry says.
pub(super) struct Decoded {
    pub(super) root: Root,
    pub(super) variables: Fields,
    pub(super) terraform_version: Arc<str>,
}

/// Reads the `tfplan` entry.
///
/// # Errors
/// When it is damaged or of another version.
pub(super) fn decode(path: &Path, entry: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Result<Decoded, Diagnostic> {
    let shown = path.display().to_string();
    let plan = message::Plan::decode(entry).map_err(|_| {
        Diagnostic::file_error(&*shown, "The plan file is damaged")
            .with_help("Make it again with `terraform plan -out`.")
    })?;
    check_version(&shown, &plan)?;
    say_incomplete(&shown, &plan, diagnostics);
    let reader = Reader { budget: Budget::new(), catalogue: Catalogue::default() };
    let made: Vec<Option<Instance>> = plan
        .resource_changes
        .par_iter()
        .map_init(Names::default, |names, change| reader.instance(change, names))
        .collect();
    let unread = made.iter().filter(|instance| instance.is_none()).count();
    if unread > 0 {
        let message = format!("{unread} changes in the plan cannot be read and are not judged");
        diagnostics.push(Diagnostic::file_error(&*shown, message).with_help("Make the plan again, or give its JSON."));
    }
    let mut made: Vec<Instance> = made.into_iter().flatten().collect();
    made.sort_by(|a, b| (&a.module, &a.address).cmp(&(&b.module, &b.address)));
    let (removed, instances): (Vec<_>, Vec<_>) = made.into_iter().partition(super::json::is_removed);
    let mut names = Names::default();
    let variables = plan.variables.iter().filter_map(|(name, value)| {
        let value = msgpack::value(&value.msgpack, &mut names, &reader.budget).ok()?;
        Some((Arc::from(name.as_str()), value))
    });
    let variables = variables.collect();
    let root = Root {
        path: path.to_path_buf(),
        instances,
        removed,
        workspace: plan.backend.as_ref().map(|backend| Arc::from(backend.workspace.as_str())),
        backend: plan.backend.as_ref().map(|backend| reader.backend(backend)),
        moves: moves(&plan),
        files: vec![path.to_path_buf()],
        ..Root::default()
    };
    Ok(Decoded { root, variables, terraform_version: plan.terraform_version.as_str().into() })
}

fn check_version(shown: &str, plan: &message::Plan) -> Result<(), Diagnostic> {
    if plan.version == message::VERSION {
        return Ok(());
    }
    let by = if plan.terraform_version.is_empty() {
        String::new()
    } else {
        // The file is not trusted: a version is short and has no control characters.
        let version: String = plan.terraform_version.chars().filter(|c| c.is_ascii_graphic()).take(20).collect();
        format!(" (Terraform {version})")
    };
    let message = format!("Plan file has format {}{by}; known is {}", plan.version, message::VERSION);
    Err(Diagnostic::file_error(shown, message).with_help("Give its JSON: `terraform show -json tfplan > plan.json`."))
}

fn say_incomplete(shown: &str, plan: &message::Plan, diagnostics: &mut Vec<Diagnostic>) {
    // Terraform before 1.8 says neither applyable nor complete.
    let says_complete = plan.applyable || plan.complete;
    if plan.errored {
        let message = "Planning failed: the plan holds only part of the changes";
        diagnostics.push(Diagnostic::file_error(shown, message).with_help("Mend the plan's error and plan again."));
    } else if !plan.target_addresses.is_empty() || !plan.deferred_changes.is_empty() || says_complete && !plan.complete
    {
        let message = "The plan is not complete: it leaves out resources (-target, or deferred changes)";
        let warning =
            Diagnostic::file_error(shown, message).with_help("Judge a plan of the whole configuration to be sure.");
        diagnostics.push(Diagnostic { level: Level::Warning, ..warning });
    }
}

fn moves(plan: &message::Plan) -> Vec<Move> {
    let moved = plan
        .resource_changes
        .iter()
        .filter(|change| !change.previous_address.is_empty() && change.previous_address != change.address);
    moved
        .map(|change| Move { from: change.previous_address.as_str().into(), to: change.address.as_str().into() })
        .collect()
}

struct Reader {
    budget: Budget,
    /// Without entries: binary plans tell nothing about expressions.
    catalogue: Catalogue<'static>,
}

/// One side of a change.
struct Side<'c> {
    value: &'c DynamicValue,
    sensitive: &'c [ValuePath],
}

impl Reader {
    /// `None` if the address or the action is none.
    fn instance(&self, entry: &ResourceInstanceChange, names: &mut Names) -> Option<Instance> {
        let parts = Address::parse(&entry.address)?;
        let address: Arc<str> = entry.address.as_str().into();
        let change = entry.change.as_ref()?;
        let mut action = action(ChangeAction::try_from(change.action).ok()?);
        if !entry.deposed_key.is_empty() && action != Action::Forget {
            action = Action::Delete;
        }
        let (before, after) = sides(action, change);
        let schema = (parts.mode == Mode::Managed).then(|| schema::resource(&parts.resource_type)).flatten();
        let schema = schema.as_deref();
        let before = before.and_then(|side| self.object(&address, schema, &side, names));
        let values = after.and_then(|side| self.object(&address, schema, &side, names)).or_else(|| before.clone());
        let values =
            values.unwrap_or_else(|| Value::unknown(Type::Any, Reason::NotInPlan(Arc::clone(&address), "*".into())));
        let (source, name) = provider_address(&entry.provider);
        Some(Instance {
            module: parts.module,
            mode: parts.mode,
            resource_type: parts.resource_type,
            name: parts.name,
            key: parts.key,
            values,
            span: None,
            calls: Vec::new(),
            provider: ProviderRef {
                source: short_source(&source).into(),
                name: name.into(),
                config: None,
                major: None,
            },
            extent: Extent::Certain,
            lifecycle: Lifecycle::default(),
            depends_on: Vec::new(),
            provisioners: Vec::new(),
            change: Some(Change { action, before }),
            address,
        })
    }

    /// The object of one side; `None` for null.
    fn object(
        &self,
        address: &Arc<str>,
        schema: Option<&schema::ResourceSchema>,
        side: &Side<'_>,
        names: &mut Names,
    ) -> Option<Value> {
        let limit =
            || Value::unknown(Type::Any, Reason::Limit(format!("the values of {address} are too large").into()));
        let Ok(raw) = msgpack::value(&side.value.msgpack, names, &self.budget) else { return Some(limit()) };
        let place = Place { address, module: "", resource: "", schema };
        let unknowns = |path: &str, declared: Declared<'_>| self.catalogue.unknown(place, path, declared);
        let sensitive = sensitive_mask(side.sensitive);
        let subject = Subject { address, schema, unknown: &Mask::Nothing, sensitive: &sensitive, unknowns: &unknowns };
        shape::object(raw.into(), &subject)
    }

    fn backend(&self, backend: &message::Backend) -> Backend {
        let read = |config: &DynamicValue| msgpack::value(&config.msgpack, &mut Names::default(), &self.budget).ok();
        let values = backend.config.as_ref().and_then(read).unwrap_or_else(|| Value::object(Fields::new()));
        let known = values.as_fields().cloned().unwrap_or_default().into_iter().filter(|(_, value)| !value.is_null());
        let values = mark_secrets(known.collect()).from_origin(Some(Origin::new(OriginKind::Plan, None)));
        Backend { kind: backend.kind.as_str().into(), values, span: None }
    }
}

fn action(action: ChangeAction) -> Action {
    match action {
        ChangeAction::NoOp => Action::NoOp,
        ChangeAction::Create => Action::Create,
        ChangeAction::Read => Action::Read,
        ChangeAction::Update => Action::Update,
        ChangeAction::Delete => Action::Delete,
        ChangeAction::DeleteThenCreate | ChangeAction::CreateThenDelete | ChangeAction::CreateThenForget => {
            Action::Replace
        }
        ChangeAction::Forget => Action::Forget,
    }
}

/// The values before and after: one value is both (no-op), the new one or the old one, two are old and new.
fn sides(action: Action, change: &message::Change) -> (Option<Side<'_>>, Option<Side<'_>>) {
    let side = |index: usize, sensitive| change.values.get(index).map(|value| Side { value, sensitive });
    let (old, new) = (&*change.before_sensitive_paths, &*change.after_sensitive_paths);
    match (action, change.values.len()) {
        (Action::NoOp, 1) => (side(0, old), side(0, new)),
        (Action::Create | Action::Read, 1) => (None, side(0, new)),
        (Action::Delete | Action::Forget, _) => (side(0, old), None),
        _ => (side(0, old), side(1, new)),
    }
}

fn sensitive_mask(paths: &[ValuePath]) -> Mask {
    let mut mask = Mask::Nothing;
    for path in paths {
        let steps: Vec<Step> = path.steps.iter().map(step).collect();
        mask.add(&steps);
    }
    mask
}

fn step(step: &message::PathStep) -> Step {
    match &step.selector {
        Some(Selector::AttributeName(name)) => Step::Name(name.as_str().into()),
        Some(Selector::ElementKey(key)) => {
            let key = msgpack::value(&key.msgpack, &mut Names::default(), &Budget::new());
            let Ok(key) = key else { return Step::Anything };
            let index =
                key.as_number().and_then(crate::value::Number::to_i64).and_then(|index| usize::try_from(index).ok());
            match (key.as_str(), index) {
                (Some(name), _) => Step::Name(name.into()),
                (None, Some(index)) => Step::index(index),
                (None, None) => Step::Anything,
            }
        }
        None => Step::Anything,
    }
}
