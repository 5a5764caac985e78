//! The binary when Terraform did not start it: `palisade provider install` comes here.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::install;

/// The provider of Palisade for Terraform and OpenTofu. They start it by themselves.
#[derive(Debug, Parser)]
#[command(name = "palisade", bin_name = "palisade provider", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Put the provider where Terraform and OpenTofu find it, and print what to write
    Install {
        /// A filesystem mirror, instead of the one that Terraform looks at by itself
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// Runs a command.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Arguments { command: Command::Install { dir } } = Arguments::parse_from(arguments);
    match installed(dir) {
        Ok(text) => match io::stdout().lock().write_all(text.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(2),
        },
        Err(error) => {
            // Who does not read standard error has the exit code.
            drop(writeln!(io::stderr().lock(), "error: {error}"));
            ExitCode::from(2)
        }
    }
}

fn installed(dir: Option<PathBuf>) -> Result<String, install::InstallError> {
    let binary = std::env::current_exe().map_err(|error| install::InstallError::new("this program", &error))?;
    let home = std::env::home_dir();
    let mirror = install::Mirror::choose(dir, home)?;
    let files = mirror.install(&binary)?;
    Ok(mirror.explain(&files))
}
