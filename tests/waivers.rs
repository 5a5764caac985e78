//! Waivers, accepted findings and other tools' marks, as users meet them: through the program.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const RULE: &str = "net/no-open-admin-ports";
const COMPLETE: &str = "until=2027-03-31 by=@edge reason=\"moves in March\"";

fn repository(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".git")).unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// A security group that opens SSH to everyone; `inside` stands at the start of its `ingress` block.
fn group(name: &str, inside: &str) -> String {
    format!(
        "resource \"aws_security_group\" \"{name}\" {{\n  ingress {{{inside}\n    from_port   = 22\n    to_port     = 22\n    \
         protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }}\n}}\n"
    )
}

/// A complete waiver of the rule; `more` has further arguments.
fn waiver(more: &str) -> String {
    format!(
        "waiver \"w\" {{\n  rule    = \"{RULE}\"\n  reason  = \"r\"\n  owner   = \"o\"\n  expires = \"2027-03-31\"\n  {more}\n}}\n"
    )
}

fn run(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_palisade"))
        .args(["check", "--select"])
        .arg(RULE)
        .args(if arguments.contains(&"--as-of") { &[][..] } else { &["--as-of", "2026-11-22"] })
        .args(arguments)
        .current_dir(dir)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Exit code, and `rule address waiver` of each finding, `-` for no waiver.
fn findings(dir: &Path, arguments: &[&str]) -> (i32, Vec<String>) {
    let (code, stdout, stderr) = run(dir, &[&["-f", "json"], arguments].concat());
    let report: Value = serde_json::from_str(&stdout).unwrap_or_else(|error| panic_with(&error.to_string(), &stderr));
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
    let found = report.get("findings").unwrap().as_array().unwrap().iter().map(|finding| {
        let waiver = finding.get("waiver").filter(|waiver| !waiver.is_null());
        let name = waiver.map_or_else(|| "-".to_owned(), |waiver| text(waiver, "name"));
        format!("{} {} {name}", text(finding, "rule"), text(finding, "address"))
    });
    (code, found.collect())
}

#[expect(clippy::panic, reason = "tests")]
fn panic_with(error: &str, stderr: &str) -> Value {
    panic!("{error}: {stderr}")
}

#[test]
fn a_finding_without_a_waiver_fails_the_run() {
    let dir = repository(&[("main.tf", &group("a", ""))]);
    assert_eq!(findings(dir.path(), &[]), (1, vec![format!("{RULE} aws_security_group.a -")]));
}

#[test]
fn comments_waive_what_they_stand_before_or_in() {
    let mark = format!("# palisade:ignore[{RULE}] {COMPLETE}");
    for main in [
        format!("{mark}\n{}", group("a", "")),
        group("a", &format!(" {mark}")),
        group("a", &format!("\n    {mark}\n    description = \"x\""))
            .replace("aws_security_group\" \"a\" {", &format!("aws_security_group\" \"a\" {{ {mark}")),
        format!("/* palisade:ignore[net] {COMPLETE} */\n{}", group("a", "")),
    ] {
        let dir = repository(&[("main.tf", &main)]);
        let (code, found) = findings(dir.path(), &[]);
        assert_eq!(code, 0, "{main}: {found:?}");
        assert!(found.contains(&format!("{RULE} aws_security_group.a inline")), "{main}: {found:?}");
    }
}

#[test]
fn a_comment_covers_its_block_and_no_other() {
    let main = format!("# palisade:ignore[{RULE}] {COMPLETE}\n{}{}", group("a", ""), group("b", ""));
    let dir = repository(&[("main.tf", &main)]);
    let expected = vec![format!("{RULE} aws_security_group.a inline"), format!("{RULE} aws_security_group.b -")];
    assert_eq!(findings(dir.path(), &[]), (1, expected));
}

#[test]
fn waivers_in_the_configuration_match_address_file_and_environment() {
    for (more, arguments, code) in [
        ("", &[][..], 0),
        ("address = \"aws_security_group.*\"", &[], 0),
        ("address = \"aws_security_group.b\"", &[], 1),
        ("file = \"main.tf\"", &[], 0),
        ("file = \"*.tf\"", &[], 0),
        ("file = \"other.tf\"", &[], 1),
        ("environment = \"prod\"", &["-e", "prod"], 0),
        ("environment = \"prod\"", &["-e", "dev"], 1),
    ] {
        let settings = format!("environment \"prod\" {{}}\nenvironment \"dev\" {{}}\n{}", waiver(more));
        let dir = repository(&[("main.tf", &group("a", "")), ("palisade.hcl", &settings)]);
        let (found_code, found) = findings(dir.path(), arguments);
        assert_eq!(found_code, code, "{more}: {found:?}");
        let unused = found.iter().any(|finding| finding.starts_with("palisade/waiver-unused"));
        assert_eq!(unused, code == 1, "{more}: {found:?}");
    }
}

#[test]
fn addresses_with_keys_and_modules_match_by_glob() {
    let main = "module \"jump\" {\n  source   = \"./jump\"\n  for_each = toset([\"x\"])\n}\n";
    let settings = waiver("address = \"module.jump*\"");
    let dir = repository(&[("main.tf", main), ("jump/main.tf", &group("a", "")), ("palisade.hcl", &settings)]);
    assert_eq!(findings(dir.path(), &[]), (0, vec![format!("{RULE} module.jump[\"x\"].aws_security_group.a w")]));
}

#[test]
fn an_expired_waiver_waives_nothing_and_is_a_finding() {
    let dir = repository(&[("main.tf", &group("a", "")), ("palisade.hcl", &waiver(""))]);
    assert_eq!(findings(dir.path(), &["--as-of", "2027-03-31"]).0, 0, "the last day still counts");
    let (code, found) = findings(dir.path(), &["--as-of", "2027-04-01"]);
    assert_eq!(code, 1);
    assert!(found.contains(&format!("{RULE} aws_security_group.a -")), "{found:?}");
    assert!(found.contains(&"palisade/waiver-expired w -".to_owned()), "{found:?}");
}

#[test]
fn an_unused_waiver_is_a_finding_below_the_gate() {
    let main = format!(
        "# palisade:ignore[{RULE}] {COMPLETE}\nresource \"aws_vpc\" \"v\" {{\n  cidr_block = \"10.0.0.0/16\"\n}}\n"
    );
    let dir = repository(&[("main.tf", &main)]);
    assert_eq!(findings(dir.path(), &[]), (0, vec!["palisade/waiver-unused inline -".to_owned()]));
}

#[test]
fn a_waiver_for_a_rule_that_does_not_exist_says_so() {
    let close = RULE.replace("ports", "port");
    let mark = format!("# palisade:ignore[{close}, {RULE}] {COMPLETE}");
    let dir = repository(&[("main.tf", &format!("{mark}\n{}", group("a", "")))]);
    let (code, stdout, _) = run(dir.path(), &["-f", "compact"]);
    assert_eq!(code, 0, "{stdout}");
    let said = format!("No rule is called {close:?}; did you mean {RULE:?}?");
    assert!(stdout.contains(&said) && !stdout.contains("covers no finding"), "{stdout}");
    let dir = repository(&[("main.tf", &format!("{}\n{}", mark.replace(&format!(", {RULE}"), ""), group("a", "")))]);
    let (code, stdout, _) = run(dir.path(), &["-f", "compact"]);
    assert_eq!((code, stdout.matches("palisade/waiver-unused").count()), (1, 1), "{stdout}");
    assert!(stdout.contains(&said), "{stdout}");
}

#[test]
fn waivers_take_patterns_as_their_names() {
    let mark = format!("# palisade:ignore[net/no-open-*] {COMPLETE}");
    let dir = repository(&[("main.tf", &format!("{mark}\n{}", group("a", "")))]);
    assert_eq!(findings(dir.path(), &[]), (0, vec![format!("{RULE} aws_security_group.a inline")]));
}

#[test]
fn configuration_keeps_accepted_findings_inside_the_repository() {
    let outer = tempfile::tempdir().unwrap();
    let repo = outer.path().join("repo");
    fs::create_dir_all(repo.join(".git")).unwrap();
    fs::write(repo.join("main.tf"), group("a", "")).unwrap();
    fs::write(outer.path().join("known.json"), "{\"schema\":1,\"findings\":[]}").unwrap();
    std::os::unix::fs::symlink("../known.json", repo.join("link.json")).unwrap();
    std::os::unix::fs::symlink("../new.json", repo.join("dangling.json")).unwrap();
    for path in ["../known.json", "../new.json", "link.json", "dangling.json"] {
        fs::write(repo.join("palisade.hcl"), format!("palisade {{\n  known = \"{path}\"\n}}\n")).unwrap();
        for arguments in [&[][..], &["--write-known"]] {
            let (code, _, stderr) = run(&repo, arguments);
            assert_eq!(code, 2, "{path}: {stderr}");
            assert!(stderr.contains("outside the repository") && stderr.contains("--known"), "{path}: {stderr}");
        }
        assert!(!outer.path().join("new.json").exists(), "{path}");
    }
    assert_eq!(run(&repo, &["--known", "../known.json"]).0, 1, "whom the user names may be anywhere");
    fs::write(repo.join("palisade.hcl"), "palisade {\n  known = \"known.json\"\n}\n").unwrap();
    assert_eq!(run(&repo, &["--write-known"]).0, 0);
    assert_eq!(run(&repo, &[]).0, 0);
}

#[test]
fn an_incomplete_waiver_is_an_error() {
    for mark in ["by=a reason=b", "until=2027-01-01 reason=b", "until=2027-01-01 by=a", "until=soon by=a reason=b"] {
        let dir = repository(&[("main.tf", &format!("# palisade:ignore[{RULE}] {mark}\n{}", group("a", "")))]);
        let (code, _, stderr) = run(dir.path(), &[]);
        assert_eq!(code, 2, "{mark}: {stderr}");
        assert!(stderr.contains("main.tf") && stderr.contains("waiver"), "{stderr}");
    }
    for left_out in ["reason", "owner", "expires"] {
        let settings: Vec<String> =
            waiver("").lines().filter(|line| !line.contains(left_out)).map(str::to_owned).collect();
        let dir = repository(&[("main.tf", &group("a", "")), ("palisade.hcl", &settings.join("\n"))]);
        let (code, _, stderr) = run(dir.path(), &[]);
        assert_eq!(code, 2, "{left_out}: {stderr}");
        assert!(stderr.contains("palisade.hcl") && stderr.contains(left_out), "{stderr}");
    }
}

#[test]
fn accepted_findings_pass_and_new_ones_fail() {
    let dir = repository(&[("main.tf", &group("a", ""))]);
    assert_eq!(run(dir.path(), &["--known", "known.json", "--write-known"]).0, 0);
    assert_eq!(findings(dir.path(), &["--known", "known.json"]).0, 0);
    fs::write(dir.path().join("main.tf"), format!("\n\n# moved down\n{}", group("a", ""))).unwrap();
    assert_eq!(findings(dir.path(), &["--known", "known.json"]).0, 0, "the same finding some lines below");
    let renamed = "moved {\n  from = aws_security_group.a\n  to   = aws_security_group.c\n}\n";
    fs::write(dir.path().join("main.tf"), format!("{renamed}{}", group("c", ""))).unwrap();
    assert_eq!(findings(dir.path(), &["--known", "known.json"]).0, 0, "the same finding under a new name");
    fs::write(dir.path().join("other.tf"), group("b", "")).unwrap();
    assert_eq!(findings(dir.path(), &["--known", "known.json"]).0, 1, "another group is another finding");
}

#[test]
fn a_broken_file_of_accepted_findings_is_an_error() {
    for text in ["", "[]", "{\"schema\":2,\"findings\":[]}"] {
        let dir = repository(&[("main.tf", &group("a", "")), ("known.json", text)]);
        let (code, _, stderr) = run(dir.path(), &["--known", "known.json"]);
        assert_eq!(code, 2);
        assert!(stderr.contains("known.json"), "{stderr}");
    }
}

#[test]
fn other_tools_marks_count_when_asked_for() {
    let checkov = group("a", "").replacen("{\n", "{\n  #checkov:skip=CKV_AWS_24:jump host\n", 1);
    let trivy = format!("#trivy:ignore:AVD-AWS-0107\n{}", group("a", ""));
    for main in [checkov, trivy] {
        let dir = repository(&[("main.tf", &main)]);
        assert_eq!(findings(dir.path(), &[]).0, 1, "{main}");
        let (code, found) = findings(dir.path(), &["--peer-ignores"]);
        assert_eq!(code, 0, "{main}: {found:?}");
    }
}
