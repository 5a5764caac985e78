//! The provider binary: what Terraform would start. It does not serve the plugin protocol yet, and says so.

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let message = "terraform-provider-palisade is a plugin for Terraform; this version cannot serve it yet.\n";
    drop(std::io::stderr().lock().write_all(message.as_bytes()));
    ExitCode::FAILURE
}
