//! Palisade judges Terraform and OpenTofu: definitions, plans and states.
//!
//! This page is the map of the house. Data flows one way, from bytes to a report; a room (module) uses only rooms
//! that come before it in this list, and `tests/tidy.rs` fails when one does not.
//!
//! ```text
//! source → diagnostic → syntax → value → eval → terraform → guest → graph → network → rules → waivers → engine → report
//!  bytes    messages     trees    values  expr.   instances   hosts   joins   filters   verdicts  ignores   pipeline  formats
//!                                                                              config, cli stand on top
//! ```
//!
//! | room | what it owns | what it must not know |
//! |---|---|---|
//! | `source` | files, spans, days, the machine ([`source::System`]), the fence around what configuration may read | any syntax |
//! | `diagnostic` | messages, findings and the report as plain data | rendering |
//! | `syntax` | text to trees, native and JSON; never fails | values, evaluation |
//! | `value` | values with unknowns, marks and origins; types, conversion, exact numbers | syntax, scopes |
//! | `eval` | expressions to values; the functions of Terraform | modules, resources, rules |
//! | `terraform` | module trees, expansion, provider schemas, plans and states to [`terraform::Instance`]s | rules, environments |
//! | `guest` | what user data says about a host's clock | rules |
//! | `graph` | instances joined by reference; environments | network, rules |
//! | `network` | exact sets of addresses and services; packet filters of the clouds; the model of what packets can do, and proofs | rules |
//! | `rules` | the rule language, verdicts, documents that run | formats, waivers, the command line |
//! | `waivers` | ignores in comments, waivers, accepted findings | how verdicts come about |
//! | `engine` | the pipeline from inputs to one report | configuration file, formats |
//! | `report` | every output format | how verdicts come about |
//! | `config` | `palisade.hcl` | how rules are judged |
//! | `cli` | arguments, terminal, exit codes | how anything is judged |
//!
//! # Invariants
//!
//! - Parsing and evaluating never fail: what is broken is a [`diagnostic::Diagnostic`], the rest is still judged.
//! - Unknown is a value. It carries its reasons, and nothing turns it into `false`, absent or a guess.
//! - A resource id that no provider has given yet is the *symbol* of that instance, so joins work on a first plan.
//! - Every value knows its way ([`value::Origin`]): the attribute, the reference, the default or file line behind it.
//! - No room but `source` and `cli` touches the file system, the environment or the clock.
//! - No output quotes what is sensitive, nor what is given to a name that secrets have, where the file is broken too.
//! - Nothing here opens a network connection. The one process that is started is the program beside this one, in the
//!   place of this one, for `palisade provider`.
//! - Work that input can cause is bounded, and a bound that is reached is said ([`eval::Limits`]).
//! - No rule is written in Rust. What a condition cannot say briefly becomes a function of rules.
//! - Output does not depend on hash order, threads or time of day; the one date that counts (`--as-of`) is today's
//!   for waivers where none is given, and for certificates the day on which the tables here were last looked at.

#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod engine;
pub mod eval;
pub mod graph;
pub mod guest;
pub mod network;
pub mod report;
pub mod rules;
pub mod source;
pub mod syntax;
pub mod terraform;
pub mod value;
pub mod waivers;
