//! The way from one directory to another, by name.

use std::path::{Component, Path, PathBuf};

/// `to` as seen from `from`; `.` where they are the same. None where names cannot say it: one path is absolute and
/// the other is not, or `from` climbs out of what they share.
pub(crate) fn relative_path(to: &Path, from: &Path) -> Option<PathBuf> {
    if to.is_absolute() != from.is_absolute() {
        return None;
    }
    let named = |path: &Path| -> Vec<PathBuf> {
        let parts = path.components().filter(|part| *part != Component::CurDir);
        parts.map(|part| PathBuf::from(part.as_os_str())).collect()
    };
    let (to, from) = (named(to), named(from));
    let shared = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let climbed = from.get(shared..)?;
    if climbed.iter().any(|part| part.as_os_str() == "..") {
        return None;
    }
    let up = climbed.iter().map(|_| PathBuf::from(".."));
    let way: PathBuf = up.chain(to.iter().skip(shared).cloned()).collect();
    Some(if way.as_os_str().is_empty() { PathBuf::from(".") } else { way })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_shared_module_climbs_out_of_the_root() {
        for (to, from, way) in [
            ("modules/net", "", Some("modules/net")),
            ("modules/net", "envs/prod", Some("../../modules/net")),
            ("envs/prod/net", "envs/prod", Some("net")),
            ("./envs/prod", "envs/prod", Some(".")),
            ("/a/m", "/a/b", Some("../m")),
            ("../modules/x", "../envs/dev", Some("../../modules/x")),
            ("../../m", "../a", Some("../../m")),
            ("m", "..", None),
            ("/a", "b", None),
        ] {
            let found = relative_path(Path::new(to), Path::new(from));
            assert_eq!(found.as_deref(), way.map(Path::new), "{to} from {from}");
        }
    }
}
