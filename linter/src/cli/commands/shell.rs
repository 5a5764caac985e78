//! `palisade completions` and `palisade man`.

use std::io;

use clap::CommandFactory as _;

use super::super::args::Arguments;
use super::super::{Exit, terminal};

pub(crate) fn completions(shell: clap_complete::Shell) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "palisade", &mut text);
    terminal::written(io::Write::write_all(&mut io::stdout().lock(), &text), Exit::Clean)
}

pub(crate) fn man() -> Exit {
    terminal::written(clap_mangen::Man::new(Arguments::command()).render(&mut io::stdout().lock()), Exit::Clean)
}
