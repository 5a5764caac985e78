//! The command line as a newcomer meets it: exit codes, what goes where, and what mistakes are told.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const OPEN: &str = r#"
resource "aws_security_group" "a" {
  name = "a"
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"] # here
  }
}
"#;

const CLOSED: &str = "resource \"aws_security_group\" \"a\" {\n  name = \"a\"\n}\n";

const PER_ENVIRONMENT: &str = r#"
variable "admins" { type = list(string) }
resource "aws_security_group" "a" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.admins
  }
}
"#;

const WAIVER: &str = r#"
waiver "jump" {
  rule    = "net/no-open-admin-ports"
  reason  = "Until the VPN is there"
  owner   = "net@example.org"
  expires = "2026-12-31"
}
"#;

type Files = &'static [(&'static str, &'static str)];

const OPEN_ROOT: Files = &[("main.tf", OPEN)];
const CLOSED_ROOT: Files = &[("main.tf", CLOSED)];

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    // The walk for palisade.hcl ends at a repository's root.
    fs::create_dir(dir.path().join(".git")).unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn palisade(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_palisade"));
    command.current_dir(dir).args(args).env("PALISADE_AS_OF", "2026-11-22");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_STEP_SUMMARY", "TF_WORKSPACE"] {
        command.env_remove(name);
    }
    command
}

fn run(dir: &Path, args: &str) -> Output {
    let args: Vec<&str> = args.split_whitespace().collect();
    palisade(dir, &args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// One run: what it must exit with, and what must stand on its two outputs. An empty text means that nothing may.
struct Case {
    files: Files,
    args: &'static str,
    code: i32,
    out: &'static str,
    err: &'static str,
}

const fn case(files: Files, args: &'static str, code: i32, out: &'static str, err: &'static str) -> Case {
    Case { files, args, code, out, err }
}

fn assert_cases(cases: &[Case]) {
    for Case { files, args, code, out, err } in cases {
        let dir = folder(files);
        let output = run(dir.path(), args);
        let (found_out, found_err) = (text(&output.stdout), text(&output.stderr));
        let story = format!("palisade {args}\n-- stdout\n{found_out}\n-- stderr\n{found_err}");
        assert_eq!(output.status.code(), Some(*code), "{story}");
        for (found, wanted) in [(found_out, out), (found_err, err)] {
            assert!(found.contains(wanted), "{wanted:?} is missing\n{story}");
            assert!(!wanted.is_empty() || found.is_empty(), "nothing was to be said here\n{story}");
        }
    }
}

#[test]
fn findings_go_to_standard_output_and_set_the_exit_code() {
    assert_cases(&[
        case(OPEN_ROOT, "", 1, "critical net/no-open-admin-ports aws_security_group.a", ""),
        case(OPEN_ROOT, "check", 1, "main.tf:8:20", ""),
        case(OPEN_ROOT, "check main.tf", 1, "1 fail (1 critical)", ""),
        case(OPEN_ROOT, "-q", 1, "net/no-open-admin-ports", ""),
        case(OPEN_ROOT, "--exit-zero", 0, "1 fail", ""),
        case(OPEN_ROOT, "--ignore net/no-open-admin-ports", 0, "0 undetermined", ""),
        case(OPEN_ROOT, "--skip-check CKV_AWS_24", 0, "0 undetermined", ""),
        case(OPEN_ROOT, "--select tls", 0, "0 undetermined", ""),
        case(OPEN_ROOT, "--select CKV_AWS_24", 1, "net/no-open-admin-ports", ""),
        case(
            OPEN_ROOT,
            "-f compact",
            1,
            "main.tf:8:20: critical net/no-open-admin-ports aws_security_group.a: 0.0.0.0/0",
            "",
        ),
        case(OPEN_ROOT, "-f json", 1, "\"rule\":", ""),
        case(OPEN_ROOT, "-f github", 1, "::error ", ""),
        case(CLOSED_ROOT, "", 0, "1 resource", ""),
        case(CLOSED_ROOT, "check .", 0, "1 resource", ""),
    ]);
}

#[test]
fn the_gate_and_what_is_shown_are_two_things() {
    const TRAIL: Files =
        &[("main.tf", "resource \"aws_cloudwatch_log_group\" \"a\" {\n  name = \"a\"\n  retention_in_days = 30\n}\n")];
    assert_cases(&[
        case(TRAIL, "--select log/retention", 1, "medium log/retention", ""),
        case(TRAIL, "--select log/retention --fail-on high", 0, "medium log/retention", ""),
        case(TRAIL, "--select log/retention --fail-on high -e prod", 0, "(prod)", ""),
        case(TRAIL, "--select log/retention -e dev", 0, "low log/retention", ""),
        case(TRAIL, "--select log/retention -e dev --fail-on low", 1, "low log/retention", ""),
    ]);
}

#[test]
fn mistakes_in_arguments_are_told_on_standard_error_with_exit_code_2() {
    assert_cases(&[
        case(OPEN_ROOT, "--bogus", 2, "", "unexpected argument '--bogus'"),
        case(OPEN_ROOT, "--severity lo", 2, "", "use low, medium, high or critical"),
        case(OPEN_ROOT, "-f yaml", 2, "", "unknown format \"yaml\": use text, compact, json"),
        case(OPEN_ROOT, "-f sarif -f text", 2, "", "only one format can go to standard output"),
        case(OPEN_ROOT, "-f sarif=", 2, "", "names no file"),
        case(OPEN_ROOT, "-f sarif=no/such/folder.sarif", 2, "", "cannot write no/such/folder.sarif"),
        case(OPEN_ROOT, "--select net/no-open-admin-port", 2, "", "No rule is called \"net/no-open-admin-port\""),
        case(OPEN_ROOT, "--as-of tomorrow", 2, "", "is not a date such as 2027-03-31"),
        case(OPEN_ROOT, "--var admins", 2, "", "is not NAME=VALUE"),
        case(OPEN_ROOT, "--write-known", 2, "", "--write-known needs --known FILE"),
        case(OPEN_ROOT, "--known known.json", 2, "", "known.json: no such file"),
        case(OPEN_ROOT, "--chdir nowhere", 2, "", "--chdir nowhere"),
        case(OPEN_ROOT, "--rulesets nowhere", 2, "", "There is no folder of rules here"),
        case(OPEN_ROOT, "--config nowhere.hcl", 2, "", "The configuration cannot be read"),
        case(OPEN_ROOT, "--config x --no-config", 2, "", "cannot be used with"),
        case(OPEN_ROOT, "explain net/no-open", 2, "", "did you mean net/no-open-admin-ports"),
        case(OPEN_ROOT, "rules nope", 2, "", "no rule is called nope"),
        case(OPEN_ROOT, "test nowhere", 2, "", "nowhere"),
    ]);
}

#[test]
fn input_that_is_missing_or_broken_is_never_a_clean_run() {
    const BROKEN: Files = &[("main.tf", "resource \"a\" {\n")];
    const HALF: Files = &[("a/main.tf", OPEN), ("b/main.tf", "locals {\n  x = [1\n")];
    assert_cases(&[
        case(CLOSED_ROOT, "check nonexisting", 2, "NOTHING JUDGED", "in nonexisting"),
        case(CLOSED_ROOT, "chek .", 2, "1 resource", "did you mean the command `check`?"),
        case(BROKEN, "", 2, "NOT PARSED: 1 file", "main.tf:1"),
        case(HALF, "", 2, "net/no-open-admin-ports", "b/main.tf"),
        case(OPEN_ROOT, "--var-file nope.tfvars", 2, "1 fail", "nope.tfvars"),
        case(&[], "", 2, "NOTHING JUDGED", "no Terraform configuration here"),
        case(&[("a.json", "{\"a\": 1}")], "check a.json", 2, "NOT PARSED", "no directory, plan or state"),
    ]);
}

#[test]
fn help_is_given_where_it_is_asked_for() {
    assert_cases(&[
        case(&[], "--help", 0, "Exit code: 0 clean, 1 findings", ""),
        case(&[], "check -h", 0, "--fail-on", ""),
        case(&[], "help rules", 0, "List the rules", ""),
        case(&[], "-V", 0, "palisade 0.", ""),
        case(&[], "rules", 0, "net/no-open-admin-ports ", ""),
        case(&[], "rules tls -f json", 0, "\"id\": \"tls/lb-listener-https\"", ""),
        case(&[], "explain net/no-open-admin-ports", 0, "Why it matters", ""),
        case(&[], "explain CKV_AWS_24", 0, "net/no-open-admin-ports", ""),
        case(&[], "explain palisade/waiver-expired", 0, "expired", ""),
        case(&[], "explain palisade/waiver-unused", 0, "covers no finding", ""),
        case(&[], "completions bash", 0, "complete -F", ""),
        case(&[], "man", 0, ".TH palisade", ""),
        case(OPEN_ROOT, "inspect", 0, "ingress[0].from_port", ""),
        case(OPEN_ROOT, "inspect . aws_security_group.a", 0, "\"0.0.0.0/0\"", ""),
        case(OPEN_ROOT, "inspect nowhere", 2, "Nothing was evaluated", "nowhere"),
        case(OPEN_ROOT, "--show-config", 0, "fail_on: medium (default)", ""),
        case(OPEN_ROOT, "--timings", 1, "net/no-open-admin-ports", "whole run"),
    ]);
}

#[test]
fn environments_are_judged_side_by_side() {
    const ROOT: Files = &[
        ("main.tf", PER_ENVIRONMENT),
        ("dev.tfvars", "admins = [\"10.0.0.0/8\"]\n"),
        ("prod.tfvars", "admins = [\"0.0.0.0/1\", \"128.0.0.0/1\"]\n"),
    ];
    let dir = folder(ROOT);
    let output = run(dir.path(), "-e dev,prod --select net -f compact");
    let found = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{found}");
    assert!(found.contains("aws_security_group.a (prod): 0.0.0.0/1 and 128.0.0.0/1"), "{found}");
    assert!(!found.contains("(dev)"), "{found}");
}

#[test]
fn a_value_that_is_not_known_is_undetermined_and_fails_only_when_asked() {
    const ROOT: Files = &[("main.tf", PER_ENVIRONMENT)];
    assert_cases(&[
        case(ROOT, "", 0, "var.admins", ""),
        case(ROOT, "--undetermined fail", 1, "undetermined net/no-open-admin-ports", ""),
        case(ROOT, "--undetermined hide", 0, "0 undetermined", ""),
        case(ROOT, "--var admins=[\"0.0.0.0/0\"]", 1, "1 fail", ""),
    ]);
}

#[test]
fn several_formats_are_written_in_one_run() {
    let dir = folder(OPEN_ROOT);
    let output = run(dir.path(), "-f sarif=out.sarif -f junit=out.xml -f text");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("1 fail (1 critical)"));
    let sarif = fs::read_to_string(dir.path().join("out.sarif")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif.pointer("/runs/0/results/0/ruleId").unwrap(), "net/no-open-admin-ports");
    assert!(fs::read_to_string(dir.path().join("out.xml")).unwrap().contains("<testsuites"));
}

#[test]
fn accepted_findings_are_quiet_and_new_ones_are_not() {
    let dir = folder(OPEN_ROOT);
    let accepted = run(dir.path(), "--known known.json --write-known");
    assert_eq!(accepted.status.code(), Some(0));
    assert!(text(&accepted.stderr).contains("1 finding accepted in known.json"), "{}", text(&accepted.stderr));
    let again = run(dir.path(), "--known known.json");
    assert_eq!(again.status.code(), Some(0));
    assert!(text(&again.stdout).contains("1 known"));
    fs::write(dir.path().join("more.tf"), OPEN.replace("\"a\"", "\"b\"")).unwrap();
    let more = run(dir.path(), "--known known.json -f compact");
    assert_eq!(more.status.code(), Some(1));
    assert!(text(&more.stdout).contains("aws_security_group.b"));
    assert!(!text(&more.stdout).contains("aws_security_group.a:"));
}

#[test]
fn comments_waive_with_owner_reason_and_date_only() {
    for (comment, code, out, err) in [
        ("palisade:ignore[net/no-open-admin-ports] until=2027-01-01 by=me reason=\"VPN\"", 0, "1 waived", ""),
        ("palisade:ignore[CKV_AWS_24] until=2027-01-01 by=me reason=\"VPN\"", 0, "1 waived", ""),
        ("palisade:ignore[net/no-open-admin-ports]", 2, "1 fail", "counts for nothing"),
        ("palisade:ignore[net/no-open-admin-ports] until=2026-01-01 by=me reason=\"VPN\"", 1, "waiver-expired", ""),
        ("palisade:ignore[tls/lb-listener-https] until=2027-01-01 by=me reason=\"VPN\"", 1, "waiver-unused", ""),
    ] {
        let dir = folder(&[("main.tf", &OPEN.replace("here", comment))]);
        let output = run(dir.path(), "");
        let story = format!("{comment}\n{}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{story}");
        assert!(text(&output.stdout).contains(out) && text(&output.stderr).contains(err), "{story}");
    }
}

#[test]
fn waivers_of_the_configuration_hold_until_their_day() {
    const WAIVED: Files = &[("main.tf", OPEN), ("palisade.hcl", WAIVER)];
    assert_cases(&[
        case(WAIVED, "", 0, "1 waived", ""),
        case(WAIVED, "-v", 0, "Until the VPN is there", ""),
        case(WAIVED, "--as-of 2026-12-31", 0, "1 waived", ""),
        case(WAIVED, "--as-of 2027-01-01", 1, "palisade/waiver-expired", ""),
        case(WAIVED, "--no-config", 1, "1 fail", ""),
    ]);
}

#[test]
fn mistakes_in_the_configuration_are_told_with_their_place() {
    for (configuration, said) in [
        ("palisade { fial_on = \"high\" }", "\"fial_on\" is not a setting of palisade"),
        ("enviroment \"x\" {}", "\"enviroment\" is not a setting"),
        ("palisade { fail_on = \"hihg\" }", "\"hihg\" is not one of low, medium, high, critical"),
        ("palisade {", "This block is never closed"),
        ("time { sources = \"x\" }", "palisade.hcl:1"),
        ("waiver \"w\" { rule = \"net\" }", "has no \"reason\""),
        ("rule \"net/no-open-admin-ports\" { params = { service = [] } }", "has no parameter \"service\""),
        ("rule \"net/no-open-admin-port\" { enabled = false }", "No rule is called \"net/no-open-admin-port\""),
        (&WAIVER.replace("admin-ports", "admin"), "No rule is called \"net/no-open-admin\""),
        (&WAIVER.replace("2026-12-31", "soon"), "is not a date"),
    ] {
        let dir = folder(&[("main.tf", OPEN), ("palisade.hcl", configuration)]);
        let output = run(dir.path(), "");
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{configuration}\n{err}");
        assert!(err.contains(said), "{configuration}\n{err}");
        assert_eq!(err.matches(said).count(), 1, "said once:\n{err}");
        assert!(output.stdout.is_empty(), "{configuration}\n{}", text(&output.stdout));
    }
}

#[test]
fn colours_are_for_terminals_and_who_asks() {
    let dir = folder(OPEN_ROOT);
    let colored = |args: &[&str], variables: &[(&str, &str)]| {
        let output = palisade(dir.path(), args).envs(variables.iter().copied()).output().unwrap();
        text(&output.stdout).contains('\u{1b}')
    };
    assert!(!colored(&[], &[]), "a pipe is no terminal");
    assert!(colored(&["--color", "always"], &[]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_reader_who_leaves_early_breaks_nothing() {
    let many: String = (0..400).map(|n| OPEN.replace("\"a\"", &format!("\"group{n}\""))).collect();
    let dir = folder(&[("main.tf", &many)]);
    let mut command = palisade(dir.path(), &[]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0_u8; 10];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "the exit code is that of the findings");
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_plan_comes_through_standard_input() {
    let group = serde_json::json!({
        "address": "aws_security_group.a", "mode": "managed", "type": "aws_security_group", "name": "a",
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 1, "sensitive_values": {},
        "values": {"name": "a", "ingress": [{"protocol": "tcp", "from_port": 22, "to_port": 22,
            "cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [],
            "self": false, "description": ""}]},
    });
    let plan = serde_json::json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [group]}},
        "resource_changes": [{
            "address": "aws_security_group.a", "mode": "managed", "type": "aws_security_group", "name": "a",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": ["create"], "before": null, "after": group.get("values"), "after_unknown": {"id": true}},
        }],
        "configuration": {"root_module": {"resources": [{
            "address": "aws_security_group.a", "mode": "managed", "type": "aws_security_group", "name": "a",
            "provider_config_key": "aws", "schema_version": 1, "expressions": {"name": {"constant_value": "a"}},
        }]}},
    });
    let dir = folder(&[]);
    let mut command = palisade(dir.path(), &["check", "-", "-f", "compact"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(plan.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let found = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{found}{}", text(&output.stderr));
    assert!(found.contains("net/no-open-admin-ports aws_security_group.a"), "{found}");
}

#[test]
fn outside_of_repositories_roots_read_what_is_below_the_path_that_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("examples/small")).unwrap();
    fs::write(dir.path().join("main.tf"), OPEN).unwrap();
    fs::write(dir.path().join("examples/small/main.tf"), "module \"it\" {\n  source = \"../..\"\n}\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_palisade"))
        .args(["check", "-f", "compact", "--select", "net/no-open-admin-ports"])
        .arg(dir.path())
        .current_dir(elsewhere.path())
        .output()
        .unwrap();
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(found.contains("module.it.aws_security_group.a"), "{found}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn init_writes_what_the_repository_says_and_never_over_a_file() {
    let network = |cidr: &str| format!("resource \"aws_vpc\" \"main\" {{\n  cidr_block = \"{cidr}\"\n}}\n");
    let (dev, prod) = (network("10.1.0.0/16"), network("10.3.0.0/16"));
    let dir = folder(&[("envs/dev/main.tf", &dev), ("envs/prod/main.tf", &prod), ("envs/prod/prod.tfvars", "")]);
    let printed = run(dir.path(), "init --print");
    let output = run(dir.path(), "init");
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("dev, prod"), "{}", text(&output.stderr));
    let written = fs::read_to_string(dir.path().join("palisade.hcl")).unwrap();
    assert_eq!(written, text(&printed.stdout));
    for wanted in
        ["environment \"prod\" {", "\"envs/prod/**\"", "\"10.3.0.0/16\"", "\"prod.tfvars\"", "\"envs/dev/**\""]
    {
        assert!(written.contains(wanted), "{wanted} is missing in\n{written}");
    }
    assert_eq!(run(dir.path(), "--show-config").status.code(), Some(0));
    let again = run(dir.path(), "init");
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("is there already"));
    assert_eq!(fs::read_to_string(dir.path().join("palisade.hcl")).unwrap(), written);
}

/// A security group that lets anybody in everywhere; `mark` stands before it.
fn wide_open(mark: &str) -> String {
    format!(
        "{mark}\nresource \"aws_security_group\" \"a\" {{\n  ingress {{\n    protocol    = \"-1\"\n    from_port   = 0\n    \
         to_port     = 0\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }}\n}}\n"
    )
}

#[test]
fn one_mistake_is_one_finding_unless_the_rule_that_says_more_is_silent() {
    let any = "net/no-any-any-ingress";
    let (admin, datastore) = ("net/no-open-admin-ports", "net/no-open-datastore-ports");
    let waived = "# palisade:ignore[net/no-any-any-ingress] until=2030-01-01 by=a reason=b";
    let lowered = format!("rule \"{any}\" {{ severity = \"low\" }}\n");
    for (arguments, settings, mark, told) in [
        ("--select net", "", "", vec![any]),
        ("--select net --ignore net/no-any-any-ingress", "", "", vec![admin, datastore]),
        ("--select net", &*lowered, "", vec![any, admin, datastore]),
        ("--select net", "", waived, vec![any, admin, datastore]),
    ] {
        let main = wide_open(mark);
        let dir = folder(&[("main.tf", &main), ("palisade.hcl", settings)]);
        let output = run(dir.path(), &format!("{arguments} -f json --as-of 2026-11-22"));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report.get("findings").unwrap().as_array().unwrap();
        let rules = findings.iter().map(|finding| finding.get("rule").unwrap().as_str().unwrap());
        let rules: Vec<&str> = rules.filter(|rule| [any, admin, datastore].contains(rule)).collect();
        assert_eq!(rules, told, "{arguments} {settings} {mark}");
    }
}

#[test]
fn unknown_sources_are_asked_about_once_and_never_for_one_port_as_if_it_were_all() {
    let main = |protocol: &str, port: u16| {
        format!(
            "variable \"from\" {{ type = list(string) }}\nresource \"aws_security_group\" \"a\" {{\n  ingress {{\n    \
             protocol    = \"{protocol}\"\n    from_port   = {port}\n    to_port     = {port}\n    cidr_blocks = var.from\n  }}\n}}\n"
        )
    };
    for (protocol, port, told) in
        [("-1", 0, vec!["net/no-any-any-ingress"]), ("tcp", 22, vec!["net/no-open-admin-ports"]), ("tcp", 443, vec![])]
    {
        let dir = folder(&[("main.tf", &main(protocol, port))]);
        let output = run(dir.path(), "--select net -f json");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report.get("findings").unwrap().as_array().unwrap();
        let rules = findings.iter().map(|finding| finding.get("rule").unwrap().as_str().unwrap());
        let ports = ["net/no-any-any-ingress", "net/no-open-admin-ports", "net/no-open-datastore-ports"];
        let rules: Vec<&str> = rules.filter(|rule| ports.contains(rule)).collect();
        assert_eq!(rules, told, "{protocol} {port}");
    }
}
