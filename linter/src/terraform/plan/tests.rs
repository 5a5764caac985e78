#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use super::*;
use crate::terraform::{Action, Instance, Mode};
use crate::value::{Knowledge, Reason, Symbol, Value};

pub(super) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/plans").join(name)).unwrap()
}

fn json_plan(name: &str) -> PlanFile {
    let mut diagnostics = Vec::new();
    let plan = read_json(Path::new("plan.json"), &fixture(name), &mut diagnostics).unwrap();
    assert_eq!(diagnostics, []);
    plan
}

pub(super) fn instance<'p>(plan: &'p PlanFile, address: &str) -> &'p Instance {
    plan.root.instances.iter().find(|instance| &*instance.address == address).unwrap_or_else(|| panic!("{address}"))
}

/// The value at a path such as `ingress.0.cidr_blocks`.
pub(super) fn at<'p>(instance: &'p Instance, path: &str) -> Option<&'p Value> {
    let mut value = &instance.values;
    for step in path.split('.') {
        value = match step.parse::<usize>() {
            Ok(index) => value.as_items()?.get(index)?,
            Err(_) => value.as_fields()?.get(step)?,
        };
    }
    Some(value)
}

fn symbol(address: &str, attribute: &str) -> Symbol {
    Symbol { address: address.into(), attribute: attribute.into() }
}

#[test]
fn known_values_are_read_and_null_is_absent() {
    let plan = json_plan("network/plan.json");
    let subnet = instance(&plan, "module.net[\"b\"].aws_subnet.this[1]");
    assert_eq!(at(subnet, "cidr_block").unwrap().as_str(), Some("10.1.1.0/24"));
    assert!(at(subnet, "tags").is_none());
    assert!(at(subnet, "timeouts").is_none());
    assert_eq!(&*subnet.module, "module.net[\"b\"]");
    assert_eq!(subnet.values.identity().unwrap(), &subnet.address);
    assert_eq!(subnet.change.as_ref().unwrap().action, Action::Create);
    let bucket = instance(&plan, "aws_s3_bucket.logs");
    let algorithm =
        "server_side_encryption_configuration.0.rule.0.apply_server_side_encryption_by_default.0.sse_algorithm";
    assert_eq!(at(bucket, algorithm).unwrap().as_str(), Some("aws:kms"));
    assert!(at(bucket, "lifecycle_rule").is_none(), "blocks that are not there are absent");
}

#[test]
fn unknown_ids_are_followed_to_the_instance_they_belong_to() {
    let plan = json_plan("network/plan.json");
    let subnet = instance(&plan, "module.net[\"a\"].aws_subnet.this[0]");
    assert_eq!(at(subnet, "vpc_id").unwrap().symbol(), Some(&symbol("module.net[\"a\"].aws_vpc.this", "id")));
    assert_eq!(at(subnet, "id").unwrap().symbol(), Some(&symbol(&subnet.address, "id")));
    let group = instance(&plan, "aws_security_group.lb");
    assert_eq!(at(group, "vpc_id").unwrap().symbol(), Some(&symbol("module.net[\"a\"].aws_vpc.this", "id")));
    let rule = instance(&plan, "aws_security_group_rule.lb");
    assert_eq!(at(rule, "security_group_id").unwrap().symbol(), Some(&symbol("aws_security_group.lb", "id")));
    let web = instance(&plan, "aws_instance.web[0]");
    let Knowledge::Members(members) = &at(web, "vpc_security_group_ids").unwrap().as_unknown().unwrap().knowledge
    else {
        panic!("no members")
    };
    let members: Vec<_> = members.iter().filter_map(|member| member.value.symbol()).collect();
    assert_eq!(members, [&symbol("aws_security_group.web", "id"), &symbol("aws_security_group.lb", "id")]);
}

#[test]
fn text_made_of_ids_is_not_taken_for_an_id() {
    let plan = json_plan("network/plan.json");
    let policy = at(instance(&plan, "aws_s3_bucket_policy.logs"), "policy").unwrap();
    assert!(policy.symbol().is_none());
    let reason = Reason::NotInPlan("aws_s3_bucket_policy.logs".into(), "policy".into());
    assert_eq!(*policy.as_unknown().unwrap().reasons, [reason]);
}

#[test]
fn sensitive_values_are_marked_from_plan_and_schema() {
    let plan = json_plan("network/plan.json");
    assert!(at(instance(&plan, "aws_db_instance.main"), "password").unwrap().marks.is_sensitive());
    assert!(!at(instance(&plan, "aws_db_instance.main"), "username").unwrap().marks.is_sensitive());
    assert!(at(instance(&plan, "aws_instance.web[1]"), "user_data").unwrap().marks.is_sensitive());
    let changes = json_plan("changes/plan.json");
    let kept = instance(&changes, "terraform_data.kept");
    assert!(at(kept, "input.secret").unwrap().marks.is_sensitive());
    assert!(!at(kept, "input.name").unwrap().marks.is_sensitive());
    assert!(kept.change.as_ref().unwrap().before.as_ref().unwrap().deep_marks().is_sensitive());
}

#[test]
fn data_sources_read_before_planning_come_from_the_prior_state() {
    let plan = json_plan("network/plan.json");
    let known = instance(&plan, "data.aws_iam_policy_document.known");
    assert_eq!(known.mode, Mode::Data);
    assert!(at(known, "json").unwrap().as_str().unwrap().contains("s3:*"));
    let partly = instance(&plan, "data.aws_iam_policy_document.partly");
    assert_eq!(partly.change.as_ref().unwrap().action, Action::Read);
    assert!(at(partly, "json").unwrap().is_unknown());
    assert_eq!(at(partly, "statement.0.actions.0").unwrap().as_str(), Some("s3:GetObject"));
}

#[test]
fn providers_come_with_default_tags_and_variables() {
    let plan = json_plan("network/plan.json");
    let provider = &instance(&plan, "module.net[\"a\"].aws_vpc.this").provider;
    assert_eq!((&*provider.source, &*provider.name), ("hashicorp/aws", "aws"));
    let config = provider.config.as_ref().unwrap().as_fields().unwrap();
    assert_eq!(config.get("region").unwrap().as_str(), Some("eu-west-1"));
    assert!(config.get("secret_key").unwrap().marks.is_sensitive());
    assert_eq!(plan.root.providers.len(), 1);
    assert_eq!(plan.variables.get("environment").unwrap().as_str(), Some("dev"));
}

#[test]
fn what_the_plan_removes_is_kept_apart() {
    let plan = json_plan("changes/plan.json");
    let removed: Vec<_> = plan
        .root
        .removed
        .iter()
        .map(|instance| (&*instance.address, instance.change.as_ref().unwrap().action))
        .collect();
    assert_eq!(removed, [("terraform_data.forgotten", Action::Forget), ("terraform_data.gone[1]", Action::Delete)]);
    assert_eq!(at(&plan.root.removed[1], "input").unwrap().as_str(), Some("gone-1"));
    let actions = |address: &str| instance(&plan, address).change.as_ref().unwrap().action;
    assert_eq!(actions("terraform_data.replaced"), Action::Replace);
    assert_eq!(actions("terraform_data.changed"), Action::Update);
    assert_eq!(actions("terraform_data.kept"), Action::NoOp);
    assert_eq!(plan.root.moves.len(), 1);
    assert_eq!(
        (&*plan.root.moves[0].from, &*plan.root.moves[0].to),
        ("terraform_data.old_name", "terraform_data.new_name")
    );
}

#[test]
fn numbers_keep_all_digits() {
    let plan = json_plan("changes/plan.json");
    let input = at(instance(&plan, "terraform_data.kept"), "input.list.3").unwrap();
    assert_eq!(input.as_number().unwrap().to_string(), "9007199254740993");
}

#[test]
fn what_is_no_plan_is_refused_in_words() {
    let cases: [(&[u8], &str); 7] = [
        (b"", "ends too early"),
        (b"{\"format_version\":\"1.2\"", "ends too early"),
        (b"{\"format_version\":\"2.0\"}", "format 2.0"),
        (b"{\"format_version\":\"1.2\"}", "No resource_changes"),
        (b"{}", "No format_version"),
        (b"{\"format_version\":\"1.2\",\"resource_changes\":\"hunter2\"}", "expected form"),
        (b"\xff", "UTF-8"),
    ];
    for (bytes, words) in cases {
        let error = read_json(Path::new("plan.json"), bytes, &mut Vec::new()).unwrap_err();
        assert!(error.message.contains(words), "{}", error.message);
        assert!(!error.message.contains("hunter2"));
    }
}

#[test]
fn incomplete_and_failed_plans_are_said() {
    let mut diagnostics = Vec::new();
    let text = br#"{"format_version":"1.2","resource_changes":[],"errored":true,"complete":false}"#;
    read_json(Path::new("p"), text, &mut diagnostics).unwrap();
    assert!(diagnostics[0].message.contains("Planning failed"), "{diagnostics:?}");
    let text = br#"{"format_version":"1.2","resource_changes":[],"errored":false,"complete":false}"#;
    read_json(Path::new("p"), text, &mut diagnostics).unwrap();
    assert_eq!(diagnostics[1].level, crate::diagnostic::Level::Warning);
}

#[test]
fn deep_and_odd_values_become_unknown_not_a_crash() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let text = format!(
        r#"{{"format_version":"1.2","resource_changes":[
            {{"address":"x.y","type":"x","name":"y","change":{{"actions":["create"],"after":{{"a":{deep}}}}}}},
            {{"address":"x.z","type":"x","name":"z","index":{{"odd":1}},"change":{{"actions":["dance"],"after":[1],"after_unknown":{deep}}}}}
        ]}}"#
    );
    let mut diagnostics = Vec::new();
    let plan = read_json(Path::new("p"), text.as_bytes(), &mut diagnostics).unwrap();
    assert!(plan.root.instances.iter().all(|instance| instance.values.is_unknown()));
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
}
