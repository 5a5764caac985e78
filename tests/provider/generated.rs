//! The Rust code of the plugin protocol is what its definitions say.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;

/// `PALISADE_BLESS=1 cargo test -p terraform-provider-palisade --test generated` writes the code anew.
#[test]
fn the_code_of_the_protocol_is_what_its_definitions_say() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let definitions = package.join("proto");
    let made = tempfile::tempdir().unwrap();
    let files = ["plugin", "tfplugin5", "tfplugin6"];
    let sources = files.map(|name| definitions.join(format!("{name}.proto")));
    let compiled = protox::compile(sources, [definitions]).unwrap();
    tonic_prost_build::configure()
        .build_client(false)
        .build_transport(false)
        .generate_default_stubs(true)
        .btree_map(".")
        .out_dir(made.path())
        .compile_fds(compiled)
        .unwrap();
    let kept = package.join("src/protocol/generated");
    for name in files {
        let file = format!("{name}.rs");
        let new = fs::read_to_string(made.path().join(&file)).unwrap();
        if std::env::var_os("PALISADE_BLESS").is_some() {
            fs::create_dir_all(&kept).unwrap();
            fs::write(kept.join(&file), &new).unwrap();
        }
        let old = fs::read_to_string(kept.join(&file)).unwrap_or_default();
        assert!(old == new, "{file} is not what proto/{name}.proto says; PALISADE_BLESS=1 writes it anew");
    }
}
