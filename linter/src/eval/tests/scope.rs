//! A scope like that of a small root module, and a context on a machine without files.

use std::path::{Path, PathBuf};

use crate::eval::{Context, Dialect, EvalError, Resolved, Scope, evaluate_text};
use crate::source::{Boundary, Memory, SourceMap};
use crate::syntax::{Traversal, TraversalStep};
use crate::value::{Fields, Kind, Knowledge, Marks, ObjectAttribute, Reason, Symbol, Type, Unknown, Value};

/// Variables by name; `local.unknown...` and `res.*` are unknown.
#[derive(Default)]
pub(super) struct Variables {
    pub(super) fields: Fields,
}

impl Scope for Variables {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        let Some(TraversalStep::Attr(name)) = reference.steps.first() else {
            return Err(EvalError::fixed(reference.span, "A reference needs an attribute"));
        };
        let missing = || EvalError::fixed(reference.span, format!("{}.{name} is not declared", reference.root));
        let value = match reference.root {
            "var" => self.fields.get(*name).cloned().ok_or_else(missing)?,
            "res" => symbol(name),
            "path" => Value::string("."),
            "terraform" => Value::string("default"),
            _ => return Err(missing()),
        };
        Ok(Resolved { value, steps: 1 })
    }
}

/// A value of open type that only apply will know, with a name.
pub(super) fn symbol(name: &str) -> Value {
    let mut unknown = Unknown::new(Type::Any, Reason::Computed("res.x".into(), name.into()));
    unknown.knowledge = Knowledge::Symbol(Symbol { address: format!("res.{name}").into(), attribute: "".into() });
    Kind::Unknown(unknown.into()).into()
}

/// An unknown value of a type.
pub(super) fn unknown(ty: Type) -> Value {
    Value::unknown(ty, Reason::NoValue("var.x".into()))
}

impl Variables {
    /// What the console's answers were asked with.
    pub(super) fn of_console() -> Self {
        let text = |text: &str| Value::string(text);
        let list = |ty: Type, items: &[Value]| Value::from(Kind::List(ty, items.into()));
        let d = list(Type::String, &[text("x")]);
        let o = [("a", text("dflt")), ("b", Value::from(5)), ("c", object([("d", d)]))];
        let lm = Fields::from([("a".into(), list(Type::Number, &[Value::from(1), Value::from(2)]))]);
        let numbers = Type::list(Type::Number);
        let fields = [
            ("s", Kind::Set(Type::String, [text("a"), text("b")].into()).into()),
            ("o", object(o)),
            ("sec", text("hush").marked(Marks::SENSITIVE)),
            ("nn", text("d")),
            ("lm", Kind::Map(numbers, lm.into()).into()),
            ("u", unknown(Type::Any)),
            ("us", unknown(Type::String)),
            ("un", unknown(Type::Number)),
            ("ub", unknown(Type::Bool)),
            ("ul", unknown(Type::list(Type::String))),
            ("uset", unknown(Type::set(Type::String))),
            ("um", unknown(Type::map(Type::String))),
            ("uo", unknown(object_type([("a", Type::String), ("b", Type::Number)]))),
            ("ut", unknown(Type::Tuple([Type::String, Type::Number].into()))),
            ("ulo", unknown(Type::list(object_type([("a", Type::String)])))),
        ];
        Self { fields: fields.map(|(name, value)| (name.into(), value)).into() }
    }
}

fn object_type<const N: usize>(fields: [(&str, Type); N]) -> Type {
    let attribute = |(name, ty): (&str, Type)| (name.into(), ObjectAttribute::required(ty));
    Type::Object(std::sync::Arc::new(fields.map(attribute).into()))
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::object(fields.map(|(name, value)| (name.into(), value)).into())
}

/// The value of an expression, or the messages of what is wrong.
pub(super) fn evaluate_in(dialect: Dialect, text: &str, scope: &dyn Scope) -> Result<Value, String> {
    let (system, sources) = (Memory::default(), SourceMap::default());
    let boundary = Boundary::at(&system, Path::new("/"));
    let context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), dialect);
    evaluate_text(Path::new("test"), text, scope, &context)
        .map_err(|problems| problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))
}

/// The value of an expression among the console's variables.
pub(super) fn evaluated(text: &str) -> Result<Value, String> {
    evaluate_in(Dialect::Terraform, text, &Variables::of_console())
}
