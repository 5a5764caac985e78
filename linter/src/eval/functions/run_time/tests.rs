//! Results that only a run of Terraform knows.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::eval::functions::called::called;
use crate::value::{Reason, Type, Value};

#[test]
fn what_differs_from_run_to_run_is_unknown_by_name() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    for (name, args) in [
        ("uuid", vec![]),
        ("timestamp", vec![]),
        ("plantimestamp", vec![]),
        ("bcrypt", vec![Value::from("a")]),
        ("bcrypt", vec![Value::from("a"), Value::from(3)]),
        ("rsadecrypt", vec![Value::from("YQ=="), Value::from(key)]),
        ("base64gzip", vec![Value::from("a")]),
        ("textencodebase64", vec![Value::from("a"), Value::from("cp437")]),
    ] {
        let result = called(name, &args).unwrap();
        let unknown = result.as_unknown().unwrap();
        assert_eq!(*unknown.reasons, [Reason::Function(name.into())]);
        assert_eq!((&unknown.ty, unknown.refinement.not_null), (&Type::String, true));
    }
}
