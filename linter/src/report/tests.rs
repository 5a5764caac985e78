use super::samples::{everyday, hostile};
use super::*;
#[test]
fn show() {
    for s in [everyday(), hostile()] {
        for f in Format::ALL {
            println!("=={f}\n{}", s.render(f));
        }
    }
}
