//! Embeds the rulesets: every rule and document below `rulesets/`, found by walking, so that a new rule is two new files and nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rustc-env=PALISADE_TARGET={}", env::var("TARGET").unwrap_or_default());
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let rulesets = manifest.join("../rulesets");
    let defaults = manifest.join("src/rules/defaults");
    let rules = embed("BUILTIN", "Every rule and document, by path below `rulesets/`.", &rulesets, &["hcl", "md"])?;
    fs::write(out.join("rulesets.rs"), rules)?;
    fs::write(out.join("defaults.rs"), embed("TABLES", "The tables of provider defaults.", &defaults, &["hcl"])?)
}

/// A constant with the path and the text of each file below `dir`, in path order.
fn embed(name: &str, doc: &str, dir: &Path, ends: &[&str]) -> io::Result<String> {
    let (mut code, mut files) = (String::new(), Vec::new());
    walk(dir, &mut files)?;
    files.sort();
    let _ = writeln!(code, "/// {doc}\npub(super) const {name}: &[(&str, &str)] = &[");
    for file in files {
        let is_wanted = file.extension().is_some_and(|end| ends.iter().any(|wanted| end == *wanted));
        let Ok(below) = file.strip_prefix(dir) else { continue };
        if is_wanted {
            let shown = below.to_string_lossy().replace('\\', "/");
            let _ = writeln!(code, "    ({shown:?}, include_str!({:?})),", file.display().to_string());
        }
    }
    code.push_str("];\n");
    Ok(code)
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
