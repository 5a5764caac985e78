//! `count`, `for_each`, and blocks that are no instances.

use super::{addresses, attribute, load, messages, value_of};

fn repeated(meta: &str) -> (Vec<String>, String) {
    let text = format!(
        "variable \"u\" {{}}\nvariable \"s\" {{\n  sensitive = true\n  default = \"s\"\n}}\nresource \"x\" \"a\" {{\n  {meta}\n}}\n"
    );
    let loaded = load(&[("main.tf", &text)]);
    (addresses(&loaded), messages(&loaded))
}

#[test]
fn instances_follow_count_and_for_each() {
    for (meta, expected) in [
        ("count = 2", "x.a[0] x.a[1]"),
        ("count = \"2\"", "x.a[0] x.a[1]"),
        ("count = 0", ""),
        ("count = var.u", "x.a[*]?"),
        ("count = var.u == 1 ? 1 : 0", "x.a[0]?"),
        ("count = var.u == 1 ? 3 : 1", "x.a[0] x.a[1]? x.a[2]?"),
        ("for_each = { b = 1, a = 2 }", "x.a[\"a\"] x.a[\"b\"]"),
        ("for_each = toset([\"b\", \"a\", \"b\"])", "x.a[\"a\"] x.a[\"b\"]"),
        ("for_each = {}", ""),
        ("for_each = var.u", "x.a[*]?"),
        ("for_each = { a = var.u }", "x.a[\"a\"]"),
        ("for_each = var.u == 1 ? toset([\"a\", \"b\"]) : toset([\"b\"])", "x.a[\"a\"]? x.a[\"b\"]"),
    ] {
        let (found, said) = repeated(meta);
        assert_eq!((found.join(" ").as_str(), said.as_str()), (expected, ""), "{meta}");
    }
}

#[test]
fn wrong_repetition_is_said_and_judged_as_one_that_may_be() {
    for (meta, message) in [
        ("count = -1", "whole number"),
        ("count = 1.5", "whole number"),
        ("count = \"many\"", "whole number"),
        ("count = null", "whole number"),
        ("for_each = [\"a\"]", "it is a list"),
        ("for_each = toset([[1]])", "not strings"),
        ("for_each = \"a\"", "single value"),
        ("for_each = null", "it is null"),
        ("for_each = toset([var.s])", "its keys are sensitive"),
        ("for_each = { (var.s) = 1 }", "its keys are sensitive"),
    ] {
        let (found, said) = repeated(meta);
        assert_eq!(found, ["x.a[*]?"], "{meta}");
        assert!(said.contains(message), "{meta}: {said}");
    }
}

#[test]
fn each_and_count_have_their_values() {
    for (meta, expected) in [
        ("for_each = { k = 1 }\n v = [each.key, each.value]", "[k,1]"),
        ("for_each = toset([\"k\"])\n v = [each.key, each.value]", "[k,k]"),
    ] {
        let loaded = load(&[("main.tf", &format!("resource \"x\" \"a\" {{\n {meta}\n}}\n"))]);
        assert_eq!(attribute(&loaded, "x.a[\"k\"]", "v"), expected);
    }
    let loaded = load(&[("main.tf", "resource \"x\" \"a\" {\n  count = 2\n  v = count.index * 10\n}\n")]);
    assert_eq!(attribute(&loaded, "x.a[1]", "v"), "10");
    let loaded = load(&[("main.tf", "resource \"x\" \"a\" {\n  v = [each.key, count.index]\n}\n")]);
    assert!(messages(&loaded).contains("each.key is used where there is no `for_each`"));
}

#[test]
fn a_missing_instance_does_not_stop_others() {
    let text = "resource \"x\" \"z\" {\n  count = 0\n}\nresource \"x\" \"a\" {\n  v = x.z[*].id\n  w = x.z[0].id\n}\nresource \"x\" \"b\" {\n  v = 1\n}\n";
    let loaded = load(&[("main.tf", text)]);
    assert_eq!(
        [attribute(&loaded, "x.a", "v"), attribute(&loaded, "x.a", "w"), attribute(&loaded, "x.b", "v")],
        ["[]", "?", "1"]
    );
}

#[test]
fn a_broken_resource_does_not_stop_others() {
    let text = "resource \"x\" \"a\" {\n  v = nope.nope.nope\n  w = upper(\n}\nresource \"x\" \"b\" {\n  v = 1\n}\n";
    let loaded = load(&[("main.tf", text)]);
    assert_eq!(attribute(&loaded, "x.b", "v"), "1");
    assert_eq!(loaded.unparsed.len(), 1);
}

#[test]
fn blocks_about_state_are_no_instances() {
    let text = "moved {\n  from = x.old\n  to = x.a\n}\nimport {\n  to = x.a\n  id = \"i\"\n}\nremoved {\n  from = x.gone\n}\n\
        check \"c\" {\n  assert {\n    condition = true\n    error_message = \"m\"\n  }\n}\nephemeral \"x\" \"e\" {}\n\
        resource \"x\" \"a\" {\n  v = ephemeral.x.e.token\n}\n";
    let loaded = load(&[("main.tf", text)]);
    assert_eq!(addresses(&loaded), ["x.a"]);
    assert_eq!(attribute(&loaded, "x.a", "v"), "sensitive");
    let moves: Vec<_> = loaded.root.moves.iter().map(|step| format!("{} {}", step.from, step.to)).collect();
    assert_eq!(moves, ["x.old x.a"]);
}

#[test]
fn a_cycle_is_said_once_with_its_chain() {
    let text = "locals {\n  a = local.b\n  b = [local.a]\n}\nresource \"x\" \"a\" {\n  v = local.a\n  w = local.b\n}\nresource \"x\" \"b\" {\n  v = local.b\n}\n";
    let loaded = load(&[("main.tf", text)]);
    assert_eq!(messages(&loaded), "local.a depends on itself: local.a → local.b → local.a");
    assert_eq!(
        value_of("resource \"x\" \"a\" {\n  v = x.a.w\n  w = 2\n}\n"),
        "2",
        "another attribute of the same resource"
    );
}
