//! The published hook under the real pre-commit: changed files select the root modules they belong to.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Where production keeps its state.
const BACKEND: &str = "terraform {\n  backend \"s3\" {\n    bucket = \"acme-prod\"\n    key = \"web\"\n    region = \"eu-west-1\"\n    \
                       encrypt = true\n    use_lockfile = true\n  }\n}\n";

/// A security group that admits everybody at a port.
fn open(name: &str, port: u16) -> String {
    format!(
        "resource \"aws_security_group\" \"{name}\" {{\n  name = \"{name}\"\n  ingress {{\n    protocol = \"tcp\"\n    \
         from_port = {port}\n    to_port = {port}\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }}\n}}\n"
    )
}

/// The hook `palisade` as published, with the binary under test for the one on the PATH.
fn configuration() -> String {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.pre-commit-hooks.yaml");
    let published = fs::read_to_string(published).unwrap();
    let hook = published.split("- id: ").find(|hook| hook.starts_with("palisade\n")).unwrap();
    let entry = format!("entry: '{}'", env!("CARGO_BIN_EXE_palisade"));
    let hook = hook.replace("entry: palisade check", &entry);
    assert!(hook.contains(&entry), "the hook has its entry: {hook}");
    let keys: String = hook.lines().skip(1).map(|line| format!("        {}\n", line.trim())).collect();
    format!("repos:\n  - repo: local\n    hooks:\n      - id: palisade\n{keys}        args: [check, -f, compact]\n")
}

struct Repository {
    dir: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { dir: tempfile::tempdir().unwrap() };
        repository.write(".pre-commit-config.yaml", &configuration());
        repository.write("modules/web/main.tf", "");
        repository.write("envs/prod/main.tf", "module \"web\" {\n  source = \"../../modules/web\"\n}\n");
        repository.write("envs/prod/backend.tf", BACKEND);
        repository.write("envs/other/main.tf", &open("unrelated", 3389));
        repository.write("README.md", "Infrastructure\n");
        repository.git(&["init", "-q"]);
        repository.git(&["add", "."]);
        repository.git(&["commit", "-q", "-m", "Start"]);
        repository
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.dir.path()).env("PRE_COMMIT_HOME", self.dir.path().join(".git/pre-commit-home"));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE").env_remove("GIT_WORK_TREE");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "test").env(format!("GIT_{role}_EMAIL"), "test@example.org");
        }
        command
    }

    fn git(&self, args: &[&str]) {
        let output = self.command("git").args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Stages a file and runs the hooks on what is staged.
    fn commit_attempt(&self, pre_commit: &Path, name: &str, text: &str) -> (bool, String) {
        self.write(name, text);
        self.git(&["add", name]);
        let output = self.command(pre_commit).args(["run", "--verbose", "--color", "never"]).output().unwrap();
        let said = said(&output);
        assert!(!said.contains("InvalidConfigError"), "{said}");
        (output.status.success(), said)
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The real pre-commit; where it is missing the test is skipped, but not in CI.
fn pre_commit() -> Option<PathBuf> {
    let program = PathBuf::from("pre-commit");
    let works = |program: &str| Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if works("pre-commit") && works("git") {
        return Some(program);
    }
    if std::env::var("CI").is_ok_and(|value| value == "true") {
        panic!("pre-commit or git is not installed, and CI=true");
    }
    println!("skipped: pre-commit or git is not installed");
    None
}

#[test]
fn a_changed_module_brings_the_roots_that_call_it_and_no_others() {
    let Some(pre_commit) = pre_commit() else { return };
    let repository = Repository::new();
    let (passed, said) = repository.commit_attempt(&pre_commit, "modules/web/main.tf", &open("web", 22));
    assert!(!passed, "{said}");
    assert!(said.contains("net/no-open-admin-ports module.web.aws_security_group.web"), "{said}");
    assert!(!said.contains("unrelated"), "{said}");
}

#[test]
fn a_fault_in_the_caller_is_found_from_the_caller() {
    let Some(pre_commit) = pre_commit() else { return };
    let repository = Repository::new();
    let (passed, said) = repository.commit_attempt(&pre_commit, "envs/prod/extra.tf", &open("extra", 22));
    assert!(!passed, "{said}");
    assert!(said.contains("envs/prod/extra.tf:7:"), "{said}");
    assert!(!said.contains("unrelated"), "{said}");
}

#[test]
fn a_mended_module_passes_although_other_roots_have_faults() {
    let Some(pre_commit) = pre_commit() else { return };
    let repository = Repository::new();
    let closed = open("web", 443);
    let (passed, said) = repository.commit_attempt(&pre_commit, "modules/web/main.tf", &closed);
    assert!(passed, "{said}");
    assert!(said.contains("Passed"), "{said}");
}

#[test]
fn files_that_are_no_configuration_start_nothing() {
    let Some(pre_commit) = pre_commit() else { return };
    let repository = Repository::new();
    let (passed, said) = repository.commit_attempt(&pre_commit, "README.md", "Infrastructure of ours\n");
    assert!(passed, "{said}");
    assert!(said.contains("Skipped"), "{said}");
}

#[test]
fn a_file_that_does_not_parse_stops_the_commit() {
    let Some(pre_commit) = pre_commit() else { return };
    let repository = Repository::new();
    let (passed, said) = repository.commit_attempt(&pre_commit, "modules/web/main.tf", "resource \"x\" {\n");
    assert!(!passed, "{said}");
    assert!(said.contains("exit code: 2"), "{said}");
}
