//! The command line: arguments, terminal, exit codes. Stands on every other room.
//!
//! Owns: [`run`], the argument types, the commands.
//! Promises: findings go to standard output, everything else to standard error; the exit code is 0, 1 or 2 as documented.
//! Must not know: how anything is judged.

pub mod args;
mod commands;
mod intents;
mod session;
mod settings;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};
use session::Session;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing at or above the gate.
    Clean,
    /// Findings at or above the gate.
    Findings,
    /// Wrong usage, configuration or input, or an internal error.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}

/// Evaluation recurses as deep as its limits allow; the main thread's stack may be too small for that.
const STACK_BYTES: usize = 256 << 20;

/// Runs the program with the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse_from(args::with_default_command(std::env::args_os()));
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build_global();
    // A pool that is there already serves as well.
    drop(pool);
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || dispatch(&arguments));
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit.into(),
        _ => Exit::Failed.into(),
    }
}

fn dispatch(arguments: &Arguments) -> Exit {
    let session = match Session::start(&arguments.global) {
        Ok(session) => session,
        Err(message) => return terminal::fail(&message),
    };
    match &arguments.command {
        Command::Check(check) => commands::check::run(session, check),
        Command::Init(init) => commands::init::run(&session, init),
        Command::Inspect(inspect) => commands::inspect::run(session, inspect),
        Command::Prove(prove) => commands::prove::run(session, prove),
        Command::Rules(rules) => commands::rules::run(session, rules),
        Command::Explain(explain) => commands::explain::run(session, explain),
        Command::Test(test) => commands::test::run(session, test),
        Command::Provider { arguments } => commands::sibling::run(arguments),
        Command::Completions { shell } => commands::shell::completions(*shell),
        Command::Man => commands::shell::man(),
    }
}
