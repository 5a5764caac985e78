//! Lines of openntpd's `ntpd.conf`.

use super::files::{Directive, NameOf};

/// What a line says about sources.
pub(super) fn directive(line: &str, name_of: NameOf<'_>) -> Directive {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some("server" | "servers"), Some(name)) => Directive::Source(name_of(name)),
        (Some("sensor"), Some(name)) => Directive::Source(name_of(&format!("sensor-{name}"))),
        _ => Directive::Nothing,
    }
}
