//! Broken files made from sound ones, judged by Terraform and by us.

use super::generated::{self, Choices};
use super::{oracle, parse};

/// A generator of numbers that gives the same row everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

const PIECES: &[&str] = &[
    "\"",
    "${",
    "%{",
    "}",
    "{",
    "[",
    "]",
    "(",
    ")",
    ",",
    ".",
    ":",
    "=",
    "=>",
    "...",
    "*",
    "[*]",
    "\n",
    "\r\n",
    " ",
    "#",
    "//",
    "/*",
    "*/",
    "<<E\n",
    "E\n",
    "?",
    "!",
    "-",
    "&&",
    "|",
    "for ",
    "if ",
    " in ",
    "0",
    "1e",
    "a",
    "é",
    "\\",
    "\\n",
    "$$",
    "%%",
    "~",
    "::",
    "%{ else }",
    "%{ endif }",
    "%{ endfor }",
    "~}",
    "${~",
    "null",
    "\t",
    "\u{a0}",
    ";",
    "'",
];

fn mutant(numbers: &mut Numbers) -> String {
    let choices: Vec<u8> = (0..numbers.below(120)).map(|_| numbers.next() as u8).collect();
    let mut source = generated::body(&mut Choices::new(&choices), 0);
    if numbers.below(3) == 0 {
        source.push_str(include_str!("sample.tf"));
    }
    for _ in 0..1 + numbers.below(2) {
        let places: Vec<usize> = source.char_indices().map(|(at, _)| at).chain([source.len()]).collect();
        let at = places[numbers.below(places.len())];
        match numbers.below(3) {
            0 if at < source.len() => drop(source.remove(at)),
            1 => {
                let end = places[numbers.below(places.len())].clamp(at, (at + 12).min(source.len()));
                if source.is_char_boundary(end) {
                    source.replace_range(at..end, "");
                }
            }
            _ => source.insert_str(at, PIECES[numbers.below(PIECES.len())]),
        }
    }
    source
}

#[test]
fn mutants_are_accepted_exactly_as_terraform_does() {
    if !oracle::available() {
        return;
    }
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let mut numbers = Numbers(setting("MUTANT_SEED").unwrap_or(0x9E37_79B9_7F4A_7C15));
    let mutants: Vec<String> = (0..setting("MUTANTS").unwrap_or(600)).map(|_| mutant(&mut numbers)).collect();
    let verdicts = oracle::verdicts(mutants.iter().map(String::as_bytes));
    let mut different = Vec::new();
    let (mut rejected, mut same_line) = (0, 0);
    for (source, verdict) in mutants.iter().zip(verdicts) {
        let (_, diagnostics) = parse(source.as_bytes());
        if diagnostics.is_empty() != verdict.is_none() {
            different.push(format!("{source}\n--- Terraform {verdict:?}, ours {diagnostics:?}"));
        }
        if let Some(line) = verdict {
            rejected += 1;
            let first = diagnostics.iter().filter_map(|it| it.span).map(|span| span.start as usize).min();
            let ours = first.map(|at| 1 + source.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() as u32);
            same_line += usize::from(ours == Some(line));
        }
    }
    eprintln!("{} mutants, {rejected} rejected by Terraform, {same_line} by both on the same line", mutants.len());
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n=======\n"));
}
