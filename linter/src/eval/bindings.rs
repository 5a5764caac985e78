//! Names that an expression itself gives: the variables of a `for`, the values handed to a template.

use super::functions::Call;
use super::{Context, EvalError, Resolved, Scope};
use crate::syntax::Traversal;
use crate::value::Value;

/// A scope with the one or two variables of a `for` in front of everything around it.
pub(super) struct Bindings<'p> {
    /// What stands around.
    pub(super) parent: &'p dyn Scope,
    /// The key or index variable.
    pub(super) key: Option<(&'p str, Value)>,
    /// The value variable.
    pub(super) value: (&'p str, Value),
}

impl Scope for Bindings<'_> {
    fn resolve(&self, reference: &Traversal<'_>, context: &Context<'_>) -> Result<Resolved, EvalError> {
        // Terraform sets the value variable last, so it wins when both have the same name.
        let (name, value) = &self.value;
        if *name == reference.root {
            return Ok(Resolved { value: value.clone(), steps: 0 });
        }
        match &self.key {
            Some((name, value)) if *name == reference.root => Ok(Resolved { value: value.clone(), steps: 0 }),
            _ => self.parent.resolve(reference, context),
        }
    }

    fn call(&self, call: &Call<'_>, context: &Context<'_>) -> Option<Result<Value, EvalError>> {
        self.parent.call(call, context)
    }
}
