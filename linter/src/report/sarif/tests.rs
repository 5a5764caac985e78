//! The log against the official schema, which is in `tests/schemas`.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use serde_json::Value;

use crate::report::Format;
use crate::report::samples::{Sample, everyday, hostile};
use crate::report::tests::check_golden;

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/schemas/sarif-2.1.0.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn log(sample: &Sample) -> Value {
    serde_json::from_str(&sample.render(Format::Sarif)).unwrap()
}

#[test]
fn logs_are_valid_by_the_official_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for sample in [Sample::default(), everyday(), hostile()] {
        let log = log(&sample);
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
    }
}

#[test]
fn every_result_points_at_its_rule_and_its_files() {
    for sample in [everyday(), hostile()] {
        let log = log(&sample);
        let run = log.pointer("/runs/0").unwrap();
        for result in run.get("results").unwrap().as_array().unwrap() {
            let index = result.get("ruleIndex").unwrap();
            let rule = run.pointer(&format!("/tool/driver/rules/{index}/id")).unwrap();
            assert_eq!(rule, result.get("ruleId").unwrap());
            let file = result.pointer("/locations/0/physicalLocation/artifactLocation").unwrap();
            let artifact = format!("/artifacts/{}/location", file.get("index").unwrap());
            assert_eq!(run.pointer(&artifact).unwrap(), file);
        }
    }
}

#[test]
fn the_code_flow_ends_at_the_finding() {
    let log = log(&everyday());
    let result = log.pointer("/runs/0/results/1").unwrap();
    let steps = result.pointer("/codeFlows/0/threadFlows/0/locations").unwrap().as_array().unwrap();
    let files: Vec<&str> = steps
        .iter()
        .map(|step| step.pointer("/location/physicalLocation/artifactLocation/uri").unwrap().as_str().unwrap())
        .collect();
    assert_eq!(files, ["envs/prod/main.tf", "edge/main.tf", "edge/main.tf"]);
    let last = steps.last().unwrap().pointer("/location/physicalLocation").unwrap();
    assert_eq!(last, result.pointer("/locations/0/physicalLocation").unwrap());
}

#[test]
fn a_rule_and_results_are_described() {
    let log = log(&everyday());
    let parts: Vec<String> = ["/tool/driver/rules/4", "/invocations/0", "/results/0", "/results/1", "/results/3"]
        .iter()
        .map(|part| {
            let value = log.pointer(&format!("/runs/0{part}")).unwrap();
            // A field of two levels in each line is short enough to read.
            let fields = value.as_object().unwrap().iter().map(|(name, field)| format!("  {name}: {field}\n"));
            format!("{part}\n{}", fields.collect::<String>())
        })
        .collect();
    check_golden("everyday.sarif.txt", &parts.concat());
}
