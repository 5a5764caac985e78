//! How Terraform and a plugin find each other: variables of the environment one way, one line the other way.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The variable that says that Terraform starts the program.
pub const COOKIE_NAME: &str = "TF_PLUGIN_MAGIC_COOKIE";
/// What it says: the same for all of Terraform's plugins.
pub const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/// The variable with the versions of the protocol that Terraform speaks: `5,6`.
pub const VERSIONS: &str = "PLUGIN_PROTOCOL_VERSIONS";
/// The variable with the certificate that Terraform will show, in PEM.
pub const CLIENT_CERTIFICATE: &str = "PLUGIN_CLIENT_CERT";
/// The variable with the directory for sockets.
pub const SOCKET_DIRECTORY: &str = "PLUGIN_UNIX_SOCKET_DIR";
/// The variables with the lowest and highest port, where there are no sockets.
pub const PORTS: [&str; 2] = ["PLUGIN_MIN_PORT", "PLUGIN_MAX_PORT"];
/// The version of the handshake itself.
const CORE_VERSION: &str = "1";

/// Certificates in the line have no padding; some senders add it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What Terraform says when it starts a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// Versions of the protocol it speaks; empty from old ones, which speak 5.
    pub versions: Vec<u16>,
    /// The certificate it will show, in DER; `None` if it asks for no TLS.
    pub client_certificate: Option<Vec<u8>>,
    /// Where sockets shall be.
    pub socket_directory: Option<PathBuf>,
    /// Lowest and highest port.
    pub ports: Option<(u16, u16)>,
}

/// Why the plugin cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandshakeError {
    /// The certificate of the client cannot be read.
    ClientCertificate,
    /// None of the versions that Terraform speaks is spoken here; these are.
    Versions(Vec<u16>),
    /// This is not the line of a plugin.
    Line(String),
}

impl fmt::Display for HandshakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClientCertificate => write!(f, "{CLIENT_CERTIFICATE} is no certificate in PEM"),
            Self::Versions(theirs) => {
                write!(
                    f,
                    "Terraform offers versions {theirs:?} of its plugin protocol; Terraform 1.0 or later is wanted"
                )
            }
            Self::Line(line) => write!(f, "this is not what a plugin of Terraform prints when it starts: {line:?}"),
        }
    }
}

impl std::error::Error for HandshakeError {}

impl Invitation {
    /// What the environment says; `None` when Terraform did not start the program.
    ///
    /// # Errors
    /// When the client's certificate cannot be read: serving without it would serve anyone.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, HandshakeError> {
        if variable(COOKIE_NAME).as_deref() != Some(COOKIE) {
            return Ok(None);
        }
        let versions = variable(VERSIONS).unwrap_or_default();
        let client_certificate = match variable(CLIENT_CERTIFICATE).filter(|pem| !pem.is_empty()) {
            Some(pem) => Some(certificate_of_pem(&pem).ok_or(HandshakeError::ClientCertificate)?),
            None => None,
        };
        let [low, high] = PORTS.map(|name| variable(name).and_then(|port| port.parse().ok()));
        Ok(Some(Self {
            versions: versions.split(',').filter_map(|version| version.trim().parse().ok()).collect(),
            client_certificate,
            socket_directory: variable(SOCKET_DIRECTORY).filter(|dir| !dir.is_empty()).map(PathBuf::from),
            ports: low.zip(high),
        }))
    }

    /// The highest of these versions that Terraform speaks too.
    ///
    /// # Errors
    /// When it speaks none of them.
    pub fn version(&self, ours: &[u16]) -> Result<u16, HandshakeError> {
        let common = ours.iter().copied().filter(|version| self.versions.contains(version)).max();
        common.ok_or_else(|| HandshakeError::Versions(self.versions.clone()))
    }
}

/// The line that a plugin prints: how to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Version of the protocol that is spoken.
    pub version: u16,
    /// Where it listens.
    pub address: Address,
    /// The certificate it shows, in DER; `None` without TLS.
    pub certificate: Option<Vec<u8>>,
}

/// Where a plugin listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// At a socket in the file system.
    Unix(PathBuf),
    /// At a port of this machine: `127.0.0.1:10000`.
    Tcp(String),
}

impl fmt::Display for Announcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (network, address) = match &self.address {
            Address::Unix(path) => ("unix", path.to_string_lossy().into_owned()),
            Address::Tcp(address) => ("tcp", address.clone()),
        };
        write!(f, "{CORE_VERSION}|{}|{network}|{address}|grpc|", self.version)?;
        f.write_str(&self.certificate.as_ref().map_or_else(String::new, |der| BASE64.encode(der)))
    }
}

impl FromStr for Announcement {
    type Err = HandshakeError;

    fn from_str(line: &str) -> Result<Self, HandshakeError> {
        // What is said may be anything that a program prints, so not all of it is repeated.
        let wrong = || HandshakeError::Line(line.chars().take(80).collect());
        let parts: Vec<&str> = line.trim().split('|').collect();
        let [CORE_VERSION, version, network, address, "grpc", rest @ ..] = parts.as_slice() else {
            return Err(wrong());
        };
        let address = match *network {
            "unix" => Address::Unix(PathBuf::from(address)),
            "tcp" => Address::Tcp((*address).to_owned()),
            _ => return Err(wrong()),
        };
        let certificate = match rest.first().filter(|text| !text.is_empty()) {
            Some(text) => Some(BASE64.decode(text).map_err(|_| wrong())?),
            None => None,
        };
        Ok(Self { version: version.parse().map_err(|_| wrong())?, address, certificate })
    }
}

/// The first certificate in PEM text, as DER.
fn certificate_of_pem(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    BASE64.decode(body).ok().filter(|der| !der.is_empty())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<Invitation>, HandshakeError> {
        Invitation::read(|name| variables.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn only_terraform_invites() {
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&[(COOKIE_NAME, "other")]).unwrap(), None);
        let invited = read(&[(COOKIE_NAME, COOKIE), (VERSIONS, "6,5"), (PORTS[0], "10000"), (PORTS[1], "25000")]);
        let invited = invited.unwrap().unwrap();
        assert_eq!(invited.version(&[6]), Ok(6));
        assert_eq!(invited.ports, Some((10_000, 25_000)));
        assert_eq!(
            read(&[(COOKIE_NAME, COOKIE)]).unwrap().unwrap().version(&[6]),
            Err(HandshakeError::Versions(vec![]))
        );
    }

    #[test]
    fn a_broken_certificate_is_never_taken_for_none() {
        let pem = "-----BEGIN CERTIFICATE-----\nAQID\nBA==\n-----END CERTIFICATE-----\n";
        let invited = read(&[(COOKIE_NAME, COOKIE), (CLIENT_CERTIFICATE, pem)]).unwrap().unwrap();
        assert_eq!(invited.client_certificate, Some(vec![1, 2, 3, 4]));
        for broken in ["x", "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----"] {
            let refused = read(&[(COOKIE_NAME, COOKIE), (CLIENT_CERTIFICATE, broken)]);
            assert_eq!(refused, Err(HandshakeError::ClientCertificate));
        }
    }

    #[test]
    fn the_line_is_read_as_it_is_written() {
        for line in ["1|6|unix|/tmp/x/plugin.sock|grpc|AQIDBA", "1|5|tcp|127.0.0.1:10000|grpc|"] {
            assert_eq!(line.parse::<Announcement>().unwrap().to_string(), line);
        }
        let newer = "1|5|unix|/tmp/plugin1|grpc|AQIDBA==|true\n".parse::<Announcement>().unwrap();
        assert_eq!(newer.certificate, Some(vec![1, 2, 3, 4]));
        for wrong in
            ["", "hello", "2|6|unix|/x|grpc|", "1|6|unix|/x|netrpc|", "1|6|pipe|/x|grpc|", "1|six|unix|/x|grpc|"]
        {
            assert!(matches!(wrong.parse::<Announcement>(), Err(HandshakeError::Line(_))), "{wrong}");
        }
    }
}
