//! How fast expressions become values: one number per kind of expression.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first problem")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use palisade::eval::{Context, Dialect, EvalError, Limits, Resolved, Scope, evaluate};
use palisade::source::{Boundary, Memory, SourceMap};
use palisade::syntax::{Traversal, TraversalStep, parse_expression};
use palisade::value::{Reason, Type, Value};

const EXPRESSIONS: [(&str, &str); 14] = [
    ("literal", "\"10.0.0.0/16\""),
    ("reference", "var.name"),
    ("attribute chain", "var.settings.network.cidrs[0]"),
    ("comparison", "var.count > 0 && var.name != \"\""),
    ("arithmetic", "(var.count + 1) * 2 - 3 % 2"),
    ("template", "\"${var.name}-${var.count}-subnet\""),
    ("template with unknown", "\"arn:aws:s3:::${var.later}/*\""),
    ("conditional", "var.count > 2 ? [var.name] : []"),
    ("unknown conditional", "var.later == \"x\" ? \"0.0.0.0/0\" : \"10.0.0.0/8\""),
    ("object", "{ name = var.name, tags = { Env = \"prod\", Team = \"net\" }, ports = [80, 443] }"),
    ("try", "try(var.settings.missing, var.name)"),
    ("splat", "var.items[*].port"),
    ("for over 100", "[for item in var.items : item.port if item.port > 50]"),
    ("for object over 100", "{ for i, item in var.items : item.name => { index = i, port = item.port } }"),
];

/// Variables by name.
struct Variables(Value);

impl Scope for Variables {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        let Some(TraversalStep::Attr(name)) = reference.steps.first() else {
            return Err(EvalError::fixed(reference.span, "no name"));
        };
        let value = self.0.as_fields().and_then(|fields| fields.get(*name));
        let value = value.cloned().ok_or_else(|| EvalError::fixed(reference.span, "not declared"))?;
        Ok(Resolved { value, steps: 1 })
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::object(fields.map(|(name, value)| (name.into(), value)).into())
}

fn variables() -> Variables {
    let network = object([("cidrs", Value::tuple([Value::string("10.0.0.0/16")]))]);
    let item = |port: i64| object([("name", Value::string(format!("item{port}"))), ("port", Value::from(port))]);
    Variables(object([
        ("name", Value::string("main")),
        ("count", Value::from(3)),
        ("settings", object([("network", network)])),
        ("later", Value::unknown(Type::String, Reason::NoValue("var.later".into()))),
        ("items", Value::tuple((0..100).map(item).collect::<Vec<_>>())),
    ]))
}

fn benchmark(criterion: &mut Criterion) {
    let (system, sources, scope) = (Memory::default(), SourceMap::default(), variables());
    let boundary = Boundary::at(&system, Path::new("/"));
    let mut context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), Dialect::Terraform);
    context.limits = Limits { steps: u64::MAX, ..Limits::default() };
    let mut group = criterion.benchmark_group("evaluate");
    group.throughput(Throughput::Elements(1));
    for (name, text) in EXPRESSIONS {
        let bytes: Arc<[u8]> = text.as_bytes().into();
        let (tree, _) = parse_expression(sources.add(Path::new(name), bytes.clone()), bytes);
        let expr = tree.expr().unwrap();
        evaluate(expr, &scope, &context).unwrap();
        group.bench_function(name, |bencher| bencher.iter(|| evaluate(black_box(expr), &scope, &context)));
    }
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
