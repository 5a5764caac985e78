//! A whole check in process: reading, evaluating, judging, for a small and a large root; evaluation alone beside it.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first problem")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use palisade::diagnostic::Severity;
use palisade::engine::{self, Environment, Request, Undetermined};
use palisade::rules::{RuleSet, Settings};
use palisade::source::{Boundary, Memory, SourceMap};
use palisade::terraform::{Options, load_directory};
use palisade::waivers::inline::Peers;

/// Resources of one file: five that refer to each other and to the root's variables.
fn file(number: usize) -> String {
    let mut text = String::new();
    write!(
        text,
        r##"
resource "aws_vpc" "v{number}" {{
  cidr_block = cidrsubnet(var.network, 8, {block})
  tags       = merge(local.tags, {{ Name = "vpc-{number}" }})
}}
resource "aws_subnet" "s{number}" {{
  count      = 2
  vpc_id     = aws_vpc.v{number}.id
  cidr_block = cidrsubnet(aws_vpc.v{number}.cidr_block, 4, count.index)
}}
resource "aws_security_group" "g{number}" {{
  vpc_id = aws_vpc.v{number}.id
  dynamic "ingress" {{
    for_each = var.ports
    content {{
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = [aws_vpc.v{number}.cidr_block]
    }}
  }}
}}
resource "aws_instance" "i{number}" {{
  subnet_id              = aws_subnet.s{number}[0].id
  vpc_security_group_ids = [aws_security_group.g{number}.id]
  user_data              = "#!/bin/sh\necho ${{aws_vpc.v{number}.id}}"
}}
"##,
        block = number % 256
    )
    .unwrap();
    text
}

/// A root of so many files; each makes five instances.
fn root(files: usize) -> Memory {
    let mut system = Memory::new();
    let shared = "variable \"network\" {\n  default = \"10.0.0.0/8\"\n}\nvariable \"ports\" {\n  default = [22, 443]\n}\nlocals {\n  tags = { Environment = \"prod\" }\n}\n";
    system.add("/root/variables.tf", shared);
    for number in 0..files {
        system.add(format!("/root/f{number}.tf"), file(number));
    }
    system
}

fn check(system: &Memory) -> usize {
    let sources = SourceMap::default();
    let (rules, _) = RuleSet::builtin(&sources);
    let request = Request {
        system,
        sources: &sources,
        rules: &rules,
        settings: &Settings::default(),
        standard_input: None,
        paths: &[PathBuf::from("/root")],
        environments: &[Environment::default()],
        exclude: &[],
        waivers: &[],
        peers: Peers::Left,
        today: "2026-11-22".parse().unwrap(),
        known: None,
        show: Severity::Low,
        fail_on: Severity::Medium,
        undetermined: Undetermined::Report,
        progress: &|_| (),
    };
    engine::run(&request).findings.len()
}

fn evaluate(system: &Memory) -> usize {
    let boundary = Boundary::at(system, Path::new("/root"));
    load_directory(system, &SourceMap::default(), &boundary, Path::new("/root"), &Options::default())
        .root
        .instances
        .len()
}

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("check");
    group.sample_size(10);
    for (name, files) in [("50 resources", 10), ("2000 files", 2000)] {
        let system = root(files);
        assert_eq!(evaluate(&system), files * 5);
        assert!(check(&system) > 0);
        group.bench_function(name, |bencher| bencher.iter(|| black_box(check(&system))));
        group.bench_function(format!("{name}, evaluation alone"), |bencher| {
            bencher.iter(|| black_box(evaluate(&system)))
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
