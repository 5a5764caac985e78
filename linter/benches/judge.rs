//! Judging: 2,000 instances by 40 rules, half of which join.

#![expect(clippy::unwrap_used, reason = "benchmarks")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use palisade::graph::Graph;
use palisade::rules::{RuleFile, RuleSet, Settings, Surroundings, judge};
use palisade::source::{Boundary, Memory, SourceMap};
use palisade::terraform::{Options, load_directory};

/// 250 groups of eight resources that refer to each other.
fn configuration() -> String {
    let mut text = String::from("variable \"open\" {}\n");
    for n in 0..250 {
        write!(
            text,
            r#"
resource "aws_s3_bucket" "b{n}" {{
  bucket = "bucket-{n}"
  tags   = {{ Environment = "prod" }}
}}
resource "aws_s3_bucket_versioning" "b{n}" {{
  bucket = aws_s3_bucket.b{n}.id
  versioning_configuration {{
    status = "Enabled"
  }}
}}
resource "aws_s3_bucket_policy" "b{n}" {{
  bucket = aws_s3_bucket.b{n}.id
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "${{aws_s3_bucket.b{n}.arn}}/*" }}] }})
}}
resource "aws_lb" "l{n}" {{
  internal = true
}}
resource "aws_lb_listener" "l{n}" {{
  load_balancer_arn = aws_lb.l{n}.arn
  port              = 80
  protocol          = "HTTP"
  default_action {{
    type = "forward"
  }}
}}
resource "aws_security_group" "g{n}" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0", "10.0.0.0/8"]
  }}
}}
resource "aws_instance" "i{n}" {{
  vpc_security_group_ids = [aws_security_group.g{n}.id]
  monitoring             = var.open
}}
resource "aws_db_instance" "d{n}" {{
  engine                  = "postgres"
  backup_retention_period = 7
  vpc_security_group_ids  = [aws_security_group.g{n}.id]
}}
"#
        )
        .unwrap();
    }
    text
}

/// Checks, of which forty rules are made.
const CHECKS: [(&str, &str); 8] = [
    ("aws_s3_bucket", "has_related(self, \"aws_s3_bucket_versioning\", \"bucket\")"),
    ("aws_s3_bucket_policy", "!policy_is_public(self.policy)"),
    ("aws_lb_listener", "contains([\"HTTPS\", \"TLS\"], self.protocol)"),
    ("aws_lb_listener", "one(referenced(self.load_balancer_arn, \"aws_lb\")).internal"),
    ("aws_security_group", "alltrue([for r in self.ingress : !contains(r.cidr_blocks, \"0.0.0.0/0\")])"),
    ("aws_security_group", "has_related(self, \"aws_instance\", \"vpc_security_group_ids\")"),
    ("aws_instance", "self.monitoring"),
    ("aws_db_instance", "self.backup_retention_period >= 30 && self.multi_az"),
];

fn rules(sources: &SourceMap) -> RuleSet {
    let files = (0..40).map(|n| {
        let (kind, condition) = CHECKS.get(n % CHECKS.len()).copied().unwrap_or_default();
        let text = format!(
            "rule \"r{n}\" {{\n summary = \"x\"\n severity = \"high\"\n check \"{kind}\" {{\n  condition = {condition}\n  error_message = \"Rule {n} on ${{address(self)}}\"\n }}\n}}\n"
        );
        RuleFile { path: format!("tls/r{n}.hcl"), shown: format!("r{n}.hcl").into(), bytes: text.into_bytes().into() }
    });
    let (set, problems) = RuleSet::from_files(files.collect(), sources);
    assert!(problems.is_empty(), "{problems:#?}");
    set
}

fn bench(criterion: &mut Criterion) {
    let (sources, mut system) = (SourceMap::default(), Memory::new());
    system.add("/w/main.tf", configuration());
    let set = rules(&sources);
    let boundary = Boundary::at(&system, Path::new("/"));
    let root = load_directory(&system, &sources, &boundary, Path::new("/w"), &Options::default()).root;
    assert_eq!(root.instances.len(), 2_000);
    let settings = Settings::default();
    let mut group = criterion.benchmark_group("judge");
    group.sample_size(20);
    group.bench_function("2000 instances, 40 rules", |bencher| {
        bencher.iter(|| {
            let graph = Graph::new(&root, settings.environments.clone());
            black_box(judge(&set, &graph, &settings, Surroundings::new(&sources)).findings.len())
        });
    });
    group.bench_function("load the built-in rules", |bencher| {
        bencher.iter(|| black_box(RuleSet::builtin(&SourceMap::default()).0.len()));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
