//! Text that becomes an expression or template only while evaluating.

use std::path::Path;
use std::sync::Arc;

use super::functions::Call;
use super::{Context, EvalError, Resolved, Scope, evaluate};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{Traversal, parse_expression, parse_template};
use crate::value::{Fields, Value};

/// Renders a template, as `templatefile` and `templatestring` do: it sees its `variables` and nothing else.
/// `name` is the path to show; `span` the place of the call, for what concerns the template as a whole.
///
/// # Errors
/// When the template cannot be parsed or evaluated, or a bound is reached.
pub fn render_template(
    name: &Path,
    text: Arc<[u8]>,
    variables: &Fields,
    span: Span,
    context: &Context<'_>,
) -> Result<Value, EvalError> {
    context.spend(text.len() as u64 / 16 + 1, span)?;
    let file = context.sources.add(name, text.clone());
    let (tree, diagnostics) = parse_template(file, text);
    if let Some(problem) = diagnostics.first() {
        return Err(EvalError::new(problem.span.unwrap_or(span), format!("Invalid template: {}", problem.message)));
    }
    let Some(template) = tree.expr() else { return Err(EvalError::new(span, "Invalid template")) };
    context.deeper(span, || evaluate(template, &TemplateScope { variables }, context))
}

/// Parses and evaluates a lone expression, such as one a user types.
///
/// # Errors
/// With what the parser found, or the error of the evaluation.
pub fn evaluate_text(
    name: &Path,
    text: &str,
    scope: &dyn Scope,
    context: &Context<'_>,
) -> Result<Value, Vec<Diagnostic>> {
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let file = context.sources.add(name, bytes.clone());
    let (tree, diagnostics) = parse_expression(file, bytes);
    let failed = !diagnostics.is_empty();
    match tree.expr() {
        Some(expr) if !failed => evaluate(expr, scope, context).map_err(|error| vec![error.to_diagnostic()]),
        _ => Err(diagnostics),
    }
}

/// What a template may refer to.
struct TemplateScope<'v> {
    variables: &'v Fields,
}

impl Scope for TemplateScope<'_> {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        match self.variables.get(reference.root) {
            Some(value) => Ok(Resolved { value: value.clone(), steps: 0 }),
            None => Err(EvalError::new(
                reference.span,
                format!("The variables of this template do not include {:?}", reference.root),
            )
            .with_help("Add it to the second argument of the call.")),
        }
    }

    fn call(&self, call: &Call<'_>, _: &Context<'_>) -> Option<Result<Value, EvalError>> {
        let name = call.name.strip_prefix("core::").unwrap_or(call.name);
        let renders = matches!(name, "templatefile" | "templatestring");
        renders.then(|| Err(EvalError::new(call.span, format!("{name}() cannot be called from inside a template"))))
    }
}
