//! Lines of `timesyncd.conf`.

use super::files::{Directive, NameOf};
use super::time_source::SourceName;

/// What a line says about sources. A later `NTP=` adds to the one before, an empty one takes all back.
pub(super) fn directive(line: &str, name_of: NameOf<'_>, fallbacks: &mut Vec<SourceName>) -> Directive {
    let Some((key, names)) = line.split_once('=') else { return Directive::Nothing };
    let names: Vec<SourceName> = names.split_whitespace().map(name_of).collect();
    match key.trim() {
        "NTP" | "Servers" if names.is_empty() => Directive::Reset,
        "NTP" | "Servers" => Directive::Several(names),
        "FallbackNTP" => {
            fallbacks.clear();
            fallbacks.extend(names);
            Directive::Nothing
        }
        _ => Directive::Nothing,
    }
}
