//! Arguments as typed: plain data, nothing is read or decided here.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::config::Undetermined;
use crate::config::network::{LevelOption, RelaysOption};
use crate::diagnostic::Severity;

/// Judge Terraform and OpenTofu: segregation, firewalls, time, TLS and logging.
///
/// `palisade` alone judges the current directory. Exit code: 0 clean, 1 findings at or above the gate,
/// 2 wrong usage, configuration or input.
#[derive(Debug, Parser)]
#[command(name = "palisade", version, propagate_version = true, max_term_width = 100)]
#[command(override_usage = "palisade [COMMAND] [OPTIONS] [PATH]...")]
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
    #[arg(long, global = true, help_heading = "Options of all commands", value_name = "DIR")]
    pub chdir: Option<PathBuf>,
    /// When to colour output
    #[arg(long, global = true, help_heading = "Options of all commands", value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Say less
    #[arg(short, long, global = true, help_heading = "Options of all commands")]
    pub quiet: bool,
    /// Say more: waived and known findings, notes
    #[arg(short, long, global = true, help_heading = "Options of all commands")]
    pub verbose: bool,
    /// Configuration file instead of the nearest palisade.hcl
    #[arg(
        long,
        global = true,
        help_heading = "Options of all commands",
        value_name = "FILE",
        conflicts_with = "no_config"
    )]
    pub config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, global = true, help_heading = "Options of all commands")]
    pub no_config: bool,
    /// Folder of further rules; repeatable
    #[arg(long, global = true, help_heading = "Options of all commands", value_name = "DIR")]
    pub rulesets: Vec<PathBuf>,
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
    /// Judge directories, plans and states (the default)
    Check(Box<Check>),
    /// Show what was evaluated: instances, values, unknowns with reasons
    Inspect(Inspect),
    /// Prove who reaches whom: one question, or all intents of palisade.hcl
    Prove(Box<Prove>),
    /// List the rules
    Rules(Rules),
    /// Explain a rule
    Explain(Explain),
    /// Run the documents of rules
    Test(Test),
    /// Write a configuration file with what the repository says of its environments
    Init(Init),
    /// Install the provider for Terraform and OpenTofu
    #[command(disable_help_flag = true, disable_version_flag = true)]
    Provider {
        /// `install`, and its options; `--help` tells them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
        arguments: Vec<OsString>,
    },
    /// Print completions for a shell
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// `palisade init`
#[derive(Args, Clone, Debug)]
pub struct Init {
    /// Directory whose roots are looked at, and where palisade.hcl is written
    #[arg(value_name = "DIR", default_value = ".")]
    pub path: PathBuf,
    /// Print the file instead of writing it
    #[arg(long)]
    pub print: bool,
}

/// Values for the root module's variables.
#[derive(Args, Clone, Debug, Default)]
pub struct Variables {
    /// Set a variable of the root module; repeatable
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub vars: Vec<String>,
    /// Read variables from a file; repeatable
    #[arg(long = "var-file", visible_alias = "tf-vars", value_name = "FILE")]
    pub var_files: Vec<PathBuf>,
    /// The workspace that terraform.workspace is
    #[arg(short, long, value_name = "NAME")]
    pub workspace: Option<String>,
}

/// `palisade check`
#[derive(Args, Clone, Debug, Default)]
pub struct Check {
    /// Directories, plan files, plan JSON, states; `-` for standard input. A .tf or .tfvars file stands for the roots it belongs to
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Another way to name a directory
    #[arg(short = 'd', long = "directory", value_name = "DIR", hide = true)]
    pub directories: Vec<PathBuf>,
    /// Output format, and where to: text, compact, json, sarif, junit, github, gitlab, markdown; repeatable
    #[arg(short, long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<String>,
    /// Variables of the root module.
    #[command(flatten)]
    pub variables: Variables,
    /// Judge each root as this environment; repeatable
    #[arg(short, long = "environment", value_name = "NAME")]
    pub environments: Vec<String>,
    /// Only these rules: ids, prefixes such as tls, ids of other tools; repeatable or with commas
    #[arg(long, visible_alias = "check", alias = "only", value_name = "RULES", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Not these rules
    #[arg(long, visible_alias = "skip-check", value_name = "RULES", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Show findings at or above this severity
    #[arg(long, value_name = "LEVEL")]
    pub severity: Option<Severity>,
    /// Fail on findings at or above this severity [default: medium]
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<Severity>,
    /// What undetermined verdicts do [default: report]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub undetermined: Option<Undetermined>,
    /// File of accepted findings: only new ones fail
    #[arg(long, value_name = "FILE")]
    pub known: Option<PathBuf>,
    /// Write today's findings to the file of --known and accept them
    #[arg(long)]
    pub write_known: bool,
    /// Honour checkov:skip and trivy:ignore comments
    #[arg(long)]
    pub peer_ignores: bool,
    /// The day on which waivers and certificates are looked at, YYYY-MM-DD [default: today; for certificates the day of the built-in tables]
    #[arg(long, value_name = "DATE", env = "PALISADE_AS_OF")]
    pub as_of: Option<String>,
    /// Tell on standard error where the time went: by stage, and by rule, the dearest first
    #[arg(long)]
    pub timings: bool,
    /// Print the settings in force, and where they come from
    #[arg(long)]
    pub show_config: bool,
    /// Exit with 0 whatever is found
    #[arg(long, visible_alias = "soft-fail")]
    pub exit_zero: bool,
}

/// `palisade inspect`
#[derive(Args, Clone, Debug)]
pub struct Inspect {
    /// Directory, plan or state
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Only resources whose address begins like this
    pub address: Option<String>,
    /// text or json
    #[arg(short, long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Show sensitive values in clear
    #[arg(long)]
    pub show_sensitive: bool,
    /// Variables of the root module.
    #[command(flatten)]
    pub variables: Variables,
}

/// `palisade prove`
#[derive(Args, Clone, Debug)]
pub struct Prove {
    /// Root modules, plans or states that make up one network
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where from: a resource address, internet, cidr:10.0.0.0/8, subnet:ADDRESS, zone:NAME, environment:NAME
    #[arg(long, value_name = "ENDPOINT", requires = "to")]
    pub from: Option<String>,
    /// Where to
    #[arg(long, value_name = "ENDPOINT", requires = "from")]
    pub to: Option<String>,
    /// For which services: tcp/22, udp/53, tcp/1-1024, icmp/8, tcp, all; repeatable [default: all]
    #[arg(long, visible_alias = "service", value_name = "SERVICE", value_delimiter = ',')]
    pub port: Vec<String>,
    /// What counts as reaching [default: connection]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub level: Option<LevelOption>,
    /// Who passes on what reaches them
    #[arg(long, value_enum, default_value_t, value_name = "WHO")]
    pub relays: RelaysOption,
    /// Ask about IPv6
    #[arg(long)]
    pub ipv6: bool,
    /// text or json
    #[arg(short, long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Variables of the root modules.
    #[command(flatten)]
    pub variables: Variables,
}

/// `palisade rules`
#[derive(Args, Clone, Debug)]
pub struct Rules {
    /// Only these: ids or prefixes
    pub rules: Vec<String>,
    /// text or json
    #[arg(short, long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// `palisade explain`
#[derive(Args, Clone, Debug)]
pub struct Explain {
    /// Rule id, or the id of the same check in another tool
    pub rule: String,
}

/// `palisade test`
#[derive(Args, Clone, Debug)]
pub struct Test {
    /// Folder of rules; the built-in rules when left out
    pub dir: Option<PathBuf>,
}

/// Formats of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For reading.
    Text,
    /// For programs.
    Json,
}

/// The arguments with `check` put in where no command is named.
pub fn with_default_command(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let args: Vec<OsString> = args.collect();
    let command = Arguments::command();
    let is_command =
        |arg: &OsString| arg == "help" || command.get_subcommands().any(|sub| arg.to_str() == Some(sub.get_name()));
    let takes_value = |arg: &OsString| matches!(arg.to_str(), Some("--chdir" | "--color" | "--config" | "--rulesets"));
    let mut skip = false;
    for (idx, arg) in args.iter().enumerate().skip(1) {
        let is_value = std::mem::replace(&mut skip, takes_value(arg));
        let asks = matches!(arg.to_str(), Some("-h" | "--help" | "-V" | "--version"));
        if is_command(arg) && !is_value || asks && idx == 1 {
            return args;
        }
        if !is_value && !arg.to_string_lossy().starts_with('-') {
            break;
        }
    }
    let mut full = args;
    full.insert(1.min(full.len()), "check".into());
    full
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(args: &str) -> String {
        let given = std::iter::once("palisade").chain(args.split_whitespace()).map(OsString::from);
        let full = with_default_command(given);
        full.iter().skip(1).map(|arg| arg.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn check_is_the_command_where_none_is_named() {
        for (given, full) in [
            ("", "check"),
            (".", "check ."),
            ("-f json infra", "check -f json infra"),
            ("rules -f json", "rules -f json"),
            ("--chdir rules", "check --chdir rules"),
            ("--chdir x rules", "--chdir x rules"),
            ("-q explain tls/x", "-q explain tls/x"),
            ("--help", "--help"),
            ("infra rules", "check infra rules"),
        ] {
            assert_eq!(completed(given), full, "{given:?}");
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
