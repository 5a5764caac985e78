use super::*;
use crate::value::{Knowledge, Reason, equal};

fn unknown(ty: Type) -> Value {
    Value::unknown(ty, Reason::NoValue("var.x".into()))
}

fn fields(pairs: &[(&str, Value)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).into(), value.clone())).collect()
}

#[track_caller]
fn converts_to(value: Value, ty: &Type, expected: Value) {
    let converted = convert(&value, ty);
    assert!(converted.as_ref().is_ok_and(|converted| converted.same(&expected)), "{converted:#?}\n{expected:#?}");
}

#[test]
fn a_tuple_becomes_a_list_of_the_common_type() {
    let tuple = Value::tuple([Value::from(1), "a".into(), true.into()]);
    converts_to(
        tuple,
        &Type::list(Type::Any),
        Kind::List(Type::String, ["1".into(), "a".into(), "true".into()].into()).into(),
    );
    let mixed = Value::tuple([Value::from(1), true.into()]);
    assert!(convert(&mixed, &Type::list(Type::Any)).is_err());
}

#[test]
fn a_tuple_with_an_unknown_leaf_becomes_a_known_list() {
    let tuple = Value::tuple([unknown(Type::String), "a".into()]);
    let list = Kind::List(Type::String, [unknown(Type::String), "a".into()].into()).into();
    converts_to(tuple, &Type::list(Type::String), list);
}

#[test]
fn a_set_with_an_unknown_item_is_unknown_and_keeps_its_members() {
    let tuple = Value::tuple([unknown(Type::String), "a".into(), "a".into()]);
    let set = convert(&tuple, &Type::set(Type::Any)).ok();
    let unknown = set.as_ref().and_then(Value::as_unknown);
    assert!(unknown.is_some_and(|unknown| {
        unknown.ty == Type::set(Type::String)
            && unknown.refinement.min_length == Some(1)
            && unknown.refinement.max_length == Some(3)
            && matches!(&unknown.knowledge, Knowledge::Members(members) if members.len() == 3)
    }));
}

#[test]
fn an_object_loses_what_its_type_lacks_and_gains_null_for_what_is_optional() {
    let attribute = |ty, optional| ObjectAttribute { ty, optional };
    let ty = Type::Object(Arc::new(
        [("a".into(), attribute(Type::String, false)), ("b".into(), attribute(Type::Number, true))].into(),
    ));
    let object = Value::object(fields(&[("a", 1.into()), ("zzz", true.into())]));
    converts_to(object, &ty, Value::object(fields(&[("a", "1".into()), ("b", Value::null_of(Type::Number))])));
    let error = convert(&Value::object(Fields::new()), &ty).err();
    assert_eq!(error.map(|error| error.to_string()).as_deref(), Some("attribute \"a\" is required"));
}

#[test]
fn errors_say_where() {
    let value = Value::tuple([Value::object(fields(&[("port", "ssh".into())]))]);
    let ty = Type::list(Type::Object(Arc::new([("port".into(), ObjectAttribute::required(Type::Number))].into())));
    let error = convert(&value, &ty).err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("[0].port: a number is required, but this is \"ssh\""));
}

#[test]
fn maps_of_objects_agree_on_one_type() {
    let value = Value::object(fields(&[
        ("a", Value::object(fields(&[("b", 1.into())]))),
        ("c", Value::object(fields(&[("d", "x".into())]))),
    ]));
    let one = |name, text: &str| Kind::Map(Type::String, Arc::new(fields(&[(name, text.into())]))).into();
    let expected = Kind::Map(Type::map(Type::String), Arc::new(fields(&[("a", one("b", "1")), ("c", one("d", "x"))])));
    converts_to(value, &Type::map(Type::Any), expected.into());
}

#[test]
fn sets_are_sorted_without_duplicates() {
    let numbers = Value::tuple([100, 20, 3, 20].map(|n: i64| Value::from(n)));
    let sorted = Kind::Set(Type::Number, [3, 20, 100].map(|n: i64| Value::from(n)).into()).into();
    converts_to(numbers, &Type::set(Type::Any), sorted);
}

#[test]
fn equality_is_three_valued() {
    let cases = [
        (Value::from(1), "1".into(), Some(false)),
        (Value::null(), Value::null_of(Type::String), Some(true)),
        (unknown(Type::String), Value::null(), None),
        (unknown(Type::String), "a".into(), None),
        (unknown(Type::String), 1.into(), Some(false)),
        (Value::tuple([unknown(Type::Any), 1.into()]), Value::tuple([Value::from(1), 2.into()]), Some(false)),
        (Value::tuple([unknown(Type::Any), 1.into()]), Value::tuple([Value::from(1), 1.into()]), None),
    ];
    for (left, right, expected) in cases {
        assert_eq!(equal(&left, &right), expected, "{left:?} == {right:?}");
        assert_eq!(equal(&right, &left), expected, "{right:?} == {left:?}");
    }
}
