//! `palisade provider install`: the binary in the layout of a filesystem mirror.
//!
//! Owns: [`Mirror`].
//! Promises: a provider that is there is replaced as a whole or not at all.
//! Must not know: the wire, policies.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The registries whose names Terraform and OpenTofu use for a source without host.
const HOSTS: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];
/// The source of the provider.
const SOURCE: &str = "palisade/palisade";
/// The version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A directory of providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mirror {
    /// The one that Terraform looks at by itself.
    Implied(PathBuf),
    /// One that the user named, which Terraform must be told of.
    Named(PathBuf),
}

/// Why nothing was installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallError(String);

impl InstallError {
    /// Something failed at a place.
    #[must_use]
    pub fn new(place: impl fmt::Display, error: &io::Error) -> Self {
        Self(format!("{place}: {error}"))
    }
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InstallError {}

impl Mirror {
    /// The directory named, otherwise the one below the user's home that Terraform looks at by itself.
    ///
    /// # Errors
    /// When there is neither.
    pub fn choose(named: Option<PathBuf>, home: Option<PathBuf>) -> Result<Self, InstallError> {
        match (named, home) {
            (Some(dir), _) => {
                Ok(Self::Named(std::path::absolute(&dir).map_err(|it| InstallError::new(dir.display(), &it))?))
            }
            (None, Some(home)) => Ok(Self::Implied(home.join(".terraform.d").join("plugins"))),
            (None, None) => Err(InstallError("there is no home directory: name one with --dir".to_owned())),
        }
    }

    /// Puts the binary there, once for each registry; gives the files.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn install(&self, binary: &Path) -> Result<Vec<PathBuf>, InstallError> {
        HOSTS.iter().map(|host| place(binary, &self.file(host))).collect()
    }

    fn directory(&self) -> &Path {
        match self {
            Self::Implied(dir) | Self::Named(dir) => dir,
        }
    }

    fn file(&self, host: &str) -> PathBuf {
        let name = format!("terraform-provider-palisade_v{VERSION}{}", std::env::consts::EXE_SUFFIX);
        self.directory().join(host).join(SOURCE).join(VERSION).join(platform()).join(name)
    }

    /// What the user is told.
    #[must_use]
    pub fn explain(&self, files: &[PathBuf]) -> String {
        let mut text = String::new();
        for file in files {
            text.push_str(&format!("installed {}\n", file.display()));
        }
        if let Self::Named(dir) = self {
            text.push_str(&format!(
                "\nTell Terraform of the directory in its CLI configuration (~/.terraformrc):\n\n\
                 provider_installation {{\n  filesystem_mirror {{\n    path    = {:?}\n    include = [\"{SOURCE}\"]\n  }}\n  \
                 direct {{\n    exclude = [\"{SOURCE}\"]\n  }}\n}}\n",
                dir.to_string_lossy()
            ));
        }
        text.push_str(&format!(
            "\nWrite this in the configuration, then run `terraform init`:\n\n\
             terraform {{\n  required_providers {{\n    palisade = {{\n      source  = \"{SOURCE}\"\n      \
             version = \"{VERSION}\"\n    }}\n  }}\n}}\n"
        ));
        text
    }
}

/// The machine as Terraform calls it: `linux_amd64`.
#[must_use]
pub fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{system}_{machine}")
}

fn place(binary: &Path, file: &Path) -> Result<PathBuf, InstallError> {
    let wrong = |error: io::Error| InstallError::new(file.display(), &error);
    if let Some(dir) = file.parent() {
        fs::create_dir_all(dir).map_err(wrong)?;
    }
    // A provider that runs cannot be written over, but its name can be given to another file.
    let beside = file.with_extension(format!("new{}", std::process::id()));
    fs::copy(binary, &beside).map_err(wrong)?;
    fs::rename(&beside, file).map_err(wrong)?;
    Ok(file.to_path_buf())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_binary_is_where_terraform_looks() {
        let dir = tempfile::tempdir().unwrap();
        let binary = dir.path().join("binary");
        fs::write(&binary, "one").unwrap();
        let mirror = Mirror::choose(Some(dir.path().join("mirror")), None).unwrap();
        let files = mirror.install(&binary).unwrap();
        let wanted = format!(
            "mirror/registry.terraform.io/palisade/palisade/{VERSION}/{}/terraform-provider-palisade_v{VERSION}",
            platform()
        );
        assert!(files.first().unwrap().starts_with(dir.path().join(wanted)) || cfg!(windows));
        fs::write(&binary, "two").unwrap();
        for file in mirror.install(&binary).unwrap() {
            assert_eq!(fs::read_to_string(&file).unwrap(), "two");
            assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing else is left");
        }
        let told = mirror.explain(&files);
        assert!(told.contains("filesystem_mirror") && told.contains("required_providers"), "{told}");
    }

    #[test]
    fn without_a_directory_the_one_of_terraform_is_taken() {
        let mirror = Mirror::choose(None, Some("/home/me".into())).unwrap();
        assert_eq!(mirror, Mirror::Implied("/home/me/.terraform.d/plugins".into()));
        assert!(!mirror.explain(&[]).contains("filesystem_mirror"));
        assert!(Mirror::choose(None, None).is_err());
    }
}
