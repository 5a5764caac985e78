#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::source::{Boundary, SourceMap};
use crate::terraform::{Action, Directory, Instance, Loaded, Mode};
use crate::value::{Fields, Kind, Knowledge, Reason, Symbol, Value};

pub(super) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/plans").join(name)).unwrap()
}

/// The configuration inside a plan, evaluated with the plan's variables.
pub(super) fn evaluated(
    config: &EmbeddedConfig,
    map: &SourceMap,
    variables: &Fields,
    workspace: Option<Arc<str>>,
) -> Loaded {
    let boundary = Boundary::at(config, Path::new("/"));
    Directory::read(config, map, &boundary, Path::new(".")).evaluate_with(variables, workspace)
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
    at_of(&instance.values, path)
}

/// The value at a path within a value.
pub(super) fn at_of<'p>(value: &'p Value, path: &str) -> Option<&'p Value> {
    let mut value = value;
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

fn binary_plan(name: &str) -> PlanFile {
    let mut diagnostics = Vec::new();
    let plan = read_binary(Path::new("plan.bin"), &fixture(name), &mut diagnostics).unwrap();
    assert_eq!(diagnostics, []);
    plan
}

/// All values of an instance by path, unknown ones as `?`, sensitive ones with `!`.
fn leaves(value: &Value, path: String, out: &mut std::collections::BTreeMap<String, String>) {
    let mark = if value.marks.is_sensitive() { "!" } else { "" };
    match &value.kind {
        Kind::Unknown(_) => drop(out.insert(path, format!("?{mark}"))),
        Kind::Null(_) => drop(out.insert(path, "null".to_owned())),
        Kind::Bool(value) => drop(out.insert(path, format!("{value}{mark}"))),
        Kind::Number(value) => drop(out.insert(path, format!("{value}{mark}"))),
        Kind::String(value) => drop(out.insert(path, format!("{value}{mark}"))),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            out.insert(format!("{path}#"), format!("{}{mark}", items.len()));
            items.iter().enumerate().for_each(|(index, item)| leaves(item, format!("{path}.{index}"), out));
        }
        Kind::Map(_, fields) => fields.iter().for_each(|(name, item)| leaves(item, format!("{path}.{name}"), out)),
        Kind::Object(object) => {
            object.fields.iter().for_each(|(name, item)| leaves(item, format!("{path}.{name}"), out));
        }
    }
}

#[test]
fn binary_plan_and_its_json_say_the_same() {
    for name in ["network", "changes"] {
        let (binary, json) = (binary_plan(&format!("{name}/plan.bin")), json_plan(&format!("{name}/plan.json")));
        let by_address = |instances: &[Instance]| {
            let mut all = std::collections::BTreeMap::new();
            for instance in instances {
                let mut values = std::collections::BTreeMap::new();
                leaves(&instance.values, String::new(), &mut values);
                let action = instance.change.as_ref().map(|change| change.action);
                all.insert(instance.address.clone(), (values, action, instance.provider.source.clone()));
            }
            all
        };
        let (one, other) = (by_address(&binary.root.instances), by_address(&json.root.instances));
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (address, found) in one {
            assert_eq!(found, other[&address], "{address}");
        }
        assert_eq!(by_address(&binary.root.removed), by_address(&json.root.removed));
        assert_eq!(binary.root.moves, json.root.moves);
        assert_eq!(binary.terraform_version.as_deref(), Some("1.11.4"));
    }
}

#[test]
fn binary_plans_know_workspace_backend_and_given_variables() {
    let plan = binary_plan("changes/plan.bin");
    assert_eq!(plan.root.workspace.as_deref(), Some("default"));
    let backend = plan.root.backend.unwrap();
    assert_eq!(&*backend.kind, "local");
    assert_eq!(backend.values.as_fields().unwrap().get("path").unwrap().as_str(), Some("state/terraform.tfstate"));
    let network = binary_plan("network/plan.bin");
    assert_eq!(network.variables.get("password").unwrap().as_str(), Some("hunter2"));
    assert!(!network.variables.contains_key("environment"), "defaults are in the configuration only");
}

#[test]
fn the_configuration_inside_a_binary_plan_evaluates() {
    let plan = binary_plan("network/plan.bin");
    let map = crate::source::SourceMap::default();
    let sources = plan.sources.unwrap();
    let loaded = evaluated(&sources, &map, &plan.variables, plan.root.workspace);
    assert_eq!(loaded.diagnostics, []);
    let files: Vec<_> = loaded.root.files.iter().map(|file| file.display().to_string()).collect();
    assert_eq!(files, ["main.tf", "modules/net/main.tf"]);
    assert!(loaded.root.instances.iter().any(|found| &*found.address == "module.net[\"b\"].aws_subnet.this[1]"));
}

#[test]
fn damaged_and_foreign_archives_are_refused_in_words() {
    let good = fixture("network/plan.bin");
    let refused = |bytes: &[u8]| read_binary(Path::new("p"), bytes, &mut Vec::new()).unwrap_err().message;
    assert!(refused(b"PK").contains("damaged"));
    assert!(refused(&good[..good.len() / 2]).contains("damaged"));
    assert!(refused(&archive(&[("readme", b"x")])).contains("no plan"));
    assert!(refused(&archive(&[("tfplan", &[8, 4, 114, 3, b'2', b'.', b'0'])])).contains("format 4 (Terraform 2.0)"));
    assert!(refused(&archive(&[("tfplan", &[0xff, 0xff])])).contains("damaged"));
    assert!(refused(&archive(&[("tfplan", b"")])).contains("format 0"));
    for cut in (0..good.len()).step_by(97) {
        let mut broken = good.clone();
        broken[cut] ^= 0x5a;
        // Whatever it says, it says it.
        let _ = read_binary(Path::new("p"), &broken, &mut Vec::new());
    }
}

#[test]
fn archives_that_grow_without_end_are_refused() {
    let bomb = archive(&[("tfplan", &vec![0; 80 << 20])]);
    let message = read_binary(Path::new("p"), &bomb, &mut Vec::new()).unwrap_err().message;
    assert!(message.contains("when unpacked"), "{message}");
}

#[test]
fn modules_above_the_root_keep_their_place() {
    let manifest = br#"[{"Key":"","Dir":"."},{"Key":"up","Dir":"../../up"},{"Key":"up.in","Dir":"../../up/in"}]"#;
    let root = b"module \"up\" {\n  source = \"../../up\"\n}\n";
    let up = b"module \"in\" {\n  source = \"./in\"\n}\n";
    let inner = b"resource \"terraform_data\" \"x\" {}\n";
    let bytes = archive(&[
        ("tfplan", &[8, 3]),
        ("tfconfig/modules.json", manifest),
        ("tfconfig/m-/main.tf", root),
        ("tfconfig/m-up/main.tf", up),
        ("tfconfig/m-up.in/main.tf", inner),
        ("tfconfig/m-other/main.tf", inner),
    ]);
    let plan = read_binary(Path::new("p"), &bytes, &mut Vec::new()).unwrap();
    let map = crate::source::SourceMap::default();
    let loaded = evaluated(&plan.sources.unwrap(), &map, &plan.variables, None);
    assert_eq!(loaded.diagnostics, []);
    let files: Vec<_> = loaded.root.files.iter().map(|file| file.display().to_string()).collect();
    assert_eq!(files, ["main.tf", "../../up/main.tf", "../../up/in/main.tf"]);
    assert_eq!(&*loaded.root.instances[0].address, "module.up.module.in.terraform_data.x");
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
