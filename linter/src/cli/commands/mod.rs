//! One file per command.

pub(super) mod check;
pub(super) mod explain;
pub(super) mod init;
pub(super) mod inspect;
pub(super) mod prove;
pub(super) mod rules;
pub(super) mod shell;
pub(super) mod sibling;
pub(super) mod test;
