//! Packages of time clients that are installed or removed.

use super::client::Client;
use super::reading::Reading;

/// A package was installed: its service is switched on with it.
pub(super) fn installed(reading: &mut Reading, name: &str, what: &str, is_certain: bool) {
    if let Some(client) = Client::of_package(name) {
        let evidence = reading.evidence(what);
        reading.clock.switch(Some(client), true, is_certain, evidence);
    }
}

/// A package was removed. Images seldom bring ntpd, which is removed to make room for another client.
pub(super) fn removed(reading: &mut Reading, name: &str, what: &str, is_certain: bool) {
    if let Some(client @ (Client::Chrony | Client::Timesyncd)) = Client::of_package(name.trim_end_matches('*')) {
        let evidence = reading.evidence(what);
        reading.clock.switch(Some(client), false, is_certain, evidence);
    }
}
