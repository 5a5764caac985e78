//! One object as a provider has it, without a plan or configuration around it.

use std::sync::Arc;

use super::plan::shape::{self, Declared, Subject};
use super::plan::{Address, own_attribute};
use super::schema::{self, Presence};
use super::{Action, Change, Extent, Instance, InstanceKey, Lifecycle, Mode, ProviderRef};
use crate::terraform::plan::mask::Mask;
use crate::value::{Fields, Reason, Type, Value};

/// What is said of an object.
#[derive(Clone, Debug)]
pub struct Planned<'p> {
    /// Its address; any text where there is none.
    pub address: &'p str,
    /// Managed or data.
    pub mode: Mode,
    /// `aws_subnet`
    pub resource_type: &'p str,
    /// Its attributes and blocks as the wire has them; null when it will not exist.
    pub after: Value,
    /// The same before the change; null when it does not exist.
    pub before: Value,
    /// What will be done.
    pub action: Action,
}

/// The object as an instance. What is unknown of it says so; what its schema calls sensitive is marked.
#[must_use]
pub fn planned_instance(planned: &Planned<'_>) -> Instance {
    let address: Arc<str> = planned.address.into();
    let parts = Address::parse(planned.address);
    let before = shaped(&address, planned, &planned.before);
    let after = shaped(&address, planned, &planned.after);
    let name: Arc<str> = parts.as_ref().map_or_else(|| "".into(), |parts| parts.name.clone());
    Instance {
        module: parts.as_ref().map_or_else(|| "".into(), |parts| parts.module.clone()),
        mode: planned.mode,
        resource_type: planned.resource_type.into(),
        name,
        key: parts.map_or(InstanceKey::None, |parts| parts.key),
        values: after.or_else(|| before.clone()).unwrap_or_else(|| Value::object(Fields::new())),
        span: None,
        calls: Vec::new(),
        provider: ProviderRef { source: "".into(), name: "".into(), config: None, major: None },
        extent: Extent::Certain,
        lifecycle: Lifecycle::default(),
        depends_on: Vec::new(),
        provisioners: Vec::new(),
        change: Some(Change { action: planned.action, before }),
        address,
    }
}

/// The object in the form that all inputs share; `None` for null.
fn shaped(address: &Arc<str>, planned: &Planned<'_>, raw: &Value) -> Option<Value> {
    let schema = (planned.mode == Mode::Managed).then(|| schema::resource(planned.resource_type)).flatten();
    let unknowns = |path: &str, declared: Declared<'_>| unknown(address, path, declared);
    let subject = Subject {
        address,
        schema: schema.as_deref(),
        unknown: &Mask::Nothing,
        sensitive: &Mask::Nothing,
        unknowns: &unknowns,
    };
    if raw.is_unknown() {
        return Some(Value::unknown(Type::Any, Reason::NotInPlan(address.clone(), "*".into())));
    }
    shape::object(raw.clone().into(), &subject)
}

/// What only the provider can give is the instance's own; of anything else nothing more is known.
fn unknown(address: &Arc<str>, path: &str, declared: Declared<'_>) -> Value {
    let is_own = match declared {
        Declared::Attribute(attribute) => attribute.presence == Presence::Computed,
        Declared::Inside(_) | Declared::Block => false,
        Declared::Nothing => path == "id",
    };
    if is_own || path == "id" {
        return own_attribute(address, path, declared.ty());
    }
    Value::unknown(declared.ty(), Reason::NotInPlan(address.clone(), path.into()))
}
