#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;
use crate::value::Type;

#[test]
fn every_line_of_every_table_reads() {
    let types: Vec<_> = resource_types().collect();
    assert!(types.len() > 3_800, "{}", types.len());
    for name in types {
        let schema = resource(name).unwrap_or_else(|| panic!("{name} does not read"));
        assert_eq!(&*schema.name, name);
        assert!(schema.members.iter().next().is_some(), "{name} has no members");
        assert!(schema.members.0.is_sorted_by(|(a, _), (b, _)| a < b), "{name} is not in order");
    }
}

#[test]
fn attributes_and_blocks_are_told_apart() {
    let group = resource("aws_security_group").unwrap();
    let ingress = group.members.attribute("ingress").unwrap();
    assert_eq!(ingress.presence, Presence::OptionalComputed);
    assert!(ingress.may_be_blocks());
    assert!(matches!(group.find(["ingress", "cidr_blocks"]), Some(Place::Inside(_, Type::List(_)))));
    assert!(matches!(group.find(["tags", "Anything"]), Some(Place::Inside(_, Type::String))));
    assert!(group.find(["ingress", "cidr_block"]).is_none());
    assert!(group.find(["name", "x"]).is_none());

    let sse = resource("aws_s3_bucket_server_side_encryption_configuration").unwrap();
    assert_eq!(sse.members.block("rule").unwrap().nesting, Nesting::Set);
    let inner = sse.find(["rule", "apply_server_side_encryption_by_default"]);
    let Some(Place::Block(block)) = inner else { panic!("{inner:?}") };
    assert_eq!((block.nesting, block.min, block.max), (Nesting::List, 0, Some(1)));
    assert_eq!(block.members.attribute("sse_algorithm").unwrap().presence, Presence::Required);
    assert_eq!(group.members.block("timeouts").unwrap().nesting, Nesting::Single);
}

#[test]
fn sensitive_and_write_only_are_known() {
    let instance = resource("aws_db_instance").unwrap();
    assert!(instance.members.attribute("password").unwrap().sensitive);
    assert!(instance.members.attribute("password_wo").unwrap().write_only);
    assert_eq!(instance.members.get("password_wo").unwrap().releases, Releases::NewerOnly);
}

#[test]
fn what_one_release_lacks_is_marked() {
    assert_eq!(resource("aws_db_security_group").unwrap().releases, Releases::OlderOnly);
    assert_eq!(resource("aws_vpc_security_group_ingress_rule").unwrap().releases, Releases::NewerOnly);
    assert_eq!(resource("aws_vpc").unwrap().releases, Releases::All);
    let vpc = resource("aws_vpc").unwrap();
    assert_eq!(vpc.members.get("enable_classiclink").unwrap().releases, Releases::OlderOnly);
    assert_eq!(vpc.members.get("cidr_block").unwrap().releases, Releases::All);
}

#[test]
fn types_outside_the_tables_are_none() {
    assert!(resource("aws_").is_none());
    assert!(resource("aws_security_grou").is_none());
    assert!(resource("random_id").is_none());
    assert!(!is_covered("random_id"));
    assert!(is_covered("aws_new_thing"));
    assert!(resource("").is_none());
}

#[test]
fn mistyped_names_find_the_nearest() {
    assert_eq!(suggest("aws_security_group", "ingres").as_deref(), Some("ingress"));
    assert_eq!(suggest("aws_subnet", "cidr_blokc").as_deref(), Some("cidr_block"));
    assert_eq!(suggest("aws_subnet", "completely_other"), None);
    assert_eq!(suggest_type("aws_secruity_group"), Some("aws_security_group"));
    assert_eq!(suggest_type("azurerm_storage_acount"), Some("azurerm_storage_account"));
}

#[test]
fn lines_of_another_form_are_refused() {
    for line in ["", "a", "a\t", "a\t?\tb oS", "a\t\tb", "a\t\tb oX", "a\t\tb @[", "a\t\tb @[0:0{c oS", "a\t\tb oS}"] {
        assert!(super::line::read(line).is_none(), "{line:?}");
    }
    let deep = format!("a\t\tb o{}{}", "{c ".repeat(1000), "}".repeat(1000));
    assert!(super::line::read(&deep).is_none());
}
