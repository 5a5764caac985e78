#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use super::*;
use crate::source::{Boundary, Memory};
use crate::terraform::{Options, Root, load_directory};

const MAIN: &str = r#"variable "cidr" {}
variable "names" {
  default = ["a", "b"]
}
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
resource "aws_vpc" "main" {
  cidr_block = var.cidr
  tags       = { Name = "main", "a b" = 1.50 }
}
resource "aws_subnet" "s" {
  count      = 1
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_db_instance" "db" {
  password   = var.secret
  name       = var.names[0]
  cidrs      = ["10.0.0.0/8", var.cidr]
}
"#;

fn load(main: &str) -> (Root, SourceMap) {
    let mut system = Memory::new();
    system.add("/main.tf", main);
    let sources = SourceMap::default();
    let boundary = Boundary::at(&system, Path::new("/"));
    let loaded = load_directory(&system, &sources, &boundary, Path::new("/"), &Options::default());
    (loaded.root, sources)
}

fn all(root: &Root) -> impl Iterator<Item = Inspected<'_>> {
    root.instances.iter().map(|instance| Inspected { instance, environment: Some("dev") })
}

fn json(secrecy: Secrecy) -> serde_json::Value {
    let (root, sources) = load(MAIN);
    let mut out = Vec::new();
    render_inspection_json(all(&root), &[], secrecy, &sources, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn resource<'j>(document: &'j serde_json::Value, address: &str) -> &'j serde_json::Value {
    let resources = document.get("resources").unwrap().as_array().unwrap();
    resources.iter().find(|resource| resource.get("address").unwrap() == address).unwrap()
}

#[test]
fn values_are_shown_as_in_a_plan() {
    let document = json(Secrecy::Masked);
    let vpc = resource(&document, "aws_vpc.main");
    assert_eq!(vpc.pointer("/values/tags/Name").unwrap(), "main");
    assert_eq!(vpc.get("unknown").unwrap(), &serde_json::json!(["cidr_block"]));
    assert_eq!(vpc.pointer("/reasons/cidr_block/0").unwrap(), "var.cidr has no value");
    assert_eq!(vpc.pointer("/values/cidr_block"), None);
    assert_eq!(
        vpc.get("location").unwrap(),
        &serde_json::json!({
        "file": "/main.tf", "start": {"line": 9, "column": 1}, "end": {"line": 9, "column": 26}})
    );
    for (field, expected) in [("type", "aws_vpc"), ("module", ""), ("mode", "managed"), ("environment", "dev")] {
        assert_eq!(vpc.get(field).unwrap(), expected);
    }
}

#[test]
fn an_unknown_item_keeps_its_place() {
    let document = json(Secrecy::Masked);
    let db = resource(&document, "aws_db_instance.db");
    assert_eq!(db.pointer("/values/cidrs").unwrap(), &serde_json::json!(["10.0.0.0/8", null]));
    assert_eq!(db.get("unknown").unwrap(), &serde_json::json!(["cidrs[1]"]));
}

#[test]
fn sensitive_values_are_shown_only_to_those_who_ask() {
    let masked = json(Secrecy::Masked);
    let db = resource(&masked, "aws_db_instance.db");
    assert_eq!(db.pointer("/values/password").unwrap(), MASK);
    assert_eq!(db.get("sensitive").unwrap(), &serde_json::json!(["password"]));
    assert!(!masked.to_string().contains("hunter2"));
    let shown = json(Secrecy::Shown);
    assert_eq!(resource(&shown, "aws_db_instance.db").pointer("/values/password").unwrap(), "hunter2");
}

#[test]
fn text_says_why_and_where_from() {
    let (root, sources) = load(MAIN);
    let mut out = Vec::new();
    render_inspection_text(all(&root), Secrecy::Masked, &sources, &Style::default(), &mut out).unwrap();
    crate::report::tests::check_golden("inspect.txt", &String::from_utf8(out).unwrap());
}

#[test]
fn nothing_evaluated_is_said() {
    let mut out = Vec::new();
    render_inspection_text([], Secrecy::Masked, &SourceMap::default(), &Style::default(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "Nothing was evaluated.\n");
}

#[test]
fn addresses_are_asked_for_whole_or_in_part() {
    for (address, asked, expected) in [
        ("aws_subnet.a[0]", "aws_subnet.a", true),
        ("aws_subnet.a[0]", "aws_subnet.a[0]", true),
        ("aws_subnet.ab", "aws_subnet.a", false),
        ("module.net[\"x\"].aws_vpc.a", "module.net", true),
        ("module.network.aws_vpc.a", "module.net", false),
    ] {
        assert_eq!(address_is_within(address, asked), expected, "{address} {asked}");
    }
}

#[test]
fn what_is_sensitive_is_masked_in_excerpts_of_its_source() {
    let (root, sources) = load(MAIN);
    let mut spans = Vec::new();
    for instance in &root.instances {
        instance.values.sensitive_spans(&mut spans);
    }
    let texts: Vec<String> = spans
        .iter()
        .map(|span| {
            let file = sources.file(span.file).unwrap();
            String::from_utf8_lossy(file.bytes.get(span.start as usize..span.end as usize).unwrap()).into_owned()
        })
        .collect();
    assert_eq!(texts, ["default   = \"hunter2\""]);
}
