//! What the configuration of a guest (a virtual machine) says about its time: user data, scripts, provisioners.
//!
//! Owns: decoding of user data, readers of cloud-init, shell and Windows scripts, time clients' files and machine
//! configurations; [`time_finding`], the verdict on one host.
//! Promises: structure is parsed, never searched; holes in text stay holes and what stands around them is still judged;
//! all work is bounded whatever the input; what is not understood and may bear on time is said to be undetermined.
//! Must not know: which time sources are agreed, networks, rules.

mod chrony;
mod client;
mod clock;
mod cloud_init;
mod commands;
mod files;
mod host;
mod machine_config;
mod mime;
mod ntpd;
mod openntpd;
mod packages;
mod payload;
mod reading;
mod scripts;
mod sed;
mod shell;
mod shell_words;
mod text;
mod time;
mod time_source;
mod timesyncd;
mod windows;

pub use clock::Status;
pub use time::{TimeFinding, time_finding};
pub use time_source::{SourceName, TimeSource};

#[cfg(test)]
mod tests;
