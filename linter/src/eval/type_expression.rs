//! Type constraints as variables declare them: `list(string)`, `object({a = optional(number, 1)})`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::defaults::Defaults;
use super::{Context, EvalError, Resolved, Scope, evaluate};
use crate::syntax::{Expr, ExprKind, Traversal};
use crate::value::{ObjectAttribute, Type, Value, convert};

/// Deepest nesting of a type constraint.
const MAX_DEPTH: usize = 64;

/// The type that a type constraint says, and the defaults of its optional attributes.
///
/// # Errors
/// When it is no type, or a default does not fit its attribute.
pub fn type_constraint(expr: Expr<'_>, context: &Context<'_>) -> Result<(Type, Defaults), EvalError> {
    Reader { context }.read(expr, MAX_DEPTH)
}

struct Reader<'c> {
    context: &'c Context<'c>,
}

impl Reader<'_> {
    fn read(&self, expr: Expr<'_>, depth: usize) -> Result<(Type, Defaults), EvalError> {
        if depth == 0 {
            return Err(EvalError::limit(expr.span(), format!("{MAX_DEPTH} levels in one type")));
        }
        self.context.spend(1, expr.span())?;
        match expr.kind() {
            ExprKind::Variable(name) => keyword(name, expr).map(|ty| (ty, Defaults::default())),
            ExprKind::Call { name, .. } => self.constructor(name, expr, depth - 1),
            ExprKind::String(text) => {
                Err(EvalError::fixed(expr.span(), format!("Invalid type specification: {text:?}"))
                    .with_help("Types are written without quotes."))
            }
            _ => Err(not_a_type(expr)),
        }
    }

    fn constructor(&self, name: &str, expr: Expr<'_>, depth: usize) -> Result<(Type, Defaults), EvalError> {
        let arguments: Vec<Expr<'_>> = expr.children().collect();
        match (name, arguments.as_slice()) {
            ("list" | "set" | "map", &[item]) => {
                let (item, defaults) = self.read(item, depth)?;
                let ty = match name {
                    "list" => Type::list(item),
                    "set" => Type::set(item),
                    _ => Type::map(item),
                };
                Ok((ty, Defaults::of_items(defaults)))
            }
            ("object", &[attributes]) if matches!(attributes.kind(), ExprKind::Object) => {
                self.object(attributes, depth)
            }
            ("tuple", &[items]) if matches!(items.kind(), ExprKind::Tuple) => self.tuple(items, depth),
            ("list" | "set" | "map", _) => Err(EvalError::fixed(
                expr.span(),
                format!("The {name} type constructor requires one argument, the type of its elements"),
            )),
            ("object", _) => Err(EvalError::fixed(
                expr.span(),
                "The object type constructor requires one argument, a map of attribute names to types",
            )),
            ("tuple", _) => {
                Err(EvalError::fixed(expr.span(), "The tuple type constructor requires one argument, a list of types"))
            }
            ("optional", _) => {
                Err(EvalError::fixed(expr.span(), "optional() is only for the attributes of an object type"))
            }
            ("bool" | "number" | "string" | "any", _) => {
                Err(EvalError::fixed(expr.span(), format!("The type {name} takes no arguments")))
            }
            _ => Err(not_a_type(expr)),
        }
    }

    fn object(&self, attributes: Expr<'_>, depth: usize) -> Result<(Type, Defaults), EvalError> {
        let (mut types, mut defaults) = (BTreeMap::new(), Defaults::default());
        for item in attributes.object_items() {
            let (ExprKind::String(name) | ExprKind::Variable(name)) = item.key.kind() else {
                return Err(EvalError::fixed(item.key.span(), "Object attribute names must be plain names"));
            };
            let name: Arc<str> = name.into();
            let (attribute, nested, default) = self.attribute(item.value, depth)?;
            if let Some(default) = default {
                defaults.set_value(name.clone(), default);
            }
            defaults.set_child(name.clone(), nested);
            types.insert(name, attribute);
        }
        Ok((Type::Object(types.into()), defaults))
    }

    fn attribute(&self, expr: Expr<'_>, depth: usize) -> Result<(ObjectAttribute, Defaults, Option<Value>), EvalError> {
        let ExprKind::Call { name: "optional", .. } = expr.kind() else {
            let (ty, nested) = self.read(expr, depth)?;
            return Ok((ObjectAttribute::required(ty), nested, None));
        };
        let arguments: Vec<Expr<'_>> = expr.children().collect();
        let (ty, default) = match *arguments.as_slice() {
            [ty] => (ty, None),
            [ty, default] => (ty, Some(default)),
            _ => {
                let message = "optional() takes the attribute's type and, if there is one, its default value";
                return Err(EvalError::fixed(expr.span(), message));
            }
        };
        let (ty, nested) = self.read(ty, depth)?;
        let default = default.map(|default| self.default(default, &ty, &nested)).transpose()?;
        Ok((ObjectAttribute { ty, optional: true }, nested, default))
    }

    /// A default: evaluated without any names, and made one of the attribute's type.
    fn default(&self, expr: Expr<'_>, ty: &Type, nested: &Defaults) -> Result<Value, EvalError> {
        let value = evaluate(expr, &NoNames, self.context)?;
        convert(&nested.apply(&value), ty).map_err(|error| {
            EvalError::fixed(
                expr.span(),
                format!("This default value is not compatible with the attribute's type constraint: {error}"),
            )
        })?;
        // What is kept is the value as written: it is converted with the object it becomes part of.
        Ok(value)
    }

    fn tuple(&self, items: Expr<'_>, depth: usize) -> Result<(Type, Defaults), EvalError> {
        let (mut types, mut defaults) = (Vec::new(), Defaults::default());
        for (idx, item) in items.children().enumerate() {
            let (ty, nested) = self.read(item, depth)?;
            defaults.set_child(idx.to_string().into(), nested);
            types.push(ty);
        }
        Ok((Type::Tuple(types.into()), defaults))
    }
}

fn keyword(name: &str, expr: Expr<'_>) -> Result<Type, EvalError> {
    match name {
        "any" => Ok(Type::Any),
        "bool" => Ok(Type::Bool),
        "number" => Ok(Type::Number),
        "string" => Ok(Type::String),
        // Short forms from before types had arguments; Terraform still takes them.
        "list" => Ok(Type::list(Type::Any)),
        "map" => Ok(Type::map(Type::Any)),
        "set" | "object" | "tuple" => {
            Err(EvalError::fixed(expr.span(), format!("The {name} type constructor requires one argument")))
        }
        _ => Err(not_a_type(expr)),
    }
}

fn not_a_type(expr: Expr<'_>) -> EvalError {
    EvalError::fixed(expr.span(), "This is not a valid type constraint").with_help(
        "Use any, bool, number, string, or list(...), set(...), map(...), object({...}), tuple([...]) of types.",
    )
}

/// Where no names have a meaning.
struct NoNames;

impl Scope for NoNames {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        Err(EvalError::fixed(reference.span, "Variables may not be used here"))
    }
}
