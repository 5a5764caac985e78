//! The real `terraform` drives the provider: from installing it to destroying what was made.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use tempfile::TempDir;

/// Whether the `terraform` binary is here. Where it must be (CI) its absence fails the test.
fn has_terraform() -> bool {
    let found = Command::new("terraform").arg("version").output().is_ok_and(|output| output.status.success());
    assert!(found || std::env::var_os("CI").is_none_or(|ci| ci != "true"), "terraform is not installed");
    if !found {
        eprintln!("skipped: terraform is not installed");
    }
    found
}

/// A mirror that holds the provider, as `install --dir` makes it.
static MIRROR: LazyLock<TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let binary = env!("CARGO_BIN_EXE_terraform-provider-palisade");
    let output = Command::new(binary).arg("install").arg("--dir").arg(dir.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("required_providers") && told.contains("filesystem_mirror"), "{told}");
    dir
});

const REQUIRED: &str =
    "terraform {\n  required_providers {\n    palisade = { source = \"palisade/palisade\" }\n  }\n}\n";

/// A root module of its own, initialized.
struct Project {
    dir: TempDir,
}

impl Project {
    fn new(main: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        // Nothing above the directory counts.
        fs::create_dir(dir.path().join(".git")).unwrap();
        let configuration = format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
            MIRROR.path().to_string_lossy()
        );
        fs::write(dir.path().join("terraformrc"), configuration).unwrap();
        let project = Self { dir };
        project.write("versions.tf", REQUIRED).write("main.tf", main);
        let init = project.run(&["init"]);
        assert!(init.status.success(), "{}", text(&init));
        project
    }

    fn write(&self, name: &str, content: &str) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("terraform");
        command.current_dir(self.dir.path()).args(arguments).stdin(std::process::Stdio::null());
        command.env("TF_CLI_CONFIG_FILE", self.path("terraformrc")).env("CHECKPOINT_DISABLE", "1");
        command.env("TF_CLI_ARGS", "-no-color").env("TF_INPUT", "0").env("HOME", self.dir.path());
        for name in ["TF_LOG", "TF_WORKSPACE", "TF_DATA_DIR", "TF_CLI_ARGS_plan", "TF_CLI_ARGS_apply"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs what must go well.
    fn pass(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", text(&output));
        text(&output)
    }

    /// Runs what must fail.
    fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}\n{}", text(&output));
        text(&output)
    }

    /// The resources that exist.
    fn existing(&self) -> String {
        self.pass(&["state", "list"])
    }

    fn state(&self) -> String {
        fs::read_to_string(self.path("terraform.tfstate")).unwrap_or_default()
    }
}

/// Everything that was printed, with the frame of messages and line breaks taken out.
fn text(output: &Output) -> String {
    let whole = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    whole.replace(['│', '╵', '╷'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

/// A gate before a resource; the port is open to what `range` is.
fn gate(range: &str) -> String {
    format!(
        r#"resource "terraform_data" "late" {{
  input = "0.0.0.0/0"
}}

locals {{
  ingress = [{{ from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = [{range}] }}]
}}

resource "palisade_gate" "network" {{
  name = "network"

  subject {{
    type = "aws_security_group"
    name = "ssh"
    config = {{
      description = "Administration"
      ingress     = local.ingress
    }}
  }}
}}

resource "terraform_data" "guarded" {{
  input      = local.ingress
  depends_on = [palisade_gate.network]
}}
"#
    )
}

#[test]
fn a_gate_lets_through_what_complies() {
    if !has_terraform() {
        return;
    }
    let project = Project::new(&gate("\"10.0.0.0/8\""));
    contains(&project.pass(&["apply", "-auto-approve"]), &["palisade_gate.network: Creation complete", "id=network"]);
    let state = project.state();
    contains(&state, &["net/no-open-admin-ports", "aws_security_group.ssh", "\"verdict\": \"pass\"", "policy_digest"]);
    contains(&project.pass(&["plan"]), &["No changes."]);
    // What a gate says is judged again when the policy changes.
    project.write("palisade.hcl", "palisade {\n  fail_on = \"low\"\n}\n");
    contains(&project.pass(&["plan"]), &["palisade_gate.network will be updated in-place", "policy_digest"]);
    contains(&project.pass(&["destroy", "-auto-approve"]), &["palisade_gate.network: Destruction complete"]);
}

#[test]
fn a_gate_is_closed_to_what_is_wrong_when_it_is_planned() {
    if !has_terraform() {
        return;
    }
    let project = Project::new(&gate("\"0.0.0.0/0\""));
    let refused = project.fail(&["plan"]);
    contains(
        &refused,
        &[
            "Error: net/no-open-admin-ports:",
            "with palisade_gate.network,",
            "on main.tf line 17, in resource \"palisade_gate\" \"network\":",
            "17: ingress = local.ingress",
            "Subject: aws_security_group.ssh, ingress[0]",
        ],
    );
}

#[test]
fn what_becomes_known_only_when_it_is_applied_is_caught_then() {
    if !has_terraform() {
        return;
    }
    let project = Project::new(&gate("terraform_data.late.output"));
    contains(&project.pass(&["plan"]), &["policy_digest", "record = (known after apply)"]);
    contains(&project.fail(&["apply", "-auto-approve"]), &["Error: net/no-open-admin-ports:", "palisade_gate.network"]);
    assert_eq!(project.existing(), "terraform_data.late");
}

#[test]
fn in_mode_advise_findings_are_warnings() {
    if !has_terraform() {
        return;
    }
    let project =
        Project::new(&format!("provider \"palisade\" {{\n  mode = \"advise\"\n}}\n{}", gate("\"0.0.0.0/0\"")));
    contains(&project.pass(&["apply", "-auto-approve"]), &["Warning: net/no-open-admin-ports:"]);
    contains(&project.state(), &["\"verdict\": \"fail\"", "guarded"]);
}

#[test]
fn functions_guard_preconditions_at_plan_and_at_apply() {
    if !has_terraform() {
        return;
    }
    let main = |range: &str, other: &str| {
        format!(
            r#"resource "terraform_data" "late" {{
  input = "0.0.0.0/0"
}}

locals {{
  rule = {{ type = "ingress", from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = [{range}], description = {other} }}
}}

resource "terraform_data" "guarded" {{
  lifecycle {{
    precondition {{
      condition     = provider::palisade::compliant("aws_security_group_rule", local.rule)
      error_message = join("\n", provider::palisade::violations("aws_security_group_rule", local.rule))
    }}
  }}
}}
"#
        )
    };
    // What is certainly wrong is refused when it is planned, whatever else is unknown.
    let project = Project::new(&main("\"0.0.0.0/0\"", "\"x\""));
    contains(&project.fail(&["plan"]), &["Resource precondition failed", "net/no-open-admin-ports: "]);
    project.write("main.tf", &main("\"10.0.0.0/8\"", "terraform_data.late.output"));
    project.pass(&["plan"]);
    project.write("main.tf", &main("terraform_data.late.output", "\"x\""));
    project.pass(&["plan"]);
    contains(
        &project.fail(&["apply", "-auto-approve"]),
        &["Resource precondition failed", "net/no-open-admin-ports: "],
    );
    assert_eq!(project.existing(), "terraform_data.late");
}

#[test]
fn functions_answer_on_the_console_and_refuse_what_makes_no_sense() {
    if !has_terraform() {
        return;
    }
    let project = Project::new("");
    let ask = |expression: &str| {
        use std::io::Write as _;
        let mut command = project.command(&["console"]);
        command.stdin(std::process::Stdio::piped());
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut console = command.spawn().unwrap();
        console.stdin.take().unwrap().write_all(expression.as_bytes()).unwrap();
        text(&console.wait_with_output().unwrap())
    };
    for (expression, answer) in [
        ("provider::palisade::environment_of(\"app-production-1\")\n", "\"prod\""),
        ("provider::palisade::environment_of(\"billing\")\n", "tostring(null)"),
        ("provider::palisade::cidr_overlaps(\"10.0.0.0/8\", \"10.1.0.0/16\")\n", "true"),
        ("provider::palisade::violations(\"aws_s3_bucket\", {})\n", "tolist([])"),
        ("provider::palisade::cidr_overlaps(\"ten\", \"10.1.0.0/16\")\n", "\"ten\" is not an address range"),
        ("provider::palisade::compliant(\"aws_securty_group\", {})\n", "did you mean \"aws_security_group\""),
        ("provider::palisade::compliant(\"aws_security_group\", { ingres = [] })\n", "did you mean \"ingress\""),
    ] {
        contains(&ask(expression), &[answer]);
    }
}

#[test]
fn the_number_of_violations_is_bounded_while_they_are_unknown() {
    if !has_terraform() {
        return;
    }
    // One rule is violated for certain, another block is not known.
    let main = r#"resource "terraform_data" "late" {
  input = "0.0.0.0/0"
}

locals {
  ingress = [
    { from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = ["0.0.0.0/0"] },
    { from_port = 3389, to_port = 3389, protocol = "tcp", cidr_blocks = [terraform_data.late.output] },
  ]
}

output "count" {
  value = length(provider::palisade::violations("aws_security_group", { ingress = local.ingress }))

  precondition {
    condition     = length(provider::palisade::violations("aws_security_group", { ingress = local.ingress })) == 0
    error_message = "There are violations."
  }
}
"#;
    let project = Project::new(main);
    contains(&project.fail(&["plan"]), &["There are violations."]);
}

#[test]
fn functions_serve_validation_checks_and_tests() {
    if !has_terraform() {
        return;
    }
    let main = r#"variable "clients" {
  type = string

  validation {
    condition = provider::palisade::compliant("aws_security_group_rule", {
      type = "ingress", protocol = "tcp", from_port = 22, to_port = 22, cidr_blocks = [var.clients]
    })
    error_message = "Administration must not be open to these clients."
  }
}

check "environment" {
  assert {
    condition     = provider::palisade::environment_of(terraform.workspace) != null
    error_message = "The workspace names no environment."
  }
}

resource "terraform_data" "rule" {
  input = var.clients
}
"#;
    let tests = r#"run "closed" {
  variables {
    clients = "10.0.0.0/8"
  }
  assert {
    condition     = provider::palisade::cidr_overlaps(terraform_data.rule.output, "10.1.0.0/16")
    error_message = "wrong"
  }
  expect_failures = [check.environment]
}

run "open" {
  command = plan
  variables {
    clients = "0.0.0.0/0"
  }
  expect_failures = [var.clients, check.environment]
}
"#;
    let project = Project::new(main);
    project.write("rules.tftest.hcl", tests);
    contains(&project.pass(&["test"]), &["2 passed, 0 failed"]);
    let refused = project.fail(&["plan", "-var", "clients=0.0.0.0/0"]);
    contains(&refused, &["Administration must not be open to these clients."]);
    let warned = project.pass(&["plan", "-var", "clients=10.0.0.0/8"]);
    contains(&warned, &["Warning: Check block assertion failed", "The workspace names no environment."]);
}

#[test]
fn a_check_judges_a_directory() {
    if !has_terraform() {
        return;
    }
    let main = |mode: &str| {
        format!(
            r#"data "palisade_check" "network" {{
  path = "${{path.module}}/network"
  mode = "{mode}"
}}

output "rules" {{
  value = distinct([for it in data.palisade_check.network.findings : "${{it.rule}} ${{it.line}}" if it.verdict == "fail"])
}}
"#
        )
    };
    let project = Project::new(&main("enforce"));
    let network = "resource \"aws_security_group_rule\" \"ssh\" {\n  type = \"ingress\"\n  security_group_id = \"sg-1\"\n  \
                   from_port = 22\n  to_port = 22\n  protocol = \"tcp\"\n  cidr_blocks = [\"0.0.0.0/0\"]\n}\n";
    project.write("network/main.tf", network);
    let refused = project.fail(&["plan"]);
    contains(&refused, &["Error: net/no-open-admin-ports:", "on main.tf line 2", "network/main.tf:7"]);
    project.write("main.tf", &main("advise"));
    contains(&project.pass(&["apply", "-auto-approve"]), &["\"net/no-open-admin-ports 7\""]);
    project.write("network/main.tf", "resource {\n");
    contains(&project.fail(&["plan"]), &["cannot be judged", "network/main.tf:1"]);
}

#[test]
fn gates_are_imported_and_refreshed_like_any_resource() {
    if !has_terraform() {
        return;
    }
    let project = Project::new(&gate("\"10.0.0.0/8\""));
    project.pass(&["import", "palisade_gate.network", "network"]);
    contains(&project.pass(&["state", "show", "palisade_gate.network"]), &["id = \"network\""]);
    contains(&project.pass(&["apply", "-auto-approve"]), &["palisade_gate.network: Modifications complete"]);
    contains(&project.pass(&["plan", "-refresh-only"]), &["No changes."]);
}

#[test]
fn wrong_configuration_is_told_where_it_stands() {
    if !has_terraform() {
        return;
    }
    let used = "data \"palisade_check\" \"c\" {\n  path = \".\"\n}\n";
    let project = Project::new(&format!("provider \"palisade\" {{\n  fail_on = \"hgih\"\n}}\n{used}"));
    contains(
        &project.fail(&["validate"]),
        &["on main.tf line 2", "Unknown severity \"hgih\": use low, medium, high or critical."],
    );
    let wrong_block = "resource \"palisade_gate\" \"g\" {\n  name = \"g\"\n  subject {\n    type = \"aws_securty_group\"\n    config = {}\n  }\n}\n";
    project.write("main.tf", wrong_block);
    contains(&project.fail(&["validate"]), &["on main.tf line 4", "did you mean \"aws_security_group\"?"]);
    project.write("main.tf", "provider \"palisade\" {\n  rulesets = [\"builtin\", \"./policy\"]\n}\nresource \"palisade_gate\" \"g\" {\n  name = \"g\"\n  subject {\n    type = \"aws_security_group\"\n    config = {}\n  }\n}\n");
    contains(&project.fail(&["plan"]), &["The policy cannot be read", "policy: There is no folder of rules here"]);
}

#[test]
fn the_example_does_what_its_page_says() {
    if !has_terraform() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/provider");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let project = Project::new("");
    fs::remove_file(project.path("versions.tf")).unwrap();
    project.write("main.tf", &read("main.tf")).write("open.tftest.hcl", &read("open.tftest.hcl"));
    let refused = project.run(&["apply", "-auto-approve", "-var", "clients=0.0.0.0/0"]);
    let lines = [refused.stdout, refused.stderr].concat();
    let lines: Vec<String> = String::from_utf8(lines).unwrap().lines().map(|it| it.trim_end().to_owned()).collect();
    let transcript = format!("$ terraform apply -var clients=0.0.0.0/0\n{}\n", lines.join("\n").trim());
    let kept = folder.join("expected.txt");
    if std::env::var_os("PALISADE_BLESS").is_some() {
        fs::write(&kept, &transcript).unwrap();
    }
    assert_eq!(transcript, fs::read_to_string(&kept).unwrap_or_default(), "PALISADE_BLESS=1 writes it anew");
    contains(&project.pass(&["apply", "-auto-approve"]), &["Apply complete! Resources: 3 added"]);
    contains(&project.pass(&["plan"]), &["No changes."]);
    project.pass(&["destroy", "-auto-approve"]);
    contains(&project.pass(&["test"]), &["3 passed, 0 failed"]);
}

#[test]
fn log_lines_appear_under_tf_log() {
    if !has_terraform() {
        return;
    }
    let project = Project::new("provider \"palisade\" {}\n");
    let output = project.command(&["plan"]).env("TF_LOG", "debug").output().unwrap();
    let text = text(&output);
    let line = text.split("[DEBUG]").find(|line| line.contains("serving")).unwrap_or_default();
    contains(line, &["palisade", "version="]);
}

#[test]
fn nothing_is_left_behind() {
    if !has_terraform() {
        return;
    }
    let project = Project::new(&gate("\"10.0.0.0/8\""));
    let sockets = project.path("sockets");
    fs::create_dir(&sockets).unwrap();
    let output = project.command(&["plan"]).env("TMPDIR", &sockets).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let left: Vec<PathBuf> = fs::read_dir(&sockets).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    assert!(Path::new(env!("CARGO_BIN_EXE_terraform-provider-palisade")).exists());
}
