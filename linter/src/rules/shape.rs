//! What is known of an expression's value before it is evaluated: which part of which resource type it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::closest;
use crate::terraform::schema::{self, Place};

/// Names that every instance has besides its attributes.
const META: &[&str] = &["lifecycle", "provider", "depends_on", "provisioner", "address", "change"];

/// A part of an instance of one of several types. Lists are not distinguished from their items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// The types; data sources with `data.` in front.
    pub(super) types: Vec<Arc<str>>,
    /// Names from the instance on.
    pub(super) path: Vec<String>,
}

/// What is wrong with a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PathProblem {
    /// No type has it; a name that is close to the one that is wrong.
    NoSuchName { wrong: String, suggestion: Option<String> },
    /// The type is in no table and the rule does not declare it.
    UnknownType(Arc<str>),
}

/// Attributes that a rule declares, by type.
pub(super) type Declared = BTreeMap<Arc<str>, Vec<String>>;

impl Shape {
    /// A whole instance.
    pub(super) fn instance(types: Vec<Arc<str>>) -> Self {
        Self { types, path: Vec::new() }
    }

    /// A part of this.
    pub(super) fn part(&self, name: &str) -> Self {
        let mut path = self.path.clone();
        path.push(name.to_owned());
        Self { types: self.types.clone(), path }
    }

    /// Checks that at least one of the types has the path.
    pub(super) fn check(&self, declared: &Declared) -> Result<(), PathProblem> {
        if self.path.first().is_none_or(|first| META.contains(&first.as_str())) {
            return Ok(());
        }
        let steps: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let mut first_problem = None;
        for name in &self.types {
            match check_type(name, &steps, declared) {
                Ok(()) => return Ok(()),
                Err(problem) => first_problem = first_problem.or(Some(problem)),
            }
        }
        first_problem.map_or(Ok(()), Err)
    }
}

/// Whether a type can be used at all.
pub(super) fn check_type_name(name: &Arc<str>, declared: &Declared) -> Result<(), PathProblem> {
    let is_known = declared.contains_key(name) || schema::is_known(name);
    if is_known { Ok(()) } else { Err(PathProblem::UnknownType(name.clone())) }
}

fn check_type(name: &Arc<str>, steps: &[&str], declared: &Declared) -> Result<(), PathProblem> {
    let own = declared.get(name);
    if own.is_some_and(|paths| paths.iter().any(|path| covers(path, steps))) {
        return Ok(());
    }
    let known = schema::resource(&crate::graph::canonical_type(name));
    match (known, own) {
        (Some(schema), _) => match schema.find(steps.iter().copied()) {
            Some(Place::Attribute(_) | Place::Block(_) | Place::Inside(..)) => Ok(()),
            None => Err(closest_name(&schema, steps)),
        },
        (None, Some(paths)) => Err(declared_problem(paths, steps)),
        (None, None) => Err(PathProblem::UnknownType(name.clone())),
    }
}

/// Whether a declared path leads to, through or beyond these steps: what is below a declared name is not checked.
fn covers(declared: &str, steps: &[&str]) -> bool {
    declared.split('.').zip(steps).all(|(declared, step)| declared == *step)
}

fn closest_name(schema: &schema::ResourceSchema, steps: &[&str]) -> PathProblem {
    let mut members = &schema.members;
    for step in steps {
        match members.block(step) {
            Some(block) => members = &block.members,
            None => {
                let suggestion = members.suggest(step).map(str::to_owned);
                return PathProblem::NoSuchName { wrong: (*step).to_owned(), suggestion };
            }
        }
    }
    PathProblem::NoSuchName { wrong: steps.join("."), suggestion: None }
}

fn declared_problem(paths: &[String], steps: &[&str]) -> PathProblem {
    let whole = steps.join(".");
    let suggestion = closest(&whole, paths.iter().map(String::as_str)).map(str::to_owned);
    PathProblem::NoSuchName { wrong: whole, suggestion }
}
