//! The program on a folder of files, with its memory and time bounded.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Address space the program may take, in KiB. Most of it is stacks that are reserved and not used.
const MEMORY_KIB: u64 = 4 << 20;
/// Longer than this means that the program hangs.
const DEADLINE: Duration = Duration::from_secs(300);

/// Every output format.
pub(crate) const FORMATS: [&str; 8] = ["text", "compact", "json", "sarif", "junit", "github", "gitlab", "markdown"];

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Both outputs.
    pub(crate) fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

/// A repository with these files.
pub(crate) fn repository(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".git")).unwrap();
    for (name, text) in files {
        write(dir.path(), name, text.as_bytes());
    }
    dir
}

pub(crate) fn write(dir: &Path, name: &str, bytes: &[u8]) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Runs `palisade check` in a directory.
pub(crate) fn check(dir: &Path, arguments: &[&str]) -> Run {
    program(dir, "check", arguments)
}

/// Runs the program in a directory; it must end by itself, with an exit code and without a panic.
pub(crate) fn program(dir: &Path, command: &str, arguments: &[&str]) -> Run {
    let out = tempfile::tempdir().unwrap();
    let (stdout, stderr) = (out.path().join("out"), out.path().join("err"));
    let mut child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {MEMORY_KIB}; exec \"$0\" \"$@\" --color never")])
        .arg(env!("CARGO_BIN_EXE_palisade"))
        .arg(command)
        .args(arguments)
        .current_dir(dir)
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .stdout(fs::File::create(&stdout).unwrap())
        .stderr(fs::File::create(&stderr).unwrap())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > DEADLINE {
            child.kill().unwrap();
            panic!("the program did not end");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let read = |path: &Path| String::from_utf8(fs::read(path).unwrap()).unwrap();
    let run = Run { code: status.code().unwrap_or(-1), stdout: read(&stdout), stderr: read(&stderr) };
    for word in ["panicked", "overflowed its stack", "memory allocation"] {
        assert!(!run.stderr.contains(word), "{}", shown(&run.stderr));
    }
    assert!((0..=2).contains(&run.code), "ended with {}: {}", run.code, shown(&run.stderr));
    run
}

/// The beginning of a text.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(2000).collect()
}

/// Asserts that configuration ends the run with this code, and that a message says this.
pub(crate) fn says(main: &str, code: i32, message: &str) {
    let dir = repository(&[("main.tf", main)]);
    let run = check(dir.path(), &["-f", "compact", "--exit-zero"]);
    assert_eq!(run.code, code, "{}", shown(&run.all()));
    assert!(run.stderr.contains(message), "no {message:?} in {}", shown(&run.stderr));
    assert!(message.is_empty() || run.stderr.contains("main.tf:"), "no place in {}", shown(&run.stderr));
}
