//! Lines of `ntp.conf`, of the reference implementation and of ntpsec.

use super::files::{Directive, NameOf};

/// Options that may stand before the name of a server.
const LEADING: &[&str] = &["-4", "-6"];

/// What a line says about sources.
pub(super) fn directive(line: &str, name_of: NameOf<'_>) -> Directive {
    let mut words = line.split_whitespace();
    let keyword = words.next().unwrap_or_default().to_ascii_lowercase();
    match keyword.as_str() {
        "server" | "pool" | "peer" => match words.find(|word| !LEADING.contains(word)) {
            // The computer's own clock disciplines nothing.
            Some(name) if name.starts_with("127.127.1.") || name.starts_with("127.127.0.") => Directive::Nothing,
            Some(name) => Directive::Source(name_of(name)),
            None => Directive::Nothing,
        },
        "broadcastclient" | "multicastclient" | "manycastclient" => Directive::Source(name_of(&keyword)),
        "includefile" => Directive::Open,
        _ => Directive::Nothing,
    }
}
