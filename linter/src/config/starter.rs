//! The configuration file to begin with: what a repository itself says of its environments, written down.

use std::collections::{BTreeMap, BTreeSet};

use hcl::{Block, Body};

/// What was found of one environment. Everything is written as the configuration file wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundEnvironment {
    /// Directories all of whose resources belong to it, as globs.
    pub paths: BTreeSet<String>,
    /// Names of variables files that are called after it.
    pub var_files: BTreeSet<String>,
    /// The address ranges of its networks.
    pub cidrs: BTreeSet<String>,
}

/// The text of a configuration file that says so.
///
/// # Errors
/// When hcl-rs cannot write what was found.
pub fn starter(
    environments: &BTreeMap<String, FoundEnvironment>,
    time_sources: &BTreeSet<String>,
) -> Result<String, hcl::Error> {
    let mut sections = vec![commented(
        "How Palisade judges this repository. https://github.com/palisade/palisade says what else can stand here.",
        Block::builder("palisade").add_attribute(("fail_on", "medium")).build(),
    )?];
    for (name, found) in environments {
        let mut block = Block::builder("environment").add_label(name.as_str());
        for (attribute, values) in [("paths", &found.paths), ("var_files", &found.var_files), ("cidrs", &found.cidrs)] {
            if !values.is_empty() {
                block = block.add_attribute((attribute, values.iter().cloned().collect::<Vec<String>>()));
            }
        }
        sections.push(hcl::to_string(&Body::from(block.build()))?);
    }
    if time_sources.is_empty() {
        sections.push(
            "# The time servers that were agreed: addresses, ranges, host names.\n\
             # time {\n#   sources = [\"169.254.169.123\"]\n# }\n"
                .to_owned(),
        );
    } else {
        let sources: Vec<String> = time_sources.iter().cloned().collect();
        let block = Block::builder("time").add_attribute(("sources", sources)).build();
        sections.push(commented("The time servers that networks hand out today. Are they the agreed ones?", block)?);
    }
    Ok(sections.join("\n"))
}

fn commented(comment: &str, block: Block) -> Result<String, hcl::Error> {
    Ok(format!("# {comment}\n{}", hcl::to_string(&Body::from(block))?))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use std::path::Path;

    use super::*;
    use crate::config::load;
    use crate::source::{Memory, SourceMap};

    fn set(values: &[&str]) -> BTreeSet<String> {
        values.iter().map(|&value| value.to_owned()).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let prod = FoundEnvironment {
            paths: set(&["envs/prod/**"]),
            var_files: set(&["prod.tfvars"]),
            cidrs: set(&["10.0.0.0/16", "odd \"${quoted}\""]),
        };
        let found = BTreeMap::from([("prod".to_owned(), prod), ("dev".to_owned(), FoundEnvironment::default())]);
        let text = starter(&found, &set(&["10.0.0.2"])).unwrap();
        let mut memory = Memory::new();
        memory.add("/r/palisade.hcl", text.as_str());
        let read = load(&memory, &SourceMap::default(), Path::new("/r/palisade.hcl"));
        assert_eq!(read.diagnostics, [], "{text}");
        let prod = &read.options.environment["prod"];
        assert_eq!(prod.paths, ["envs/prod/**"]);
        assert_eq!(prod.cidrs, ["10.0.0.0/16", "odd \"${quoted}\""]);
        assert_eq!(read.options.time.sources, Some(vec!["10.0.0.2".to_owned()]));
        assert!(read.options.environment.contains_key("dev"));
    }

    #[test]
    fn nothing_found_is_a_file_to_begin_with() {
        let text = starter(&BTreeMap::new(), &BTreeSet::new()).unwrap();
        let mut memory = Memory::new();
        memory.add("/r/palisade.hcl", text.as_str());
        assert_eq!(load(&memory, &SourceMap::default(), Path::new("/r/palisade.hcl")).diagnostics, [], "{text}");
        assert!(text.contains("# time {"), "{text}");
    }
}
