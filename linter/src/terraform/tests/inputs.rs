//! Override files, variables files, types of variables.

use super::{Options, addresses, attribute, load, load_with, messages, value_of};

const MAIN: &str = "variable \"v\" {\n  default = \"default\"\n}\nresource \"x\" \"a\" {\n  v = var.v\n}\n";

#[test]
fn values_win_in_terraforms_order() {
    let files = [
        ("main.tf", MAIN),
        ("terraform.tfvars", "v = \"tfvars\""),
        ("terraform.tfvars.json", "{\"v\": \"json\"}"),
        ("a.auto.tfvars", "v = \"a\""),
        ("b.auto.tfvars.json", "{\"v\": \"b\"}"),
        ("given.tfvars", "v = \"file\""),
    ];
    let options = Options {
        var_files: vec!["given.tfvars".into()],
        vars: vec![("v".into(), "first".into()), ("v".into(), "last".into())],
        ..Options::default()
    };
    let env = [("TF_VAR_v", "env")];
    let last = |files: &[(&str, &str)], options: &Options| attribute(&load_with(files, &env, options), "x.a", "v");
    assert_eq!(attribute(&load(&[("main.tf", MAIN)]), "x.a", "v"), "default");
    for (count, expected) in [(1, "env"), (2, "tfvars"), (3, "json"), (4, "a"), (5, "b")] {
        assert_eq!(last(files.get(..count).unwrap(), &Options::default()), expected);
    }
    assert_eq!(last(&files, &Options { vars: Vec::new(), ..options.clone() }), "file");
    assert_eq!(last(&files, &options), "last");
}

#[test]
fn text_from_outside_is_read_as_the_type_wants_it() {
    for (ty, text, expected) in [
        ("string", "[1]", "[1]"),
        ("number", "5", "5"),
        ("bool", "true", "true"),
        ("list(number)", "[1, \"2\"]", "[1,2]"),
        ("map(string)", "{ a = 1 }", "{a=1}"),
        ("any", "[1]", "[1]"),
    ] {
        let main = format!("variable \"v\" {{\n  type = {ty}\n}}\nresource \"x\" \"a\" {{\n  v = var.v\n}}\n");
        let vars = Options { vars: vec![("v".into(), text.into())], ..Options::default() };
        let loaded = load_with(&[("main.tf", &main)], &[], &vars);
        assert_eq!(attribute(&loaded, "x.a", "v"), expected, "{ty}: {}", messages(&loaded));
        let loaded = load_with(&[("main.tf", &main)], &[("TF_VAR_v", text)], &Options::default());
        assert_eq!(attribute(&loaded, "x.a", "v"), expected, "{ty}: {}", messages(&loaded));
    }
}

#[test]
fn a_value_that_does_not_fit_is_said_and_unknown() {
    let main =
        "variable \"v\" {\n  type = number\n}\nresource \"x\" \"a\" {\n  v = var.v\n}\nresource \"x\" \"b\" {}\n";
    let loaded = load_with(&[("main.tf", main), ("terraform.tfvars", "v = \"many\"")], &[], &Options::default());
    assert_eq!(attribute(&loaded, "x.a", "v"), "?");
    assert!(messages(&loaded).contains("var.v does not fit its type"));
    assert_eq!(addresses(&loaded), ["x.a", "x.b"]);
}

#[test]
fn types_convert_and_fill_in_defaults() {
    for (declaration, expected) in [
        ("type = list(any)\n default = [1, \"a\"]", "[1,a]"),
        ("type = object({ a = string })\n default = { a = 1, zzz = 2 }", "{a=1}"),
        ("type = object({ a = optional(string, \"d\"), b = optional(number) })\n default = {}", "{a=d,b=null}"),
        (
            "type = object({ c = optional(object({ d = optional(list(string), [\"x\"]) }), {}) })\n default = {}",
            "{c={d=[x]}}",
        ),
        ("type = string\n default = null", "null"),
        ("type = set(string)\n default = [\"b\", \"a\", \"b\"]", "[a,b]"),
        ("sensitive = true\n default = \"s\"", "sensitive"),
    ] {
        let main = format!("variable \"v\" {{\n {declaration}\n}}\nresource \"x\" \"a\" {{\n  v = var.v\n}}\n");
        assert_eq!(value_of(&main), expected, "{declaration}");
    }
}

#[test]
fn null_takes_the_default_only_where_null_is_refused() {
    for (nullable, expected) in [("", "null"), ("nullable = false", "d"), ("nullable = true", "null")] {
        let module = format!(
            "variable \"v\" {{\n  default = \"d\"\n  {nullable}\n}}\nresource \"x\" \"a\" {{\n  v = var.v\n}}\n"
        );
        let main = "module \"m\" {\n  source = \"./m\"\n  v = null\n}\n";
        let loaded = load(&[("main.tf", main), ("m/main.tf", &module)]);
        assert_eq!(attribute(&loaded, "module.m.x.a", "v"), expected, "{nullable}");
    }
}

#[test]
fn override_files_replace_attributes_and_whole_block_types() {
    let base = "locals {\n  l = 1\n  k = 2\n}\nresource \"x\" \"a\" {\n  acl = \"private\"\n  keep = local.k\n  l = local.l\n  \
        b {\n    n = 1\n  }\n  b {\n    n = 2\n  }\n  c {}\n}\n";
    let over = "locals {\n  l = 10\n}\nresource \"x\" \"a\" {\n  acl = \"public-read\"\n  b {\n    n = 3\n  }\n}\n";
    for name in ["override.tf", "z_override.tf", "a_override.tf"] {
        let loaded = load(&[("main.tf", base), (name, over)]);
        let get = |attribute_name: &str| attribute(&loaded, "x.a", attribute_name);
        assert_eq!(
            [get("acl"), get("keep"), get("l"), get("b"), get("c")],
            ["public-read", "2", "10", "[{n=3}]", "[{}]"]
        );
        assert_eq!(messages(&loaded), "");
    }
}

#[test]
fn json_and_native_files_make_one_module_and_tofu_files_shadow() {
    let json = "{\"//\": \"comment\", \"resource\": {\"x\": {\"b\": {\"v\": \"${x.a.v}!\", \"b\": [{\"n\": 1}, {\"n\": 2}]}}}, \"variable\": {\"w\": {\"default\": 3}}}";
    let loaded = load(&[("main.tf", "resource \"x\" \"a\" {\n  v = var.w\n}\n"), ("more.tf.json", json)]);
    assert_eq!(attribute(&loaded, "x.b", "v"), "3!");
    assert_eq!(attribute(&loaded, "x.b", "b"), "[{n=1},{n=2}]");
    let loaded = load(&[("a.tf", "resource \"x\" \"a\" {}\n"), ("a.tofu", "resource \"x\" \"b\" {}\n")]);
    assert_eq!(addresses(&loaded), ["x.b"]);
}

#[test]
fn what_is_declared_twice_is_said_and_the_first_counts() {
    let loaded = load(&[("main.tf", "resource \"x\" \"a\" {\n  v = 1\n}\nresource \"x\" \"a\" {\n  v = 2\n}\n")]);
    assert_eq!(attribute(&loaded, "x.a", "v"), "1");
    assert!(messages(&loaded).contains("declared twice"));
}
