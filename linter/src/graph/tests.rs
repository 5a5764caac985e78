//! Look-ups, joins and environments on small configurations.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use super::address::{canonical_address, module_path, without_instance_key};
use super::identity::names_within;
use super::{DeclaredEnvironment, EnvironmentSettings, Graph, SignalKind, glob_matches};
use crate::source::{Boundary, Memory, SourceMap};
use crate::terraform::{Move, Options, Root, load_directory};

fn root(config: &str) -> Root {
    root_at("w", None, config)
}

fn root_at(path: &str, workspace: Option<&str>, config: &str) -> Root {
    let (sources, mut system) = (SourceMap::default(), Memory::new());
    system.add("/w/main.tf", config.as_bytes());
    let boundary = Boundary::at(&system, Path::new("/"));
    let options = Options { workspace: workspace.map(str::to_owned), ..Options::default() };
    let mut root = load_directory(&system, &sources, &boundary, Path::new("/w"), &options).root;
    root.path = PathBuf::from(path);
    root
}

fn graph(root: &Root) -> Graph<'_> {
    Graph::new(root, EnvironmentSettings::default())
}

/// The addresses of who certainly and who possibly points at an instance.
fn related(root: &Root, to: &str, resource_type: &str, path: &str) -> (Vec<String>, Vec<String>) {
    let graph = graph(root);
    let found = graph.related(graph.instance(to).unwrap(), resource_type, path);
    let addresses = |list: &[&crate::terraform::Instance]| list.iter().map(|it| it.address.to_string()).collect();
    (addresses(&found.certain), addresses(&found.possible))
}

#[test]
fn addresses_are_taken_apart() {
    assert_eq!(without_instance_key("module.a[\"x\"].aws_vpc.b[0]"), "module.a[\"x\"].aws_vpc.b");
    assert_eq!(without_instance_key("aws_vpc.b[\"a[0]\"]"), "aws_vpc.b");
    assert_eq!(without_instance_key("aws_vpc.b"), "aws_vpc.b");
    let path: Vec<_> = module_path("module.net[\"a.b\"].module.sub[0].aws_vpc.x").collect();
    assert_eq!(path, ["net", "sub"]);
}

#[test]
fn addresses_are_followed_back_through_moves() {
    let step = |from: &str, to: &str| Move { from: from.into(), to: to.into() };
    let moves = [step("aws_vpc.a", "aws_vpc.b"), step("aws_vpc.b", "module.n.aws_vpc.b"), step("module.m", "module.k")];
    assert_eq!(canonical_address("module.n.aws_vpc.b[0]", &moves), "aws_vpc.a[0]");
    assert_eq!(canonical_address("module.k.aws_vpc.c", &moves), "module.m.aws_vpc.c");
    assert_eq!(canonical_address("module.kk.aws_vpc.c", &moves), "module.kk.aws_vpc.c");
    let ring = [step("aws_vpc.a", "aws_vpc.b"), step("aws_vpc.b", "aws_vpc.a")];
    assert!(["aws_vpc.a", "aws_vpc.b"].contains(&canonical_address("aws_vpc.a", &ring).as_str()));
}

#[test]
fn names_are_found_in_longer_identifiers() {
    assert!(names_within("arn:aws:s3:::logs/AWSLogs/*").contains(&"logs"));
    assert!(names_within("arn:aws:iam::1:role/app/web").contains(&"web"));
    assert!(names_within("arn:aws:logs:eu-west-1:1:log-group:/app:*").contains(&"/app"));
    assert_eq!(names_within("projects/p/global/networks/main"), ["main"]);
    assert_eq!(names_within("plain"), Vec::<&str>::new());
}

#[test]
fn globs_match_without_backtracking() {
    let cases = [
        ("envs/prod/**", "envs/prod", true),
        ("envs/prod/**", "envs/prod/a/b", true),
        ("envs/*/a", "envs/prod/a", true),
        ("envs/*/a", "envs/prod/x/a", false),
        ("**/prod/**", "a/b/prod/c", true),
        ("**/prod", "prod", true),
        ("prod*", "prod-eu", true),
        ("p?od", "prod", true),
        ("", "", true),
        ("a", "", false),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(glob_matches(pattern, text), expected, "{pattern} {text}");
    }
    assert!(!glob_matches(&"*a".repeat(200), &"a".repeat(199)));
}

#[test]
fn references_join_across_modules_and_expansion() {
    let root = root(
        "resource \"aws_vpc\" \"v\" {\n for_each = toset([\"a\", \"b\"])\n cidr_block = \"10.0.0.0/16\"\n}\n\
         resource \"aws_flow_log\" \"f\" {\n for_each = aws_vpc.v\n vpc_id = each.value.id\n}\n\
         resource \"aws_subnet\" \"s\" {\n count = 2\n vpc_id = element([aws_vpc.v[\"a\"].id, aws_vpc.v[\"b\"].id], count.index)\n}\n",
    );
    let (certain, possible) = related(&root, "aws_vpc.v[\"a\"]", "aws_flow_log", "vpc_id");
    assert_eq!((certain, possible), (vec!["aws_flow_log.f[\"a\"]".to_owned()], vec![]));
    let (certain, _) = related(&root, "aws_vpc.v[\"b\"]", "aws_subnet", "vpc_id");
    assert_eq!(certain, ["aws_subnet.s[1]"]);
}

#[test]
fn ids_given_from_outside_are_not_of_what_is_made_here() {
    let root = root(
        "variable \"v\" {}\nresource \"aws_vpc\" \"v\" {}\nresource \"aws_flow_log\" \"f\" {\n vpc_id = var.v\n}\n",
    );
    assert_eq!(related(&root, "aws_vpc.v", "aws_flow_log", "vpc_id"), (vec![], vec![]));
}

#[test]
fn ids_that_an_instance_merely_shows_do_not_point_at_it() {
    let root = root(
        "resource \"aws_vpc\" \"v\" {}\nresource \"aws_instance\" \"i\" {\n vpc_security_group_ids = [aws_vpc.v.default_security_group_id]\n}\n",
    );
    assert_eq!(related(&root, "aws_vpc.v", "aws_instance", "vpc_security_group_ids"), (vec![], vec![]));
}

#[test]
fn instances_that_may_not_exist_are_related_perhaps() {
    let root = root(
        "variable \"n\" {}\nresource \"aws_vpc\" \"v\" {\n count = var.n\n}\nresource \"aws_vpc\" \"w\" {}\n\
         resource \"aws_flow_log\" \"f\" {\n count = var.n\n vpc_id = aws_vpc.v[count.index].id\n}\n\
         resource \"aws_flow_log\" \"g\" {\n count = var.n\n vpc_id = aws_vpc.w.id\n}\n",
    );
    let generic = root.instances.iter().find(|it| &*it.name == "v").unwrap().address.to_string();
    let (certain, possible) = related(&root, &generic, "aws_flow_log", "vpc_id");
    // The same count says nothing about the same index, so this stays open.
    assert_eq!((certain.len(), possible.len()), (0, 1), "{generic}: {certain:?} {possible:?}");
    let (certain, possible) = related(&root, "aws_vpc.w", "aws_flow_log", "vpc_id");
    assert!(certain.is_empty() && possible.contains(&"aws_flow_log.g[*]".to_owned()), "{certain:?} {possible:?}");
}

#[test]
fn known_names_join_only_within_a_provider() {
    let root = root(
        "provider \"aws\" {}\nprovider \"aws\" {\n alias = \"w\"\n}\n\
         resource \"aws_iam_role\" \"r\" {\n name = \"app\"\n}\n\
         resource \"aws_iam_role_policy_attachment\" \"a\" {\n role = \"app\"\n policy_arn = \"x\"\n}\n\
         resource \"aws_iam_role_policy_attachment\" \"b\" {\n provider = aws.w\n role = \"app\"\n policy_arn = \"x\"\n}\n",
    );
    let (certain, _) = related(&root, "aws_iam_role.r", "aws_iam_role_policy_attachment", "role");
    assert_eq!(certain, ["aws_iam_role_policy_attachment.a"]);
}

fn environment(root: &Root, address: &str, settings: EnvironmentSettings) -> Option<String> {
    let graph = Graph::new(root, settings);
    graph.environment(graph.instance(address).unwrap()).name.as_ref().map(|name| name.to_string())
}

#[test]
fn environments_are_found_in_order_of_weight() {
    let bucket = |inner: &str| format!("resource \"aws_s3_bucket\" \"x\" {{\n{inner}\n}}\n");
    let find = |path: &str, workspace: Option<&str>, config: &str| {
        environment(&root_at(path, workspace, config), "aws_s3_bucket.x", EnvironmentSettings::default())
    };
    assert_eq!(find("w", None, &bucket("")), None);
    assert_eq!(find("w", None, &bucket("tags = { Environment = \"PRD\" }")).as_deref(), Some("prod"));
    assert_eq!(find("w", None, &bucket("tags = { Stage = \"prod-eu\" }")).as_deref(), Some("prod"));
    assert_eq!(find("w", None, &bucket("tags = { env = \"blue\" }")), None);
    assert_eq!(find("w", Some("staging"), &bucket("")).as_deref(), Some("test"));
    assert_eq!(find("envs/dev/app", None, &bucket("")).as_deref(), Some("dev"));
    assert_eq!(find("w", None, &bucket("bucket = \"acme-prod-logs\"")).as_deref(), Some("prod"));
    assert_eq!(find("w", None, &bucket("bucket = \"acme-core-logs\"")), None);
    assert_eq!(find("w", None, &bucket("bucket = \"prod-to-dev\"")), None);
    assert_eq!(find("envs/dev", Some("prod"), &bucket("tags = { env = \"test\" }")).as_deref(), Some("test"));
    assert_eq!(find("envs/shared", None, &bucket("")).as_deref(), Some("shared"));
}

#[test]
fn all_signals_are_kept_for_comparison() {
    let root = root_at("envs/dev", Some("prod"), "resource \"aws_s3_bucket\" \"x\" {\n tags = { env = \"test\" }\n}\n");
    let graph = graph(&root);
    let found = graph.environment(graph.instance("aws_s3_bucket.x").unwrap());
    let signals: Vec<_> = found.signals.iter().map(|it| (it.kind, it.environment.as_deref())).collect();
    assert_eq!(
        signals,
        [(SignalKind::Tag, Some("test")), (SignalKind::Workspace, Some("prod")), (SignalKind::Path, Some("dev"))]
    );
    assert!(found.signals.first().unwrap().span.is_some());
}

#[test]
fn an_unknown_tag_leaves_the_environment_open_only_if_nothing_else_says_it() {
    let config = "variable \"e\" {}\nresource \"aws_s3_bucket\" \"x\" {\n tags = { env = var.e }\n}\n";
    let check = |path: &str| {
        let root = root_at(path, None, config);
        let graph = graph(&root);
        let found = graph.environment(graph.instance("aws_s3_bucket.x").unwrap());
        (found.name.as_deref().map(str::to_owned), found.undetermined.is_empty())
    };
    assert_eq!(check("w"), (None, false));
    assert_eq!(check("envs/prod"), (Some("prod".to_owned()), true));
}

#[test]
fn declared_environments_come_first_and_give_the_names() {
    let declared = |name: &str| DeclaredEnvironment { name: name.into(), ..DeclaredEnvironment::default() };
    let live = DeclaredEnvironment {
        tags: [("Tier".to_owned(), vec!["gold*".to_owned()])].into(),
        accounts: vec!["111122223333".to_owned()],
        addresses: vec!["aws_s3_bucket.pinned".to_owned()],
        ..declared("production")
    };
    let settings = EnvironmentSettings { declared: vec![live, declared("staging")], ..EnvironmentSettings::default() };
    let root = root(
        "provider \"aws\" {\n alias = \"p\"\n assume_role {\n role_arn = \"arn:aws:iam::111122223333:role/x\"\n }\n}\n\
         resource \"aws_s3_bucket\" \"pinned\" {}\nresource \"aws_s3_bucket\" \"tier\" {\n tags = { Tier = \"gold-1\" }\n}\n\
         resource \"aws_s3_bucket\" \"word\" {\n tags = { env = \"prd\" }\n}\nresource \"aws_s3_bucket\" \"account\" {\n provider = aws.p\n}\n\
         resource \"aws_s3_bucket\" \"stage\" {\n tags = { env = \"staging\" }\n}\n",
    );
    for (name, expected) in [
        ("pinned", "production"),
        ("tier", "production"),
        ("word", "production"),
        ("account", "production"),
        ("stage", "staging"),
    ] {
        let address = format!("aws_s3_bucket.{name}");
        assert_eq!(environment(&root, &address, settings.clone()).as_deref(), Some(expected), "{name}");
    }
}
