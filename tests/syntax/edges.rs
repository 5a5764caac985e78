//! Small inputs at the edges of the syntax, with Terraform's verdict recorded beside each in `edges.txt`.

use super::{oracle, parse};

/// A line of the file: what Terraform says, and the input with its escapes resolved.
struct Edge {
    accepted: bool,
    shown: &'static str,
    input: Vec<u8>,
}

fn edges() -> Vec<Edge> {
    let lines = include_str!("edges.txt").lines();
    let edges = lines.filter_map(|line| {
        let (verdict, shown) = line.split_once(' ')?;
        let accepted = match verdict {
            "accept" => true,
            "reject" => false,
            _ => return None,
        };
        Some(Edge { accepted, shown, input: unescape(shown) })
    });
    edges.collect()
}

/// Resolves `\n \r \t \\ \xNN`.
pub(crate) fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next().unwrap() {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'x' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            other => out.push(other),
        }
    }
    out
}

#[test]
fn edges_are_accepted_and_rejected_as_recorded() {
    let mut wrong = Vec::new();
    for edge in edges() {
        let (_, diagnostics) = parse(&edge.input);
        if diagnostics.is_empty() != edge.accepted {
            wrong.push(format!("{} {diagnostics:?}", edge.shown));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn recorded_verdicts_are_terraforms() {
    if !oracle::available() {
        return;
    }
    let edges = edges();
    let verdicts = oracle::verdicts(edges.iter().map(|edge| edge.input.as_slice()));
    let wrong: Vec<_> = edges
        .iter()
        .zip(verdicts)
        .filter(|(edge, verdict)| edge.accepted != verdict.is_none())
        .map(|(edge, _)| edge.shown)
        .collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
