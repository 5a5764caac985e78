//! What is asked of every rule at every start, without reading its conditions.

use std::fmt::Write as _;
use std::{fs, io};

use crate::Embedded;
use crate::scan::{Item, items, keys, text, texts};

const SEVERITIES: [(&str, &str); 4] =
    [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")];

/// The head of a rule, each part as code.
#[derive(Default)]
struct Header {
    summary: Option<String>,
    severity: Option<&'static str>,
    aliases: Vec<String>,
    covered_by: Vec<String>,
    standards: Vec<String>,
    clauses: Vec<String>,
    params: Vec<String>,
    targets: Vec<Vec<String>>,
}

/// The constant `HEADERS`: for each file that is a rule of plain form, its position and what its head says.
pub(crate) fn constant(files: &[Embedded]) -> io::Result<String> {
    let mut code = String::from(
        "/// The heads of rules, by position in `BUILTIN`. A rule that is missing is read at the start.\n",
    );
    code.push_str("static HEADERS: &[(usize, Header)] = &[\n");
    for (idx, file) in files.iter().enumerate().filter(|(_, file)| is_rule(&file.below)) {
        let text = fs::read_to_string(&file.path)?;
        if let Some(header) = header(&text).and_then(|header| written(&header)) {
            let _ = writeln!(code, "    ({idx}, {header}),");
        }
    }
    code.push_str("];\n");
    Ok(code)
}

fn is_rule(path: &str) -> bool {
    path.ends_with(".hcl") && path.matches('/').count() == 1 && !path.starts_with("policies/")
}

fn header(file: &str) -> Option<Header> {
    let items = items(file)?;
    let [Item::Block { kind: "rule", body, .. }] = items.as_slice() else { return None };
    let mut header = Header::default();
    for item in self::items(body)? {
        match item {
            Item::Attribute("summary", value) => header.summary = Some(text(value)?),
            Item::Attribute("severity", value) => {
                let name = text(value)?;
                header.severity = SEVERITIES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code);
            }
            Item::Attribute("aliases", value) => header.aliases = texts(value)?,
            Item::Attribute("covered_by", value) => header.covered_by = texts(value)?,
            Item::Attribute("standards", value) => header.standards = texts(value)?,
            Item::Attribute("clauses", value) => header.clauses = texts(value)?,
            Item::Attribute("params", value) => header.params.extend(keys(value)?),
            Item::Attribute("attributes", _) => {}
            Item::Block { kind: "params", body, .. } => {
                for item in self::items(body)? {
                    let Item::Attribute(name, _) = item else { return None };
                    header.params.push(name.to_owned());
                }
            }
            Item::Block { kind: "check", labels, .. } if !labels.is_empty() => header.targets.push(labels),
            Item::Attribute(..) | Item::Block { .. } => return None,
        }
    }
    // Parameters have no order; the reader gives them in this one.
    header.params.sort();
    header.params.dedup();
    Some(header)
}

fn written(header: &Header) -> Option<String> {
    let Header { summary, severity, aliases, covered_by, standards, clauses, params, targets } = header;
    let (summary, severity) = (summary.as_ref()?, severity.as_ref()?);
    let targets: String = targets.iter().map(|labels| format!("&{labels:?}, ")).collect();
    Some(format!(
        "Header {{ summary: {summary:?}, severity: Severity::{severity}, aliases: &{aliases:?}, covered_by: &{covered_by:?}, standards: &{standards:?}, \
         clauses: &{clauses:?}, params: &{params:?}, targets: &[{targets}] }}"
    ))
}
