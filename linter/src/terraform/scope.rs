//! What names mean inside a module instance.

use std::rc::Rc;
use std::sync::Arc;

use super::evaluator::{CallSite, Evaluator, ModuleInstance, Name, ResourceInstance};
use super::expand::{Expansion, Repetition, Shape, expand, instance_address};
use super::instance::{Extent, InstanceKey, Mode};
use super::load::Child;
use super::variables::{NoNames, takes_text};
use crate::eval::{self, Context, EvalError, Resolved, Scope};
use crate::source::{Span, relative_path};
use crate::syntax::{Traversal, TraversalStep};
use crate::value::{
    Fields, Kind, Knowledge, Marks, Member, Object, Origin, OriginKind, Reason, Type, Unknown, Value, convert,
};

/// The scope of expressions in a module instance.
pub(super) struct ModuleScope<'e, 'a> {
    pub(super) evaluator: &'e Evaluator<'a>,
    pub(super) instance: &'e ModuleInstance<'a>,
    pub(super) repetition: &'e Repetition,
    /// What `self` is, inside provisioners.
    pub(super) itself: Option<&'e ResourceInstance<'a>>,
}

impl Scope for ModuleScope<'_, '_> {
    fn resolve(&self, reference: &Traversal<'_>, context: &Context<'_>) -> Result<Resolved, EvalError> {
        let first = match reference.steps.first() {
            Some(TraversalStep::Attr(name)) => Some(*name),
            _ => None,
        };
        let span = reference.span;
        context.deeper(span, || match (reference.root, first) {
            ("var", Some(name)) => self.variable(name, span).map(|value| Resolved { value, steps: 1 }),
            ("local", Some(name)) => self.local(name, span).map(|value| Resolved { value, steps: 1 }),
            ("module", Some(name)) => self.module(name, reference),
            ("each" | "count", Some(name)) => self.repeated(reference.root, name, span),
            ("path" | "terraform" | "tofu", Some(name)) => self.fixed(reference.root, name, span, context),
            ("self", _) => match self.itself {
                Some(itself) => Ok(Resolved { value: self.evaluator.whole(itself), steps: 0 }),
                None => Err(EvalError::fixed(span, "`self` has a meaning only in provisioners and postconditions")),
            },
            ("data" | "ephemeral" | "resource", Some(resource_type)) => {
                let mode = if reference.root == "data" { Mode::Data } else { Mode::Managed };
                self.resource(mode, resource_type, reference, 1)
            }
            (resource_type, _) => self.resource(Mode::Managed, resource_type, reference, 0),
        })
    }
}

impl<'a> ModuleScope<'_, 'a> {
    fn variable(&self, name: &str, span: Span) -> Result<Value, EvalError> {
        let Some((&name, _)) = self.instance.module.variables.get_key_value(name) else {
            let known = self.instance.module.variables.keys().copied();
            return Err(undeclared("Variable", "var.", name, span, known));
        };
        Ok(self
            .evaluator
            .named(self.instance, Name::Variable(name), span, || self.evaluator.variable(self.instance, name)))
    }

    fn local(&self, name: &str, span: Span) -> Result<Value, EvalError> {
        let Some((&name, &attribute)) = self.instance.module.locals.get_key_value(name) else {
            let known = self.instance.module.locals.keys().copied();
            return Err(undeclared("Local value", "local.", name, span, known));
        };
        Ok(self.evaluator.named(self.instance, Name::Local(name), span, || {
            let scope = ModuleScope { repetition: &Repetition::default(), itself: None, ..*self };
            self.evaluator.evaluate(attribute.expr(), &scope)
        }))
    }

    fn repeated(&self, root: &str, name: &str, span: Span) -> Result<Resolved, EvalError> {
        let value = match (root, name, &self.repetition) {
            ("count", "index", Repetition { index: Some(index), .. }) => index.clone(),
            ("each", "key", Repetition { each: Some((key, _)), .. }) => key.clone(),
            ("each", "value", Repetition { each: Some((_, value)), .. }) => value.clone(),
            ("count", "index", _) => {
                return Err(EvalError::fixed(span, "count.index is used where there is no `count`"));
            }
            ("each", "key" | "value", _) => {
                return Err(EvalError::fixed(span, format!("each.{name} is used where there is no `for_each`")));
            }
            _ => return Err(EvalError::fixed(span, format!("{root}.{name} does not exist"))),
        };
        Ok(Resolved { value, steps: 1 })
    }

    fn fixed(&self, root: &str, name: &str, span: Span, context: &Context<'_>) -> Result<Resolved, EvalError> {
        let path = |path: &std::path::Path| Value::string(path.to_string_lossy());
        let root_dir = &context.working_dir;
        let value = match (root, name) {
            ("path", "module") => {
                let dir = &self.instance.module.dir;
                match relative_path(dir, root_dir) {
                    Some(way) => path(&way),
                    None => path(&context.system.current_dir().join(dir)),
                }
            }
            ("path", "root") => path(std::path::Path::new(".")),
            ("path", "cwd") => Value::unknown(Type::String, Reason::Function("path.cwd".into())),
            ("terraform" | "tofu", "workspace") => match &self.evaluator.workspace {
                Some(workspace) => Value::string(workspace),
                None => Value::unknown(Type::String, Reason::NoValue("terraform.workspace".into())),
            },
            ("terraform" | "tofu", "applying") => {
                Value::unknown(Type::Bool, Reason::Function("terraform.applying".into()))
            }
            _ => return Err(EvalError::fixed(span, format!("{root}.{name} does not exist"))),
        };
        Ok(Resolved { value, steps: 1 })
    }

    fn module(&self, name: &str, reference: &Traversal<'_>) -> Result<Resolved, EvalError> {
        let Some((&name, call)) = self.instance.module.calls.get_key_value(name) else {
            let known = self.instance.module.calls.keys().copied();
            return Err(undeclared("Module", "module.", name, reference.span, known));
        };
        let child_address = join_address(&self.instance.address, &format!("module.{name}"));
        let Some(Child::Loaded(_)) = self.instance.node.children.get(name) else {
            let reason = Reason::ModuleNotInstalled(child_address.into());
            return Ok(Resolved { value: Value::unknown(Type::Any, reason), steps: reference.steps.len().min(2) });
        };
        let _ = call;
        let children = self.evaluator.children(self.instance, name);
        let (key, used) = key_step(children.shape, reference.steps.get(1));
        match (key, reference.steps.get(1 + used)) {
            (Some(key), Some(&TraversalStep::Attr(output))) => {
                let child = children.get(&key).and_then(|&id| self.evaluator.module(id));
                let Some(child) = child else { return Err(no_instance(reference, &child_address)) };
                let value = self.evaluator.output(&child, output, reference.span)?;
                Ok(Resolved { value, steps: 2 + used })
            }
            (Some(key), _) => {
                let child = children.get(&key).and_then(|&id| self.evaluator.module(id));
                let Some(child) = child else { return Err(no_instance(reference, &child_address)) };
                Ok(Resolved { value: self.evaluator.outputs(&child, reference.span), steps: 1 + used })
            }
            (None, _) => {
                let value = gather(&children, &child_address, |&id| match self.evaluator.module(id) {
                    Some(child) => (self.evaluator.outputs(&child, reference.span), child.extent),
                    None => (Value::null(), Extent::Possible),
                });
                Ok(Resolved { value, steps: 1 })
            }
        }
    }

    fn resource(
        &self,
        mode: Mode,
        resource_type: &str,
        reference: &Traversal<'_>,
        skip: usize,
    ) -> Result<Resolved, EvalError> {
        let Some(&TraversalStep::Attr(name)) = reference.steps.get(skip) else {
            let message = format!("{:?} is not something that can be referred to", reference.root);
            return Err(EvalError::fixed(reference.span, message).with_help(
                "References begin with var, local, module, data, each, count, or a resource type and name.",
            ));
        };
        let module = self.instance.module;
        if reference.root == "ephemeral" {
            let reason = Reason::DataSource(format!("ephemeral.{resource_type}.{name}").into());
            let value = Value::unknown(Type::Any, reason).marked(Marks::EPHEMERAL.union(Marks::SENSITIVE));
            return Ok(Resolved { value, steps: reference.steps.len() });
        }
        let Some(&idx) = module.resource_index.get(&(mode, resource_type, name)) else {
            return Err(undeclared_resource(module.resource_index.keys(), mode, resource_type, name, reference.span));
        };
        let instances = self.evaluator.resource_instances(self.instance, idx);
        let block = block_address(mode, resource_type, name);
        let (key, used) = key_step(instances.shape, reference.steps.get(skip + 1));
        let Some(key) = key else {
            let value = gather(&instances, &block, |instance| (self.evaluator.referenced(instance), instance.extent));
            return Ok(Resolved { value, steps: skip + 1 });
        };
        let Some(instance) = instances.get(&key) else { return Err(no_instance(reference, &block)) };
        match reference.steps.get(skip + 1 + used) {
            Some(&TraversalStep::Attr(attribute)) => {
                let value = self.evaluator.attribute_for_reference(instance, attribute, reference.span);
                Ok(Resolved { value, steps: skip + 2 + used })
            }
            _ => Ok(Resolved { value: self.evaluator.referenced(instance), steps: skip + 1 + used }),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The value of a declared variable of a module instance.
    fn variable(&self, instance: &ModuleInstance<'a>, name: &'a str) -> Value {
        let Some(variable) = instance.module.variables.get(name) else { return Value::null() };
        let type_expr = variable.body.attribute("type").map(|attribute| attribute.expr());
        let given = match &instance.call {
            Some(call) => self.argument(call, name),
            None => self.given(name, takes_text(type_expr), variable.span),
        };
        let default = variable.body.attribute("default");
        let nullable = variable.body.attribute("nullable").map(|attribute| self.evaluate(attribute.expr(), &NoNames));
        let not_nullable = nullable.and_then(|value| value.as_bool()) == Some(false);
        let given = given.filter(|value| !(not_nullable && value.is_null() && default.is_some()));
        let value = match (given, default) {
            (Some(value), _) => value,
            (None, Some(default)) => {
                let value = self.evaluate(default.expr(), &NoNames);
                let origin = Origin::new(OriginKind::VariableDefault(name.into()), Some(default.span()));
                value.from_origin(Some(origin))
            }
            (None, None) => {
                if let Some(call) = &instance.call {
                    let message = format!("The call of module {:?} gives no value for {name:?}", call.call.name);
                    let diagnostic = crate::diagnostic::Diagnostic::error(call.call.span, message)
                        .with_label(variable.span, "this variable has no default");
                    self.say(diagnostic);
                }
                Value::unknown(Type::Any, Reason::NoValue(format!("var.{name}").into()))
            }
        };
        let is_set = |mark: &str| {
            let attribute = variable.body.attribute(mark)?;
            self.evaluate(attribute.expr(), &NoNames).as_bool()
        };
        let is_sensitive = is_set("sensitive") == Some(true);
        let mark = |value: Value| if is_sensitive { value.marked(Marks::SENSITIVE) } else { value };
        let value = mark(self.constrained(mark(value), type_expr, name, variable.span));
        if is_set("ephemeral") == Some(true) { value.marked(Marks::EPHEMERAL) } else { value }
    }

    /// `type = "string"`, as Terraform 0.11 wanted it and later versions no longer take.
    fn quoted_type(&self, type_expr: crate::syntax::Expr<'a>) -> Option<Type> {
        let text = super::module::literal(type_expr).filter(|_| type_expr.text().starts_with('"'))?;
        let ty = match text {
            "string" => Type::String,
            "list" => Type::list(Type::Any),
            "map" => Type::map(Type::Any),
            _ => return None,
        };
        let message = format!("The type {text:?} stands in quotes, as Terraform 0.11 wanted it");
        let help = "Take the quotes away: Terraform 1 refuses them.";
        self.say(crate::diagnostic::Diagnostic::warning(type_expr.span(), message).with_help(help));
        Some(ty)
    }

    fn given(&self, name: &str, is_text: bool, span: Span) -> Option<Value> {
        match self.inputs.value(name, is_text, &self.context)? {
            Ok(value) => Some(value),
            Err(message) => {
                self.say(crate::diagnostic::Diagnostic::error(span, message.clone()));
                Some(Value::unknown(Type::Any, Reason::Error(message.into())))
            }
        }
    }

    fn argument(&self, call: &CallSite<'a>, name: &str) -> Option<Value> {
        let argument = call.call.body.attribute(name)?;
        let parent = self.module(call.parent)?;
        let scope = ModuleScope { evaluator: self, instance: &parent, repetition: &call.repetition, itself: None };
        let value = self.evaluate(argument.expr(), &scope);
        let prior = value.origin.clone();
        let kind = OriginKind::ModuleArgument(name.into());
        Some(value.from_origin(Some(Origin::after(kind, Some(argument.span()), prior))))
    }

    /// The value converted to the variable's type, with the defaults of optional attributes.
    fn constrained(&self, value: Value, type_expr: Option<crate::syntax::Expr<'a>>, name: &str, span: Span) -> Value {
        let Some(type_expr) = type_expr else { return value };
        if let Some(ty) = self.quoted_type(type_expr) {
            return convert(&value, &ty).map_or(value, |converted| converted);
        }
        let (ty, defaults) = match eval::type_constraint(type_expr, &self.context) {
            Ok(constraint) => constraint,
            Err(error) => {
                self.say(error.withheld(self.context.sources).to_diagnostic());
                return value;
            }
        };
        match convert(&defaults.apply(&value), &ty) {
            Ok(converted) => Value { origin: value.origin, ..converted },
            Err(error) => {
                let place = value.origin.as_ref().and_then(|origin| origin.span).unwrap_or(span);
                let problem = match value.marks.is_sensitive() || crate::syntax::is_secret_name(name) {
                    true => "what is wrong is not shown, for it is sensitive".to_owned(),
                    false => error.to_string(),
                };
                let message = format!("The value for var.{name} does not fit its type: {problem}");
                let message = eval::EvalError::new(place, message).withheld(self.context.sources).message;
                self.say(
                    crate::diagnostic::Diagnostic::error(place, message.clone()).with_label(span, "declared here"),
                );
                Value::unknown(ty, Reason::Error(message.into()))
            }
        }
    }

    /// The instances of a module call.
    pub(super) fn children(
        &self,
        instance: &ModuleInstance<'a>,
        name: &'a str,
    ) -> Rc<Expansion<super::evaluator::ModuleId>> {
        if let Some(known) = instance.children.borrow().get(name) {
            return known.clone();
        }
        let address = join_address(&instance.address, &format!("module.{name}"));
        let built = match (instance.module.calls.get(name), instance.node.children.get(name)) {
            (Some(call), Some(Child::Loaded(node))) => {
                let repetition = Repetition::default();
                let scope = ModuleScope { evaluator: self, instance, repetition: &repetition, itself: None };
                let planned = expand(self, &call.body, &scope, &address);
                let planned = planned.within(|count| self.has_room_for_modules(count, call.span));
                planned.map(|key, planned| {
                    let site = CallSite { parent: instance.id, call, repetition: planned.repetition };
                    let mut calls = instance.calls.clone();
                    calls.push(call.span);
                    let extent = both(instance.extent, planned.extent);
                    self.add(self.nodes.get(*node)?, instance_address(&address, key), Some(site), calls, extent)
                })
            }
            _ => Expansion::new(Shape::Single, true, Vec::new()),
        };
        let built = Rc::new(built);
        instance.children.borrow_mut().insert(name, built.clone());
        built
    }

    /// An output of a module instance.
    fn output(&self, child: &ModuleInstance<'a>, name: &str, span: Span) -> Result<Value, EvalError> {
        let Some((&name, body)) = child.module.outputs.get_key_value(name) else {
            let known = child.module.outputs.keys().copied();
            return Err(undeclared("Output", "", name, span, known).with_help(format!(
                "Declare it in the module, or use one of its outputs: {}.",
                child.module.outputs.keys().copied().take(20).collect::<Vec<_>>().join(", ")
            )));
        };
        Ok(self.named(child, Name::Output(name), span, || {
            let Some(value) = body.attribute("value") else { return Value::null() };
            let repetition = Repetition::default();
            let scope = ModuleScope { evaluator: self, instance: child, repetition: &repetition, itself: None };
            let result = self.evaluate(value.expr(), &scope);
            let sensitive = body.attribute("sensitive").map(|attribute| self.evaluate(attribute.expr(), &scope));
            let sensitive = sensitive.and_then(|value| value.as_bool()) == Some(true);
            if sensitive { result.marked(Marks::SENSITIVE) } else { result }
        }))
    }

    /// All outputs of a module instance.
    fn outputs(&self, child: &ModuleInstance<'a>, span: Span) -> Value {
        let outputs = child.module.outputs.keys();
        let fields: Fields =
            outputs.filter_map(|&name| Some((Arc::from(name), self.output(child, name, span).ok()?))).collect();
        Value::object(fields)
    }

    /// The instances of a resource of a module instance.
    pub(super) fn resource_instances(
        &self,
        instance: &ModuleInstance<'a>,
        idx: usize,
    ) -> Rc<Expansion<Rc<ResourceInstance<'a>>>> {
        if let Some(known) = instance.resources.borrow().get(&idx) {
            return known.clone();
        }
        let built = match instance.module.resources.get(idx) {
            Some(resource) => {
                let block = block_address(resource.mode, resource.resource_type, resource.name);
                let address = join_address(&instance.address, &block);
                let repetition = Repetition::default();
                let scope = ModuleScope { evaluator: self, instance, repetition: &repetition, itself: None };
                let planned = expand(self, &resource.body, &scope, &address);
                let planned = planned.within(|count| self.has_room_for_resources(count, resource.span));
                planned.map(|key, planned| {
                    Some(Rc::new(ResourceInstance {
                        resource,
                        module: instance.id,
                        address: instance_address(&address, key),
                        key: key.clone(),
                        repetition: planned.repetition,
                        extent: both(instance.extent, planned.extent),
                        attributes: std::cell::RefCell::default(),
                        whole: std::cell::RefCell::default(),
                    }))
                })
            }
            None => Expansion::new(Shape::Single, true, Vec::new()),
        };
        let built = Rc::new(built);
        instance.resources.borrow_mut().insert(idx, built.clone());
        built
    }
}

fn both(outer: Extent, inner: Extent) -> Extent {
    if outer == Extent::Certain { inner } else { Extent::Possible }
}

/// `module.a` and `aws_vpc.b` to `module.a.aws_vpc.b`.
pub(super) fn join_address(module: &str, rest: &str) -> String {
    if module.is_empty() { rest.to_owned() } else { format!("{module}.{rest}") }
}

/// The address of a resource block within its module.
pub(super) fn block_address(mode: Mode, resource_type: &str, name: &str) -> String {
    match mode {
        Mode::Managed => format!("{resource_type}.{name}"),
        Mode::Data => format!("data.{resource_type}.{name}"),
    }
}

/// The instance key that a step says, and how many steps that takes; `None` if all instances are meant.
fn key_step(shape: Shape, step: Option<&TraversalStep<'_>>) -> (Option<InstanceKey>, usize) {
    match (shape, step) {
        (Shape::Single, _) => (Some(InstanceKey::None), 0),
        (Shape::Count, Some(TraversalStep::Number(digits))) => match digits.parse() {
            Ok(idx) => (Some(InstanceKey::Index(idx)), 1),
            Err(_) => (None, 0),
        },
        (Shape::ForEach, Some(TraversalStep::Key(name))) => (Some(InstanceKey::Name((*name).into())), 1),
        (Shape::Count | Shape::ForEach, _) => (None, 0),
    }
}

/// All instances as one value: a tuple for `count`, an object for `for_each`. Computed once: as many references as
/// there are instances may ask for it.
fn gather<T>(instances: &Expansion<T>, address: &str, value_of: impl Fn(&T) -> (Value, Extent)) -> Value {
    if let Some(known) = &*instances.whole.borrow() {
        return known.clone();
    }
    let value = gather_anew(instances, address, value_of);
    *instances.whole.borrow_mut() = Some(value.clone());
    value
}

fn gather_anew<T>(instances: &Expansion<T>, address: &str, value_of: impl Fn(&T) -> (Value, Extent)) -> Value {
    if instances.known {
        let values = instances.items.iter().map(|(key, item)| (key, value_of(item).0));
        return match instances.shape {
            Shape::ForEach => {
                let named = values.filter_map(|(key, value)| match key {
                    InstanceKey::Name(name) => Some((name.clone(), value)),
                    InstanceKey::None | InstanceKey::Index(_) | InstanceKey::Unknown => None,
                });
                Kind::Object(Arc::new(Object { fields: named.collect(), identity: None })).into()
            }
            Shape::Count | Shape::Single => Value::tuple(values.map(|(_, value)| value).collect::<Vec<_>>()),
        };
    }
    let members = instances.items.iter().map(|(key, item)| {
        let (value, extent) = value_of(item);
        let key = match key {
            InstanceKey::Name(name) => Some(Value::string(name)),
            InstanceKey::None | InstanceKey::Index(_) | InstanceKey::Unknown => None,
        };
        Member { key, value, certain: extent == Extent::Certain }
    });
    let reason = Reason::InstanceKey(address.into());
    let ty = if instances.shape == Shape::ForEach { Type::map(Type::Any) } else { Type::list(Type::Any) };
    let mut unknown = Unknown::new(ty, reason);
    unknown.knowledge = Knowledge::Members(members.collect());
    Kind::Unknown(Arc::new(unknown)).into()
}

fn no_instance(reference: &Traversal<'_>, address: &str) -> EvalError {
    EvalError::new(reference.span, format!("{address} has no instance with this key"))
}

/// So many declared names are compared with one that is not declared.
const MAX_SUGGESTIONS: usize = 500;

fn undeclared<'n>(what: &str, prefix: &str, name: &str, span: Span, known: impl Iterator<Item = &'n str>) -> EvalError {
    let error = EvalError::fixed(span, format!("{what} {prefix}{name} is not declared in this module"));
    match crate::diagnostic::closest(name, known.take(MAX_SUGGESTIONS)) {
        Some(close) => error.with_help(format!("Did you mean {prefix}{close}?")),
        None => error.with_help("Declare it, or correct the name."),
    }
}

fn undeclared_resource<'n>(
    known: impl Iterator<Item = &'n (Mode, &'n str, &'n str)>,
    mode: Mode,
    resource_type: &str,
    name: &str,
    span: Span,
) -> EvalError {
    let address = block_address(mode, resource_type, name);
    let error = EvalError::fixed(span, format!("{address} is not declared in this module"));
    let names = known.filter(|key| key.0 == mode && key.1 == resource_type).map(|key| key.2);
    match crate::diagnostic::closest(name, names.take(MAX_SUGGESTIONS)) {
        Some(close) => error.with_help(format!("Did you mean {}?", block_address(mode, resource_type, close))),
        None => error.with_help("Declare it, or correct the reference."),
    }
}
