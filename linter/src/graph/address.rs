//! Addresses as text: their parts, and what one was called before it moved.

use std::borrow::Cow;
use std::sync::Arc;

use crate::terraform::{Instance, Mode, Move};

/// The name under which instances of a type are found: `aws_lb` for its old name `aws_alb` too, `data.aws_vpc` for data sources.
#[must_use]
pub fn canonical_type(name: &str) -> Cow<'_, str> {
    if let Some(data) = name.strip_prefix("data.") {
        return match canonical_type(data) {
            Cow::Borrowed(_) => Cow::Borrowed(name),
            Cow::Owned(new) => Cow::Owned(format!("data.{new}")),
        };
    }
    match name.strip_prefix("aws_alb") {
        Some(rest) if rest.is_empty() || rest.starts_with('_') => Cow::Owned(format!("aws_lb{rest}")),
        _ => Cow::Borrowed(name),
    }
}

/// The canonical type of an instance.
pub(super) fn type_of(instance: &Instance) -> Arc<str> {
    match (instance.mode, canonical_type(&instance.resource_type)) {
        (Mode::Managed, Cow::Borrowed(_)) => instance.resource_type.clone(),
        (Mode::Managed, Cow::Owned(name)) => name.into(),
        (Mode::Data, name) => format!("data.{name}").into(),
    }
}

/// The address without the key of the instance: `module.a["x"].aws_vpc.b` for `module.a["x"].aws_vpc.b[0]`.
#[must_use]
pub fn without_instance_key(address: &str) -> &str {
    if !address.ends_with(']') {
        return address;
    }
    match key_start(address) {
        Some(start) => address.get(..start).unwrap_or(address),
        None => address,
    }
}

/// Where the last bracketed key begins; keys may hold brackets inside their quotes.
fn key_start(address: &str) -> Option<usize> {
    let (mut open, mut in_quotes, mut escaped) = (None, false, false);
    for (idx, byte) in address.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_quotes => escaped = true,
            b'"' => in_quotes = !in_quotes,
            b'[' if !in_quotes => open = Some(idx),
            _ => {}
        }
    }
    open
}

/// The names of the modules that an address leads through, without keys: `net`, `subnets`.
pub fn module_path(address: &str) -> impl Iterator<Item = &str> {
    let mut rest = address;
    std::iter::from_fn(move || {
        rest = rest.strip_prefix("module.")?;
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let name = rest.get(..end)?;
        rest = rest.get(end..)?;
        if rest.starts_with('[') {
            rest = rest.get(key_end(rest)..)?;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        Some(name)
    })
}

fn key_end(text: &str) -> usize {
    let (mut in_quotes, mut escaped) = (false, false);
    for (idx, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_quotes => escaped = true,
            b'"' => in_quotes = !in_quotes,
            b']' if !in_quotes => return idx + 1,
            _ => {}
        }
    }
    text.len()
}

/// What the address was before all moves, so that a finding stays the same finding after a rename.
#[must_use]
pub fn canonical_address(address: &str, moves: &[Move]) -> String {
    let mut now = address.to_owned();
    // Each move applies once: a ring of moves, which Terraform refuses, ends here too.
    for _ in 0..moves.len() {
        let Some(before) = moves.iter().find_map(|step| moved_from(&now, step)) else { break };
        if before == address {
            break;
        }
        now = before;
    }
    now
}

fn moved_from(address: &str, step: &Move) -> Option<String> {
    let rest = address.strip_prefix(&*step.to)?;
    let is_whole = rest.is_empty() || rest.starts_with(['.', '[']);
    (is_whole && step.from != step.to).then(|| format!("{}{rest}", step.from))
}

/// The key of the last step, with brackets: `[0]`; empty if there is none.
#[must_use]
pub fn last_instance_key(address: &str) -> &str {
    address.get(without_instance_key(address).len()..).unwrap_or("")
}
