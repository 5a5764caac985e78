//! References to what only the provider knows, and where values came from.

use super::{load, value_of};

#[test]
fn ids_stay_symbols_through_functions_loops_and_keys() {
    let base = "resource \"aws_subnet\" \"s\" {\n  count = 3\n}\nresource \"aws_subnet\" \"k\" {\n  for_each = toset([\"p\", \"q\"])\n}\n";
    for (expression, expected) in [
        ("aws_subnet.s[2].id", "<aws_subnet.s[2].id>"),
        ("aws_subnet.s.2.id", "<aws_subnet.s[2].id>"),
        ("element(aws_subnet.s[*].id, 4)", "<aws_subnet.s[1].id>"),
        ("aws_subnet.s.*.id[0]", "<aws_subnet.s[0].id>"),
        ("[for s in aws_subnet.s : s.id if s.id != null][1]", "<aws_subnet.s[1].id>"),
        ("aws_subnet.k[\"q\"].id", "<aws_subnet.k[\"q\"].id>"),
        ("{ for k, s in aws_subnet.k : k => s.id }.p", "<aws_subnet.k[\"p\"].id>"),
        ("lookup({ a = aws_subnet.s[0].id }, \"a\", \"x\")", "<aws_subnet.s[0].id>"),
        ("values(aws_subnet.k)[0].id", "<aws_subnet.k[\"p\"].id>"),
        ("\"${aws_subnet.s[0].id}\"", "<aws_subnet.s[0].id>"),
        ("coalesce(null, aws_subnet.s[0].id)", "<aws_subnet.s[0].id>"),
        ("try(aws_subnet.s[0].id, \"\")", "<aws_subnet.s[0].id>"),
        ("flatten([[aws_subnet.s[0].id], []])[0]", "<aws_subnet.s[0].id>"),
        ("aws_subnet.s[0].arn == \"\" ? \"a\" : \"b\"", "a|b"),
    ] {
        assert_eq!(
            value_of(&format!("{base}resource \"x\" \"a\" {{\n  v = {expression}\n}}\n")),
            expected,
            "{expression}"
        );
    }
}

#[test]
fn a_value_says_each_step_it_came_through() {
    let main =
        "variable \"cidr\" {\n  default = \"0.0.0.0/0\"\n}\nmodule \"m\" {\n  source = \"./m\"\n  open = var.cidr\n}\n";
    let child = "variable \"open\" {}\nresource \"x\" \"a\" {\n  v = var.open\n}\n";
    let loaded = load(&[("main.tf", main), ("m/main.tf", child)]);
    let instance = loaded.root.instances.first().unwrap();
    let origin = instance.values.as_fields().unwrap().get("v").unwrap().origin.clone().unwrap();
    let steps: Vec<String> = origin.steps().map(|step| format!("{:?}", step.kind)).collect();
    let expected = [
        "Attribute(\"v\")",
        "Reference(\"var.open\")",
        "ModuleArgument(\"open\")",
        "Reference(\"var.cidr\")",
        "VariableDefault(\"cidr\")",
    ];
    assert_eq!(steps.get(..5).unwrap(), expected, "{steps:?}");
    assert!(origin.steps().all(|step| step.span.is_some()));
}
