#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade::value::{Fields, Kind, Number, ObjectAttribute, Refinement, Type, Unknown, Value, equal};
use proptest::prelude::*;

use super::*;

fn object_type(attributes: &[(&str, Type)]) -> Type {
    let attribute = |(name, ty): &(&str, Type)| (Arc::from(*name), ObjectAttribute::required(ty.clone()));
    Type::Object(Arc::new(attributes.iter().map(attribute).collect::<BTreeMap<_, _>>()))
}

fn pack(raw: &rmpv::Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, raw).unwrap();
    bytes
}

#[test]
fn the_type_tells_what_bytes_mean() {
    let text = pack(&rmpv::Value::Array(vec!["b".into(), "a".into(), "b".into()]));
    let items = |ty: &Type| decode(&text, ty, "config").unwrap().to_json_text().unwrap();
    assert_eq!(items(&Type::list(Type::String)), r#"["b","a","b"]"#);
    assert_eq!(items(&Type::set(Type::String)), r#"["a","b"]"#);
    assert_eq!(decode(&pack(&7.into()), &Type::Number, "config").unwrap().as_number(), Some(&Number::from(7)));
    let digits = "123456789012345678901234567890.5";
    assert_eq!(decode(&pack(&digits.into()), &Type::Number, "config").unwrap().to_json_text().unwrap(), digits);
    assert_eq!(decode(&pack(&digits.into()), &Type::String, "config").unwrap().as_str(), Some(digits));
    assert!(decode(&[0xc0], &Type::list(Type::String), "config").unwrap().is_null());
}

#[test]
fn an_open_value_brings_its_type() {
    let pair = |ty: &str, value: rmpv::Value| pack(&rmpv::Value::Array(vec![ty.as_bytes().into(), value]));
    let read = |bytes: &[u8]| decode(bytes, &Type::Any, "config");
    let list = read(&pair(r#"["list","string"]"#, rmpv::Value::Array(vec!["x".into()]))).unwrap();
    assert_eq!(list.type_of(), Type::list(Type::String));
    assert_eq!(read(&pair(r#""number""#, rmpv::Value::Nil)).unwrap().type_of(), Type::Number);
    assert!(read(&[0xd4, 0, 0]).unwrap().is_unknown());
    for wrong in [pair("\"nothing\"", 1.into()), pair("\"dynamic\"", 1.into()), pack(&1.into())] {
        assert!(read(&wrong).is_err());
    }
}

#[test]
fn unknown_values_say_where_they_are_and_keep_their_limits() {
    let ty = object_type(&[("name", Type::String), ("ports", Type::list(Type::Number))]);
    let limits = Refinement { not_null: true, prefix: Some("sg-".into()), ..Refinement::default() };
    let ports = Refinement { min_length: Some(1), max_length: Some(3), ..Refinement::default() };
    let bytes = pack(&rmpv::Value::Map(vec![
        ("name".into(), refinement::write(&limits)),
        ("ports".into(), refinement::write(&ports)),
    ]));
    let value = decode(&bytes, &ty, "config").unwrap();
    let fields = value.as_fields().unwrap();
    let unknown = |name: &str| fields.get(name).unwrap().as_unknown().unwrap();
    assert_eq!(unknown("name").refinement, limits);
    assert_eq!(unknown("name").reasons.first().unwrap().to_string(), "config.name is unknown in the plan");
    assert_eq!(unknown("ports").refinement, ports);
    assert_eq!(encode(&value, &ty).unwrap(), bytes);
}

#[test]
fn limits_that_cannot_be_read_are_none() {
    for payload in [&[][..], &[0xc1], &[0x81, 2, 7], &[0x81, 0xa1, b'x', 1], &[0x81, 3, 0x90]] {
        let raw = rmpv::Value::Ext(12, payload.to_vec());
        let value = decode(&pack(&raw), &Type::String, "config").unwrap();
        assert_eq!(value.as_unknown().unwrap().refinement, Refinement::default());
    }
    let certainly_null = rmpv::Value::Ext(12, vec![0x81, 1, 0xc3]);
    assert!(decode(&pack(&certainly_null), &Type::String, "config").unwrap().is_null());
}

#[test]
fn what_is_not_of_the_type_is_refused_with_its_place() {
    let ty = object_type(&[("rules", Type::list(object_type(&[("port", Type::Number)])))]);
    let rule = |port: rmpv::Value| rmpv::Value::Map(vec![("port".into(), port)]);
    let rules = |items| pack(&rmpv::Value::Map(vec![("rules".into(), rmpv::Value::Array(items))]));
    let refused = |bytes: &[u8]| decode(bytes, &ty, "config").unwrap_err().to_string();
    assert_eq!(
        refused(&rules(vec![rule(1.into()), rule(true.into())])),
        "rules[1].port: this is not encoded as number"
    );
    let twice = rmpv::Value::Map(vec![("port".into(), 1.into()), ("port".into(), 2.into())]);
    assert_eq!(refused(&rules(vec![twice])), "rules[0]: \"port\" is there twice");
    assert_eq!(refused(&pack(&rmpv::Value::Map(vec![("x".into(), 1.into())]))), "there is no attribute \"x\"");
}

#[test]
fn hostile_bytes_are_refused() {
    let any = Type::Any;
    for bytes in [
        vec![],
        vec![0xc0, 0xc0],
        vec![0x91; 100_000],
        vec![0xdd, 0xff, 0xff, 0xff, 0xff],
        vec![0xdf, 0xff, 0xff, 0xff, 0xff],
        vec![0xdb, 0xff, 0xff, 0xff, 0xff],
        vec![0xc9, 0xff, 0xff, 0xff, 0xff, 12],
        vec![0xc0; MAX_BYTES + 1],
    ] {
        assert!(decode(&bytes, &any, "config").is_err());
    }
}

#[test]
fn attributes_are_replaced_and_the_others_left_alone() {
    let kept = rmpv::Value::Ext(12, vec![0x81, 1, 0xc2]);
    let bytes = pack(&rmpv::Value::Map(vec![("config".into(), kept.clone()), ("id".into(), rmpv::Value::Nil)]));
    let changed = replace_attributes(
        &bytes,
        &[("id", &Value::from("x"), &Type::String), ("digest", &Value::from(true), &Type::Bool)],
    );
    let wanted =
        rmpv::Value::Map(vec![("config".into(), kept), ("id".into(), "x".into()), ("digest".into(), true.into())]);
    assert_eq!(changed.unwrap(), pack(&wanted));
}

#[test]
fn json_of_states_is_read_by_its_type() {
    let ty = object_type(&[("config", Type::Any), ("names", Type::set(Type::String))]);
    let json = br#"{"config":{"type":["object",{"a":"number"}],"value":{"a":1.50}},"names":["b","a"]}"#;
    let value = decode_json(json, &ty).unwrap();
    assert_eq!(value.to_json_text().unwrap(), r#"{"config":{"a":1.5},"names":["a","b"]}"#);
    for wrong in [&b""[..], b"{", br#"{"config":1}"#, br#"{"config":{"type":"string"}}"#] {
        assert!(decode_json(wrong, &ty).is_err());
    }
}

/// A value and its type.
fn typed_value() -> impl Strategy<Value = (Value, Type)> {
    let number = prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("no number", Number::from_f64),
        "-?[1-9][0-9]{0,40}(\\.[0-9]{1,20})?".prop_filter_map("no number", |text| Number::parse(&text)),
    ];
    let leaf = prop_oneof![
        ".{0,8}".prop_map(|text| (Value::string(text), Type::String)),
        any::<bool>().prop_map(|value| (Value::from(value), Type::Bool)),
        number.prop_map(|number| (Value::from(number), Type::Number)),
        Just((Value::null_of(Type::String), Type::String)),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            (inner.clone(), 0_usize..3).prop_map(|((value, ty), count)| {
                (Kind::List(ty.clone(), vec![value; count].into()).into(), Type::list(ty))
            }),
            inner.clone().prop_map(|(value, ty)| (Value::set_of(ty.clone(), [value]), Type::set(ty))),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| {
                let (values, types): (Vec<_>, Vec<_>) = items.into_iter().unzip();
                (Value::tuple(values), Type::Tuple(types.into()))
            }),
            prop::collection::btree_map("[a-z]{1,3}", inner.clone(), 0..3).prop_map(|fields| {
                let values = fields.iter().map(|(name, (value, _))| (name.as_str().into(), value.clone()));
                let types: Vec<(&str, Type)> = fields.iter().map(|(name, (_, ty))| (&**name, ty.clone())).collect();
                (Value::object(values.collect::<Fields>()), object_type(&types))
            }),
            // Open collections come back as tuples and objects: see below.
            inner.prop_filter_map("open inside", |(value, ty)| (!ty.has_any()).then_some((value, Type::Any))),
        ]
    })
}

#[test]
fn collections_without_a_common_type_are_tuples_and_objects() {
    let items = [Value::from("a"), Value::from(true)];
    let fields: Fields = [("x".into(), Value::from(1)), ("y".into(), Value::from("b"))].into();
    for (value, wanted) in [
        (Kind::List(Type::Any, items.clone().into()).into(), r#"["a",true]"#),
        (Value::set_of(Type::Any, items.first().cloned()), r#"["a"]"#),
        (Kind::Map(Type::Any, Arc::new(fields)).into(), r#"{"x":1,"y":"b"}"#),
    ] {
        let bytes = encode(&value, &Type::Any).unwrap();
        let back = decode(&bytes, &Type::Any, "config").unwrap();
        assert!(matches!(back.kind, Kind::Tuple(_) | Kind::Object(_)), "{back:?}");
        assert_eq!(back.to_json_text().unwrap(), wanted);
    }
}

proptest! {
    #[test]
    fn values_come_back_as_they_were((value, ty) in typed_value()) {
        let bytes = encode(&value, &ty).unwrap();
        let back = decode(&bytes, &ty, "config").unwrap();
        prop_assert_eq!(back.to_json(), value.to_json());
        prop_assert!(equal(&back, &value) == Some(true) || back.is_null());
        prop_assert_eq!(encode(&back, &ty).unwrap(), bytes);
    }

    #[test]
    fn any_bytes_are_a_value_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        for ty in [Type::Any, Type::String, Type::Number, Type::set(Type::Any), object_type(&[("a", Type::Any)])] {
            if let Ok(value) = decode(&bytes, &ty, "config") {
                prop_assert!(!ty.excludes(&value.type_of()) || value.is_null());
            }
        }
    }

    #[test]
    fn damaged_bytes_are_a_value_or_refused((value, ty) in typed_value(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = encode(&value, &ty).unwrap();
        let cut = at.index(bytes.len());
        prop_assert!(decode(bytes.get(..cut).unwrap(), &ty, "config").is_err());
        *bytes.get_mut(cut).unwrap() = byte;
        drop(decode(&bytes, &ty, "config"));
    }
}

#[test]
fn an_unknown_value_of_any_type_is_written_as_terraform_reads_it() {
    let plain = Kind::Unknown(Arc::new(Unknown::derived(Type::Bool, []))).into();
    assert_eq!(encode(&plain, &Type::Bool).unwrap(), [0xd4, 0, 0]);
    let pair = decode(&encode(&plain, &Type::Any).unwrap(), &Type::Any, "config").unwrap();
    assert_eq!(pair.type_of(), Type::Bool);
}
