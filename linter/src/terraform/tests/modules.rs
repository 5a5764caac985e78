//! Calls of modules, and providers through them.

use super::{addresses, attribute, load, messages};

const CHILD: &str = "variable \"v\" {\n  default = \"d\"\n}\nresource \"x\" \"a\" {\n  v = var.v\n}\noutput \"o\" {\n  value = \"o-${var.v}\"\n}\noutput \"id\" {\n  value = x.a.id\n}\n";

#[test]
fn outputs_have_the_shape_of_the_call() {
    for (meta, reference, expected) in [
        ("", "module.m.o", "o-d"),
        ("v = \"g\"", "module.m.o", "o-g"),
        ("count = 2\n v = count.index", "module.m[1].o", "o-1"),
        ("count = 2\n v = count.index", "module.m[*].o", "[o-0,o-1]"),
        ("for_each = toset([\"p\", \"q\"])\n v = each.key", "module.m[\"q\"].o", "o-q"),
        (
            "for_each = toset([\"p\", \"q\"])\n v = each.key",
            "[for k, m in module.m : \"${k}:${m.o}\"]",
            "[p:o-p,q:o-q]",
        ),
        ("for_each = toset([\"p\"])\n v = each.key", "values(module.m)[*].o", "[o-p]"),
        ("", "module.m.id", "<module.m.x.a.id>"),
        ("count = 1", "module.m[0].id", "<module.m[0].x.a.id>"),
    ] {
        let main = format!(
            "module \"m\" {{\n source = \"./m\"\n {meta}\n}}\nresource \"x\" \"r\" {{\n  v = {reference}\n}}\n"
        );
        let loaded = load(&[("main.tf", &main), ("m/main.tf", CHILD)]);
        assert_eq!(attribute(&loaded, "x.r", "v"), expected, "{meta} {reference}: {}", messages(&loaded));
    }
}

#[test]
fn missing_modules_are_listed_and_their_outputs_unknown() {
    let main = "module \"m\" {\n  source = \"registry/a/b\"\n}\nmodule \"n\" {\n  source = \"./gone\"\n}\nresource \"x\" \"r\" {\n  v = module.m.o\n}\n";
    let loaded = load(&[("main.tf", main)]);
    assert_eq!(attribute(&loaded, "x.r", "v"), "?");
    let missing =
        loaded.root.modules.iter().filter(|(_, state)| matches!(state, crate::terraform::ModuleState::Missing(_)));
    assert_eq!(missing.count(), 2);
}

#[test]
fn installed_modules_are_found_by_their_manifest() {
    let manifest = "{\"Modules\":[{\"Key\":\"\",\"Dir\":\".\"},{\"Key\":\"m\",\"Source\":\"registry/a/b\",\"Dir\":\".terraform/modules/m\"}]}";
    let main = "module \"m\" {\n  source = \"registry/a/b\"\n}\n";
    let loaded = load(&[
        ("main.tf", main),
        (".terraform/modules/modules.json", manifest),
        (".terraform/modules/m/main.tf", CHILD),
    ]);
    assert_eq!(addresses(&loaded), ["module.m.x.a"]);
}

#[test]
fn a_module_that_calls_itself_is_an_error_at_the_call() {
    let loaded = load(&[
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n"),
        ("m/main.tf", "module \"n\" {\n  source = \"../m\"\n}\nresource \"x\" \"a\" {}\n"),
    ]);
    assert_eq!(addresses(&loaded), ["module.m.x.a"]);
    assert_eq!(messages(&loaded), "Module \"n\" is not read: it calls itself, directly or through others");
}

#[test]
fn optional_attributes_get_their_defaults_through_modules() {
    let child = "variable \"c\" {\n  type = object({ a = optional(number, 7), b = string })\n}\nresource \"x\" \"a\" {\n  v = [var.c.a, var.c.b]\n}\n";
    let loaded =
        load(&[("main.tf", "module \"m\" {\n  source = \"./m\"\n  c = { b = 1, z = 3 }\n}\n"), ("m/main.tf", child)]);
    assert_eq!(attribute(&loaded, "module.m.x.a", "v"), "[7,1]");
}

#[test]
fn providers_are_passed_through_two_levels() {
    let main = "provider \"aws\" {\n  region = \"one\"\n}\nprovider \"aws\" {\n  alias = \"west\"\n  region = \"two\"\n  default_tags {\n    tags = { Env = \"prod\", Team = \"t\" }\n  }\n}\n\
        module \"m\" {\n  source = \"./m\"\n  providers = { aws.inner = aws.west }\n}\nresource \"aws_vpc\" \"plain\" {}\n";
    let middle = "terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\", configuration_aliases = [aws.inner] }\n  }\n}\n\
        module \"n\" {\n  source = \"../n\"\n  providers = { aws = aws.inner }\n}\n";
    let leaf = "resource \"aws_vpc\" \"v\" {\n  tags = { Team = \"own\" }\n}\n";
    let loaded = load(&[("main.tf", main), ("m/main.tf", middle), ("n/main.tf", leaf)]);
    let region = |address: &str| {
        let instance = loaded.root.instances.iter().find(|it| &*it.address == address).unwrap();
        let config = instance.provider.config.as_ref().unwrap();
        config.as_fields().unwrap().get("region").unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!([region("aws_vpc.plain"), region("module.m.module.n.aws_vpc.v")], ["one", "two"]);
    assert_eq!(attribute(&loaded, "module.m.module.n.aws_vpc.v", "tags_all"), "{Env=prod,Team=own}");
}
