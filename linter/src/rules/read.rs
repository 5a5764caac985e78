//! A rule file to a [`Rule`]: every block and attribute known, every literal of the right type.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::code::Code;
use super::compile;
use super::rule::{Assert, Check, Definition, Rule, Target, is_special};
use super::set::RuleFile;
use crate::diagnostic::{Diagnostic, Level, Severity, closest};
use crate::eval::{self, Context, Dialect, EvalError, Resolved, Scope};
use crate::graph::canonical_type;
use crate::source::{Boundary, FileId, Memory, SourceMap};
use crate::syntax::{
    Attribute, Block, BlockShape, Body, BodyShape, Item, Label, Strings, Traversal, Tree, parse_body, parse_json_shaped,
};
use crate::value::Value;

const RULE_ATTRIBUTES: &[&str] =
    &["summary", "severity", "aliases", "covered_by", "standards", "clauses", "params", "attributes"];
const CHECK_ATTRIBUTES: &[&str] =
    &["when", "for_each", "condition", "error_message", "help", "severity", "at", "attributes"];
const ASSERT_ATTRIBUTES: &[&str] = &["when", "condition", "error_message", "help", "severity", "at"];

/// The shape of a rule file in JSON syntax: strings in checks are templates, as in Terraform's JSON syntax.
static RULE_FILE: BodyShape = BodyShape {
    blocks: &[BlockShape { name: "rule", labels: 1, body: &RULE }],
    attributes: &[],
    strings: Strings::Literal,
};
static RULE: BodyShape = BodyShape {
    blocks: &[
        BlockShape { name: "check", labels: 1, body: &CHECK },
        BlockShape { name: "params", labels: 0, body: &TEXT },
    ],
    attributes: &[],
    strings: Strings::Literal,
};
static CHECK: BodyShape = BodyShape {
    blocks: &[
        BlockShape { name: "locals", labels: 0, body: &TEMPLATES },
        BlockShape { name: "assert", labels: 0, body: &TEMPLATES },
    ],
    attributes: &[("attributes", Strings::Literal)],
    strings: Strings::Templates,
};
static TEMPLATES: BodyShape = BodyShape { blocks: &[], attributes: &[], strings: Strings::Templates };
static TEXT: BodyShape = BodyShape { blocks: &[], attributes: &[], strings: Strings::Literal };

/// Reads one rule and checks the names in it. What is wrong with it is told; a rule with errors is not in force, so
/// `None` comes with a diagnostic.
pub(super) fn rule(
    id: &str,
    file: &RuleFile,
    source: FileId,
    document: Cow<'static, str>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Rule> {
    let (rule, mut found) = parsed(id, file, source, document);
    if let Some(Ok(definition)) = rule.as_ref().map(Rule::definition) {
        compile::check(definition, &mut found);
    }
    sound(rule, found, problems)
}

/// Reads one rule whose names were checked by tests.
pub(super) fn tested_rule(id: &str, file: &RuleFile, source: FileId, problems: &mut Vec<Diagnostic>) -> Option<Rule> {
    let (rule, found) = parsed(id, file, source, Cow::Borrowed(""));
    sound(rule, found, problems)
}

fn parsed(id: &str, file: &RuleFile, source: FileId, document: Cow<'static, str>) -> (Option<Rule>, Vec<Diagnostic>) {
    let (tree, problems) = if file.path.ends_with(".json") {
        parse_json_shaped(source, file.bytes.clone(), &RULE_FILE)
    } else {
        parse_body(source, file.bytes.clone())
    };
    let mut reader = Reader { tree: Arc::new(tree), problems };
    let tree = reader.tree.clone();
    let rule = reader.file(id, tree.body(), document);
    if rule.is_none() && !has_error(&reader.problems) {
        let message = format!("{} declares no rule", file.shown.display());
        reader.problems.push(Diagnostic::error(tree.body().span(), message));
    }
    (rule, reader.problems)
}

fn sound(rule: Option<Rule>, mut found: Vec<Diagnostic>, problems: &mut Vec<Diagnostic>) -> Option<Rule> {
    let is_sound = !has_error(&found);
    problems.append(&mut found);
    rule.filter(|_| is_sound)
}

fn has_error(problems: &[Diagnostic]) -> bool {
    problems.iter().any(|problem| problem.level == Level::Error)
}

pub(super) struct Reader {
    pub(super) tree: Arc<Tree>,
    pub(super) problems: Vec<Diagnostic>,
}

impl Reader {
    fn file(&mut self, id: &str, body: Body<'_>, document: Cow<'static, str>) -> Option<Rule> {
        let mut rule = None;
        for item in body.items() {
            match item {
                Item::Block(block) if block.kind() == "rule" && rule.is_none() => {
                    rule = self.rule(id, block, document.clone());
                }
                Item::Block(block) if block.kind() == "rule" => {
                    self.error(block.header_span(), "A file holds one rule")
                        .help("Put the second one in its own file.");
                }
                Item::Block(block) => {
                    self.error(block.header_span(), format!("Unexpected block {:?}", block.kind()))
                        .help("A rule file holds one block: rule \"name\" { … }");
                }
                Item::Attribute(attribute) => {
                    self.error(attribute.name_span(), format!("Unexpected attribute {:?}", attribute.name()))
                        .help("A rule file holds one block: rule \"name\" { … }");
                }
            }
        }
        rule
    }

    fn rule(&mut self, id: &str, block: Block<'_>, document: Cow<'static, str>) -> Option<Rule> {
        let (domain, name) = id.split_once('/')?;
        match block.label(0) {
            Some(label) if label.text == name => {}
            Some(label) => {
                self.error(label.span, format!("The rule is called {:?}, its file {name:?}", label.text))
                    .help(format!("A rule's id is its path. Write rule {name:?}, or rename the file."));
            }
            None => {
                self.error(block.header_span(), "The rule has no name").help(format!("Write rule {name:?} {{ … }}"))
            }
        }
        let body = block.body();
        self.names(body, RULE_ATTRIBUTES, &["check", "params"]);
        let summary = self.text(body, "summary");
        let severity = self.text(body, "severity");
        if summary.is_none() || severity.is_none() {
            self.error(block.header_span(), "A rule needs summary and severity")
                .help("severity is low, medium, high or critical.");
        }
        let severity = severity.and_then(|text| match text.parse::<Severity>() {
            Ok(severity) => Some(severity),
            Err(message) => {
                let span = body.attribute("severity").map_or(block.header_span(), |it| it.expr().span());
                self.error(span, message);
                None
            }
        });
        let mut declared = self.declared(body);
        let checks: Vec<Check> = body.blocks_of("check").filter_map(|check| self.check(check, &mut declared)).collect();
        if checks.is_empty() {
            self.error(block.header_span(), "The rule checks nothing")
                .help("Add check \"<resource type>\" { condition = …  error_message = \"…\" }");
        }
        let params = self.params(body);
        Some(Rule {
            id: id.into(),
            domain: domain.into(),
            summary: summary?,
            severity: severity?,
            aliases: self.texts(body, "aliases"),
            covered_by: self.texts(body, "covered_by"),
            standards: self.texts(body, "standards"),
            clauses: self.texts(body, "clauses"),
            param_names: params.keys().cloned().collect(),
            targets: checks.iter().map(|check| check.target.clone()).collect(),
            document,
            definition: Rule::at_once(Definition { params, checks, span: block.header_span(), declared }),
        })
    }

    /// `attributes = { some_type = ["a", "b.c"] }`: what types that no table knows have.
    fn declared(&mut self, body: Body<'_>) -> BTreeMap<Arc<str>, Vec<String>> {
        let Some(attribute) = body.attribute("attributes") else { return BTreeMap::new() };
        let value = self.literal(attribute);
        let types = value.as_ref().and_then(Value::as_fields).map(|fields| {
            let paths = |value: &Value| -> Option<Vec<String>> {
                value.as_items()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
            };
            fields.iter().map(|(name, value)| Some((name.clone(), paths(value)?))).collect::<Option<BTreeMap<_, _>>>()
        });
        types.flatten().unwrap_or_else(|| {
            self.error(attribute.expr().span(), "attributes must give a list of paths for each type")
                .help("attributes = { panos_security_policy = [\"rule.log_setting\"] }");
            BTreeMap::new()
        })
    }

    fn check(&mut self, block: Block<'_>, declared: &mut BTreeMap<Arc<str>, Vec<String>>) -> Option<Check> {
        let body = block.body();
        self.names(body, CHECK_ATTRIBUTES, &["locals", "assert"]);
        let target = self.target(block)?;
        let own = self.texts(body, "attributes");
        if let (Target::Instances(types), false) = (&target, own.is_empty()) {
            for name in types {
                declared.entry(name.clone()).or_default().extend(own.iter().cloned());
            }
        }
        let mut locals = BTreeMap::new();
        for attribute in body.blocks_of("locals").flat_map(|block| block.body().attributes()) {
            locals.insert(attribute.name().into(), self.code(attribute));
        }
        let mut asserts: Vec<Assert> = Vec::new();
        if body.attribute("condition").is_some() || body.blocks_of("assert").next().is_none() {
            // The check's own `when` concerns all asserts, so it is not the assert's.
            let mut own = self.assert(body, block)?;
            own.when = None;
            asserts.push(own);
        }
        for inner in body.blocks_of("assert") {
            self.names(inner.body(), ASSERT_ATTRIBUTES, &[]);
            asserts.extend(self.assert(inner.body(), inner));
        }
        let optional = |name: &str| body.attribute(name).map(|attribute| self.code(attribute));
        Some(Check {
            target,
            span: block.header_span(),
            when: optional("when"),
            for_each: optional("for_each"),
            locals,
            asserts,
        })
    }

    fn assert(&mut self, body: Body<'_>, block: Block<'_>) -> Option<Assert> {
        let optional = |name: &str| body.attribute(name).map(|attribute| self.code(attribute));
        let (when, help, severity, at) = (optional("when"), optional("help"), optional("severity"), optional("at"));
        let (condition, error_message) = (optional("condition"), optional("error_message"));
        if condition.is_none() || error_message.is_none() {
            let missing = if condition.is_none() { "condition" } else { "error_message" };
            self.error(block.header_span(), format!("This {} has no {missing}", block.kind()))
                .help("condition = true means that all is well; error_message is said when it is false.");
        }
        Some(Assert { when, condition: condition?, error_message: error_message?, help, severity, at })
    }

    fn target(&mut self, block: Block<'_>) -> Option<Target> {
        let labels: Vec<_> = block.labels().collect();
        let Some(first) = labels.first() else {
            self.error(block.header_span(), "This check does not say what it checks")
                .help("check \"aws_lb_listener\" { … }; also \"data.<type>\", \"provider.<name>\", \"module\", \"terraform\".");
            return None;
        };
        let names: Vec<&str> = labels.iter().map(|label| label.text).collect();
        let target = Target::of(&names);
        if target.is_none() {
            let alone = labels.iter().find(|label| is_special(label.text)).unwrap_or(first);
            self.error(alone.span, format!("{:?} cannot stand with other types", alone.text))
                .help("Write a check of its own for it.");
        }
        self.refuse_repeated(&labels);
        target
    }

    /// A type named twice, also by its old name, would be judged twice.
    fn refuse_repeated(&mut self, labels: &[Label<'_>]) {
        for (index, label) in labels.iter().enumerate() {
            let name = canonical_type(label.text);
            if labels.iter().take(index).any(|other| canonical_type(other.text) == name) {
                self.error(label.span, format!("{} is in this check already", label.text))
                    .help(format!("Leave it out: instances of {} are found under {name}.", label.text));
            }
        }
    }

    fn params(&mut self, body: Body<'_>) -> BTreeMap<Arc<str>, Value> {
        let mut params = BTreeMap::new();
        for attribute in body.blocks_of("params").flat_map(|block| block.body().attributes()) {
            if let Some(value) = self.literal(attribute) {
                params.insert(attribute.name().into(), value);
            }
        }
        let Some(attribute) = body.attribute("params") else { return params };
        match self.literal(attribute).as_ref().and_then(Value::as_fields) {
            Some(fields) => params.extend(fields.iter().map(|(name, value)| (name.clone(), value.clone()))),
            None => self.error(attribute.expr().span(), "params must be an object").help("params = { min_days = 365 }"),
        }
        params
    }

    fn code(&self, attribute: Attribute<'_>) -> Code {
        Code::new(&self.tree, attribute.expr())
    }

    /// Complains about names that do not belong here.
    pub(super) fn names(&mut self, body: Body<'_>, attributes: &[&str], blocks: &[&str]) {
        for item in body.items() {
            let (kind, name, span, known) = match item {
                Item::Attribute(it) if attributes.contains(&it.name()) => continue,
                Item::Block(it) if blocks.contains(&it.kind()) => continue,
                Item::Attribute(it) => ("attribute", it.name(), it.name_span(), attributes),
                Item::Block(it) => ("block", it.kind(), it.header_span(), blocks),
            };
            let help = match closest(name, known.iter().copied()) {
                Some(close) => format!("Did you mean {close:?}?"),
                None if known.is_empty() => format!("No {kind} belongs here."),
                None => format!("What belongs here: {}.", known.join(", ")),
            };
            self.error(span, format!("There is no {kind} {name:?} here")).help(help);
        }
    }

    /// The text of a literal attribute.
    pub(super) fn text(&mut self, body: Body<'_>, name: &str) -> Option<String> {
        let attribute = body.attribute(name)?;
        let value = self.literal(attribute)?;
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.error(attribute.expr().span(), format!("{name} must be a string"));
        }
        text
    }

    /// The texts of a literal list.
    pub(super) fn texts(&mut self, body: Body<'_>, name: &str) -> Vec<String> {
        let Some(attribute) = body.attribute(name) else { return Vec::new() };
        let Some(value) = self.literal(attribute) else { return Vec::new() };
        let texts = value.as_items().map(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        texts.flatten().unwrap_or_else(|| {
            self.error(attribute.expr().span(), format!("{name} must be a list of strings"));
            Vec::new()
        })
    }

    /// The value of an attribute that refers to nothing.
    pub(super) fn literal(&mut self, attribute: Attribute<'_>) -> Option<Value> {
        literal(attribute.expr()).map_err(|error| self.problems.push(error.to_diagnostic())).ok()
    }

    pub(super) fn error(&mut self, span: crate::source::Span, message: impl Into<String>) -> Said<'_> {
        self.problems.push(Diagnostic::error(span, message));
        Said(self.problems.last_mut())
    }
}

/// A diagnostic just given, to which help may be added.
pub(super) struct Said<'p>(Option<&'p mut Diagnostic>);

impl Said<'_> {
    pub(super) fn help(self, help: impl Into<String>) {
        if let Some(diagnostic) = self.0 {
            diagnostic.help = Some(help.into());
        }
    }
}

/// A scope in which nothing has a name.
struct Nothing;

impl Scope for Nothing {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        Err(EvalError::fixed(reference.span, format!("Nothing is called {:?} here", reference.root))
            .with_help("This must be written down, not computed."))
    }
}

/// The value of an expression that refers to nothing.
pub(super) fn literal(expr: crate::syntax::Expr<'_>) -> Result<Value, EvalError> {
    let (system, sources) = (Memory::new(), SourceMap::default());
    let boundary = Boundary::at(&system, Path::new("/"));
    let context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), Dialect::Rules);
    eval::evaluate(expr, &Nothing, &context)
}
