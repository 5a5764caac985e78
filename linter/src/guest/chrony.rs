//! Lines of `chrony.conf` and of chrony's `.sources` files.

use super::files::{Directive, NameOf};
use super::time_source::{HYPERVISOR, SourceName, device_token};

/// What a line says about sources.
pub(super) fn directive(line: &str, name_of: NameOf<'_>) -> Directive {
    let mut words = line.split_whitespace();
    let keyword = words.next().unwrap_or_default().to_ascii_lowercase();
    match keyword.as_str() {
        "server" | "pool" | "peer" => match words.next() {
            Some(name) => Directive::Source(name_of(name)),
            None => Directive::Nothing,
        },
        "refclock" => Directive::Source(SourceName::Known(reference_clock(words).into())),
        // The folders that DHCP clients write into, and files that are not shown here.
        "sourcedir" | "include" | "confdir" => Directive::Open,
        _ => Directive::Nothing,
    }
}

/// `PHC /dev/ptp_hyperv poll 3`: the clock behind a device; other drivers are named as they are.
fn reference_clock<'w>(mut words: impl Iterator<Item = &'w str>) -> String {
    match (words.next(), words.next()) {
        (Some(driver), Some(device)) if driver.eq_ignore_ascii_case("PHC") => {
            let path = device.split(':').next().unwrap_or(device);
            device_token(path).to_owned()
        }
        (Some(driver), _) if driver.eq_ignore_ascii_case("RTC") => HYPERVISOR.to_owned(),
        (Some(driver), _) => format!("refclock-{}", driver.to_ascii_lowercase()),
        (None, _) => "refclock".to_owned(),
    }
}
