//! What configuration may read, and what it may not.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use crate::eval::functions::called::{called_in, on};
use crate::eval::{Context, Limits};
use crate::source::{Disk, Memory};
use crate::value::{Fields, Knowledge, Marks, Reason, Value};

/// Every function that reads, with further arguments.
fn readers() -> Vec<(&'static str, Vec<Value>)> {
    let plain = [
        "file",
        "filebase64",
        "filebase64sha256",
        "filebase64sha512",
        "fileexists",
        "filemd5",
        "filesha1",
        "filesha256",
        "filesha512",
    ];
    let mut readers: Vec<_> = plain.into_iter().map(|name| (name, Vec::new())).collect();
    readers.push(("templatefile", vec![Value::object(Fields::new())]));
    readers
}

fn machine() -> Memory {
    let mut machine = Memory::new();
    machine.add("/repo/a.txt", "a").add("/repo/sub/b.txt", "b").add("/etc/shadow", "root:x").add("/repo2/c.txt", "c");
    machine
}

fn in_repo<T>(work: impl FnOnce(&Context<'_>) -> T) -> T {
    on(&machine(), "/repo", Limits::default(), work)
}

fn assert_not_read(result: &Result<Value, String>, path: &str) {
    let value = result.as_ref().unwrap();
    assert_eq!(*value.as_unknown().unwrap().reasons, [Reason::Unreadable(path.into())]);
    assert!(matches!(value.as_unknown().unwrap().knowledge, Knowledge::Nothing));
}

#[test]
fn nothing_outside_the_boundary_is_read() {
    in_repo(|context| {
        for (name, rest) in readers() {
            for path in ["/etc/shadow", "../etc/shadow", "sub/../../etc/shadow", "../repo2/c.txt", "~/.ssh/id_rsa", "~"]
            {
                let args: Vec<Value> = std::iter::once(Value::from(path)).chain(rest.clone()).collect();
                assert_not_read(&called_in(name, &args, context), path);
            }
        }
    });
}

#[test]
fn whether_something_exists_outside_does_not_show() {
    in_repo(|context| {
        for path in ["/etc/nope", "/etc/shadow", "/nope/nope", "../nope", "/"] {
            for (name, rest) in readers() {
                let args: Vec<Value> = std::iter::once(Value::from(path)).chain(rest.clone()).collect();
                assert_not_read(&called_in(name, &args, context), path);
            }
        }
        for (path, pattern) in
            [("/etc", "*"), ("..", "*/*"), ("/", "**"), (".", "../etc/shadow"), (".", "/../../etc/*")]
        {
            let result = called_in("fileset", &[path.into(), pattern.into()], context).unwrap();
            assert!(result.is_unknown(), "{path} {pattern}");
        }
    });
}

#[test]
fn a_missing_file_inside_is_an_error_as_in_terraform() {
    in_repo(|context| {
        for (name, rest) in readers().into_iter().filter(|(name, _)| *name != "fileexists") {
            let args: Vec<Value> = std::iter::once(Value::from("nope.txt")).chain(rest).collect();
            assert!(called_in(name, &args, context).is_err(), "{name}");
        }
        assert_eq!(called_in("fileexists", &["nope/x".into()], context).unwrap().as_bool(), Some(false));
    });
}

#[test]
fn the_home_directory_does_not_show() {
    in_repo(|context| {
        assert!(called_in("pathexpand", &["~/x".into()], context).unwrap().is_unknown());
        assert!(called_in("pathexpand", &["~".into()], context).unwrap().is_unknown());
        assert_eq!(called_in("pathexpand", &["/x".into()], context).unwrap().as_str(), Some("/x"));
    });
}

#[test]
fn a_file_over_the_limit_is_unknown_and_says_so() {
    let limits = Limits { file_bytes: 0, ..Limits::default() };
    on(&machine(), "/repo", limits, |context| {
        let value = called_in("filesha256", &["a.txt".into()], context).unwrap();
        assert_eq!(*value.as_unknown().unwrap().reasons, [Reason::Limit("0 bytes in one file".into())]);
    });
}

#[test]
fn a_sensitive_path_does_not_show_in_errors() {
    in_repo(|context| {
        let path = Value::from("hush.txt").marked(Marks::SENSITIVE);
        for (name, rest) in readers().into_iter().filter(|(name, _)| *name != "fileexists") {
            let args: Vec<Value> = std::iter::once(path.clone()).chain(rest).collect();
            let message = called_in(name, &args, context).unwrap_err();
            assert!(!message.contains("hush"), "{message}");
        }
        assert!(called_in("fileexists", &[path], context).unwrap().marks.is_sensitive());
    });
}

#[test]
fn templates_take_marks_and_unknowns_only_from_what_they_use() {
    let mut machine = machine();
    machine.add("/repo/t.tpl", "${a}-${b}").add("/repo/n.tpl", "${nope}");
    on(&machine, "/repo", Limits::default(), |context| {
        let fields = |a: Value| Fields::from([("a".into(), a), ("b".into(), "y".into())]);
        let render =
            |path: &str, a: Value| called_in("templatefile", &[path.into(), Value::object(fields(a))], context);
        assert_eq!(render("t.tpl", "x".into()).unwrap().as_str(), Some("x-y"));
        assert!(render("t.tpl", Value::from("x").marked(Marks::SENSITIVE)).unwrap().marks.is_sensitive());
        let unknown = super::super::called::symbol("x.y");
        assert!(render("t.tpl", unknown).unwrap().is_unknown());
        assert!(render("n.tpl", "x".into()).unwrap_err().contains("n.tpl:1"));
    });
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    fn in_dir<T>(build: impl FnOnce(&Path), work: impl FnOnce(&Context<'_>) -> T) -> T {
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path().join("repo");
        std::fs::create_dir_all(repo.join("sub/deep")).unwrap();
        std::fs::write(repo.join("sub/a.txt"), "a").unwrap();
        std::fs::write(dir.path().join("secret.txt"), "hush").unwrap();
        std::fs::create_dir_all(dir.path().join("outside")).unwrap();
        std::fs::write(dir.path().join("outside/s.txt"), "hush").unwrap();
        build(&repo);
        on(&Disk, repo.to_str().unwrap(), Limits::default(), work)
    }

    #[test]
    fn a_link_out_of_the_boundary_is_not_followed() {
        let build = |repo: &Path| {
            symlink("../secret.txt", repo.join("link.txt")).unwrap();
            symlink("../nothing.txt", repo.join("broken.txt")).unwrap();
            symlink("../outside", repo.join("dir")).unwrap();
        };
        in_dir(build, |context| {
            for path in ["link.txt", "broken.txt", "dir/s.txt", "dir/nope.txt", "dir"] {
                for (name, rest) in readers() {
                    let args: Vec<Value> = std::iter::once(Value::from(path)).chain(rest.clone()).collect();
                    assert_not_read(&called_in(name, &args, context), path);
                }
            }
            for pattern in ["**", "*/*.txt", "dir/*", "dir/s.txt", "link.txt", "*.txt"] {
                let result = called_in("fileset", &[".".into(), pattern.into()], context).unwrap();
                assert!(result.is_unknown(), "{pattern}");
            }
            assert!(!called_in("fileset", &["sub".into(), "*".into()], context).unwrap().is_unknown());
        });
    }

    #[test]
    fn a_loop_of_links_ends() {
        let build = |repo: &Path| symlink("..", repo.join("sub/deep/up")).unwrap();
        in_dir(build, |context| {
            assert!(called_in("fileset", &[".".into(), "**".into()], context).unwrap().is_unknown());
            let found = called_in("fileset", &["sub".into(), "*.txt".into()], context).unwrap();
            assert_eq!(found.as_items().unwrap().len(), 1);
        });
    }

    #[test]
    fn devices_and_pipes_are_not_read() {
        in_dir(
            |repo| assert!(std::process::Command::new("mkfifo").arg(repo.join("pipe")).status().unwrap().success()),
            |context| {
                assert!(called_in("file", &["pipe".into()], context).is_err());
                assert!(called_in("filemd5", &["pipe".into()], context).is_err());
            },
        );
    }
}
