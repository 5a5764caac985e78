//! Heredocs and directives in them, against what Terraform makes of the same file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::scope::Variables;
use crate::eval::{Context, Dialect, evaluate};
use crate::source::{Boundary, Memory, SourceMap};
use crate::syntax::parse_body;
use crate::value::Value;

#[test]
fn heredocs_are_the_text_that_terraform_makes_of_them() {
    let answers: serde_json::Value = serde_json::from_str(include_str!("heredocs.json")).unwrap();
    let (system, sources) = (Memory::default(), SourceMap::default());
    let boundary = Boundary::at(&system, Path::new("/"));
    let context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), Dialect::Terraform);
    let bytes: Arc<[u8]> = include_bytes!("heredocs.tf").as_slice().into();
    let (tree, problems) = parse_body(sources.add(Path::new("heredocs.tf"), bytes.clone()), bytes);
    assert!(problems.is_empty(), "{problems:?}");
    let locals = tree.body().blocks_of("locals").next().unwrap().body();
    let mut count = 0;
    for attribute in locals.attributes() {
        let value = evaluate(attribute.expr(), &Variables::of_console(), &context).unwrap();
        assert_eq!(plain(&value), answers[attribute.name()], "{}", attribute.name());
        count += 1;
    }
    assert_eq!(Some(count), answers.as_object().map(serde_json::Map::len));
}

fn plain(value: &Value) -> serde_json::Value {
    match (value.as_str(), value.as_number(), value.as_fields()) {
        (Some(text), _, _) => text.into(),
        (_, Some(number), _) => number.to_i64().into(),
        (_, _, Some(fields)) => fields.iter().map(|(name, value)| (name.to_string(), plain(value))).collect(),
        _ => serde_json::Value::Null,
    }
}
