//! Embeds the rulesets: every rule and document below `rulesets/`, found by walking, so that a new rule is two new files and nothing else.
//!
//! Beside the texts stand what is asked of every rule at every start (names, severity, types) and where the defaults of each
//! resource type are, so that a run reads only what concerns its input. `tests/rulesets.rs` holds both to the texts.

#![expect(clippy::print_stdout, reason = "that is how a build script talks to Cargo")]

mod defaults;
mod header;
mod scan;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// A file to embed: its path below the folder that was walked, and where it is.
struct Embedded {
    below: String,
    path: PathBuf,
}

fn main() -> io::Result<()> {
    println!("cargo::rustc-env=PALISADE_TARGET={}", env::var("TARGET").unwrap_or_default());
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let rulesets = files(&manifest.join("../rulesets"), &["hcl", "md"])?;
    let mut code = embed("BUILTIN", "Every rule and document, by path below `rulesets/`.", &rulesets);
    code.push_str(&header::constant(&rulesets)?);
    fs::write(out.join("rulesets.rs"), code)?;
    let tables = files(&manifest.join("src/rules/defaults"), &["hcl"])?;
    let mut code = embed("TABLES", "The tables of provider defaults.", &tables);
    code.push_str(&defaults::constant(&tables)?);
    fs::write(out.join("defaults.rs"), code)
}

/// The files below a folder that end so, in order of their paths below it.
fn files(dir: &Path, ends: &[&str]) -> io::Result<Vec<Embedded>> {
    let mut found = Vec::new();
    walk(dir, &mut found)?;
    let is_wanted = |path: &PathBuf| path.extension().is_some_and(|end| ends.iter().any(|wanted| end == *wanted));
    let below = |path: &Path| Some(path.strip_prefix(dir).ok()?.to_string_lossy().replace('\\', "/"));
    let wanted = found.into_iter().filter(is_wanted);
    let mut files: Vec<Embedded> = wanted.filter_map(|path| Some(Embedded { below: below(&path)?, path })).collect();
    files.sort_by(|a, b| a.below.cmp(&b.below));
    Ok(files)
}

/// A constant with the path and the text of each file.
fn embed(name: &str, doc: &str, files: &[Embedded]) -> String {
    let mut code = String::new();
    let _ = writeln!(code, "/// {doc}\nstatic {name}: &[(&str, &str)] = &[");
    for file in files {
        let _ = writeln!(code, "    ({:?}, include_str!({:?})),", file.below, file.path.display().to_string());
    }
    code.push_str("];\n");
    code
}

fn walk(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    // A directory's time changes when a file is added or removed; each file's when it is edited.
    println!("cargo::rerun-if-changed={}", dir.display());
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
