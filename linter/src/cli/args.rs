//! Arguments as typed: plain data, nothing is read or decided here.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Judge Terraform and OpenTofu definitions, plans and states.
#[derive(Debug, Parser)]
#[command(name = "palisade", version, propagate_version = true)]
pub struct Arguments {
    /// What to do; `check` when left out.
    #[command(subcommand)]
    pub command: Command,
    /// Options of all commands.
    #[command(flatten)]
    pub global: Global,
}

/// Options of all commands.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// Change to this directory first
    #[arg(long, global = true, value_name = "DIR")]
    pub chdir: Option<PathBuf>,
    /// When to colour output
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

/// When to colour output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what was evaluated: instances, values, unknowns with reasons
    Inspect(Inspect),
}

/// Values for the root module's variables.
#[derive(Args, Clone, Debug, Default)]
pub struct Variables {
    /// Set a variable of the root module; repeatable
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub vars: Vec<String>,
    /// Read variables from a file; repeatable
    #[arg(long = "var-file", value_name = "FILE")]
    pub var_files: Vec<PathBuf>,
    /// The workspace that terraform.workspace is
    #[arg(short, long, value_name = "NAME")]
    pub workspace: Option<String>,
}

/// `palisade inspect`
#[derive(Args, Clone, Debug)]
pub struct Inspect {
    /// Directory, plan or state
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Only this resource
    pub address: Option<String>,
    /// text or json
    #[arg(short, long, default_value = "text")]
    pub format: String,
    /// Show sensitive values in clear
    #[arg(long)]
    pub show_sensitive: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented on the type")]
    pub variables: Variables,
}

/// Names of the commands, for [`with_default_command`].
const COMMANDS: [&str; 3] = ["inspect", "help", "check"];

/// The arguments with `check` put in where no command is named.
pub fn with_default_command(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let args: Vec<OsString> = args.collect();
    let named = args.iter().skip(1).find(|arg| !arg.to_string_lossy().starts_with('-'));
    let has_command = named.is_some_and(|arg| COMMANDS.iter().any(|command| arg == command));
    let asks = args.iter().skip(1).any(|arg| ["-h", "--help", "-V", "--version"].iter().any(|flag| arg == flag));
    if has_command || (named.is_none() && asks) {
        return args;
    }
    let mut full = args;
    full.insert(1.min(full.len()), "check".into());
    full
}
