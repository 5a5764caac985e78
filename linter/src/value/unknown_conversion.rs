//! What stays known of an unknown value when its type changes.

use std::sync::Arc;

use super::convert::{convert, filled};
use super::{Knowledge, Member, Refinement, Type, Unknown, Value};

/// The unknown value as one of type `ty`, which its type converts to.
pub(super) fn convert_unknown(unknown: &Unknown, ty: &Type) -> Unknown {
    if unknown.ty == *ty {
        return unknown.clone();
    }
    let target = filled(&unknown.ty, &ty.without_optional());
    let refinement = convert_refinement(unknown, &target);
    let knowledge = convert_knowledge(&unknown.knowledge, &target, ty);
    Unknown { ty: target, reasons: unknown.reasons.clone(), refinement, knowledge }
}

fn convert_refinement(unknown: &Unknown, target: &Type) -> Refinement {
    let from = &unknown.refinement;
    let mut refinement = Refinement { not_null: from.not_null, ..Refinement::default() };
    match (&unknown.ty, target) {
        (Type::Any | Type::String, Type::String) => refinement.prefix.clone_from(&from.prefix),
        (Type::Any | Type::Number, Type::Number) => {
            refinement.min.clone_from(&from.min);
            refinement.max.clone_from(&from.max);
        }
        (Type::Tuple(items), Type::List(_)) => {
            refinement.min_length = Some(items.len());
            refinement.max_length = Some(items.len());
        }
        (Type::Tuple(items), Type::Set(_)) => {
            refinement.min_length = Some(items.len().min(1));
            refinement.max_length = Some(items.len());
        }
        (Type::Object(attributes), Type::Map(_)) => {
            refinement.min_length = Some(attributes.len());
            refinement.max_length = Some(attributes.len());
        }
        (Type::List(_), Type::Set(_)) | (Type::Any, Type::Set(_)) => {
            refinement.min_length = from.min_length.map(|min| min.min(1));
            refinement.max_length = from.max_length;
        }
        (Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Any, Type::List(_) | Type::Set(_) | Type::Map(_)) => {
            refinement.min_length = from.min_length;
            refinement.max_length = from.max_length;
        }
        _ => {}
    }
    refinement
}

fn convert_knowledge(knowledge: &Knowledge, target: &Type, ty: &Type) -> Knowledge {
    match knowledge {
        Knowledge::Nothing => Knowledge::Nothing,
        // It is still that attribute, in another dress: joins look for it.
        Knowledge::Symbol(symbol) => Knowledge::Symbol(symbol.clone()),
        Knowledge::Template(_) | Knowledge::Json(_) | Knowledge::Yaml(_) | Knowledge::Base64(_) => match target {
            Type::String | Type::Any => knowledge.clone(),
            Type::Bool
            | Type::Number
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_) => Knowledge::Nothing,
        },
        Knowledge::OneOf(values) => {
            match values.iter().map(|value| convert(value, ty)).collect::<Result<Arc<[Value]>, _>>() {
                Ok(values) => Knowledge::OneOf(values),
                Err(_) => Knowledge::Nothing,
            }
        }
        Knowledge::Members(members) => convert_members(members, target, ty),
    }
}

fn convert_members(members: &[Member], target: &Type, ty: &Type) -> Knowledge {
    let convert_member = |member: &Member| {
        let value = match (target, ty) {
            (Type::List(item) | Type::Set(item) | Type::Map(item), _) => convert(&member.value, item).ok()?,
            (Type::Object(_), Type::Object(attributes)) => {
                let name = member.key.as_ref()?.as_str()?;
                convert(&member.value, &attributes.get(name)?.ty).ok()?
            }
            _ => return None,
        };
        // Lists and sets have no keys worth keeping: a list made of a set counts anew.
        let key = match target {
            Type::Map(_) | Type::Object(_) => member.key.clone(),
            Type::Any | Type::Bool | Type::Number | Type::String | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                None
            }
        };
        Some(Member { key, value, certain: member.certain })
    };
    match members.iter().map(convert_member).collect::<Option<Arc<[Member]>>>() {
        Some(members) => Knowledge::Members(members),
        None => Knowledge::Nothing,
    }
}
