//! Commands that another program carries out: the one beside this one, as git does it.
//!
//! The provider speaks Terraform's plugin protocol, and the linter shall build without it.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use super::super::{Exit, terminal};

/// The program: Terraform starts it by this name too.
const PROGRAM: &str = "terraform-provider-palisade";

/// Runs the program with these arguments in place of this one.
pub(crate) fn run(arguments: &[OsString]) -> Exit {
    let mut command = Command::new(program());
    command.args(arguments);
    match replace(&mut command) {
        Ok(exit) => exit,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => terminal::fail(&format!(
            "{PROGRAM} is needed for this; it is neither beside palisade nor on the PATH. \
             Build it with `cargo build --release -p {PROGRAM}`."
        )),
        Err(error) => terminal::fail(&format!("{PROGRAM} cannot be run: {error}")),
    }
}

/// The one beside this program, otherwise the one on the PATH.
fn program() -> PathBuf {
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.canonicalize().ok()?.with_file_name(&name)));
    beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(OsStr::new(&name)))
}

#[cfg(unix)]
fn replace(command: &mut Command) -> Result<Exit, std::io::Error> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(not(unix))]
fn replace(command: &mut Command) -> Result<Exit, std::io::Error> {
    let status = command.status()?;
    Ok(match status.code() {
        Some(0) => Exit::Clean,
        Some(1) => Exit::Findings,
        Some(_) | None => Exit::Failed,
    })
}
