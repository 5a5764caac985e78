//! The pages of documentation say what the provider offers.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use terraform_provider_palisade::offer::pages::pages;

/// `PALISADE_BLESS=1 cargo test -p terraform-provider-palisade --test pages` writes the pages anew.
#[test]
fn the_pages_say_what_the_provider_offers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let bless = std::env::var_os("PALISADE_BLESS").is_some();
    let pages = pages();
    for page in &pages {
        let path = folder.join(&page.path);
        if bless {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &page.text).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == page.text, "{} is old; PALISADE_BLESS=1 writes it anew", page.path);
    }
    let wanted: BTreeSet<PathBuf> = pages.iter().map(|page| folder.join(&page.path)).collect();
    assert_eq!(files(&folder), wanted, "pages of what is not offered");
}

fn files(dir: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { BTreeSet::from([path]) }).collect()
}
