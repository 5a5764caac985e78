//! Conversion between types, as assignment and calls do it.

use std::fmt;
use std::sync::Arc;

use super::unknown_conversion::convert_unknown;
use super::{Fields, Kind, Number, Object, ObjectAttribute, Type, Value, converts, unify};

/// Why a value has no counterpart in a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionError {
    /// Where in the value, such as `[0].name`; empty for the value itself.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.path, self.message) }
    }
}

impl ConversionError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    fn mismatch(value: &Value, ty: &Type) -> Self {
        Self::new(format!("{} required, but this is {}", with_article(ty), with_article(&value.type_of())))
    }

    fn below(mut self, step: impl fmt::Display) -> Self {
        self.path.insert_str(0, &step.to_string());
        self
    }
}

fn with_article(ty: &Type) -> String {
    match ty {
        Type::Any => "a value".to_owned(),
        Type::Object(_) => "an object".to_owned(),
        Type::Bool | Type::Number | Type::String | Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) => {
            format!("a {}", ty.friendly())
        }
    }
}

/// The value as one of type `ty`. Marks and origins stay with every part; attributes that an object type lacks are
/// dropped, optional ones that the value lacks become null. Unknown values keep what is known about them.
///
/// # Errors
/// When Terraform has no such conversion, or not for this value.
pub fn convert(value: &Value, ty: &Type) -> Result<Value, ConversionError> {
    convert_open(value, ty).map_err(|error| {
        if !value.marks.is_sensitive() {
            return error;
        }
        ConversionError::new(format!("this sensitive value cannot be converted to {ty}"))
    })
}

/// The same, but an error may show the value.
fn convert_open(value: &Value, ty: &Type) -> Result<Value, ConversionError> {
    let kind = match (&value.kind, ty) {
        (_, Type::Any)
        | (Kind::Bool(_), Type::Bool)
        | (Kind::Number(_), Type::Number)
        | (Kind::String(_), Type::String) => return Ok(value.clone()),
        (Kind::List(item, _), Type::List(to))
        | (Kind::Set(item, _), Type::Set(to))
        | (Kind::Map(item, _), Type::Map(to))
            if settled(item, to) =>
        {
            return Ok(value.clone());
        }
        (Kind::Unknown(unknown), _) => {
            if !converts(&unknown.ty, ty) {
                return Err(ConversionError::mismatch(value, ty));
            }
            Kind::Unknown(Arc::new(convert_unknown(unknown, ty)))
        }
        (Kind::Null(from), _) => {
            if !converts(from, ty) {
                return Err(ConversionError::mismatch(value, ty));
            }
            Kind::Null(filled(from, &ty.without_optional()))
        }
        (_, Type::Bool | Type::Number | Type::String) => convert_primitive(value, ty)?,
        (Kind::List(_, items) | Kind::Tuple(items) | Kind::Set(_, items), Type::List(item)) => {
            let (item, items) = convert_items(value, items, item)?;
            Kind::List(item, items.into())
        }
        (Kind::List(_, items) | Kind::Tuple(items) | Kind::Set(_, items), Type::Set(item)) => {
            let (item, items) = convert_items(value, items, item)?;
            let set = Value::set_of(item, items);
            return Ok(Value { marks: value.marks.union(set.marks), origin: value.origin.clone(), ..set });
        }
        (Kind::Map(_, fields), Type::Map(item)) => convert_fields(value, fields, item)?,
        (Kind::Object(object), Type::Map(item)) => convert_fields(value, &object.fields, item)?,
        (Kind::Tuple(items), Type::Tuple(types)) => convert_tuple(value, items, types, ty)?,
        (Kind::Map(_, fields), Type::Object(attributes)) => convert_object(fields, attributes, None)?,
        (Kind::Object(object), Type::Object(attributes)) => {
            convert_object(&object.fields, attributes, object.identity.clone())?
        }
        (
            Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::List(..)
            | Kind::Set(..)
            | Kind::Tuple(_)
            | Kind::Map(..)
            | Kind::Object(_),
            Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_),
        ) => return Err(ConversionError::mismatch(value, ty)),
    };
    Ok(Value { kind, marks: value.marks, origin: value.origin.clone() })
}

/// Whether items of type `from` are of type `to` already.
fn settled(from: &Type, to: &Type) -> bool {
    from == to || *to == Type::Any
}

/// The text of a number.
///
/// # Errors
/// When it has too many digits to write down.
pub(super) fn number_text(number: &Number) -> Result<String, ConversionError> {
    number.to_text().ok_or_else(|| {
        ConversionError::new(format!("limit reached: the number has more than {} digits", Number::MAX_DIGITS))
    })
}

fn convert_primitive(value: &Value, ty: &Type) -> Result<Kind, ConversionError> {
    match (&value.kind, ty) {
        (Kind::Number(number), Type::String) => Ok(Kind::String(number_text(number)?.into())),
        (Kind::Bool(value), Type::String) => Ok(Kind::String(if *value { "true" } else { "false" }.into())),
        (Kind::String(text), Type::Number) => match Number::parse(text) {
            Some(number) => Ok(Kind::Number(number)),
            None => Err(ConversionError::new(format!("a number is required, but this is {}", quoted(text)))),
        },
        (Kind::String(text), Type::Bool) => match &**text {
            "true" | "1" => Ok(Kind::Bool(true)),
            "false" | "0" => Ok(Kind::Bool(false)),
            _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => Err(ConversionError::new(
                format!("a bool is required; write {:?} in small letters", text.to_ascii_lowercase()),
            )),
            _ => Err(ConversionError::new(format!("a bool is required, but this is {}", quoted(text)))),
        },
        _ => Err(ConversionError::mismatch(value, ty)),
    }
}

/// The text for a message, cut short.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() > LONGEST {
        return format!("{:?}…", text.chars().take(LONGEST).collect::<String>());
    }
    format!("{text:?}")
}

/// The items as values of one type, and that type.
fn convert_items(value: &Value, items: &[Value], item: &Type) -> Result<(Type, Vec<Value>), ConversionError> {
    if items.is_empty() {
        let from = value.type_of().item().cloned().unwrap_or(Type::Any);
        return Ok((filled(&from, &item.without_optional()), Vec::new()));
    }
    let item = common_type(items.iter(), item, value)?;
    let convert_one =
        |(idx, one): (usize, &Value)| convert(one, &item).map_err(|error| error.below(format_args!("[{idx}]")));
    let converted = items.iter().enumerate().map(convert_one).collect::<Result<Vec<_>, _>>()?;
    if !item.has_any() {
        return Ok((item.without_optional(), converted));
    }
    // Each item may have found its own type for what was open: now they must agree.
    let common = common_type(converted.iter(), &Type::Any, value)?;
    let converted = converted.iter().map(|one| convert(one, &common)).collect::<Result<Vec<_>, _>>()?;
    Ok((common.without_optional(), converted))
}

/// `wanted`, or the one type that all items convert to if that is open.
fn common_type<'v>(
    items: impl Iterator<Item = &'v Value>,
    wanted: &Type,
    whole: &Value,
) -> Result<Type, ConversionError> {
    if *wanted != Type::Any {
        return Ok(wanted.clone());
    }
    let types: Vec<Type> = items.map(Value::type_of).collect();
    unify(&types).ok_or_else(|| {
        let what = if whole.as_fields().is_some() { "attributes" } else { "items" };
        ConversionError::new(format!("all {what} must be of one type"))
    })
}

fn convert_fields(value: &Value, fields: &Fields, item: &Type) -> Result<Kind, ConversionError> {
    if fields.is_empty() {
        let from = value.type_of().item().cloned().unwrap_or(Type::Any);
        return Ok(Kind::Map(filled(&from, &item.without_optional()), Arc::default()));
    }
    let item = common_type(fields.values(), item, value)?;
    let mut converted = Fields::new();
    for (name, one) in fields {
        let one = convert(one, &item).map_err(|error| error.below(format_args!("[{name:?}]")))?;
        converted.insert(name.clone(), one);
    }
    if !item.has_any() {
        return Ok(Kind::Map(item.without_optional(), Arc::new(converted)));
    }
    let common = common_type(converted.values(), &Type::Any, value)?;
    for one in converted.values_mut() {
        *one = convert(one, &common)?;
    }
    Ok(Kind::Map(common.without_optional(), Arc::new(converted)))
}

fn convert_tuple(value: &Value, items: &[Value], types: &[Type], ty: &Type) -> Result<Kind, ConversionError> {
    if items.len() != types.len() {
        let message = format!("{} items required, but there are {}", types.len(), items.len());
        return Err(ConversionError { message, ..ConversionError::mismatch(value, ty) });
    }
    let convert_one = |(idx, (one, ty)): (usize, (&Value, &Type))| {
        convert(one, ty).map_err(|error| error.below(format_args!("[{idx}]")))
    };
    let converted = items.iter().zip(types).enumerate().map(convert_one).collect::<Result<Vec<_>, _>>()?;
    Ok(Kind::Tuple(converted.into()))
}

fn convert_object(
    fields: &Fields,
    attributes: &std::collections::BTreeMap<Arc<str>, ObjectAttribute>,
    identity: Option<Arc<str>>,
) -> Result<Kind, ConversionError> {
    let missing: Vec<String> = attributes
        .iter()
        .filter(|(name, attribute)| !attribute.optional && !fields.contains_key(*name))
        .map(|(name, _)| format!("{name:?}"))
        .collect();
    if !missing.is_empty() {
        let (noun, verb) = if missing.len() == 1 { ("attribute", "is") } else { ("attributes", "are") };
        return Err(ConversionError::new(format!("{noun} {} {verb} required", missing.join(", "))));
    }
    let mut converted = Fields::new();
    for (name, attribute) in attributes {
        let one = match fields.get(name) {
            Some(one) => convert(one, &attribute.ty).map_err(|error| error.below(format_args!(".{name}")))?,
            None => Value::null_of(attribute.ty.without_optional()),
        };
        converted.insert(name.clone(), one);
    }
    Ok(Kind::Object(Arc::new(Object { fields: converted, identity })))
}

/// `to` with its open parts taken from `from`.
pub(super) fn filled(from: &Type, to: &Type) -> Type {
    let unified = |types: Vec<Type>| unify(&types).unwrap_or(Type::Any);
    match (from, to) {
        (_, Type::Any) => from.clone(),
        (Type::List(from) | Type::Set(from), Type::List(to)) => Type::list(filled(from, to)),
        (Type::List(from) | Type::Set(from), Type::Set(to)) => Type::set(filled(from, to)),
        (Type::Map(from), Type::Map(to)) => Type::map(filled(from, to)),
        (Type::Tuple(items), Type::List(to)) => Type::list(filled(&unified(items.to_vec()), to)),
        (Type::Tuple(items), Type::Set(to)) => Type::set(filled(&unified(items.to_vec()), to)),
        (Type::Object(attributes), Type::Map(to)) => {
            Type::map(filled(&unified(attributes.values().map(|attr| attr.ty.clone()).collect()), to))
        }
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => {
            Type::Tuple(from.iter().zip(to.iter()).map(|(from, to)| filled(from, to)).collect())
        }
        (Type::Object(from), Type::Object(to)) => filled_object(|name| from.get(name).map(|attr| &attr.ty), to),
        (Type::Map(from), Type::Object(to)) => filled_object(|_| Some(from), to),
        _ => to.clone(),
    }
}

fn filled_object<'t>(
    from: impl Fn(&Arc<str>) -> Option<&'t Type>,
    to: &std::collections::BTreeMap<Arc<str>, ObjectAttribute>,
) -> Type {
    let fill = |(name, attribute): (&Arc<str>, &ObjectAttribute)| {
        let ty = from(name).map_or_else(|| attribute.ty.clone(), |from| filled(from, &attribute.ty));
        (name.clone(), ObjectAttribute { ty, optional: attribute.optional })
    };
    Type::Object(Arc::new(to.iter().map(fill).collect()))
}

#[cfg(test)]
mod tests;
