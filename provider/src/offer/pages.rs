//! Descriptions as pages of documentation, in the layout that registries read.

use std::fmt::Write as _;

use palisade::value::Type;

use super::{Attribute, Function, Presence, Schema};

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its path below the folder of documentation: `resources/gate.md`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Examples for the pages of the provider, resources and data sources.
const EXAMPLES: [(&str, &str); 3] = [
    ("index", include_str!("examples/provider.tf")),
    ("gate", include_str!("examples/gate.tf")),
    ("check", include_str!("examples/check.tf")),
];

/// All pages.
#[must_use]
pub fn pages() -> Vec<Page> {
    let mut pages = vec![
        page("index.md", "palisade Provider", "index", &super::provider()),
        page("resources/gate.md", "palisade_gate Resource - palisade", "gate", &super::gate()),
        page("data-sources/check.md", "palisade_check Data Source - palisade", "check", &super::check()),
    ];
    pages.extend(super::functions().iter().map(function_page));
    pages
}

fn page(path: &str, title: &str, example: &str, schema: &Schema) -> Page {
    let mut text = head(title, schema.description);
    let example = EXAMPLES.iter().find(|(name, _)| *name == example).map_or("", |(_, text)| text);
    push(&mut text, format_args!("## Example\n\n```terraform\n{}\n```\n\n## Schema\n\n", example.trim_end()));
    let groups =
        [("Required", Presence::Required), ("Optional", Presence::Optional), ("Read-only", Presence::Computed)];
    for (heading, presence) in groups {
        let blocks = schema.blocks.iter().filter(|block| (presence == Presence::Required) == (block.min > 0));
        let blocks: Vec<_> = blocks.filter(|_| presence != Presence::Computed).collect();
        let attributes: Vec<_> = schema.attributes.iter().filter(|it| it.presence == presence).collect();
        if attributes.is_empty() && blocks.is_empty() {
            continue;
        }
        push(&mut text, format_args!("### {heading}\n\n"));
        attributes.iter().for_each(|attribute| push_attribute(&mut text, attribute));
        for block in blocks {
            push(&mut text, format_args!("- `{}` (blocks, see below) {}\n", block.name, block.description));
        }
        text.push('\n');
    }
    for block in &schema.blocks {
        push(&mut text, format_args!("### `{}` blocks\n\n", block.name));
        for attribute in &block.attributes {
            let word = if attribute.presence == Presence::Required { "Required. " } else { "Optional. " };
            push(
                &mut text,
                format_args!("- `{}` ({}) {word}{}\n", attribute.name, type_text(&attribute.ty), attribute.description),
            );
        }
        text.push('\n');
    }
    if path.starts_with("resources/") {
        text.push_str("## Import\n\nA gate is imported by its name; its next plan judges it.\n\n");
        text.push_str("```shell\nterraform import palisade_gate.network network\n```\n");
    }
    Page { path: path.to_owned(), text: format!("{}\n", text.trim_end()) }
}

fn function_page(function: &Function) -> Page {
    let mut text = head(&format!("{} function - palisade", function.name), function.description);
    push(
        &mut text,
        format_args!("## Example\n\n```terraform\n{}\n```\n\n## Signature\n\n", function.example.trim_end()),
    );
    let parameters: Vec<String> =
        function.parameters.iter().map(|it| format!("{} {}", it.name, type_text(&it.ty))).collect();
    let result = type_text(&function.result);
    push(
        &mut text,
        format_args!("```text\n{}({}) {result}\n```\n\n## Arguments\n\n", function.name, parameters.join(", ")),
    );
    for parameter in &function.parameters {
        push(
            &mut text,
            format_args!("1. `{}` ({}) {}\n", parameter.name, type_text(&parameter.ty), parameter.description),
        );
    }
    Page { path: format!("functions/{}.md", function.name), text }
}

fn head(title: &str, description: &str) -> String {
    let sentence = description.split_once(". ").map_or(description, |(first, _)| first).trim_end_matches('.');
    format!(
        "---\npage_title: \"{title}\"\nsubcategory: \"\"\ndescription: |-\n  {sentence}.\n---\n\n# {title}\n\n{description}\n\n"
    )
}

fn push_attribute(text: &mut String, attribute: &Attribute) {
    push(text, format_args!("- `{}` ({}) {}\n", attribute.name, type_text(&attribute.ty), attribute.description));
}

fn push(text: &mut String, part: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(part);
}

/// A type in words.
fn type_text(ty: &Type) -> String {
    match ty {
        Type::Any => "any object".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::List(item) => format!("list of {}", type_text(item)),
        Type::Set(item) => format!("set of {}", type_text(item)),
        Type::Map(item) => format!("map of {}", type_text(item)),
        Type::Tuple(_) => "tuple".to_owned(),
        Type::Object(attributes) => {
            let names: Vec<String> = attributes.keys().map(|name| format!("`{name}`")).collect();
            format!("objects with {}", names.join(", "))
        }
    }
}
