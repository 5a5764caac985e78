//! Our functions are Terraform's: the same names, parameters and results, as recorded in `tests/console/signatures.json`.
#![expect(clippy::unwrap_used, clippy::print_stderr, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::process::Command;

use palisade::eval::functions::{Function, Parameter, Signature, all};
use serde_json::{Value, json};

/// Functions that take expressions rather than values: the evaluator has them.
const OF_THE_EVALUATOR: &[&str] = &["can", "templatestring", "try"];

/// Functions that Terraform no longer has and still explains.
const REMOVED: &[&str] = &["list", "map"];

fn recorded() -> BTreeMap<String, Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/console/signatures.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn type_text(signature: Signature) -> String {
    match signature {
        Signature::Any => "any".to_owned(),
        Signature::Bool => "bool".to_owned(),
        Signature::Number => "number".to_owned(),
        Signature::String => "string".to_owned(),
        Signature::List(item) => format!("list({})", type_text(*item)),
        Signature::Set(item) => format!("set({})", type_text(*item)),
        Signature::Map(item) => format!("map({})", type_text(*item)),
    }
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "type": type_text(parameter.signature),
        "nullable": parameter.allow_null,
    })
}

fn described(function: &Function) -> Value {
    json!({
        "parameters": function.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "variadic": function.variadic.as_ref().map(parameter),
        "result": type_text(function.result),
    })
}

/// Whether both say the same of the parameters, and nothing different of the result: one may leave open what the other says.
fn agree(ours: &Value, theirs: &Value) -> bool {
    let results = [ours["result"].as_str().unwrap(), theirs["result"].as_str().unwrap()];
    let same_result = results[0] == results[1] || results.contains(&"any");
    same_result && ours["parameters"] == theirs["parameters"] && ours["variadic"] == theirs["variadic"]
}

#[test]
fn every_function_of_terraform_is_here_and_no_other() {
    let ours: Vec<&str> = {
        let mut names: Vec<&str> =
            all().map(|function| function.name).chain(OF_THE_EVALUATOR.iter().copied()).collect();
        names.retain(|name| !REMOVED.contains(name));
        names.sort_unstable();
        names
    };
    let recorded = recorded();
    let theirs: Vec<&str> = recorded.keys().map(String::as_str).collect();
    assert_eq!(ours, theirs);
    assert_eq!(theirs.len(), 118);
}

#[test]
fn parameters_are_declared_as_terraform_declares_them() {
    let recorded = recorded();
    let wrong: Vec<String> = all()
        .filter(|function| !REMOVED.contains(&function.name))
        .map(|function| (function.name, described(function), &recorded[function.name]))
        .filter(|(_, ours, theirs)| !agree(ours, theirs))
        .map(|(name, ours, theirs)| format!("{name}\n  ours:   {ours}\n  theirs: {theirs}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn their_type(ty: &Value) -> String {
    match ty {
        Value::Array(parts) => format!("{}({})", parts[0].as_str().unwrap(), their_type(&parts[1])),
        ty => ty.as_str().unwrap().replace("dynamic", "any"),
    }
}

fn their_parameter(parameter: &Value) -> Value {
    json!({
        "name": parameter["name"],
        "type": their_type(&parameter["type"]),
        "nullable": parameter["is_nullable"].as_bool().unwrap_or(false),
    })
}

#[test]
fn recorded_signatures_are_terraforms() {
    let output = Command::new("terraform").args(["metadata", "functions", "-json"]).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "terraform is not installed");
        eprintln!("skipped: terraform is not installed");
        return;
    };
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let recorded = recorded();
    let signatures = answer["function_signatures"].as_object().unwrap();
    for (name, signature) in signatures {
        let parameters = signature["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let theirs = json!({
            "parameters": parameters.iter().map(their_parameter).collect::<Vec<_>>(),
            "variadic": signature.get("variadic_parameter").map(their_parameter),
            "result": their_type(&signature["return_type"]),
        });
        assert_eq!(recorded.get(name.strip_prefix("core::").unwrap_or(name)), Some(&theirs), "{name}");
    }
    // Each has a twin with the prefix `core::`.
    assert_eq!(signatures.len(), 2 * recorded.len());
}
