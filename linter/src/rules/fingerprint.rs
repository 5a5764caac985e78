//! Fingerprints: the stable identity of a finding.

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use crate::graph::canonical_address;
use crate::terraform::Root;

/// Gives fingerprints to the findings of one root, in order.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    /// How often each was given.
    given: FxHashMap<[u8; 16], u32>,
}

impl Fingerprints {
    /// The fingerprint of a finding: its rule, root, address before all moves, what it is about, and which of several it is.
    pub(super) fn of(&mut self, rule: &str, root: &Root, address: &str, essence: &str) -> String {
        let path = root.path.to_string_lossy().replace('\\', "/");
        let address = canonical_address(address, &root.moves);
        let first = digest(&[rule, path.trim_start_matches("./"), &address, essence], 0);
        let count = self.given.entry(first).or_insert(0);
        let bytes = if *count == 0 { first } else { digest(&[rule, &path, &address, essence], *count) };
        *count += 1;
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn digest(parts: &[&str], occurrence: u32) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps parts apart whatever they hold.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(occurrence.to_le_bytes());
    let mut short = [0; 16];
    short.iter_mut().zip(hash.finalize()).for_each(|(short, byte)| *short = byte);
    short
}
