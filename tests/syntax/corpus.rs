//! Parity with Terraform over real configuration, when `PALISADE_CORPUS` names a directory of it.

use std::path::{Path, PathBuf};

use super::{file, oracle, parse};

/// The files below a directory whose names end so, in order.
fn collect(dir: &Path, endings: &[&str], files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&path, endings, files);
        } else if kind.is_file()
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
            && endings.iter().any(|ending| name.strip_suffix(ending).is_some_and(|stem| stem.ends_with('.')))
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
    collect(Path::new(&dir), &["tf", "tfvars", "hcl", "tofu"], &mut files);
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

#[test]
fn corpus_in_json_is_read_without_a_problem() {
    let Some(dir) = std::env::var_os("PALISADE_CORPUS") else {
        eprintln!("skipped: PALISADE_CORPUS is not set");
        return;
    };
    let mut files = Vec::new();
    collect(Path::new(&dir), &["tf.json", "tofu.json", "tfvars.json"], &mut files);
    for path in &files {
        let (file, source) = file(&std::fs::read(path).unwrap());
        let (_, diagnostics) = palisade::syntax::parse_file(path, file, source);
        let meant_to_be_broken = path.components().any(|part| part.as_os_str() == "invalid-files");
        assert!(diagnostics.is_empty() || meant_to_be_broken, "{}: {diagnostics:?}", path.display());
    }
    eprintln!("{} files in JSON syntax", files.len());
}
