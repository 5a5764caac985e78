//! What is known of partly known JSON.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::Arc;

use super::decode_partly_known_json;
use crate::eval::functions::called::{at, called, symbol, template};
use crate::value::{Fields, Kind, Knowledge, Marks, Reason, TemplatePart, Type, Unknown, Value};

fn policy(resource: Value) -> Value {
    let statement = Fields::from([("Effect".into(), Value::string("Allow")), ("Resource".into(), resource)]);
    Value::object(Fields::from([("Statement".into(), Value::tuple(vec![Value::object(statement)]))]))
}

#[test]
fn decoding_what_was_encoded_gives_the_partly_known_value_back() {
    let text = called("jsonencode", &[policy(symbol("aws_s3_bucket.b"))]).unwrap();
    assert!(text.is_unknown());
    for decode in ["jsondecode", "yamldecode"] {
        let value = called(decode, std::slice::from_ref(&text)).unwrap();
        assert_eq!(at(&value, &["Statement", "0", "Effect"]).as_str(), Some("Allow"));
        assert_eq!(&*at(&value, &["Statement", "0", "Resource"]).symbol().unwrap().address, "aws_s3_bucket.b");
    }
}

#[test]
fn yaml_that_was_encoded_is_decoded_as_yaml_and_nothing_else() {
    let text = called("yamlencode", &[policy(symbol("aws_s3_bucket.b"))]).unwrap();
    for text in
        [text.clone(), called("base64decode", &[called("base64encode", std::slice::from_ref(&text)).unwrap()]).unwrap()]
    {
        let value = called("yamldecode", &[text]).unwrap();
        assert_eq!(at(&value, &["Statement", "0", "Effect"]).as_str(), Some("Allow"));
        assert_eq!(&*at(&value, &["Statement", "0", "Resource"]).symbol().unwrap().address, "aws_s3_bucket.b");
    }
    let value = called("jsondecode", &[text]).unwrap();
    assert!(value.is_unknown() && value.as_fields().is_none());
}

#[test]
fn encoding_says_how_the_text_begins_and_why_it_is_unknown() {
    let text = called("jsonencode", &[policy(symbol("aws_s3_bucket.b"))]).unwrap();
    let unknown = text.as_unknown().unwrap();
    assert_eq!(unknown.refinement.prefix.as_deref(), Some("{"));
    assert!(unknown.refinement.not_null);
    assert_eq!(*unknown.reasons, [Reason::Computed("aws_s3_bucket.b".into(), "id".into())]);
    // What may be null may become the text `null`.
    let text = called("jsonencode", &[Value::unknown(Type::list(Type::String), Reason::NoValue("var.x".into()))]);
    assert_eq!(text.unwrap().as_unknown().unwrap().refinement.prefix, None);
}

#[test]
fn sensitive_parts_make_the_text_and_what_is_decoded_sensitive() {
    let text = called("jsonencode", &[policy(symbol("aws_s3_bucket.b").marked(Marks::SENSITIVE))]).unwrap();
    assert!(text.marks.is_sensitive());
    assert!(called("jsondecode", std::slice::from_ref(&text)).unwrap().marks.is_sensitive());
    assert!(decode_partly_known_json(&text).unwrap().marks.is_sensitive());
}

#[test]
fn base64_of_an_unknown_value_is_unwrapped_again() {
    let text = called("base64encode", &[symbol("aws_kms_key.k")]).unwrap();
    assert!(matches!(text.as_unknown().unwrap().knowledge, Knowledge::Base64(_)));
    assert_eq!(&*called("base64decode", &[text]).unwrap().symbol().unwrap().address, "aws_kms_key.k");
    let plain = called("base64decode", &[symbol("aws_kms_key.k")]).unwrap();
    assert!(plain.is_unknown() && plain.symbol().is_none());
    let zipped = called("base64gzip", &[Value::string("#!/bin/sh")]).unwrap();
    let Knowledge::Base64(inner) = &zipped.as_unknown().unwrap().knowledge else { panic!("nothing is known") };
    assert_eq!(inner.as_str(), Some("#!/bin/sh"));
}

#[test]
fn a_hole_inside_a_string_leaves_the_rest_known() {
    let text = template(&[
        Ok("{\"Statement\": [{\"Effect\": \"Allow\", \"Resource\": [\""),
        Err(symbol("aws_s3_bucket.b")),
        Ok("\", \"arn:aws:s3:::"),
        Err(symbol("aws_s3_bucket.b")),
        Ok("/a\\u002Ab\"]}]}\n"),
    ]);
    let value = called("jsondecode", &[text]).unwrap();
    assert_eq!(at(&value, &["Statement", "0", "Effect"]).as_str(), Some("Allow"));
    // Alone in its quotes it is the value itself.
    assert_eq!(&*at(&value, &["Statement", "0", "Resource", "0"]).symbol().unwrap().address, "aws_s3_bucket.b");
    let partly = at(&value, &["Statement", "0", "Resource", "1"]);
    let unknown = partly.as_unknown().unwrap();
    assert_eq!(unknown.refinement.prefix.as_deref(), Some("arn:aws:s3:::"));
    let Knowledge::Template(parts) = &unknown.knowledge else { panic!("no parts") };
    assert!(matches!(parts.last(), Some(TemplatePart::Text(text)) if &**text == "/a*b"));
}

#[test]
fn a_hole_where_a_value_stands_is_that_value() {
    let port = Value::unknown(Type::Number, Reason::NoValue("var.port".into()));
    let inner = called("jsonencode", &[policy(symbol("aws_s3_bucket.b"))]).unwrap();
    let text = template(&[
        Ok("{\"port\": "),
        Err(port),
        Ok(", \"policy\": "),
        Err(inner),
        Ok(", \"any\": "),
        Err(symbol("x.y")),
        Ok(", \"last\": true}"),
    ]);
    let value = decode_partly_known_json(&text).unwrap();
    assert_eq!(at(&value, &["port"]).type_of(), Type::Number);
    assert_eq!(at(&value, &["policy", "Statement", "0", "Effect"]).as_str(), Some("Allow"));
    assert_eq!(at(&value, &["any"]).type_of(), Type::Any);
    assert_eq!(at(&value, &["last"]).as_bool(), Some(true));
}

#[test]
fn unquoted_text_in_an_array_may_be_any_number_of_items() {
    let text = template(&[Ok("[\"a\", "), Err(symbol("x.y")), Ok(", {\"b\": 1}]")]);
    let value = decode_partly_known_json(&text).unwrap();
    let Knowledge::Members(members) = &value.as_unknown().unwrap().knowledge else { panic!("no members") };
    assert_eq!(members.len(), 2);
    assert!(members.iter().all(|member| member.certain && member.key.is_none()));
}

#[test]
fn an_unknown_key_leaves_the_other_fields_known_as_members() {
    let text = template(&[Ok("{\"a\": 1, \""), Err(symbol("x.y")), Ok("\": 2}")]);
    let value = decode_partly_known_json(&text).unwrap();
    let Knowledge::Members(members) = &value.as_unknown().unwrap().knowledge else { panic!("no members") };
    let keys: Vec<_> = members.iter().map(|member| member.key.as_ref().unwrap().as_str().map(str::to_owned)).collect();
    assert_eq!(keys, [Some("a".to_owned()), None]);
}

#[test]
fn each_alternative_is_decoded() {
    let mut unknown = Unknown::new(Type::String, Reason::NoValue("var.x".into()));
    unknown.knowledge = Knowledge::OneOf([Value::string("{\"a\":1}"), Value::string("[]")].into());
    let value = decode_partly_known_json(&Kind::Unknown(Arc::new(unknown)).into()).unwrap();
    let Knowledge::OneOf(values) = &value.as_unknown().unwrap().knowledge else { panic!("no alternatives") };
    assert_eq!(at(values.first().unwrap(), &["a"]).as_number().unwrap().to_i64(), Some(1));
}

#[test]
fn text_that_is_not_json_with_holes_stays_unknown() {
    let hole = || symbol("x.y");
    for text in [
        template(&[Err(hole()), Ok("{\"a\": 1}")]),
        template(&[Ok("{\"a\": 1"), Err(hole()), Ok("}")]),
        template(&[Ok("{\"a\": tr"), Err(hole()), Ok("}")]),
        template(&[Ok("{"), Err(hole()), Ok("}")]),
        template(&[Ok("{\"a\" "), Err(hole()), Ok(" 1}")]),
        template(&[Ok("[\"\\"), Err(hole()), Ok("\"]")]),
        template(&[Ok("[1"), Err(hole()), Ok("]")]),
        template(&[Ok("hello "), Err(hole())]),
        hole(),
    ] {
        assert!(decode_partly_known_json(&text).is_none(), "{text:?}");
        assert!(called("jsondecode", &[text]).unwrap().is_unknown());
    }
    assert!(decode_partly_known_json(&Value::string("{")).is_none());
    assert!(decode_partly_known_json(&Value::from(true)).is_none());
}

#[test]
fn functions_that_need_known_text_give_unknown_results_with_the_reason() {
    for (name, rest) in [
        ("sha256", &[][..]),
        ("md5", &[]),
        ("urlencode", &[]),
        ("csvdecode", &[]),
        ("cidrhost", &[Value::from(1)]),
        ("timeadd", &[Value::from("1h")]),
        ("file", &[]),
        ("basename", &[]),
        ("uuidv5", &[Value::from("x")]),
        ("textencodebase64", &[Value::from("UTF-8")]),
        ("templatefile", &[Value::object(Fields::new())]),
    ] {
        let args: Vec<Value> = std::iter::once(symbol("x.y")).chain(rest.iter().cloned()).collect();
        let result = called(name, &args).unwrap();
        let reasons = &result.as_unknown().unwrap().reasons;
        assert_eq!(**reasons, [Reason::Computed("x.y".into(), "id".into())], "{name}");
    }
}
