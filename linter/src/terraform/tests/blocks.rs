//! Nested, dynamic and attribute-like blocks; data sources that can be computed here.

use super::{attribute, load, messages, value_of};

fn blocks(body: &str) -> String {
    let text = format!("variable \"u\" {{}}\nresource \"x\" \"a\" {{\n{body}\n}}\n");
    let loaded = load(&[("main.tf", &text)]);
    assert_eq!(messages(&loaded), "", "{body}");
    attribute(&loaded, "x.a", "b")
}

#[test]
fn dynamic_blocks_become_blocks() {
    for (body, expected) in [
        ("dynamic \"b\" {\n for_each = [5, 6]\n content {\n n = b.value\n k = b.key\n }\n}", "[{k=0,n=5},{k=1,n=6}]"),
        (
            "dynamic \"b\" {\n for_each = { p = 1 }\n iterator = it\n content {\n n = it.value\n k = it.key\n }\n}",
            "[{k=p,n=1}]",
        ),
        ("dynamic \"b\" {\n for_each = toset([\"s\"])\n content {\n n = b.value\n k = b.key\n }\n}", "[{k=s,n=s}]"),
        (
            "b {\n n = 0\n}\ndynamic \"b\" {\n for_each = [1]\n content {\n n = b.value\n }\n}\nb {\n n = 2\n}",
            "[{n=0},{n=1},{n=2}]",
        ),
        ("dynamic \"b\" {\n for_each = []\n content {}\n}", "[]"),
        ("dynamic \"b\" {\n for_each = var.u\n content {\n n = b.value\n m = 1\n }\n}", "some[{m=1,n=?}?]"),
        (
            "dynamic \"b\" {\n for_each = [[1, 2]]\n content {\n dynamic \"c\" {\n for_each = b.value\n content {\n n = \"${b.key}-${c.value}\"\n }\n }\n }\n}",
            "[{c=[{n=0-1},{n=0-2}]}]",
        ),
    ] {
        assert_eq!(blocks(body), expected, "{body}");
    }
}

#[test]
fn a_dynamic_block_without_its_parts_is_said() {
    let loaded =
        load(&[("main.tf", "resource \"x\" \"a\" {\n  dynamic \"b\" {\n    for_each = [1]\n  }\n  v = 1\n}\n")]);
    assert!(messages(&loaded).contains("needs a `for_each` and a `content` block"));
    assert_eq!(attribute(&loaded, "x.a", "v"), "1");
}

#[test]
fn attributes_that_may_be_blocks_look_like_blocks() {
    let rule = "from_port = 1, to_port = 2, protocol = \"tcp\", cidr_blocks = [\"0.0.0.0/0\"]";
    let ports = |body: &str| {
        let loaded = load(&[("main.tf", &format!("resource \"aws_security_group\" \"a\" {{\n{body}\n}}\n"))]);
        let instance = loaded.root.instances.first().unwrap();
        let ingress = instance.values.as_fields().unwrap().get("ingress").unwrap().clone();
        let items = ingress.as_items().unwrap();
        items.iter().map(|item| super::shown(item.as_fields().unwrap().get("to_port").unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(ports(&format!("ingress = [{{ {rule} }}]")), ["2"]);
    assert_eq!(ports(&format!("ingress {{\n{}\n}}", rule.replace(", ", "\n"))), ["2"]);
    assert_eq!(ports("ingress = []"), Vec::<String>::new());
}

/// The value at a path of names and positions in an instance.
fn at(loaded: &crate::terraform::Loaded, address: &str, path: &str) -> String {
    let instance = loaded.root.instances.iter().find(|it| &*it.address == address).unwrap();
    let mut value = instance.values.clone();
    for step in path.split('.') {
        let found = match step.parse::<usize>() {
            Ok(idx) => value.as_items().and_then(|items| items.get(idx)).cloned(),
            Err(_) => value.as_fields().and_then(|fields| fields.get(step)).cloned(),
        };
        match found {
            Some(found) => value = found,
            None => return "absent".to_owned(),
        }
    }
    super::shown(&value)
}

#[test]
fn nested_objects_of_json_are_blocks_as_the_schema_says() {
    let dynamic = "\"dynamic\": {\"expiration\": {\"for_each\": [1, 2], \"iterator\": \"it\", \"content\": {\"days\": \"${it.value}\"}}}";
    let rule =
        format!("{{\"//\": \"a comment\", \"enabled\": \"true\", \"transition\": {{\"days\": \"30\"}}, {dynamic}}}");
    let bucket = format!(
        "\"aws_s3_bucket\": {{\"b\": {{\"lifecycle_rule\": {rule}}}, \"c\": {{\"lifecycle_rule\": [{rule}, {rule}]}}}}"
    );
    let loaded = load(&[("main.tf.json", &format!("{{\"resource\": {{{bucket}}}}}"))]);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    for (path, expected) in [
        ("lifecycle_rule.0.enabled", "true"),
        ("lifecycle_rule.0.//", "absent"),
        ("lifecycle_rule.0.dynamic", "absent"),
        ("lifecycle_rule.0.transition.0.days", "30"),
        ("lifecycle_rule.0.expiration.0.days", "1"),
        ("lifecycle_rule.0.expiration.1.days", "2"),
        ("lifecycle_rule.0.expiration.2.days", "absent"),
    ] {
        assert_eq!(at(&loaded, "aws_s3_bucket.b", path), expected, "{path}");
        assert_eq!(at(&loaded, "aws_s3_bucket.c", &path.replacen(".0", ".1", 1)), expected, "{path}");
    }
}

#[test]
fn dynamic_blocks_in_objects_of_json_need_no_schema() {
    let dynamic =
        "\"dynamic\": [{\"x\": [{\"for_each\": {\"k\": \"v\"}, \"content\": [{\"y\": \"${x.key}=${x.value}\"}]}]}]";
    let rule = format!("{{\"x\": {{\"y\": \"written\"}}, \"z\": [{{{dynamic}}}], {dynamic}}}");
    let foo = format!(
        "{{\"resource\": {{\"foo_bar\": {{\"a\": {{\"rule\": {rule}, \"dynamic_range\": {{\"dynamic\": 1}}}}}}}}}}"
    );
    let loaded = load(&[("main.tf.json", &foo)]);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    for (path, expected) in [
        ("rule.x.0.y", "written"),
        ("rule.x.1.y", "k=v"),
        ("rule.z.0.x.0.y", "k=v"),
        ("rule.dynamic", "absent"),
        ("dynamic_range.dynamic", "1"),
    ] {
        assert_eq!(at(&loaded, "foo_bar.a", path), expected, "{path}");
    }
}

#[test]
fn words_of_provisioners_are_no_references() {
    let text = "resource \"x\" \"a\" {\n  provisioner \"local-exec\" {\n    command    = \"true\"\n    when       = destroy\n    on_failure = continue\n  }\n}\n";
    let loaded = load(&[("main.tf", text)]);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let provisioner = loaded.root.instances.first().unwrap().provisioners.first().unwrap();
    assert_eq!(super::shown(provisioner.as_fields().unwrap().get("when").unwrap()), "destroy");
}

#[test]
fn null_attributes_stay_null() {
    assert_eq!(value_of("resource \"x\" \"a\" {\n  v = null\n}\n"), "null");
}

#[test]
fn policy_documents_are_computed_with_sources_and_overrides_by_sid() {
    let statement = |sid: &str, action: &str| {
        format!("statement {{\n sid = \"{sid}\"\n actions = [\"{action}\"]\n resources = [\"*\"]\n}}\n")
    };
    let text = format!(
        "data \"aws_iam_policy_document\" \"base\" {{\n{}{}}}\ndata \"aws_iam_policy_document\" \"over\" {{\n{}}}\n\
         data \"aws_iam_policy_document\" \"all\" {{\n source_policy_documents = [data.aws_iam_policy_document.base.json]\n \
         override_policy_documents = [data.aws_iam_policy_document.over.json]\n{}}}\n\
         resource \"x\" \"a\" {{\n  v = [for s in jsondecode(data.aws_iam_policy_document.all.json).Statement : \"${{s.Sid}}=${{s.Action}}\"]\n}}\n",
        statement("one", "s3:Get"),
        statement("two", "s3:Put"),
        statement("two", "s3:List"),
        statement("three", "s3:*"),
    );
    assert_eq!(value_of(&text), "[one=s3:Get,two=s3:List,three=s3:*]");
}

#[test]
fn an_unknown_part_of_a_policy_leaves_the_rest_known() {
    let text = "resource \"x\" \"b\" {}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"s3:*\"]\n    resources = [x.b.arn]\n  }\n}\n\
        resource \"x\" \"a\" {\n  v = jsondecode(data.aws_iam_policy_document.d.json).Statement[0].Action\n}\n";
    assert_eq!(value_of(text), "s3:*");
}

#[test]
fn templates_and_files_of_data_sources_are_read_here() {
    let text = "data \"template_file\" \"t\" {\n  template = \"$${who}!\"\n  vars = { who = \"me\" }\n}\ndata \"local_file\" \"f\" {\n  filename = \"${path.module}/f.txt\"\n}\n\
        data \"terraform_remote_state\" \"s\" {\n  backend = \"s3\"\n}\n\
        resource \"x\" \"a\" {\n  v = [data.template_file.t.rendered, data.local_file.f.content, data.terraform_remote_state.s.outputs.id]\n}\n";
    let loaded = load(&[("main.tf", text), ("f.txt", "content")]);
    let value = attribute(&loaded, "x.a", "v");
    assert!(value.starts_with("[me!,content,"), "{value}");
    assert!(!value.contains("null"), "{value}");
}

#[test]
fn names_that_terraform_reads_on_resources_are_ordinary_inside_blocks() {
    assert_eq!(blocks("b {\n provider = \"Manual\"\n count = 2\n}"), "[{count=2,provider=Manual}]");
    assert_eq!(blocks("b {\n lifecycle {\n n = 1\n }\n}"), "[{lifecycle=[{n=1}]}]");
}
