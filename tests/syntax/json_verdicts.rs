//! Terraform as the judge of JSON: which files it accepts, recorded here and asked again where it is installed.
//!
//! `NA` and `NB` in an input become names of its own, so that all inputs can lie in one directory: Terraform tells the
//! errors of every file, and a start of it costs more than all of them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use palisade::diagnostic::Level;
use palisade::source::{Boundary, Memory, SourceMap};
use palisade::terraform::{Options, load_directory};
use serde_json::Value;

use crate::oracle::available;

/// Asking again without the files that were refused finds what Terraform looks at later.
const ROUNDS: usize = 6;

/// One input: what it lies beside, and what Terraform says.
struct Case {
    name: &'static str,
    base: &'static str,
    accepted: bool,
    text: &'static str,
}

const ACCEPTED: &[&str] = &[
    r#"{}"#,
    r#"[]"#,
    r#"[{"locals":{"NA":1}}]"#,
    r#"[{"locals":{"NA":1}},{"locals":{"NB":2}}]"#,
    r#"{"//":"comment"}"#,
    r#"{"//":{"a":1},"locals":{"//":"c","NA":1}}"#,
    r#"{"//":1,"//":2}"#,
    r#"{"locals":{"NA":1},"locals":{"NB":2}}"#,
    r#"{"locals":[{"NA":1},{"NB":2}]}"#,
    r#"{"locals":null}"#,
    r#"{"locals":[]}"#,
    r#"{"locals":{"NA":null}}"#,
    r#"{"locals":{"NA":"${1 + 2}"}}"#,
    r#"{"locals":{"NA":"a}"}}"#,
    r#"{"locals":{"NA":"$${x}"}}"#,
    r#"{"locals":{"NA":"%%{x}"}}"#,
    r#"{"locals":{"NA":"%{if true}a%{endif}"}}"#,
    r#"{"locals":{"NA":"${\"q\"}"}}"#,
    r#"{"locals":{"NA":"\u00e9\ud83d\ude00"}}"#,
    r#"{"locals":{"NA":"\ud83d"}}"#,
    r#"{"locals":{"NA":"\/\b\f\n\r\t\"\\"}}"#,
    r#"{"locals":{"NA":-0}}"#,
    r#"{"locals":{"NA":1e5}}"#,
    r#"{"locals":{"NA":1E+5}}"#,
    r#"{"locals":{"NA":1e400}}"#,
    r#"{"locals":{"NA":123456789012345678901234567890.123456789}}"#,
    r#"{"variable":{"NA":{}}}"#,
    r#"{"variable":{"NA":null}}"#,
    r#"{"variable":{"NA":[]}}"#,
    r#"{"variable":[{"NA":{}},{"NB":{}}]}"#,
    r#"{"variable":{"NA":{"type":"string"}}}"#,
    r#"{"variable":{"NA":{"type":"list(string)"}}}"#,
    r#"{"variable":{"NA":{"type":"list"}}}"#,
    r#"{"variable":{"NA":{"type":"object({a=string,b=optional(number,1)})"}}}"#,
    r#"{"variable":{"NA":{"type":"string","default":5}}}"#,
    r#"{"variable":{"NA":{"default":"${var.x}"}}}"#,
    r#"{"variable":{"NA":{"sensitive":"true"}}}"#,
    r#"{"variable":{"NA":{"validation":{"condition":"${var.NA != 1}","error_message":"It is one."}}}}"#,
    r#"{"output":{"NA":{"value":1}}}"#,
    r#"{"output":{"NA":{"value":1,"depends_on":["terraform_data.NA_x"]}},"resource":{"terraform_data":{"NA_x":{}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":null}}}"#,
    r#"{"resource":{"terraform_data":{"NA":[{}]}}}"#,
    r#"{"resource":{"terraform_data":[{"NA":{}},{"NB":{}}]}}"#,
    r#"{"resource":[{"terraform_data":{"NA":{}}},{"terraform_data":{"NB":{}}}]}"#,
    r#"{"resource":{"terraform_data":{"NA":{"input":{"a":[1,null,"${1}"]}}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"count":"${1}"}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"lifecycle":{"prevent_destroy":true,"ignore_changes":["input"]}}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"lifecycle":{"ignore_changes":"all"}}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"provisioner":{"local-exec":{"command":"true"}}}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"provisioner":[{"local-exec":{"command":"true","when":"destroy"}},{"local-exec":[{"command":"true"}]}]}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"depends_on":["terraform_data.NA_y"]},"NA_y":{}}}}"#,
    r#"{"terraform":{"required_version":">= 1.0"}}"#,
    r#"{"terraform":[{"required_version":">= 1.0"},{"required_version":">= 1.1"}]}"#,
    r#"{"terraform":{"required_providers":{}}}"#,
    r#"{"moved":{"from":"terraform_data.NA","to":"terraform_data.NB"},"resource":{"terraform_data":{"NB":{}}}}"#,
    r#"{"moved":[{"from":"terraform_data.NA","to":"terraform_data.NB"}],"resource":{"terraform_data":{"NB":{}}}}"#,
    r#"{"removed":{"from":"terraform_data.NA","lifecycle":{"destroy":false}}}"#,
    r#"{"data":{"terraform_remote_state":{"NA":{"backend":"local","config":{"path":"x"}}}}}"#,
    r#"{"provider":{"terraform":{}}}"#,
    r#"{"provider":{"terraform":[{"alias":"NA"}]}}"#,
    r#"{"import":{"to":"terraform_data.NA","id":"x"},"resource":{"terraform_data":{"NA":{}}}}"#,
    "{\r\n\"locals\":{\"NA\":1}\r\n}\r\n",
    "\n\n{\n\t\"locals\" : { \"NA\" : [ ] } }",
    r#"{"locals":{"NA":"é"}}"#,
];

const REFUSED: &[&str] = &[
    r#"[{"locals":{"NA":1}}, 5]"#,
    r#"[[{"locals":{"NA":1}}]]"#,
    r#"null"#,
    r#"true"#,
    r#"5"#,
    r#""x""#,
    r#"{"locals":{"NA":1,"NA":2}}"#,
    r#"{"locals":{"NA":{"x":1,"x":2}}}"#,
    r#"{"locals":{"NA":[{"x":1,"x":2}]}}"#,
    r#"{"locals":[[{"NA":1}]]}"#,
    r#"{"locals":[null]}"#,
    r#"{"locals":5}"#,
    r#"{"locals":"x"}"#,
    r#"{"locals":true}"#,
    r#"{"locals":{"NA":"${"}}"#,
    r#"{"locals":{"NA":"%{if true}a"}}"#,
    r#"{"locals":{"NA":"${1 +}"}}"#,
    r#"{"locals":{"NA":"${foo(}"}}"#,
    r#"{"locals":{"NA":"${'q'}"}}"#,
    r#"{"locals":{"NA":"\u12"}}"#,
    r#"{"locals":{"NA":"\x41"}}"#,
    r#"{"locals":{"NA":'x'}}"#,
    r#"{"locals":{NA:1}}"#,
    r#"{"locals":{"NA":1,}}"#,
    r#"{"locals":{"NA":[1,]}}"#,
    r#"{"locals":{"NA":[1 2]}}"#,
    r#"{"locals":{"NA":[1,,2]}}"#,
    r#"{"locals":{"NA":01}}"#,
    r#"{"locals":{"NA":-}}"#,
    r#"{"locals":{"NA":+1}}"#,
    r#"{"locals":{"NA":1.}}"#,
    r#"{"locals":{"NA":.5}}"#,
    r#"{"locals":{"NA":1e}}"#,
    r#"{"locals":{"NA":0x10}}"#,
    r#"{"locals":{"NA":NaN}}"#,
    r#"{"locals":{"NA":Infinity}}"#,
    r#"{"locals":{"NA":True}}"#,
    r#"{"locals":{"NA":nul}}"#,
    r#"{"locals":{"NA":1}"#,
    r#"{"locals":{"NA":1}}}"#,
    r#"{"locals":{"NA":1}} {}"#,
    r#"{"locals":{"NA":1}} // c"#,
    r#"/* c */ {"locals":{"NA":1}}"#,
    r#"{"locals":{"NA":1}} # c"#,
    r#"{"locals":{"NA":1;"NB":2}}"#,
    r#"{"locals" {"NA":1}}"#,
    r#"{"locals"={"NA":1}}"#,
    r#"{"variable":{"NA":[{},{}]}}"#,
    r#"{"variable":{"NA":{},"NA":{}}}"#,
    r#"{"variable":[[{"NA":{}}]]}"#,
    r#"{"variable":{"NA":5}}"#,
    r#"{"variable":{"NA":{"type":"${string}"}}}"#,
    r#"{"variable":{"NA":{"type":"object({a=string"}}}"#,
    r#"{"output":{"NA":[{"value":1},{"value":2}]}}"#,
    r#"{"output":{"NA":{"value":"${local.nope_NA}"}}}"#,
    r#"{"output":{"NA":{"value":1,"depends_on":["1x"]}}}"#,
    r#"{"resource":{"terraform_data":{"NA":[{},{}]}}}"#,
    r#"{"resource":{"terraform_data":[[{"NA":{}}]]}}"#,
    r#"{"resource":{"terraform_data":5}}"#,
    r#"{"resource":{"terraform_data":{"NA":"x"}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"input":1,"input":2}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"lifecycle":{"ignore_changes":["${input}"]}}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"provisioner":{"local-exec":{"command":"true","when":"sometimes"}}}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"depends_on":["${terraform_data.NA_y}"]},"NA_y":{}}}}"#,
    "\u{feff}{\"locals\":{\"NA\":1}}",
    r#""#,
    r#"   "#,
    "{\"locals\":{\"NA\":\"a\tb\"}}",
    "{\"locals\":{\"NA\":\"a\nb\"}}",
    "{\"locals\":{\"NA\":1}}\0",
    "{\"locals\":{\"NA\":\"\u{7}\"}}",
];

/// Refused for what they say, not for how they are written: names, types and required arguments. Whether a configuration
/// is valid Palisade leaves to Terraform, and judges what there is.
const INVALID: &[&str] = &[
    r#"{"locals":{"1NA":1}}"#,
    r#"{"locals":{"":1}}"#,
    r#"{"locals":{"NA b":1}}"#,
    r#"{"variable":{"NA":{"type":"lst(string)"}}}"#,
    r#"{"variable":{"NA":{"type":["string"]}}}"#,
    r#"{"variable":{"NA":{"type":5}}}"#,
    r#"{"variable":{"NA":{"type":null}}}"#,
    r#"{"variable":{"NA":{"type":"number","default":"x"}}}"#,
    r#"{"variable":{"NA":{"sensitive":"maybe"}}}"#,
    r#"{"variable":{"N A":{}}}"#,
    r#"{"variable":{"count":{}}}"#,
    r#"{"output":{"NA":{}}}"#,
    r#"{"output":{"NA":{"value":1,"depends_on":"x"}}}"#,
    r#"{"resource":{"terraform_data":{"1NA":{}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"count":1,"for_each":{}}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"lifecycle":{"prevent_destroy":"${true}"}}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"lifecycle":[{},{}]}}}}"#,
    r#"{"resource":{"terraform_data":{"NA":{"depends_on":"terraform_data.NA_y"},"NA_y":{}}}}"#,
    r#"{"module":{"NA":{}}}"#,
    r#"{"moved":{"from":"terraform_data.NA"}}"#,
];

/// What every override file here overrides.
const BASE: &str = "variable \"NA\" {\n  default = 1\n}\nlocals {\n  NA = 1\n}\n";

const OVERRIDES: &[(bool, &str)] = &[
    (true, r#"{"variable":{"NA":{"default":2}}}"#),
    (true, r#"{"variable":{"NA":{"type":"number"}}}"#),
    (true, r#"[{"variable":{"NA":{"default":2}}},{"locals":{"NA":2}}]"#),
    (true, r#"{"locals":{"NA":2},"variable":{"NA":null}}"#),
    (false, r#"{"variable":{"NA":{"default":2,"default":3}}}"#),
    (false, r#"{"locals":{"NA":2},}"#),
];

const VALUES: &[(bool, &str)] = &[
    (true, "{}"),
    (true, r#"{"a":1}"#),
    (true, r#"{"a":null}"#),
    (true, r#"{"a":[1,null,"x"]}"#),
    (true, r#"{"a":{"//":1}}"#),
    (true, r#"{"a":"${b}"}"#),
    (true, r#"{"a":"%{"}"#),
    (true, r#"{"a":"\ud800"}"#),
    (true, r#"{"//":1}"#),
    (true, r#"{"1a":1}"#),
    (true, r#"{"a b":1}"#),
    (true, r#"{"":1}"#),
    (false, r#"{"a":1,"a":2}"#),
    (false, r#"{"a":{"x":1,"x":2}}"#),
    (false, r#"{"a":1,}"#),
    (false, r#"{"a":'x'}"#),
    (false, r#"{"a":1}{"a":2}"#),
    (false, "[]"),
    (false, r#"[{"a":1}]"#),
    (false, "null"),
    (false, "5"),
    (false, ""),
];

fn configurations() -> Vec<Case> {
    let plain = |accepted| move |&text| Case { name: ".tf.json", base: "", accepted, text };
    let overriding = |&(accepted, text)| Case { name: "_override.tf.json", base: BASE, accepted, text };
    let plain = ACCEPTED.iter().map(plain(true)).chain(REFUSED.iter().map(plain(false)));
    plain.chain(OVERRIDES.iter().map(overriding)).collect()
}

fn invalid() -> impl Iterator<Item = Case> {
    INVALID.iter().map(|&text| Case { name: ".tf.json", base: "", accepted: false, text })
}

fn values() -> Vec<Case> {
    let case = |&(accepted, text)| Case { name: ".auto.tfvars.json", base: "", accepted, text };
    VALUES.iter().map(case).collect()
}

/// The name and text of an input's file, and those of the file beside it.
fn files(idx: usize, case: &Case) -> [(String, String); 2] {
    let own = |text: &str| text.replace("NA", &format!("n{idx:03}a")).replace("NB", &format!("n{idx:03}b"));
    [(format!("c{idx:03}{}", case.name), own(case.text)), (format!("b{idx:03}.tf"), own(case.base))]
}

/// What Palisade says that is wrong with an input.
fn told(idx: usize, case: &Case) -> Vec<String> {
    let mut system = Memory::new();
    system.add("/w/main.tf", "variable \"a\" {\n  default = 1\n}\n");
    for (name, text) in files(idx, case) {
        system.add(format!("/w/{name}"), text);
    }
    let boundary = Boundary::at(&system, Path::new("/w"));
    let loaded = load_directory(&system, &SourceMap::default(), &boundary, Path::new("/w"), &Options::default());
    let errors = loaded.diagnostics.into_iter().filter(|diagnostic| diagnostic.level == Level::Error);
    errors.map(|diagnostic| diagnostic.message).collect()
}

#[test]
fn json_is_judged_as_recorded() {
    let mut wrong = Vec::new();
    for (idx, case) in configurations().iter().chain(&values()).enumerate() {
        let told = told(idx, case);
        if told.is_empty() != case.accepted {
            wrong.push(format!("{}{}: {told:?}", if case.accepted { "accepted: " } else { "refused: " }, case.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files that Terraform refuses of all that a command tells.
fn refused(dir: &Path, arguments: &[&str]) -> BTreeSet<String> {
    let mut command = Command::new("terraform");
    let output = command.args(arguments).current_dir(dir).env("CHECKPOINT_DISABLE", "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut refused = BTreeSet::new();
    let documents = serde_json::Deserializer::from_str(&text).into_iter::<Value>().map(Result::unwrap);
    for document in documents {
        let listed = document.get("diagnostics").and_then(Value::as_array).cloned().unwrap_or_default();
        for diagnostic in listed.iter().chain(document.get("diagnostic")) {
            if diagnostic.get("severity").and_then(Value::as_str) == Some("error") {
                let file = diagnostic.pointer("/range/filename").and_then(Value::as_str);
                refused.insert(file.unwrap_or_else(|| panic!("no file: {diagnostic}")).to_owned());
            }
        }
    }
    refused
}

fn ask(cases: &[Case], arguments: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("main.tf"), "variable \"a\" {\n  default = 1\n}\n").unwrap();
    for (idx, case) in cases.iter().enumerate() {
        for (name, text) in files(idx, case) {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
    }
    let mut all = BTreeSet::new();
    for _ in 0..ROUNDS {
        let refused = refused(dir.path(), arguments);
        if refused.is_empty() {
            break;
        }
        for file in &refused {
            std::fs::remove_file(dir.path().join(file)).unwrap();
        }
        all.extend(refused);
    }
    for (idx, case) in cases.iter().enumerate() {
        let [(name, _), _] = files(idx, case);
        assert_eq!(!all.contains(&name), case.accepted, "{}", case.text);
    }
}

#[test]
fn terraform_judges_json_as_recorded() {
    if available() {
        let all: Vec<Case> = configurations().into_iter().chain(invalid()).collect();
        ask(&all, &["validate", "-json"]);
        ask(&values(), &["plan", "-json", "-input=false"]);
    }
}
