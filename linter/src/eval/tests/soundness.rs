//! What is said of unknown values holds, and Terraform knows nothing that we do not.

use super::print::{folded, printed};
use super::scope::{Variables, evaluate_in, evaluated};
use crate::eval::Dialect;
use crate::value::{Kind, Knowledge, Member, Refinement, TemplatePart, Type, Value, convert};

/// Expressions over unknown values with the answers of Terraform 1.11.4; its console knows no output of a resource
/// that does not exist. `(known after apply)` stands for what it does not know.
const ANSWERS: [&str; 2] = [include_str!("unknowns.txt"), include_str!("unknown_functions.txt")];
const UNKNOWN: &str = "(known after apply)";

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = ANSWERS.iter().flat_map(|answers| answers.lines());
    lines.filter(|line| !line.starts_with('#')).map(|line| line.split_once("  =>  ").unwrap())
}

#[test]
fn what_terraform_knows_is_known() {
    let wrong: Vec<String> = rows()
        .filter_map(|(text, answer)| match (evaluated(text), answer.starts_with("ERROR")) {
            (Err(_), true) => None,
            (Err(message), false) => Some(format!("{text}: {message}, but Terraform says {answer}")),
            (Ok(ours), _) if is_as_known(&printed(&ours), answer) => None,
            (Ok(ours), _) => Some(format!("{text}: {}, but Terraform says {answer}", printed(&ours))),
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where Terraform does not know a part we may know more: only what it knows must be the same.
fn is_as_known(ours: &str, answer: &str) -> bool {
    // A set with an unknown item has an unknown number of items; we call it unknown and keep the members.
    if answer.starts_with("toset(") && ours == UNKNOWN {
        return true;
    }
    // A list of which Terraform knows but the length: we keep its members and bounds instead.
    if answer.starts_with("tolist(")
        && ours == UNKNOWN
        && answer.replace(UNKNOWN, "").replace([',', ' '], "") == "tolist([])"
    {
        return true;
    }
    let mut rest = ours;
    answer.split(UNKNOWN).map(folded).filter(|part| !part.is_empty()).all(|part| match rest.find(part.as_str()) {
        Some(at) => {
            rest = rest.get(at + part.len()..).unwrap();
            true
        }
        None => false,
    })
}

/// Values that the unknown variables may turn out to have.
fn candidates(name: &str) -> &'static [&'static str] {
    match name {
        "us" => &["\"a\"", "\"x\"", "\"\"", "\"10.0.0.0/8\"", "null", "\"1\""],
        "ub" => &["true", "false", "null"],
        "un" => &["0", "1", "5", "-3", "1.5", "null"],
        "ul" => &["[]", "[\"a\"]", "[\"a\", \"b\", \"c\"]", "null"],
        "uset" => &["[\"b\", \"a\"]", "[]", "null"],
        "um" => &["{}", "{a = \"x\"}", "{x = \"y\", b = \"z\"}", "null"],
        "uo" => &["{a = \"x\", b = 1}", "{a = null, b = 2}", "null"],
        "ut" => &["[\"x\", 1]", "null"],
        "ulo" => &["[]", "[{a = \"x\"}]", "[{a = \"x\"}, {a = null}]", "null"],
        "u" => {
            &["\"a\"", "1", "null", "[\"x\"]", "[1, 2]", "{a = {b = [{c = 1}]}}", "{a = 1}", "true", "[{a = 1}]", "[]"]
        }
        other => panic!("{other}"),
    }
}

/// The scope in which every unknown variable has one of its values.
fn known_scope(round: usize) -> Variables {
    let mut scope = Variables::of_console();
    let unknown: Vec<_> =
        scope.fields.iter().filter(|(_, value)| value.is_unknown()).map(|(k, v)| (k.clone(), v.type_of())).collect();
    for (idx, (name, ty)) in unknown.into_iter().enumerate() {
        let values = candidates(&name);
        let text = values[(round + round / 7 * idx + idx) % values.len()];
        let value = convert(&evaluated(text).unwrap(), &ty).unwrap();
        scope.fields.insert(name, value);
    }
    scope
}

#[test]
fn what_is_said_of_unknown_values_holds_when_they_are_known() {
    let (mut checked, mut wrong) = (0, Vec::new());
    let scopes: Vec<Variables> = (0..60).map(known_scope).collect();
    let more = include_str!("sound.txt").lines().filter(|line| !line.starts_with('#'));
    for text in rows().map(|(text, _)| text).chain(more) {
        let Ok(before) = evaluated(text) else { continue };
        let outcomes = scopes.iter().filter_map(|scope| evaluate_in(Dialect::Terraform, text, scope).ok());
        for after in outcomes {
            checked += 1;
            if let Err(why) = check(&before, &after) {
                wrong.push(format!("{text}: {why}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 4000, "{checked}");
}

/// Whether a value can be what was known of it before.
fn check(before: &Value, after: &Value) -> Result<(), String> {
    let fail = |what: &str| Err(format!("{what}: {} became {}", printed(before), printed(after)));
    if !before.marks.contains(after.marks) {
        return fail("a mark was lost");
    }
    match (&before.kind, &after.kind) {
        (Kind::Unknown(unknown), _) => {
            if unknown.ty.excludes(&after.type_of()) {
                return fail(&format!("type {} is {}", unknown.ty, after.type_of()));
            }
            check_refinement(&unknown.refinement, after)?;
            check_knowledge(&unknown.knowledge, after)
        }
        (Kind::Tuple(a), Kind::Tuple(b)) | (Kind::List(_, a), Kind::List(_, b)) if a.len() == b.len() => {
            a.iter().zip(b.iter()).try_for_each(|(a, b)| check(a, b))
        }
        (Kind::Set(_, a), Kind::Set(_, b)) if a.len() == b.len() => {
            a.iter().zip(b.iter()).try_for_each(|(a, b)| check(a, b))
        }
        (Kind::Object(_), Kind::Object(_)) | (Kind::Map(..), Kind::Map(..))
            if before.as_fields().unwrap().keys().eq(after.as_fields().unwrap().keys()) =>
        {
            let pairs = before.as_fields().unwrap().values().zip(after.as_fields().unwrap().values());
            pairs.into_iter().try_for_each(|(a, b)| check(a, b))
        }
        (Kind::Null(_), Kind::Null(_)) => Ok(()),
        _ if before.without_deep_marks().same(&after.without_deep_marks()) => Ok(()),
        // Terraform too takes an arm as it is while the type of the other is open, and converts it later.
        _ if is_same_text(before, after) => Ok(()),
        _ => fail("another value"),
    }
}

fn is_same_text(before: &Value, after: &Value) -> bool {
    let text = |value: &Value| convert(value, &Type::String).ok().filter(|text| text.as_str().is_some());
    matches!((text(before), text(after)), (Some(a), Some(b)) if a.as_str() == b.as_str())
}

fn check_refinement(known: &Refinement, after: &Value) -> Result<(), String> {
    let length = after.as_items().map(<[Value]>::len).or(after.as_fields().map(|fields| fields.len()));
    let broken = known.not_null && after.is_null()
        || known.prefix.as_ref().is_some_and(|prefix| after.as_str().is_some_and(|text| !text.starts_with(&**prefix)))
        || known.min_length.is_some_and(|min| length.is_some_and(|length| length < min))
        || known.max_length.is_some_and(|max| length.is_some_and(|length| length > max))
        || known.min.as_ref().is_some_and(|min| after.as_number().is_some_and(|number| number < min))
        || known.max.as_ref().is_some_and(|max| after.as_number().is_some_and(|number| number > max));
    if broken { Err(format!("{known:?} is not kept by {}", printed(after))) } else { Ok(()) }
}

fn check_knowledge(knowledge: &Knowledge, after: &Value) -> Result<(), String> {
    match knowledge {
        Knowledge::Nothing | Knowledge::Symbol(_) | Knowledge::Json(_) | Knowledge::Yaml(_) | Knowledge::Base64(_) => {
            Ok(())
        }
        Knowledge::Template(parts) => check_text(parts, after),
        Knowledge::OneOf(values) => {
            let matches = |value: &&Value| {
                let unmarked = after.clone().without_deep_marks();
                check(value, &unmarked).is_ok()
                    && (value.is_unknown()
                        || value.type_of() == after.type_of()
                        || after.type_of().has_any()
                        || value.type_of().has_any())
            };
            match values.iter().find(matches) {
                Some(_) => Ok(()),
                None => {
                    Err(format!("{} is none of {:?}", printed(after), values.iter().map(printed).collect::<Vec<_>>()))
                }
            }
        }
        Knowledge::Members(members) => {
            members.iter().filter(|member| member.certain).try_for_each(|one| check_member(one, after))?;
            check_all_members(members, after)
        }
    }
}

fn check_member(member: &Member, after: &Value) -> Result<(), String> {
    let unmarked = after.clone().without_deep_marks();
    let known_key = member.key.as_ref().and_then(Value::as_str);
    let found = match (unmarked.as_fields(), unmarked.as_items()) {
        (Some(fields), _) => fields
            .iter()
            .any(|(name, value)| known_key.is_none_or(|key| key == &**name) && check(&member.value, value).is_ok()),
        (None, Some(items)) => items.iter().any(|item| check(&member.value, item).is_ok()),
        (None, None) => after.is_null(),
    };
    if found { Ok(()) } else { Err(format!("{} is not in {}", printed(&member.value), printed(after))) }
}

/// Whether the members stand for everything that is there.
fn check_all_members(members: &[Member], after: &Value) -> Result<(), String> {
    let unmarked = after.clone().without_deep_marks();
    let stands_for = |name: Option<&str>, value: &Value| {
        members.iter().any(|member| {
            let key = member.key.as_ref().and_then(Value::as_str);
            (name.is_none() || key.is_none() || key == name) && check(&member.value.without_deep_marks(), value).is_ok()
        })
    };
    let lost: Vec<String> = match (unmarked.as_fields(), unmarked.as_items()) {
        (Some(fields), _) => {
            fields.iter().filter(|(name, one)| !stands_for(Some(name), one)).map(|(name, _)| name.to_string()).collect()
        }
        (None, Some(items)) => items.iter().filter(|one| !stands_for(None, one)).map(printed).collect(),
        (None, None) => Vec::new(),
    };
    if lost.is_empty() { Ok(()) } else { Err(format!("no member stands for {lost:?} in {}", printed(after))) }
}

fn check_text(parts: &[TemplatePart], after: &Value) -> Result<(), String> {
    assert_ne!(after.type_of(), Type::Any);
    let text = after.as_str().unwrap();
    let mut rest = text;
    for part in parts {
        if let TemplatePart::Text(known) = part {
            let at = rest.find(&**known).ok_or_else(|| format!("{known:?} is not in {text:?}"))?;
            rest = rest.get(at + known.len()..).unwrap();
        }
    }
    Ok(())
}
