//! Findings accepted earlier: a file of fingerprints, kept beside the code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Finding, KnownState, Verdict};

/// The file: what was accepted, sorted, so that changes to it are readable.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct KnownFile {
    /// Version of the format.
    pub schema: u32,
    /// The findings.
    pub findings: Vec<KnownFinding>,
}

/// An accepted finding. Only the fingerprint counts; the rest is for readers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownFinding {
    /// Rule id.
    pub rule: String,
    /// Address.
    pub address: String,
    /// Stable identity.
    pub fingerprint: String,
}

/// Reads a file of known findings.
///
/// # Errors
/// When it is no such file; the message says why.
pub fn parse(bytes: &[u8]) -> Result<KnownFile, String> {
    let file: KnownFile = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if file.schema == 1 { Ok(file) } else { Err(format!("its schema is {}, this version reads 1", file.schema)) }
}

/// Marks the findings that the file has; each entry stands for one finding.
pub fn apply(file: &KnownFile, findings: &mut [Finding]) {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for known in &file.findings {
        *left.entry(&known.fingerprint).or_default() += 1;
    }
    for finding in findings {
        if let Some(count) = left.get_mut(finding.fingerprint.as_str()).filter(|count| **count > 0) {
            *count -= 1;
            finding.known = KnownState::Known;
        }
    }
}

/// The file that accepts today's failing findings; waived ones need no acceptance.
#[must_use]
pub fn accept(findings: &[Finding]) -> KnownFile {
    let accepted = findings.iter().filter(|finding| finding.verdict == Verdict::Fail && finding.waiver.is_none());
    let mut known: Vec<KnownFinding> = accepted
        .map(|finding| KnownFinding {
            rule: finding.rule.to_string(),
            address: finding.address.clone(),
            fingerprint: finding.fingerprint.clone(),
        })
        .collect();
    known.sort();
    KnownFile { schema: 1, findings: known }
}
