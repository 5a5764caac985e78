//! How fast plans are read: 60 MB of plan JSON, made up, and a small binary plan with its configuration.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use palisade::source::{Boundary, SourceMap};
use palisade::terraform::Directory;
use palisade::terraform::plan::{overlay, read_binary, read_json};

/// Plan JSON of `groups` security groups with ten rules each, as `terraform show -json` prints it: the planned values
/// first, then the same values once more as changes.
fn plan(groups: usize) -> String {
    let mut text = String::from(
        "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.4\",\"planned_values\":{\"root_module\":{\"resources\":[",
    );
    for group in 0..groups {
        let comma = if group == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"address\":\"aws_security_group.g[{group}]\",{},\"schema_version\":1,\"values\":{},\
             \"sensitive_values\":{{\"ingress\":[],\"tags\":{{}}}}}}",
            names(group),
            values(group),
        );
    }
    text.push_str("]}},\"resource_changes\":[");
    for group in 0..groups {
        let comma = if group == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"address\":\"aws_security_group.g[{group}]\",{},\"change\":{{\"actions\":[\"create\"],\"before\":null,\
             \"after\":{},\"after_unknown\":{{\"arn\":true,\"egress\":true,\"id\":true,\
             \"ingress\":[{{\"cidr_blocks\":[false,false]}}],\"owner_id\":true,\"tags\":{{}},\"vpc_id\":true}},\
             \"before_sensitive\":false,\"after_sensitive\":{{\"ingress\":[],\"tags\":{{}}}}}}}}",
            names(group),
            values(group),
        );
    }
    text.push_str("],\"configuration\":{\"root_module\":{}}}");
    text
}

fn names(group: usize) -> String {
    format!(
        "\"mode\":\"managed\",\"type\":\"aws_security_group\",\"name\":\"g\",\"index\":{group},\
         \"provider_name\":\"registry.terraform.io/hashicorp/aws\""
    )
}

fn values(group: usize) -> String {
    format!(
        "{{\"description\":\"Managed by Terraform\",\"ingress\":[{}],\"name\":\"group-{group}\",\"name_prefix\":null,\
         \"revoke_rules_on_delete\":false,\"tags\":{{\"Environment\":\"prod\",\"Name\":\"group-{group}\"}},\"timeouts\":null}}",
        (0..10).map(|rule| ingress(group, rule)).collect::<Vec<_>>().join(","),
    )
}

fn ingress(group: usize, rule: usize) -> String {
    format!(
        "{{\"cidr_blocks\":[\"10.{}.0.0/16\",\"192.168.{rule}.0/24\"],\"description\":\"rule {rule} of {group}\",\"from_port\":{},\
         \"ipv6_cidr_blocks\":[],\"prefix_list_ids\":[],\"protocol\":\"tcp\",\"security_groups\":[],\"self\":false,\"to_port\":{}}}",
        group % 256,
        1000 + rule,
        1000 + rule,
    )
}

fn read(criterion: &mut Criterion) {
    let text = plan(13_000);
    assert!(text.len() > 60_000_000, "{} bytes", text.len());
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("json, 60 MB of security groups", |bencher| {
        bencher.iter_with_large_drop(|| read_json(Path::new("plan.json"), black_box(text.as_bytes()), &mut Vec::new()));
    });
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/plans/network/plan.bin");
    if let Ok(bytes) = std::fs::read(fixture) {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("binary with its configuration", |bencher| {
            bencher.iter(|| {
                let plan = read_binary(Path::new("plan.bin"), black_box(&bytes), &mut Vec::new()).ok()?;
                let (embedded, map) = (plan.sources?, SourceMap::default());
                let boundary = Boundary::at(&embedded, Path::new("/"));
                let directory = Directory::read(&embedded, &map, &boundary, Path::new("."));
                let evaluated = directory.evaluate_with(&plan.variables, None);
                Some(overlay(evaluated.root, plan.root))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
