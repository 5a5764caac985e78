//! One module as written: its blocks by kind, override files merged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::instance::Mode;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{Attribute, Block, Body, Expr, ExprKind, Tree};

/// Most arguments and blocks of one resource, for names are looked up among them one by one.
const MAX_BODY_ITEMS: usize = 10_000;

/// A body with the bodies of override files over it, base first.
#[derive(Clone, Debug)]
pub(super) struct MergedBody<'a> {
    bodies: Vec<Body<'a>>,
}

impl<'a> MergedBody<'a> {
    pub(super) fn one(body: Body<'a>) -> Self {
        Self { bodies: vec![body] }
    }

    /// The attribute of this name; override files win.
    pub(super) fn attribute(&self, name: &str) -> Option<Attribute<'a>> {
        self.bodies.iter().rev().find_map(|body| body.attribute(name))
    }

    /// All attributes by first appearance; override files win.
    pub(super) fn attributes(&self) -> Vec<Attribute<'a>> {
        let mut found: Vec<Attribute<'a>> = Vec::new();
        let mut places: FxHashMap<&'a str, usize> = FxHashMap::default();
        for attribute in self.bodies.iter().flat_map(|body| body.attributes()) {
            let place = *places.entry(attribute.name()).or_insert(found.len());
            match found.get_mut(place) {
                Some(known) => *known = attribute,
                None => found.push(attribute),
            }
        }
        found
    }

    /// The blocks in source order. An override file that has blocks of a type replaces all blocks of that type.
    pub(super) fn blocks(&self) -> Vec<Block<'a>> {
        let mut found: Vec<Block<'a>> = Vec::new();
        for body in &self.bodies {
            let blocks: Vec<Block<'a>> = body.blocks().collect();
            found.retain(|known| !blocks.iter().any(|block| produces(*block) == produces(*known)));
            found.extend(blocks);
        }
        found
    }

    /// The first block of this type.
    pub(super) fn block(&self, kind: &str) -> Option<Block<'a>> {
        self.bodies.iter().rev().find_map(|body| body.blocks_of(kind).next())
    }
}

/// The block type a block adds to: a `dynamic "x"` adds `x` blocks.
pub(super) fn produces<'a>(block: Block<'a>) -> &'a str {
    if block.kind() == "dynamic" { block.label(0).map_or("", |label| label.text) } else { block.kind() }
}

/// `variable "name" {}`
#[derive(Clone, Debug)]
pub(super) struct Variable<'a> {
    pub(super) span: Span,
    pub(super) body: MergedBody<'a>,
}

/// `resource` or `data`
#[derive(Clone, Debug)]
pub(super) struct Resource<'a> {
    pub(super) mode: Mode,
    pub(super) resource_type: &'a str,
    pub(super) name: &'a str,
    pub(super) span: Span,
    pub(super) body: MergedBody<'a>,
}

/// `module "name" {}`
#[derive(Clone, Debug)]
pub(super) struct ModuleCall<'a> {
    pub(super) name: &'a str,
    pub(super) span: Span,
    pub(super) body: MergedBody<'a>,
}

/// `provider "name" {}`
#[derive(Clone, Debug)]
pub(super) struct ProviderBlock<'a> {
    /// `aws` or `aws.west`.
    pub(super) name: String,
    pub(super) body: MergedBody<'a>,
}

/// An entry of `required_providers`.
#[derive(Clone, Debug, Default)]
pub(super) struct RequiredProvider<'a> {
    pub(super) source: Option<&'a str>,
    pub(super) version: Option<&'a str>,
    /// Aliases that the caller must pass.
    pub(super) aliases: Vec<String>,
}

/// One module directory as written.
#[derive(Debug, Default)]
pub(super) struct Module<'a> {
    pub(super) dir: PathBuf,
    pub(super) variables: BTreeMap<&'a str, Variable<'a>>,
    pub(super) locals: BTreeMap<&'a str, Attribute<'a>>,
    pub(super) outputs: BTreeMap<&'a str, MergedBody<'a>>,
    pub(super) resources: Vec<Resource<'a>>,
    pub(super) resource_index: BTreeMap<(Mode, &'a str, &'a str), usize>,
    pub(super) calls: BTreeMap<&'a str, ModuleCall<'a>>,
    pub(super) providers: Vec<ProviderBlock<'a>>,
    pub(super) required: BTreeMap<&'a str, RequiredProvider<'a>>,
    pub(super) backend: Option<(&'a str, Block<'a>)>,
    pub(super) moves: Vec<(Expr<'a>, Expr<'a>)>,
}

impl<'a> Module<'a> {
    /// The module that these files make: ordinary files first, then override files.
    pub(super) fn build(dir: &Path, files: &[(&'a Tree, bool)], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut module = Self { dir: dir.to_path_buf(), ..Self::default() };
        for &(tree, is_override) in files {
            for block in tree.body().blocks() {
                module.add(block, is_override, diagnostics);
            }
        }
        module
    }

    fn add(&mut self, block: Block<'a>, is_override: bool, diagnostics: &mut Vec<Diagnostic>) {
        match block.kind() {
            "resource" => self.add_resource(Mode::Managed, block, is_override, diagnostics),
            "data" => self.add_resource(Mode::Data, block, is_override, diagnostics),
            "variable" | "output" | "module" | "provider" => self.add_labelled(block, is_override, diagnostics),
            "locals" => {
                for attribute in block.body().attributes() {
                    let before = self.locals.insert(attribute.name(), attribute);
                    if let Some(before) = before.filter(|_| !is_override) {
                        let message = format!("Local value {:?} is declared twice", attribute.name());
                        diagnostics.push(declared_twice(message, attribute.name_span(), before.name_span()));
                    }
                }
            }
            "terraform" => self.add_settings(block),
            "moved" => {
                if let (Some(from), Some(to)) = (block.body().attribute("from"), block.body().attribute("to")) {
                    self.moves.push((from.expr(), to.expr()));
                }
            }
            _ => {}
        }
    }

    fn add_resource(&mut self, mode: Mode, block: Block<'a>, is_override: bool, diagnostics: &mut Vec<Diagnostic>) {
        let (Some(resource_type), Some(name)) = (block.label(0), block.label(1)) else {
            let message = format!("This {} block needs two labels: a type and a name", block.kind());
            diagnostics.push(Diagnostic::error(block.header_span(), message));
            return;
        };
        if block.body().items().nth(MAX_BODY_ITEMS).is_some() {
            let message = format!("This block has more than {MAX_BODY_ITEMS} arguments and blocks; it is not judged");
            diagnostics.push(Diagnostic::error(block.header_span(), message));
            return;
        }
        let key = (mode, resource_type.text, name.text);
        if let Some(known) = self.resource_index.get(&key).and_then(|&idx| self.resources.get_mut(idx)) {
            if is_override {
                known.body.bodies.push(block.body());
            } else {
                let message = format!("{} {:?} {:?} is declared twice", block.kind(), resource_type.text, name.text);
                diagnostics.push(declared_twice(message, block.header_span(), known.span));
            }
            return;
        }
        self.resource_index.insert(key, self.resources.len());
        self.resources.push(Resource {
            mode,
            resource_type: resource_type.text,
            name: name.text,
            span: block.header_span(),
            body: MergedBody::one(block.body()),
        });
    }

    fn add_labelled(&mut self, block: Block<'a>, is_override: bool, diagnostics: &mut Vec<Diagnostic>) {
        let Some(label) = block.label(0) else {
            let message = format!("This {} block needs a label: its name", block.kind());
            diagnostics.push(Diagnostic::error(block.header_span(), message));
            return;
        };
        let (name, span, body) = (label.text, block.header_span(), block.body());
        if block.kind() == "provider" {
            self.add_provider(name, block, is_override);
            return;
        }
        let known = match block.kind() {
            "variable" => self.variables.get_mut(name).map(|known| (&mut known.body, known.span)),
            "output" => self.outputs.get_mut(name).map(|known| {
                let span = known.bodies.first().map_or(span, |body| body.span());
                (known, span)
            }),
            _ => self.calls.get_mut(name).map(|known| (&mut known.body, known.span)),
        };
        if let Some((known, before)) = known {
            if is_override {
                known.bodies.push(body);
            } else {
                diagnostics.push(declared_twice(format!("{} {name:?} is declared twice", block.kind()), span, before));
            }
            return;
        }
        let body = MergedBody::one(body);
        match block.kind() {
            "variable" => drop(self.variables.insert(name, Variable { span, body })),
            "output" => drop(self.outputs.insert(name, body)),
            _ => drop(self.calls.insert(name, ModuleCall { name, span, body })),
        }
    }

    fn add_provider(&mut self, local: &'a str, block: Block<'a>, is_override: bool) {
        let alias = block.body().attribute("alias").and_then(|alias| literal(alias.expr()));
        let name = alias.map_or_else(|| local.to_owned(), |alias| format!("{local}.{alias}"));
        match self.providers.iter_mut().find(|known| known.name == name) {
            Some(known) if is_override => known.body.bodies.push(block.body()),
            _ => self.providers.push(ProviderBlock { name, body: MergedBody::one(block.body()) }),
        }
    }

    fn add_settings(&mut self, block: Block<'a>) {
        for settings in block.body().blocks() {
            match settings.kind() {
                "backend" => self.backend = settings.label(0).map(|label| (label.text, settings)),
                "cloud" => self.backend = Some(("cloud", settings)),
                "required_providers" => {
                    for attribute in settings.body().attributes() {
                        self.required.insert(attribute.name(), required_provider(attribute.expr()));
                    }
                }
                _ => {}
            }
        }
    }
}

fn required_provider<'a>(expr: Expr<'a>) -> RequiredProvider<'a> {
    let mut required = RequiredProvider { version: literal(expr), ..RequiredProvider::default() };
    for item in expr.object_items() {
        match literal(item.key) {
            Some("source") => required.source = literal(item.value),
            Some("version") => required.version = literal(item.value),
            Some("configuration_aliases") => {
                required.aliases = item.value.children().map(|alias| alias.text().to_owned()).collect();
            }
            _ => {}
        }
    }
    required
}

fn declared_twice(message: String, span: Span, before: Span) -> Diagnostic {
    Diagnostic::error(span, message)
        .with_label(before, "first declared here")
        .with_help("Rename one of them, or move the second into an override file.")
}

/// The text of a literal string.
pub(super) fn literal<'a>(expr: Expr<'a>) -> Option<&'a str> {
    match expr.kind() {
        ExprKind::String(text) => Some(text),
        _ => None,
    }
}
