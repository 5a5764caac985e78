//! How fast files become trees: ours against hcl-edit, on ordinary files of one to two kilobytes.
//!
//! The sources are made up but always the same. `PALISADE_CORPUS` names a directory of real ones to use besides.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use palisade::source::{FileId, SourceMap};
use palisade::syntax::parse_body;

#[path = "../../tests/syntax/ordinary.rs"]
mod ordinary;

fn real_sources(dir: &Path, sources: &mut Vec<Arc<[u8]>>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && !path.is_symlink() {
            real_sources(&path, sources);
        } else if path.extension().is_some_and(|ext| ext == "tf" || ext == "tfvars")
            && let Ok(bytes) = std::fs::read(&path)
        {
            sources.push(bytes.into());
        }
    }
}

fn measure(criterion: &mut Criterion, name: &str, sources: &[Arc<[u8]>]) {
    let bytes: usize = sources.iter().map(|source| source.len()).sum();
    let file: FileId = SourceMap::default().add(Path::new("main.tf"), Arc::from([]));
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(20);
    group.bench_function("palisade", |bencher| {
        bencher.iter(|| {
            for source in sources {
                black_box(parse_body(file, source.clone()));
            }
        });
    });
    let texts: Vec<&str> = sources.iter().filter_map(|source| std::str::from_utf8(source).ok()).collect();
    group.bench_function("hcl-edit", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                let _ = black_box(hcl_edit::parser::parse_body(text));
            }
        });
    });
    group.finish();
}

fn parse(criterion: &mut Criterion) {
    let sources: Vec<Arc<[u8]>> = ordinary::files(200).into_iter().map(|text| text.into_bytes().into()).collect();
    measure(criterion, "ordinary", &sources);
    let mut sources = Vec::new();
    if let Some(dir) = std::env::var_os("PALISADE_CORPUS") {
        real_sources(Path::new(&dir), &mut sources);
    }
    if !sources.is_empty() {
        measure(criterion, "corpus", &sources);
    }
}

criterion_group!(benches, parse);
criterion_main!(benches);
