//! Time clients: their services, packages and files.

/// A program that keeps the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Client {
    Chrony,
    /// ntpd, of the reference implementation or of ntpsec.
    Ntpd,
    Timesyncd,
    Openntpd,
    /// The Windows time service.
    Windows,
}

/// What a file means to its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientFile {
    pub(super) client: Client,
    /// Whether it is the client's main file, so that what the image brought is gone when it is written.
    pub(super) is_main: bool,
}

impl Client {
    /// The client of a service or unit: `chronyd`, `ntp.service`.
    pub(super) fn of_service(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".service").unwrap_or(name);
        Some(match name {
            "chronyd" | "chrony" => Self::Chrony,
            "ntpd" | "ntp" | "ntpsec" | "xntpd" => Self::Ntpd,
            "systemd-timesyncd" => Self::Timesyncd,
            "openntpd" => Self::Openntpd,
            _ if name.eq_ignore_ascii_case("w32time") => Self::Windows,
            _ => return None,
        })
    }

    /// The client in a package; versions after `=` or `-` do not matter.
    pub(super) fn of_package(name: &str) -> Option<Self> {
        let name = name.split(['=', '/', ':']).next().unwrap_or(name);
        Some(match name {
            "chrony" => Self::Chrony,
            "ntp" | "ntpsec" => Self::Ntpd,
            "systemd-timesyncd" => Self::Timesyncd,
            "openntpd" => Self::Openntpd,
            _ => return None,
        })
    }

    /// The client that reads a file.
    pub(super) fn of_file(path: &str) -> Option<ClientFile> {
        let main = |client| Some(ClientFile { client, is_main: true });
        let part = |client| Some(ClientFile { client, is_main: false });
        match path {
            "/etc/chrony.conf" | "/etc/chrony/chrony.conf" => return main(Self::Chrony),
            "/etc/ntp.conf" | "/etc/ntpsec/ntp.conf" | "/etc/ntp/ntp.conf" => return main(Self::Ntpd),
            "/etc/systemd/timesyncd.conf" => return main(Self::Timesyncd),
            "/etc/openntpd/ntpd.conf" | "/etc/ntpd.conf" => return main(Self::Openntpd),
            _ => {}
        }
        let (folder, name) = path.rsplit_once('/')?;
        match folder {
            "/etc/chrony.d" | "/etc/chrony/conf.d" if name.ends_with(".conf") => part(Self::Chrony),
            "/etc/chrony/sources.d" | "/etc/chrony.sources.d" if name.ends_with(".sources") => part(Self::Chrony),
            "/etc/ntpsec/ntp.d" | "/etc/ntp.d" if name.ends_with(".conf") => part(Self::Ntpd),
            "/etc/systemd/timesyncd.conf.d" | "/usr/lib/systemd/timesyncd.conf.d" | "/run/systemd/timesyncd.conf.d"
                if name.ends_with(".conf") =>
            {
                part(Self::Timesyncd)
            }
            _ => None,
        }
    }
}
