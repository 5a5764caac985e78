//! How functions declare their parameters and results.

use super::{Call, FunctionError};
use crate::eval::Context;
use crate::value::{Type, Value};

/// The type of a parameter or result, as a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// Any type; the implementation looks itself.
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(T)`
    List(&'static Signature),
    /// `set(T)`
    Set(&'static Signature),
    /// `map(T)`
    Map(&'static Signature),
}

impl Signature {
    /// The type it stands for.
    #[must_use]
    pub fn to_type(self) -> Type {
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::String => Type::String,
            Self::List(item) => Type::list(item.to_type()),
            Self::Set(item) => Type::set(item.to_type()),
            Self::Map(item) => Type::map(item.to_type()),
        }
    }
}

/// Which unknown arguments an implementation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknowns {
    /// None: the result is unknown if the argument is not wholly known.
    No,
    /// The argument is known, its parts may be unknown.
    Inside,
    /// Any.
    Any,
}

/// What becomes of the marks of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkPolicy {
    /// They are taken off at every depth before the implementation sees the argument, and put on the result.
    Result,
    /// Those of the argument itself go to the result; its parts keep theirs and reach the implementation with them.
    Inside,
    /// The argument reaches the implementation with its marks; putting the right ones on the result is its business.
    Implementation,
}

/// How a parameter is called and how it treats what is not a known value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Name, for messages.
    pub name: &'static str,
    /// Arguments are converted to this.
    pub signature: Signature,
    /// Null arguments reach the implementation; otherwise they are an error.
    pub allow_null: bool,
    /// Which unknown arguments reach the implementation; otherwise the result is unknown.
    pub unknowns: Unknowns,
    /// What becomes of marks.
    pub marks: MarkPolicy,
}

impl Parameter {
    /// A parameter that takes wholly known values that are not null.
    #[must_use]
    pub const fn new(name: &'static str, signature: Signature) -> Self {
        Self { name, signature, allow_null: false, unknowns: Unknowns::No, marks: MarkPolicy::Result }
    }

    /// The same, but null reaches the implementation.
    #[must_use]
    pub const fn or_null(self) -> Self {
        Self { allow_null: true, ..self }
    }

    /// The same, but these unknown values reach the implementation.
    #[must_use]
    pub const fn with_unknowns(self, unknowns: Unknowns) -> Self {
        Self { unknowns, ..self }
    }

    /// The same, but the parts of the argument keep their marks: for functions that pass parts on unchanged.
    #[must_use]
    pub const fn with_inner_marks(self) -> Self {
        Self { marks: MarkPolicy::Inside, ..self }
    }

    /// The same, but the implementation sees marks and keeps them.
    #[must_use]
    pub const fn with_marks(self) -> Self {
        Self { marks: MarkPolicy::Implementation, ..self }
    }
}

/// Implementation of a function: values in, value out. Arguments are converted and checked already.
/// The message of an error is completed with the function's and the parameter's name.
pub type Implementation = fn(&Call<'_>, &Context<'_>) -> Result<Value, FunctionError>;

/// A function: its signature and its implementation.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The name in configuration.
    pub name: &'static str,
    /// Parameters by position.
    pub parameters: &'static [Parameter],
    /// The parameter that takes all further arguments.
    pub variadic: Option<Parameter>,
    /// What it gives; `Any` where it depends on the arguments.
    pub result: Signature,
    /// What it does.
    pub implementation: Implementation,
}

impl Function {
    /// A function with a fixed number of parameters.
    #[must_use]
    pub const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        result: Signature,
        implementation: Implementation,
    ) -> Self {
        Self { name, parameters, variadic: None, result, implementation }
    }

    /// The same, but any number of further arguments may follow.
    #[must_use]
    pub const fn with_variadic(self, parameter: Parameter) -> Self {
        Self { variadic: Some(parameter), ..self }
    }

    /// The parameter of the argument at `idx`; `None` if there are not so many.
    #[must_use]
    pub fn parameter(&self, idx: usize) -> Option<&Parameter> {
        self.parameters.get(idx).or(self.variadic.as_ref())
    }
}
