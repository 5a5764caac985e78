//! How much memory trees take.

use super::{ordinary, parse};

#[test]
fn trees_stay_under_six_times_the_size_of_their_source() {
    let (mut source, mut memory) = (0, 0);
    for text in ordinary::files(100) {
        let (tree, diagnostics) = parse(text.as_bytes());
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        source += text.len();
        memory += tree.memory();
    }
    eprintln!("{source} bytes of source, {memory} of trees: {:.2} times", memory as f64 / source as f64);
    assert!(memory < source * 6, "{memory} bytes for {source}");
}
