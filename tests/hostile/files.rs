//! Files that are not what they seem, or not where they may be.

use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use crate::run::{FORMATS, check, repository, shown, write};

const BUCKET: &str = "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n}\n";
/// Stands in files outside of the repository; must not be seen.
const OUTSIDE: &str = "what-stands-outside";

/// Asserts that no format and not the error output has a text.
fn never_shows(dir: &Path, text: &str) {
    for format in FORMATS {
        let run = check(dir, &["-f", format]);
        assert!(!run.all().contains(text), "-f {format} shows it: {}", shown(&run.all()));
    }
}

#[test]
fn functions_read_nothing_outside_the_repository() {
    let outer = tempfile::tempdir().unwrap();
    write(outer.path(), "secret.txt", OUTSIDE.as_bytes());
    write(outer.path(), "repo/.git/HEAD", b"");
    let text = "locals {\n  a = file(\"/etc/passwd\")\n  b = templatefile(\"../../../../../../etc/passwd\", {})\n  \
        c = fileset(\"/\", \"**\")\n  d = file(\"${path.module}/../secret.txt\")\n  e = filebase64(\"../secret.txt\")\n  \
        f = fileset(\"${path.module}/..\", \"*\")\n  g = fileexists(\"../secret.txt\")\n  h = filesha1(\"link\")\n}\n\
        resource \"aws_instance\" \"i\" {\n  user_data = \"${local.a}${local.b}${local.d}\"\n  ami = local.e\n  \
        key_name = join(\",\", local.c)\n  tags = { f = join(\",\", local.f), g = local.g, h = local.h }\n}\n";
    write(outer.path(), "repo/main.tf", text.as_bytes());
    let repo = outer.path().join("repo");
    symlink("../secret.txt", repo.join("link")).unwrap();
    for text in [OUTSIDE, "secret.txt,", "root:", "d2hhdC1zdGFuZHMtb3V0c2lkZQ"] {
        never_shows(&repo, text);
    }
}

#[test]
fn links_out_of_the_repository_are_not_followed() {
    let outer = tempfile::tempdir().unwrap();
    write(outer.path(), "module/main.tf", format!("output \"o\" {{\n  value = \"{OUTSIDE}\"\n}}\n").as_bytes());
    write(outer.path(), "broken", format!("{OUTSIDE} is = not ( right\n").as_bytes());
    write(outer.path(), "vars", format!("v = \"{OUTSIDE}\"\n").as_bytes());
    write(outer.path(), "rules/tls/r.hcl", format!("{OUTSIDE} is = not ( right\n").as_bytes());
    let links: [(&str, &str); 6] = [
        ("../module", "linked"),
        ("../broken", "main2.tf"),
        ("../broken", "palisade.hcl"),
        ("../vars", "x.auto.tfvars"),
        ("../rules", "policy"),
        ("../broken", "p2/tls/q.hcl"),
    ];
    for (idx, (target, link)) in links.into_iter().enumerate() {
        let repo = outer.path().join(format!("repo{idx}"));
        fs::create_dir_all(repo.join(".git")).unwrap();
        let text = "variable \"v\" {\n  default = \"\"\n}\nmodule \"m\" {\n  source = \"./linked\"\n}\n\
            resource \"aws_db_instance\" \"b\" {\n  identifier          = var.v\n  publicly_accessible = true\n  engine = file(var.v)\n}\n";
        write(&repo, "main.tf", text.as_bytes());
        let settings = "palisade {\n  rulesets = [\"builtin\", \"policy\", \"p2\", \"../rules\"]\n}\n\
            environment \"prod\" {\n  var_files = [\"../vars\"]\n}\n";
        if link != "palisade.hcl" {
            write(&repo, "palisade.hcl", settings.as_bytes());
        }
        let target = if link.starts_with("p2") { Path::new("../..").join(target) } else { target.into() };
        fs::create_dir_all(repo.join(link).parent().unwrap()).unwrap();
        symlink(target, repo.join(link)).unwrap();
        never_shows(&repo, OUTSIDE);
        let run = check(&repo, &["-e", "prod", "-f", "json"]);
        assert!(!run.all().contains(OUTSIDE), "{link}: {}", shown(&run.all()));
    }
}

#[test]
fn links_that_lead_round_end_somewhere() {
    let dir = repository(&[("main.tf", "module \"a\" {\n  source = \"./here\"\n}\n"), ("x/main.tf", BUCKET)]);
    symlink(".", dir.path().join("here")).unwrap();
    symlink("../y", dir.path().join("x/y")).unwrap();
    symlink("x", dir.path().join("y")).unwrap();
    let run = check(dir.path(), &["-f", "compact"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("calls itself"), "{}", shown(&run.stderr));
}

#[test]
fn pipes_directories_and_unreadable_files_are_passed_or_said() {
    let dir = repository(&[("b/main.tf", BUCKET)]);
    fs::create_dir(dir.path().join("x.tf")).unwrap();
    assert!(Command::new("mkfifo").arg(dir.path().join("main.tf")).status().unwrap().success());
    assert_ne!(check(&dir.path().join("b"), &["-f", "compact"]).code, 2);
    let run = check(dir.path(), &["-f", "compact", "main.tf"]);
    assert_eq!(run.code, 2, "{}", shown(&run.all()));
    let closed = dir.path().join("b/closed.tf");
    fs::write(&closed, BUCKET).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&closed).is_err() {
        assert_eq!(check(&dir.path().join("b"), &["-f", "compact"]).code, 2);
    }
}

#[test]
fn bytes_that_are_no_text_are_said_at_their_place() {
    for bytes in [
        b"locals {\n  a = \"\xff\xfe\"\n}\nresource \"a\" \"\xff\" {}\n".as_slice(),
        b"locals {\n  \0 = 1\n}\n\0\0\0\0",
        b"\xff\xfel\0o\0c\0a\0l\0s\0 \0{\0}\0",
    ] {
        let dir = repository(&[]);
        write(dir.path(), "main.tf", bytes);
        let run = check(dir.path(), &["-f", "compact"]);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("main.tf:"), "{}", shown(&run.stderr));
    }
    let dir = repository(&[("main.tf", BUCKET)]);
    fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"n\xff.tf")), BUCKET).unwrap();
    assert_eq!(check(dir.path(), &["-f", "json"]).code, 2);
}

#[test]
fn huge_lines_and_heredocs_are_read_and_not_repeated() {
    let line = format!("locals {{ a = \"{}\" }}\n{BUCKET}", "x".repeat(20_000_000));
    let heredoc = format!(
        "locals {{\n  a = <<EOT\n{}EOT\n}}\noutput \"o\" {{\n  value = local.nope\n}}\n",
        ("x".repeat(99) + "\n").repeat(500_000)
    );
    for text in [line, heredoc] {
        let dir = repository(&[("main.tf", &text)]);
        let run = check(dir.path(), &["-f", "compact"]);
        assert!(run.all().len() < 10_000, "{} bytes of output", run.all().len());
    }
}

#[test]
fn plans_that_are_broken_or_unpack_without_end_are_refused() {
    let bomb = {
        let mut encoder = zip_writer();
        encoder.start_file("tfplan", zip::write::SimpleFileOptions::default()).unwrap();
        let block = vec![0_u8; 1 << 20];
        for _ in 0..600 {
            encoder.write_all(&block).unwrap();
        }
        encoder.finish().unwrap().into_inner()
    };
    for (bytes, message) in [
        (bomb.as_slice(), "unpacked"),
        (bomb.get(..bomb.len() / 2).unwrap(), ""),
        (b"PK\x03\x04\0\0\0\0\0\0".as_slice(), ""),
        (b"{\"format_version\":\"99.0\",\"planned_values\":{}}".as_slice(), "99.0"),
        (
            b"{\"format_version\":\"1.2\",\"planned_values\":{\"root_module\":{\"resources\":[{\"address\":".as_slice(),
            "",
        ),
    ] {
        let dir = repository(&[]);
        write(dir.path(), "tfplan", bytes);
        let run = check(dir.path(), &["-f", "compact", "tfplan"]);
        assert_eq!(run.code, 2, "{}", shown(&run.all()));
        assert!(run.stderr.contains(message) && run.stderr.contains("tfplan"), "{}", shown(&run.stderr));
    }
}

#[test]
fn values_of_a_plan_that_are_nested_too_deep_are_unknown() {
    let deep = format!(
        "{{\"format_version\":\"1.2\",\"planned_values\":{{\"root_module\":{{\"resources\":[{{\"address\":\"a.b\",\"mode\":\"managed\",\"type\":\"a\",\
         \"name\":\"b\",\"values\":{}1{}}}]}}}}}}",
        "{\"a\":".repeat(10_000_000),
        "}".repeat(10_000_000)
    );
    let dir = repository(&[("plan.json", &deep)]);
    let run = check(dir.path(), &["-f", "json", "plan.json"]);
    assert_eq!(run.code, 0, "{}", shown(&run.all()));
    assert!(run.stdout.contains("\"resources\": 1"), "{}", shown(&run.stdout));
}

fn zip_writer() -> zip::ZipWriter<std::io::Cursor<Vec<u8>>> {
    zip::ZipWriter::new(std::io::Cursor::new(Vec::new()))
}
