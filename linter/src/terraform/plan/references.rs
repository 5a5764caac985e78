//! What the configuration part of plan JSON says about an unknown attribute: nothing, or the references it is made of.

use serde_json::Value as Json;

use super::path;
use crate::terraform::schema::{Members, Nesting, Place, ResourceSchema};

/// How the configuration sets an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// It does not: the provider decides.
    Unset,
    /// By an expression with these references, the longest of each chain, in order.
    References(Vec<String>),
    /// There is no telling which of several blocks it is.
    Ambiguous,
}

/// How `expressions` of a resource set the attribute at `path`.
pub(super) fn setting(expressions: &Json, path: &str, schema: Option<&ResourceSchema>) -> Setting {
    let mut at = expressions;
    let mut names: Vec<&str> = Vec::new();
    for step in path::steps(path) {
        if is_expression(at) {
            break;
        }
        match at {
            Json::Array(blocks) => {
                let Some(block) = one_block(blocks, step, nesting(schema, &names)) else {
                    return Setting::Ambiguous;
                };
                at = block;
            }
            // Blocks of single nesting are objects here and one-item lists in the value.
            Json::Object(_) if step.bytes().all(|byte| byte.is_ascii_digit()) => {}
            Json::Object(block) => match block.get(step) {
                Some(inner) => {
                    names.push(step);
                    at = inner;
                }
                None => return Setting::Unset,
            },
            _ => return Setting::Unset,
        }
    }
    if is_expression(at) { Setting::References(references(at)) } else { Setting::Ambiguous }
}

/// The references of an expression, without those that a longer one before them contains.
pub(super) fn references(expression: &Json) -> Vec<String> {
    let mut longest: Vec<String> = Vec::new();
    let listed = expression.get("references").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    for reference in listed {
        let contained = |longer: &String| {
            longer.strip_prefix(reference).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        if !longest.iter().any(contained) {
            longest.push(reference.to_owned());
        }
    }
    longest
}

fn is_expression(json: &Json) -> bool {
    json.as_object().is_some_and(|object| {
        object.is_empty()
            || object.get("references").is_some_and(Json::is_array)
            || object.contains_key("constant_value")
    })
}

fn one_block<'j>(blocks: &'j [Json], step: &str, nesting: Option<Nesting>) -> Option<&'j Json> {
    match (blocks, nesting) {
        ([only], _) => Some(only),
        (_, Some(Nesting::List)) => blocks.get(step.parse::<usize>().ok()?),
        // Sets are not in source order.
        (_, Some(Nesting::Set | Nesting::Map | Nesting::Single) | None) => None,
    }
}

fn nesting(schema: Option<&ResourceSchema>, names: &[&str]) -> Option<Nesting> {
    let members: &Members = &schema?.members;
    match members.find(names.iter().copied())? {
        Place::Block(block) => Some(block.nesting),
        Place::Attribute(_) | Place::Inside(..) => None,
    }
}
