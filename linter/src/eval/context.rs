//! What an evaluation needs from outside, and how it fails.

use std::cell::Cell;
use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::eval::functions::Call;
use crate::source::{Boundary, SourceMap, Span, System};
use crate::syntax::{Suspicion, Traversal, withheld};
use crate::value::{Reason, Type, Value};

/// Which language rules apply where Terraform's and ours differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// As Terraform 1.11, but `false && unknown` is false and `true || unknown` is true.
    Terraform,
    /// Rule conditions: three-valued, and an attribute that an object lacks is null.
    Rules,
}

/// Bounds on the work that configuration may cause.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Deepest nesting of expressions, functions and references.
    /// At this depth evaluation needs up to 3.2 MiB of stack in a debug build, besides what scopes need.
    pub depth: usize,
    /// Items in one collection.
    pub items: usize,
    /// Bytes in one string.
    pub string_bytes: usize,
    /// Steps (nodes evaluated, items touched) in one run.
    pub steps: u64,
    /// Bytes of one file that configuration reads.
    pub file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 300, items: 200_000, string_bytes: 16 << 20, steps: 200_000_000, file_bytes: 16 << 20 }
    }
}

/// Everything an evaluation may use besides its scope.
pub struct Context<'s> {
    /// The machine.
    pub system: &'s dyn System,
    /// What configuration may read.
    pub boundary: &'s Boundary,
    /// Where files read during evaluation (templates) are registered.
    pub sources: &'s SourceMap,
    /// Directory that relative paths in functions start from: where Terraform would run.
    pub working_dir: PathBuf,
    /// Bounds.
    pub limits: Limits,
    /// Terraform or rules.
    pub dialect: Dialect,
    steps: Cell<u64>,
    depth: Cell<usize>,
}

impl<'s> Context<'s> {
    /// A context with default limits.
    pub fn new(
        system: &'s dyn System,
        boundary: &'s Boundary,
        sources: &'s SourceMap,
        working_dir: PathBuf,
        dialect: Dialect,
    ) -> Self {
        let limits = Limits::default();
        Self { system, boundary, sources, working_dir, limits, dialect, steps: Cell::new(0), depth: Cell::new(0) }
    }

    /// Counts work.
    ///
    /// # Errors
    /// When the run's bound on steps is reached.
    pub fn spend(&self, steps: u64, span: Span) -> Result<(), EvalError> {
        let total = self.steps.get().saturating_add(steps);
        self.steps.set(total);
        if total > self.limits.steps {
            return Err(EvalError::limit(span, format!("{} evaluation steps", self.limits.steps)));
        }
        Ok(())
    }

    /// Runs `work` one level deeper.
    ///
    /// # Errors
    /// When the bound on depth is reached, or as `work` does.
    pub fn deeper<T>(&self, span: Span, work: impl FnOnce() -> Result<T, EvalError>) -> Result<T, EvalError> {
        if self.depth.get() >= self.limits.depth {
            return Err(EvalError::limit(span, format!("{} levels of nesting", self.limits.depth)));
        }
        self.depth.set(self.depth.get() + 1);
        let result = work();
        self.depth.set(self.depth.get() - 1);
        result
    }
}

/// A reference, resolved as far as the scope knows it.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The value found.
    pub value: Value,
    /// How many of the reference's steps led to it; the evaluator applies the rest.
    pub steps: usize,
}

/// Gives names their meaning.
pub trait Scope {
    /// The value of a reference's root and as many of its steps as the scope needs:
    /// `local.a.b` takes one step, `var.x` one, `each.value` one, `aws_vpc.main.id` one or more, a `for` variable none.
    ///
    /// # Errors
    /// When nothing has that name. Cycles and failures inside what is named give an unknown value instead.
    fn resolve(&self, reference: &Traversal<'_>, context: &Context<'_>) -> Result<Resolved, EvalError>;

    /// Calls a function that Terraform does not have; `None` if this scope does not have it either.
    fn call(&self, call: &Call<'_>, context: &Context<'_>) -> Option<Result<Value, EvalError>> {
        let _ = (call, context);
        None
    }
}

const LIMIT_REACHED: &str = "Limit reached: ";

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    /// The place.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Whether `try` and `can` catch it: Terraform's static errors, such as an undeclared local, are not caught.
    pub catchable: bool,
}

impl EvalError {
    /// An error that depends on values: `try` catches it.
    #[must_use]
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None, catchable: true }
    }

    /// An error in what is written: `try` does not catch it.
    #[must_use]
    pub fn fixed(span: Span, message: impl Into<String>) -> Self {
        Self { catchable: false, ..Self::new(span, message) }
    }

    /// A bound was reached.
    #[must_use]
    pub fn limit(span: Span, what: impl std::fmt::Display) -> Self {
        Self::fixed(span, format!("{LIMIT_REACHED}{what}"))
    }

    /// Whether a bound was reached, so that going on makes no sense.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.message.starts_with(LIMIT_REACHED)
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The error without the secrets that its message would quote from the lines it is about.
    #[must_use]
    pub fn withheld(mut self, sources: &SourceMap) -> Self {
        if let Some(file) = sources.file(self.span.file) {
            self.message = withheld(&self.message, &file, self.span, Suspicion::ByName).into_owned();
        }
        self
    }

    /// The unknown value that stands where the expression's value would be.
    #[must_use]
    pub fn to_unknown(&self) -> Value {
        Value::unknown(Type::Any, Reason::Error(self.message.as_str().into()))
    }

    /// The diagnostic for it.
    #[must_use]
    pub fn to_diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.span, self.message.clone());
        diagnostic.help.clone_from(&self.help);
        diagnostic
    }
}
