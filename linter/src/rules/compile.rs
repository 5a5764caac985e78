//! Checking of a rule before it runs: names, functions, attribute paths, arguments of joins.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::functions;
use super::rule::{Assert, Check, Definition, Target};
use super::shape::{Declared, PathProblem, Shape, check_type_name};
use crate::diagnostic::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::{Expr, ExprKind, For, Part};
use crate::terraform::schema::suggest_type;

/// Names that can begin a reference in a rule.
const ROOTS: &[&str] = &["self", "each", "local", "params", "time", "settings"];

/// Functions that give one of their arguments, or parts of it, so that the result has its shape.
const PASSING: &[&str] = &[
    "one", "try", "coalesce", "flatten", "concat", "distinct", "tolist", "toset", "values", "element", "default",
    "setunion", "reverse", "slice", "compact", "sort",
];

/// Functions that the evaluator itself has, since they need expressions rather than values.
const SPECIAL: &[&str] = &["try", "can", "type", "sensitive", "nonsensitive", "issensitive", "ephemeralasnull"];

/// Tells everything that is wrong with the names a rule uses.
pub(super) fn check(rule: &Definition, problems: &mut Vec<Diagnostic>) {
    for check in &rule.checks {
        let mut checker = Checker { rule, check, locals: BTreeMap::new(), each: None, depth: 0, problems };
        checker.check();
    }
}

/// Deeper expressions are refused, so that whatever walks a rule's expressions later fits the stack of any thread.
const MAX_DEPTH: usize = 50;

struct Checker<'r, 'p> {
    rule: &'r Definition,
    check: &'r Check,
    /// Shapes of the check's locals; those being looked at have none yet.
    locals: BTreeMap<Arc<str>, Option<Shape>>,
    each: Option<Shape>,
    depth: usize,
    problems: &'p mut Vec<Diagnostic>,
}

/// Variables of `for` expressions around, innermost last.
type Variables<'a> = Vec<(&'a str, Option<Shape>)>;

impl<'r> Checker<'r, '_> {
    fn check(&mut self) {
        if let Target::Instances(types) = &self.check.target {
            for name in types {
                if let Err(problem) = check_type_name(name, &self.rule.declared) {
                    self.path_problem(&problem, self.check.span);
                }
            }
        }
        let (when, for_each) = (&self.check.when, &self.check.for_each);
        when.iter().for_each(|code| drop(self.visit(code.expr())));
        let elements = for_each.as_ref().and_then(|code| self.visit(code.expr()));
        self.each = elements;
        for name in self.check.locals.keys() {
            self.local(name);
        }
        for assert in &self.check.asserts {
            let Assert { when, condition, error_message, help, severity, at } = assert;
            for code in
                [Some(condition), Some(error_message), when.as_ref(), help.as_ref(), severity.as_ref(), at.as_ref()]
            {
                code.into_iter().for_each(|code| drop(self.visit(code.expr())));
            }
        }
    }

    fn declared(&self) -> &'r Declared {
        &self.rule.declared
    }

    fn local(&mut self, name: &str) -> Option<Shape> {
        if let Some(known) = self.locals.get(name) {
            return known.clone();
        }
        let code = self.check.locals.get(name)?;
        // A local that leads back to itself has no shape; evaluation says that it goes in a circle.
        self.locals.insert(name.into(), None);
        let shape = self.visit(code.expr());
        self.locals.insert(name.into(), shape.clone());
        shape
    }

    fn visit(&mut self, expr: Expr<'r>) -> Option<Shape> {
        self.shape(expr, &mut Vec::new(), None)
    }

    /// The shape of an expression, telling what is wrong in it.
    fn shape(&mut self, expr: Expr<'r>, variables: &mut Variables<'r>, item: Option<&Shape>) -> Option<Shape> {
        if self.depth >= MAX_DEPTH {
            let message = format!("This expression is nested more than {MAX_DEPTH} levels deep");
            self.problems.push(Diagnostic::error(expr.span(), message).with_help("Name a part of it in locals { … }."));
            return None;
        }
        self.depth += 1;
        let shape = self.shape_within(expr, variables, item);
        self.depth -= 1;
        shape
    }

    fn shape_within(&mut self, expr: Expr<'r>, variables: &mut Variables<'r>, item: Option<&Shape>) -> Option<Shape> {
        match expr.kind() {
            ExprKind::Missing | ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) => None,
            ExprKind::SplatItem => item.cloned(),
            ExprKind::Template => {
                self.template(expr, variables, item);
                None
            }
            ExprKind::Wrapped(inner) | ExprKind::Paren(inner) => self.shape(inner, variables, item),
            ExprKind::Variable(name) => self.root(name, expr.span(), variables),
            ExprKind::GetAttr(object, name) => self.attribute(object, name, expr, variables, item),
            ExprKind::Index(object, key) => {
                let shape = self.shape(object, variables, item);
                self.shape(key, variables, item);
                match (key.kind(), shape) {
                    (ExprKind::String(name), Some(shape)) => self.part(&shape, name, expr.span()),
                    (_, shape) => shape,
                }
            }
            ExprKind::Splat { object, each, .. } => {
                let shape = self.shape(object, variables, item);
                self.shape(each, variables, shape.as_ref())
            }
            ExprKind::Call { name, name_span, .. } => self.call(expr, name, name_span, variables, item),
            ExprKind::Unary(_, operand) => {
                self.shape(operand, variables, item);
                None
            }
            ExprKind::Binary(_, left, right) => {
                self.shape(left, variables, item);
                self.shape(right, variables, item);
                None
            }
            ExprKind::Conditional(condition, then, otherwise) => {
                self.shape(condition, variables, item);
                let (then, otherwise) = (self.shape(then, variables, item), self.shape(otherwise, variables, item));
                common(then, otherwise)
            }
            ExprKind::Tuple => {
                let shapes: Vec<_> = expr.children().map(|child| self.shape(child, variables, item)).collect();
                shapes.into_iter().reduce(common).flatten()
            }
            ExprKind::Object => {
                for entry in expr.object_items() {
                    if !matches!(entry.key.kind(), ExprKind::Variable(_)) {
                        self.shape(entry.key, variables, item);
                    }
                    self.shape(entry.value, variables, item);
                }
                None
            }
            ExprKind::ForTuple(parts) | ExprKind::ForObject(parts) => self.for_parts(&parts, variables, item),
        }
    }

    fn template(&mut self, expr: Expr<'r>, variables: &mut Variables<'r>, item: Option<&Shape>) {
        for part in expr.parts() {
            match part {
                Part::Text(..) => {}
                Part::Interpolation(inner) => drop(self.shape(inner, variables, item)),
                Part::If { condition, then, otherwise } => {
                    [condition, then, otherwise].into_iter().for_each(|it| drop(self.shape(it, variables, item)));
                }
                Part::For(parts) => drop(self.for_parts(&parts, variables, item)),
            }
        }
    }

    fn for_parts(&mut self, parts: &For<'r>, variables: &mut Variables<'r>, item: Option<&Shape>) -> Option<Shape> {
        let collection = self.shape(parts.collection, variables, item);
        let before = variables.len();
        variables.extend(parts.key_var.map(|name| (name, None)));
        variables.push((parts.value_var, collection));
        for inner in [parts.key, parts.condition].into_iter().flatten() {
            self.shape(inner, variables, item);
        }
        let shape = self.shape(parts.value, variables, item);
        variables.truncate(before);
        shape
    }

    fn root(&mut self, name: &str, span: Span, variables: &Variables<'r>) -> Option<Shape> {
        if let Some((_, shape)) = variables.iter().rev().find(|(variable, _)| *variable == name) {
            return shape.clone();
        }
        if name == "self" {
            return match &self.check.target {
                Target::Instances(types) => Some(Shape::instance(types.clone())),
                Target::Provider(_) | Target::Module | Target::Root => None,
            };
        }
        if !ROOTS.contains(&name) {
            let close = closest(name, ROOTS.iter().copied().chain(variables.iter().map(|(name, _)| *name)));
            let help = close.map_or_else(
                || format!("A reference in a rule begins with {}.", ROOTS.join(", ")),
                |close| format!("Did you mean {close:?}?"),
            );
            self.problems.push(Diagnostic::error(span, format!("Nothing is called {name:?} here")).with_help(help));
        }
        None
    }

    fn attribute(
        &mut self,
        object: Expr<'r>,
        name: &'r str,
        expr: Expr<'r>,
        variables: &mut Variables<'r>,
        item: Option<&Shape>,
    ) -> Option<Shape> {
        if let ExprKind::Variable(root) = object.kind()
            && !variables.iter().any(|(variable, _)| *variable == root)
            && root != "self"
        {
            self.root(root, object.span(), variables);
            return self.member_of(root, name, expr.span());
        }
        let shape = self.shape(object, variables, item)?;
        self.part(&shape, name, expr.span())
    }

    /// `each.value`, `local.x`, `params.x` and the like.
    fn member_of(&mut self, root: &str, name: &str, span: Span) -> Option<Shape> {
        let known: Vec<&str> = match root {
            "each" => vec!["key", "value"],
            "local" => self.check.locals.keys().map(|name| &**name).collect(),
            "params" => self.rule.params.keys().map(|name| &**name).collect(),
            "time" => vec!["sources"],
            "settings" => vec!["environments", "external", "as_of"],
            _ => return None,
        };
        if root == "each" && self.check.for_each.is_none() {
            self.problems.push(
                Diagnostic::error(span, "each can be used only in a check with for_each")
                    .with_help("Use self, or add for_each = <list>."),
            );
        } else if !known.contains(&name) {
            let help = match closest(name, known.iter().copied()) {
                Some(close) => format!("Did you mean {root}.{close}?"),
                None if known.is_empty() => format!("This rule declares no {root}."),
                None => format!("There is {}.", known.join(", ")),
            };
            self.problems.push(Diagnostic::error(span, format!("There is no {root}.{name}")).with_help(help));
        }
        match (root, name) {
            ("each", "value") => self.each.clone(),
            ("local", _) => self.local(name),
            _ => None,
        }
    }

    fn part(&mut self, shape: &Shape, name: &str, span: Span) -> Option<Shape> {
        let part = shape.part(name);
        match part.check(self.declared()) {
            Ok(()) => Some(part),
            Err(problem) => {
                self.path_problem(&problem, span);
                None
            }
        }
    }

    fn path_problem(&mut self, problem: &PathProblem, span: Span) {
        let diagnostic = match problem {
            PathProblem::NoSuchName { wrong, suggestion } => {
                let types = match &self.check.target {
                    Target::Instances(types) => types.iter().map(|name| &**name).collect::<Vec<_>>().join(", "),
                    Target::Provider(_) | Target::Module | Target::Root => self.check.label(),
                };
                let diagnostic = Diagnostic::error(span, format!("There is no attribute {wrong:?} here"));
                match suggestion {
                    Some(name) => diagnostic.with_help(format!("Did you mean {name:?}?")),
                    None => diagnostic.with_help(format!(
                        "Check the provider's documentation (the check is about {types}), or declare it: attributes = [\"…\"]."
                    )),
                }
            }
            PathProblem::UnknownType(name) => {
                let diagnostic = Diagnostic::error(span, format!("The attributes of {name} are not known"));
                match suggest_type(name) {
                    Some(close) => diagnostic.with_help(format!("Did you mean {close:?}?")),
                    None => diagnostic.with_help(format!(
                        "Declare those the rule uses: attributes = {{ {name} = [\"…\"] }} in the rule, or attributes = [\"…\"] in its check."
                    )),
                }
            }
        };
        self.problems.push(diagnostic);
    }

    fn call(
        &mut self,
        expr: Expr<'r>,
        name: &'r str,
        name_span: Span,
        variables: &mut Variables<'r>,
        item: Option<&Shape>,
    ) -> Option<Shape> {
        let args: Vec<Expr<'r>> = expr.children().collect();
        let shapes: Vec<_> = args.iter().map(|arg| self.shape(*arg, variables, item)).collect();
        let plain = name.strip_prefix("core::").unwrap_or(name);
        if !SPECIAL.contains(&plain) {
            match functions::signature(plain) {
                Some(function) => self.check_arity(function, expr, args.len(), name_span),
                None => {
                    let diagnostic = Diagnostic::error(name_span, format!("There is no function {name}()"));
                    let close = closest(name, functions::names());
                    self.problems.push(match close {
                        Some(close) => diagnostic.with_help(format!("Did you mean {close}()?")),
                        None => diagnostic.with_help("rulesets/README.md lists them."),
                    });
                }
            }
        }
        match plain {
            "related" | "has_related" => self.join_arguments(&args),
            "resources" => self.type_argument(args.first()),
            "referenced" => self.type_argument(args.get(1)),
            _ if PASSING.contains(&plain) => shapes.into_iter().reduce(common).flatten(),
            _ => None,
        }
    }

    fn check_arity(&mut self, function: &crate::eval::functions::Function, expr: Expr<'r>, given: usize, span: Span) {
        let wanted = function.parameters.len();
        let is_expanded = matches!(expr.kind(), ExprKind::Call { expand: true, .. });
        let too_few = given < wanted && !is_expanded;
        let too_many = given > wanted && function.variadic.is_none();
        if too_few || too_many {
            let names: Vec<_> = function.parameters.iter().map(|it| it.name).collect();
            let message = format!("{}() takes {wanted} arguments, not {given}", function.name);
            let diagnostic = Diagnostic::error(span, message);
            self.problems.push(diagnostic.with_help(format!("{}({})", function.name, names.join(", "))));
        }
    }

    /// `related(self, "type", "path")`: both must be written down and known.
    fn join_arguments(&mut self, args: &[Expr<'r>]) -> Option<Shape> {
        let shape = self.type_argument(args.get(1))?;
        let path = args.get(2)?;
        let ExprKind::String(text) = path.kind() else {
            self.problems
                .push(Diagnostic::error(path.span(), "The path must be written down").with_help("\"rule.bucket\""));
            return Some(shape);
        };
        let joined = Shape { path: text.split('.').map(str::to_owned).collect(), types: shape.types.clone() };
        if let Err(problem) = joined.check(self.declared()) {
            self.path_problem(&problem, path.span());
        }
        Some(shape)
    }

    fn type_argument(&mut self, arg: Option<&Expr<'r>>) -> Option<Shape> {
        let arg = arg?;
        let ExprKind::String(name) = arg.kind() else { return None };
        let name: Arc<str> = name.into();
        match check_type_name(&name, self.declared()) {
            Ok(()) => Some(Shape::instance(vec![name])),
            Err(problem) => {
                self.path_problem(&problem, arg.span());
                None
            }
        }
    }
}

/// The shape of something that is the one or the other: an empty list or null has none.
fn common(left: Option<Shape>, right: Option<Shape>) -> Option<Shape> {
    match (left, right) {
        (Some(left), Some(right)) if left == right => Some(left),
        (Some(_), Some(_)) | (None, None) => None,
        (Some(shape), None) | (None, Some(shape)) => Some(shape),
    }
}
