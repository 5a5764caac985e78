//! Where the defaults of each resource type stand in the tables.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{fs, io};

use crate::Embedded;
use crate::scan::{Item, items};

/// The constant `BY_TYPE`: for each resource type, in order, the blocks about it: position in `TABLES`, first byte, end.
pub(crate) fn constant(files: &[Embedded]) -> io::Result<String> {
    let mut types: BTreeMap<String, Vec<(usize, usize, usize)>> = BTreeMap::new();
    for (idx, file) in files.iter().enumerate() {
        let text = fs::read_to_string(&file.path)?;
        let problem = || io::Error::other(format!("{} is no table of defaults", file.path.display()));
        for item in items(&text).ok_or_else(problem)? {
            let Item::Block { labels, place, .. } = item else { return Err(problem()) };
            for label in labels {
                types.entry(label).or_default().push((idx, place.start, place.end));
            }
        }
    }
    let mut code = String::from("/// Blocks by resource type: position in `TABLES`, first byte, end.\n");
    code.push_str("static BY_TYPE: &[(&str, &[Place])] = &[\n");
    for (name, blocks) in types {
        let _ = writeln!(code, "    ({name:?}, &{blocks:?}),");
    }
    code.push_str("];\n");
    Ok(code)
}
