#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use super::*;
use crate::source::{Boundary, Memory, SourceMap};
use crate::terraform::plan::tests::{at_of, evaluated as evaluated_inside, fixture};
use crate::terraform::plan::{read_binary, read_json};
use crate::terraform::{Action, Options, load_directory};
use crate::value::{Knowledge, Symbol};

/// The configuration's root and the text of each of its spans.
fn configuration(text: &str) -> (Root, SourceMap) {
    let mut system = Memory::new();
    system.add("main.tf", text);
    let map = SourceMap::default();
    let boundary = Boundary::at(&system, Path::new("/"));
    let loaded = load_directory(&system, &map, &boundary, Path::new("."), &Options::default());
    assert_eq!(loaded.diagnostics, []);
    (loaded.root, map)
}

fn planned(changes: &str) -> Root {
    let text = format!("{{\"format_version\":\"1.2\",\"resource_changes\":[{changes}]}}");
    read_json(Path::new("plan.json"), text.as_bytes(), &mut Vec::new()).unwrap().root
}

fn change(address: &str, after: &str, unknown: &str) -> String {
    let address = super::super::Address::parse(address).unwrap();
    let mode = if address.mode == crate::terraform::Mode::Data { "data" } else { "managed" };
    let module = if address.module.is_empty() {
        String::new()
    } else {
        format!("\"module_address\":{},", serde_json::Value::from(&*address.module))
    };
    format!(
        "{{\"address\":{},{module}\"mode\":\"{mode}\",\"type\":\"{}\",\"name\":\"{}\",\
         \"change\":{{\"actions\":[\"create\"],\"before\":null,\"after\":{after},\"after_unknown\":{unknown}}}}}",
        serde_json::Value::from(address.full()),
        address.resource_type,
        address.name,
    )
}

fn merged(text: &str, changes: &[String]) -> (Root, SourceMap) {
    let (root, map) = configuration(text);
    (overlay(root, planned(&changes.join(","))), map)
}

fn at<'r>(root: &'r Root, address: &str, path: &str) -> &'r Value {
    let found = root.instances.iter().find(|found| &*found.address == address).unwrap_or_else(|| panic!("{address}"));
    at_of(&found.values, path).unwrap_or_else(|| panic!("{address}.{path}"))
}

/// The source text that a value's newest origin points at.
fn written(map: &SourceMap, value: &Value) -> Option<String> {
    let span = value.origin.as_ref()?.span?;
    let file = map.file(span.file)?;
    Some(String::from_utf8_lossy(file.bytes.get(span.start as usize..span.end as usize)?).into_owned())
}

fn symbol(address: &str, attribute: &str) -> Symbol {
    Symbol { address: address.into(), attribute: attribute.into() }
}

#[test]
fn known_values_of_the_plan_win_and_keep_their_place() {
    let text = "variable \"x\" {}\nresource \"aws_vpc\" \"a\" {\n  cidr_block = var.x\n}\n";
    let (root, map) =
        merged(text, &[change("aws_vpc.a", r#"{"cidr_block":"10.0.0.0/8","instance_tenancy":"default"}"#, "{}")]);
    let cidr = at(&root, "aws_vpc.a", "cidr_block");
    assert_eq!(cidr.as_str(), Some("10.0.0.0/8"));
    assert_eq!(written(&map, cidr).as_deref(), Some("cidr_block = var.x"));
    let tenancy = at(&root, "aws_vpc.a", "instance_tenancy");
    assert_eq!((tenancy.as_str(), written(&map, tenancy)), (Some("default"), None));
    assert!(root.has_source);
    assert!(root.instances[0].span.is_some());
    assert_eq!(root.path, Path::new("plan.json"));
}

#[test]
fn unknown_values_keep_the_symbol_that_the_configuration_knows() {
    let text = r#"
        resource "aws_vpc" "a" {}
        resource "aws_subnet" "s" {
          count  = 2
          vpc_id = aws_vpc.a.id
          tags   = { Name = "x-${aws_vpc.a.id}" }
        }
    "#;
    let changes = [
        change("aws_vpc.a", "{}", r#"{"id":true}"#),
        change("aws_subnet.s[0]", "{}", r#"{"id":true,"vpc_id":true,"tags":{"Name":true}}"#),
        change("aws_subnet.s[1]", "{}", r#"{"id":true,"vpc_id":true}"#),
    ];
    let (root, map) = merged(text, &changes);
    let vpc = at(&root, "aws_subnet.s[1]", "vpc_id");
    assert_eq!(vpc.symbol(), Some(&symbol("aws_vpc.a", "id")));
    assert_eq!(written(&map, vpc).as_deref(), Some("vpc_id = aws_vpc.a.id"));
    assert_eq!(at(&root, "aws_subnet.s[0]", "id").symbol(), Some(&symbol("aws_subnet.s[0]", "id")));
    let name = at(&root, "aws_subnet.s[0]", "tags.Name");
    assert!(matches!(name.as_unknown().unwrap().knowledge, Knowledge::Template(_)), "{name:?}");
}

#[test]
fn symbols_that_the_plan_knows_become_their_value() {
    let text = r#"
        resource "aws_vpc" "a" {}
        resource "aws_vpc" "new" {}
        resource "aws_db_subnet_group" "g" {
          subnet_ids = [aws_vpc.a.id, aws_vpc.new.id]
        }
    "#;
    let changes = [
        change("aws_vpc.a", r#"{"id":"vpc-1"}"#, "{}"),
        change("aws_vpc.new", "{}", r#"{"id":true}"#),
        change("aws_db_subnet_group.g", "{}", r#"{"subnet_ids":true}"#),
    ];
    let (root, _) = merged(text, &changes);
    let ids = at(&root, "aws_db_subnet_group.g", "subnet_ids").as_items().unwrap();
    assert_eq!(ids.iter().filter_map(Value::as_str).collect::<Vec<_>>(), ["vpc-1"]);
    assert_eq!(ids.iter().filter_map(Value::symbol).collect::<Vec<_>>(), [&symbol("aws_vpc.new", "id")]);
}

#[test]
fn what_the_plan_makes_null_is_absent_and_write_only_values_stay() {
    let text = r#"
        resource "aws_db_instance" "d" {
          identifier  = null
          password_wo = "secret"
          kms_key_id  = ""
        }
    "#;
    let (root, _) = merged(
        text,
        &[change("aws_db_instance.d", r#"{"password_wo":null,"kms_key_id":null}"#, r#"{"identifier":true}"#)],
    );
    assert_eq!(at(&root, "aws_db_instance.d", "password_wo").as_str(), Some("secret"));
    assert!(at_of(&root.instances[0].values, "kms_key_id").is_none());
    assert_eq!(at(&root, "aws_db_instance.d", "identifier").symbol(), Some(&symbol("aws_db_instance.d", "identifier")));
}

#[test]
fn blocks_of_sets_find_their_source_whatever_their_order() {
    let text = r#"
        resource "aws_security_group" "g" {
          ingress {
            from_port   = 443
            to_port     = 443
            protocol    = "tcp"
            cidr_blocks = ["10.0.0.0/8"]
          }
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/0"]
          }
        }
    "#;
    let after = r#"{"ingress":[
        {"from_port":22,"to_port":22,"protocol":"tcp","cidr_blocks":["0.0.0.0/0"],"description":"","self":false},
        {"from_port":443,"to_port":443,"protocol":"tcp","cidr_blocks":["10.0.0.0/8"],"description":"","self":false}]}"#;
    let (root, map) = merged(text, &[change("aws_security_group.g", after, "{}")]);
    let port = at(&root, "aws_security_group.g", "ingress.0.from_port");
    assert_eq!(written(&map, port).map(|text| text.replace(' ', "")).as_deref(), Some("from_port=22"));
    let cidrs = at(&root, "aws_security_group.g", "ingress.1.cidr_blocks");
    assert_eq!(written(&map, cidrs).map(|text| text.replace(' ', "")).as_deref(), Some("cidr_blocks=[\"10.0.0.0/8\"]"));
}

#[test]
fn instances_that_only_the_plan_has_are_kept_and_those_that_only_configuration_has_are_left_out() {
    let text = r#"
        variable "n" { type = number }
        resource "aws_vpc" "many" {
          count      = var.n
          cidr_block = "10.0.0.0/8"
          lifecycle { prevent_destroy = true }
        }
        resource "aws_vpc" "never" {}
    "#;
    let changes = [
        change("aws_vpc.many[0]", r#"{"cidr_block":"10.0.0.0/8"}"#, r#"{"id":true}"#),
        change("aws_vpc.many[1]", r#"{"cidr_block":"10.0.0.0/8"}"#, r#"{"id":true}"#),
        change("aws_vpc.other", r#"{"cidr_block":"10.1.0.0/16"}"#, "{}"),
    ];
    let (root, map) = merged(text, &changes);
    let addresses: Vec<_> = root.instances.iter().map(|found| &*found.address).collect();
    assert_eq!(addresses, ["aws_vpc.many[0]", "aws_vpc.many[1]", "aws_vpc.other"]);
    let second = &root.instances[1];
    assert_eq!(second.lifecycle.prevent_destroy, Some(true));
    assert_eq!(second.extent, Extent::Certain);
    assert!(written(&map, at(&root, "aws_vpc.many[1]", "cidr_block")).is_some());
    assert_eq!(at(&root, "aws_vpc.many[1]", "id").symbol(), Some(&symbol("aws_vpc.many[1]", "id")));
    assert!(root.instances[2].span.is_none());
}

#[test]
fn text_that_a_plan_hashes_stays_text() {
    let text = "resource \"aws_instance\" \"i\" {\n  user_data = \"hello\"\n}\n";
    let after = r#"{"user_data":"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"}"#;
    let (root, _) = merged(text, &[change("aws_instance.i", after, "{}")]);
    assert_eq!(at(&root, "aws_instance.i", "user_data").as_str(), Some("hello"));
}

#[test]
fn sensitive_in_either_is_sensitive() {
    let text = r#"
        variable "s" {
          default   = "x"
          sensitive = true
        }
        resource "terraform_data" "d" { input = var.s }
    "#;
    let (root, _) = merged(text, &[change("terraform_data.d", r#"{"input":"x"}"#, "{}")]);
    assert!(at(&root, "terraform_data.d", "input").marks.is_sensitive());
}

#[test]
fn removed_instances_keep_the_place_of_their_block() {
    let (root, _) = configuration("resource \"terraform_data\" \"gone\" {\n  count = 1\n}\n");
    let plan = read_json(Path::new("p"), &fixture("changes/plan.json"), &mut Vec::new()).unwrap().root;
    let merged = overlay(root, plan);
    let gone = merged.removed.iter().find(|found| &*found.address == "terraform_data.gone[1]").unwrap();
    assert!(gone.span.is_some());
    assert_eq!(gone.change.as_ref().unwrap().action, Action::Delete);
}

#[test]
fn a_binary_plan_gets_positions_and_symbols_from_its_own_sources() {
    let map = SourceMap::default();
    let plan = read_binary(Path::new("plan.bin"), &fixture("network/plan.bin"), &mut Vec::new()).unwrap();
    let embedded = plan.sources.unwrap();
    let evaluated = evaluated_inside(&embedded, &map, &plan.variables, plan.root.workspace.clone());
    let root = overlay(evaluated.root, plan.root);
    let subnet = at(&root, "aws_instance.web[1]", "subnet_id");
    assert_eq!(subnet.symbol(), Some(&symbol("module.net[\"a\"].aws_subnet.this[1]", "id")));
    let groups = at(&root, "aws_instance.web[1]", "vpc_security_group_ids");
    let ids: Vec<_> = groups.as_items().unwrap().iter().filter_map(Value::symbol).collect();
    assert_eq!(ids.len(), 2, "{groups:?}");
    let ports: Vec<_> = at(&root, "aws_security_group.web", "ingress").as_items().unwrap().iter().collect();
    assert_eq!(ports.len(), 3);
    let open = at(&root, "aws_security_group.web", "ingress.0");
    assert!(written(&map, open).unwrap_or_default().starts_with("ingress"), "{open:?}");
    let provider = &root.instances[0].provider;
    assert_eq!((&*provider.source, provider.major), ("hashicorp/aws", Some(3)));
    assert!(at(&root, "aws_db_instance.main", "password").marks.is_sensitive());
}
