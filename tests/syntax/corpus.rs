//! Parity with Terraform over real configuration, when `PALISADE_CORPUS` names a directory of it.

use std::path::{Path, PathBuf};

use super::{oracle, parse};

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&path, files);
        } else if kind.is_file()
            && path.extension().is_some_and(|ext| ["tf", "tfvars", "hcl", "tofu"].iter().any(|known| ext == *known))
        {
            files.push(path);
        }
    }
}

#[test]
fn corpus_is_accepted_exactly_as_terraform_does() {
    let Some(dir) = std::env::var_os("PALISADE_CORPUS") else {
        eprintln!("skipped: PALISADE_CORPUS is not set");
        return;
    };
    if !oracle::available() {
        return;
    }
    let mut files = Vec::new();
    collect(Path::new(&dir), &mut files);
    let sources: Vec<Vec<u8>> = files.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let verdicts = oracle::verdicts(sources.iter().map(Vec::as_slice));
    let (mut differences, mut rejected, mut same_line) = (Vec::new(), 0, 0);
    let (mut bytes, mut memory) = (0, 0);
    for ((path, source), expected) in files.iter().zip(&sources).zip(verdicts) {
        let (tree, diagnostics) = parse(source);
        bytes += source.len();
        memory += tree.memory();
        let first = diagnostics.iter().filter_map(|diagnostic| diagnostic.span).map(|span| span.start).min();
        let line = first.map(|at| 1 + source[..at as usize].iter().filter(|&&byte| byte == b'\n').count() as u32);
        match (line, expected) {
            (None, None) => {}
            (Some(ours), Some(theirs)) => {
                rejected += 1;
                same_line += usize::from(ours == theirs);
            }
            _ => differences.push(format!("{}: ours {diagnostics:?}, Terraform {expected:?}", path.display())),
        }
    }
    eprintln!("{} files, {rejected} rejected by both, {same_line} of them on the same line", files.len());
    eprintln!("{bytes} bytes of source, {memory} of trees: {:.2} times", memory as f64 / bytes as f64);
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}
