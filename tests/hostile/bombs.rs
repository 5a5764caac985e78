//! Small input that asks for much: depth, width, repetition.

use std::fmt::Write as _;

use crate::run::{check, repository, says, shown, write};

const DEEP: usize = 100_000;

fn nested(before: &str, inner: &str, after: &str) -> String {
    format!("locals {{\n  a = {}{inner}{}\n}}\n", before.repeat(DEEP), after.repeat(DEEP))
}

/// Locals that each use the one before; an output asks for the last one.
fn chain(first: &str, next: &str, length: usize) -> String {
    let mut text = format!("variable \"v\" {{}}\nlocals {{\n  l0 = {first}\n");
    for step in 1..=length {
        writeln!(text, "  l{step} = {}", next.replace('P', &format!("local.l{}", step - 1))).unwrap();
    }
    write!(text, "}}\noutput \"o\" {{\n  value = local.l{length}\n}}\n").unwrap();
    text
}

#[test]
fn deep_nesting_is_refused_at_its_place() {
    for (before, inner, after) in [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("\"${", "1", "}\""),
        ("!", "true", ""),
        ("true ? 1 : ", "1", ""),
        ("{a=", "1", "}"),
    ] {
        says(&nested(before, inner, after), 2, "levels deep");
    }
    says(&("a {\n".repeat(DEEP) + &"}\n".repeat(DEEP)), 2, "levels deep");
    says(&nested("1 + ", "1", ""), 2, "levels");
    says(&nested("", "local.b", ".b"), 2, "levels");
    let dir = repository(&[("main.tf.json", &("{\"a\":".repeat(DEEP) + "1" + &"}".repeat(DEEP)))]);
    assert_eq!(check(dir.path(), &[]).code, 2);
}

#[test]
fn wide_and_multiplying_expressions_reach_a_limit_that_is_said() {
    let keys: String = (0..300_000).map(|idx| format!("    k{idx} = {idx}\n")).collect();
    let output = |value: &str| format!("locals {{\n  r = range(1000)\n}}\noutput \"o\" {{\n  value = {value}\n}}\n");
    says(&format!("locals {{\n  a = {{\n{keys}  }}\n}}\noutput \"o\" {{\n  value = local.a\n}}\n"), 2, "200000 items");
    says(&output("range(1000000000)"), 0, "more than 1024 numbers");
    says(&output("setproduct(local.r, local.r, local.r, local.r)"), 2, "200000 items");
    says(
        &output("[for a in local.r : [for b in local.r : [for c in local.r : [for d in local.r : d]]]]"),
        2,
        "800000 parts",
    );
    says(&output("regex(\"((((a{100}){100}){100}){100}){100}\", \"a\")"), 2, "bytes in a compiled pattern");
}

#[test]
fn values_that_double_with_each_local_reach_a_limit_that_is_said() {
    for (first, next, message) in [
        ("\"aaaaaaaa\"", "\"${P}${P}\"", "16777216 bytes"),
        ("[\"a\"]", "[P, P]", "800000 parts"),
        ("[var.v]", "[P, P]", "800000 parts"),
        ("{ a = 1 }", "{ a = P, b = P }", "800000 parts"),
        ("[\"a\"]", "concat(P, P)", "200000 items"),
        ("\"a\"", "var.v == \"x\" ? \"${P}a\" : \"${P}b\"", "800000 parts"),
    ] {
        says(&chain(first, next, 60), 2, message);
    }
}

#[test]
fn long_chains_of_locals_and_resources_do_not_overflow_the_stack() {
    says(&chain("\"a\"", "P", 10_000), 2, "levels of nesting");
    says(&chain("\"a\"", "[for x in [upper(trimspace(P))] : \"${x}\"][0]", 10_000), 2, "levels of nesting");
    let mut text = String::from("resource \"aws_s3_bucket\" \"b1000\" {\n  bucket = \"x\"\n}\n");
    for idx in 0..1000 {
        let next = idx + 1;
        writeln!(text, "resource \"aws_s3_bucket\" \"b{idx}\" {{\n  bucket = aws_s3_bucket.b{next}.bucket\n}}")
            .unwrap();
    }
    says(&text, 2, "levels of nesting");
}

#[test]
fn cycles_are_said_with_their_chain() {
    says(
        "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\noutput \"o\" {\n  value = local.a\n}\n",
        2,
        "local.a → local.b → local.c → local.a",
    );
    let dir = repository(&[
        (
            "main.tf",
            "module \"m\" {\n  source = \"./m\"\n  i = module.m.o\n}\noutput \"o\" {\n  value = module.m.o\n}\n",
        ),
        ("m/main.tf", "variable \"i\" {}\noutput \"o\" {\n  value = var.i\n}\n"),
    ]);
    let run = check(dir.path(), &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("module.m.output.o → module.m.var.i →"), "{}", run.stderr);
}

#[test]
fn instances_without_end_are_judged_as_one() {
    says("resource \"aws_s3_bucket\" \"b\" {\n  count = 1000000000\n}\n", 0, "1000000000 instances");
    let hundreds =
        "locals {\n  r = range(500)\n  k = toset([for p in setproduct(local.r, range(300)) : join(\"-\", p)])\n}\n";
    let block = "resource \"aws_s3_bucket\" \"b\" {\n  for_each = local.k\n  bucket   = each.key\n}\n";
    says(&format!("{hundreds}{block}"), 0, "more than 10000 instances");
    let either = "variable \"v\" {}\nlocals {\n  r = range(100)\n  k = [for p in setproduct(local.r, range(90)) : join(\"-\", p)]\n}\n\
        resource \"aws_s3_bucket\" \"b\" {\n  for_each = var.v == \"x\" ? toset(local.k) : toset([for k in local.k : \"${k}-\"])\n}\n";
    says(either, 0, "");
}

#[test]
fn instances_that_look_each_other_up_take_time_in_proportion() {
    let text = "resource \"aws_subnet\" \"s\" {\n  count      = 3000\n  cidr_block = \"10.0.0.0/24\"\n}\n\
        resource \"aws_instance\" \"i\" {\n  count     = 3000\n  subnet_id = aws_subnet.s[count.index].id\n}\n";
    let dir = repository(&[("main.tf", text)]);
    let run = check(dir.path(), &["-f", "compact", "--exit-zero", "--select", "net/no-open-admin-ports"]);
    assert_eq!(run.code, 0, "{}", shown(&run.all()));
}

#[test]
fn instances_that_list_each_other_reach_a_limit() {
    let text = "resource \"aws_security_group\" \"g\" {\n  count = 10000\n}\nresource \"aws_lb\" \"l\" {\n  count           = 10000\n  \
        security_groups = aws_security_group.g[*].id\n}\n";
    let dir = repository(&[("main.tf", text)]);
    let run = check(dir.path(), &["-f", "compact", "--exit-zero", "--select", "tls/lb-min-version"]);
    assert_eq!(run.code, 2, "{}", shown(&run.all()));
    assert!(run.stderr.contains("more than 3000000 values"), "{}", shown(&run.stderr));
}

#[test]
fn modules_that_call_themselves_or_each_other_are_said_at_the_call() {
    says("module \"a\" {\n  source = \"./\"\n}\n", 2, "calls itself");
    let call = |name: &str, source: &str| format!("module \"{name}\" {{\n  source = \"{source}\"\n}}\n");
    let dir = repository(&[
        ("main.tf", &call("a", "./a")),
        ("a/main.tf", &call("b", "../b")),
        ("b/main.tf", &call("a", "../a")),
    ]);
    let run = check(dir.path(), &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("calls itself") && run.stderr.contains("b/main.tf:1"), "{}", run.stderr);
}

#[test]
fn module_calls_that_double_with_each_level_reach_a_limit() {
    let dir = repository(&[("m30/main.tf", "variable \"v\" {}\n")]);
    for level in 0..30 {
        let (folder, next) = if level == 0 {
            (String::new(), "./m1".to_owned())
        } else {
            (format!("m{level}/"), format!("../m{}", level + 1))
        };
        let call = |name: &str| format!("module \"{name}\" {{\n  source = \"{next}\"\n  v      = var.v\n}}\n");
        let text = format!("variable \"v\" {{\n  default = \"x\"\n}}\n{}{}", call("a"), call("b"));
        write(dir.path(), &format!("{folder}main.tf"), text.as_bytes());
    }
    let run = check(dir.path(), &["-f", "compact"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("more than 10000 module calls"), "{}", shown(&run.stderr));
}

#[test]
fn module_instances_that_multiply_reach_a_limit() {
    let dir = repository(&[("m6/main.tf", "variable \"v\" {\n  default = 1\n}\n")]);
    for level in 0..6 {
        let (folder, next) = if level == 0 {
            (String::new(), "./m1".to_owned())
        } else {
            (format!("m{level}/"), format!("../m{}", level + 1))
        };
        let text = format!("module \"a\" {{\n  count  = 50\n  source = \"{next}\"\n}}\n");
        write(dir.path(), &format!("{folder}main.tf"), text.as_bytes());
    }
    let run = check(dir.path(), &["-f", "compact"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("More than 10000 module instances"), "{}", shown(&run.stderr));
}

#[test]
fn nested_dynamic_blocks_reach_a_limit() {
    let mut text = String::from("resource \"aws_security_group\" \"s\" {\n");
    for level in 0..20 {
        write!(text, "dynamic \"b{level}\" {{\nfor_each = range(10)\ncontent {{\nx = b{level}.value\n").unwrap();
    }
    text += &"}\n}\n".repeat(20);
    text += "}\n";
    says(&text, 2, "Nested dynamic blocks make more than 20000");
}

#[test]
fn a_resource_of_too_many_arguments_is_left_out_and_said() {
    let arguments: String = (0..100_000).map(|idx| format!("  a{idx} = 1\n")).collect();
    says(&format!("resource \"a\" \"b\" {{\n{arguments}}}\n"), 2, "more than 10000 arguments");
}

#[test]
fn documents_that_unfold_are_refused() {
    let mut yaml = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (before, name) in ('a'..'o').zip('b'..='o') {
        let aliases = vec![format!("*{before}"); 9].join(",");
        writeln!(yaml, "{name}: &{name} [{aliases}]").unwrap();
    }
    let dir = repository(&[
        ("y.yaml", &yaml),
        ("j.json", &("[".repeat(DEEP) + &"]".repeat(DEEP))),
        (
            "main.tf",
            "output \"y\" {\n  value = yamldecode(file(\"y.yaml\"))\n}\noutput \"j\" {\n  value = jsondecode(file(\"j.json\"))\n}\n\
            resource \"aws_instance\" \"i\" {\n  user_data = \"#cloud-config\\n${file(\"y.yaml\")}\"\n}\n",
        ),
    ]);
    let run = check(dir.path(), &["-f", "compact"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("values in one document in yamldecode()"), "{}", shown(&run.stderr));
    assert!(run.stderr.contains("levels of nesting in one document in jsondecode()"), "{}", shown(&run.stderr));
}

#[test]
fn rules_and_settings_are_as_bounded_as_the_configuration_they_judge() {
    let bomb = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]";
    let rule = format!(
        "rule \"r\" {{\n  summary  = \"x\"\n  severity = \"high\"\n  check \"aws_s3_bucket\" {{\n    condition     = length({bomb}) > 0\n    error_message = \"x\"\n  }}\n}}\n"
    );
    let bucket = "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n}\n";
    let settings = "palisade {\n  rulesets = [\"./policy\"]\n}\n";
    let dir = repository(&[("main.tf", bucket), ("palisade.hcl", settings), ("policy/tls/r.hcl", &rule)]);
    check(dir.path(), &["-f", "compact"]);
    for (name, text) in [
        ("palisade.hcl", format!("rule \"a/b\" {{\n  params = {{ x = {bomb} }}\n}}\n")),
        ("palisade.hcl", format!("palisade {{\n  rulesets = {}\n", "[".repeat(DEEP))),
        ("policy/tls/r.hcl", format!("rule \"r\" {{\n  check \"a\" {{\n    condition = {}\n", "(".repeat(DEEP))),
    ] {
        let dir = repository(&[("main.tf", bucket), ("palisade.hcl", settings), (name, &text)]);
        write(dir.path(), name, text.as_bytes());
        let run = check(dir.path(), &["-f", "compact"]);
        assert_eq!(run.code, 2, "{}", shown(&run.all()));
        assert!(run.stderr.contains(name), "{}", shown(&run.stderr));
    }
}
