//! What the names of TLS policies stand for: a table with its sources, so that "1.2 or later" is a computation.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::{RuleFunction, Surroundings, text};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::rules::read::literal;
use crate::source::SourceMap;
use crate::syntax::{Block, parse_file};
use crate::value::{Fields, Reason, Type, Value};

/// The table, as text.
const TABLE: &str = include_str!("../data/tls_policies.hcl");

pub(super) const FUNCTIONS: &[RuleFunction] = &[RuleFunction::new(
    "tls_policy",
    &[text("name")],
    Signature::Any,
    "What a cloud's TLS policy of this name stands for: an object with name, service, min_version, weak (kinds of ciphers that are given up; null if not recorded), read, source. A name that is not in the table is unknown.",
    tls_policy,
)];

fn tls_policy(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let name = call.text(0)?;
    Ok(table().get(name).cloned().unwrap_or_else(|| {
        let message = format!("{name:?} is not in the table of TLS policies: it is misspelt, or newer than the table");
        Value::unknown(Type::Any, Reason::Error(message.into()))
    }))
}

fn table() -> &'static FxHashMap<Arc<str>, Value> {
    static POLICIES: OnceLock<FxHashMap<Arc<str>, Value>> = OnceLock::new();
    POLICIES.get_or_init(|| read(TABLE).into_iter().collect())
}

/// The policies of a table in its order: `service "…" { source read policy "…" { min_version weak } }`.
fn read(text: &str) -> Vec<(Arc<str>, Value)> {
    let (sources, path) = (SourceMap::default(), Path::new("tls_policies.hcl"));
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let (tree, _) = parse_file(path, sources.add(path, bytes.clone()), bytes);
    let services = tree.body().blocks_of("service");
    services.flat_map(|service| service.body().blocks_of("policy").map(move |policy| entry(service, policy))).collect()
}

fn entry(service: Block<'_>, policy: Block<'_>) -> (Arc<str>, Value) {
    let label = |block: Block<'_>| block.labels().next().map_or_else(Value::null, |label| Value::string(label.text));
    let get = |block: Block<'_>, name: &str| {
        let value = block.body().attribute(name).and_then(|attribute| literal(attribute.expr()).ok());
        value.map_or_else(Value::null, |value| value.from_origin(None))
    };
    let name = label(policy);
    let key = name.as_str().unwrap_or_default().into();
    let fields = [
        ("name", name),
        ("service", label(service)),
        ("min_version", get(policy, "min_version")),
        ("weak", get(policy, "weak")),
        ("read", get(service, "read")),
        ("source", get(service, "source")),
    ];
    (key, Value::object(fields.into_iter().map(|(name, value)| (name.into(), value)).collect::<Fields>()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use super::{TABLE, read};
    use crate::rules::tests::check;

    #[test]
    fn the_table_is_whole() {
        let policies = read(TABLE);
        let names: BTreeSet<_> = policies.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names.len(), policies.len(), "a name is there twice");
        assert_eq!(policies.len(), TABLE.lines().filter(|line| line.trim_start().starts_with("policy \"")).count());
        for (name, policy) in &policies {
            let fields = policy.as_fields().unwrap();
            let text = |field: &str| fields.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
            assert!(["SSLv3", "1.0", "1.1", "1.2", "1.3"].contains(&&*text("min_version")), "{name}");
            assert!(text("source").starts_with("https://"), "{name}");
            assert!(text("read").parse::<crate::source::Date>().is_ok(), "{name}");
        }
    }

    #[test]
    fn names_stand_for_versions_and_ciphers() {
        let judged = |policy: &str| {
            let body = "condition = tls_version_at_least(tls_policy(self.ssl_policy).min_version, \"1.2\") && length(tls_policy(self.ssl_policy).weak) == 0\nerror_message = \"${tls_policy(self.ssl_policy).min_version} ${join(\"+\", tls_policy(self.ssl_policy).weak)}\"";
            let config =
                format!("variable \"x\" {{}}\nresource \"aws_lb_listener\" \"a\" {{\n  ssl_policy = {policy}\n}}");
            check("aws_lb_listener", body, &config).lines().join(" ")
        };
        for (policy, expected) in [
            ("\"ELBSecurityPolicy-TLS13-1-2-2021-06\"", ""),
            ("\"ELBSecurityPolicy-TLS13-1-3-PQ-2025-09\"", ""),
            ("\"ELBSecurityPolicy-FS-2018-06\"", "fail 3 aws_lb_listener.a: 1.0 CBC with SHA-1"),
            ("\"ELBSecurityPolicy-TLS-1-2-2017-01\"", "fail 3 aws_lb_listener.a: 1.2 RSA key exchange"),
        ] {
            assert_eq!(judged(policy), expected, "{policy}");
        }
        let unknown = judged("\"ELBSecurityPolicy-TLS99\"");
        assert!(unknown.starts_with("undetermined 3") && unknown.contains("not in the table"), "{unknown}");
        assert!(judged("var.x").contains("var.x has no value"));
    }
}
