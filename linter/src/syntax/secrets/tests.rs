#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use super::*;
use crate::source::{SourceMap, Span};

/// The text with every byte of a secret written as `*`.
fn check(suspicion: Suspicion, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let mut shown = text.as_bytes().to_vec();
        for range in secret_ranges(text.as_bytes(), suspicion) {
            shown.get_mut(range).unwrap().iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'*');
        }
        assert_eq!(String::from_utf8_lossy(&shown), *expected, "{text}");
    }
}

#[test]
fn what_is_given_to_the_name_of_a_secret_is_one() {
    check(
        Suspicion::ByName,
        &[
            ("password = \"ab\"\nengine = \"x\"\n", "password = \"**\"\nengine = \"x\"\n"),
            ("password= \"ab\" oops \"c\"\nengine = \"x\"", "password= \"**\" **** \"*\"\nengine = \"x\""),
            ("password = \"ab\n", "password = \"**\n"),
            ("password = \"a\"b\"c\n", "password = \"*\"*\"*\n"),
            ("password = 'ab c' # \"d\"\n", "password = '****' # \"d\"\n"),
            ("password = hunter2\n", "password = *******\n"),
            ("password = 12345678\nlength = 12345678\n", "password = ********\nlength = 12345678\n"),
            ("password = var.password\ntoken = data.a.b.token\n", "password = var.password\ntoken = data.a.b.token\n"),
            ("password = \"${var.a}\"\n", "password = \"${var.a}\"\n"),
            ("password = \"ab${var.a[\"x\"]}c\" d\n", "password = \"****************\" *\n"),
            ("password = var.x ? \"ab\" : \"cd\"\n", "password = var.x ? \"**\" : \"**\"\n"),
            ("password == \"ab\"\n", "password == \"ab\"\n"),
            ("password /* c */ = /* \"d\" */ \"ab\"\n", "password /* c */ = /* \"d\" */ \"**\"\n"),
            ("{\"password\": \"ab\" \"x\": 1}", "{\"password\": \"**\" \"*\": 1}"),
            ("{\"password\":\n \"ab\", \"x\": \"y\"}", "{\"password\":\n \"**\", \"x\": \"y\"}"),
            ("x = { \"db_password\" = \"ab\", y = \"z\" }", "x = { \"db_password\" = \"**\", y = \"z\" }"),
        ],
    );
}

#[test]
fn secrets_go_on_into_brackets_and_heredocs() {
    check(
        Suspicion::ByName,
        &[
            (
                "secrets = {\n a = \"ab\"\n b = [\"cd\"]\n}\nx = \"y\"",
                "secrets = {\n a = \"**\"\n b = [\"**\"]\n}\nx = \"y\"",
            ),
            ("x = sensitive(\"ab\", f(\"cd\"))\ny = \"z\"", "x = sensitive(\"**\", f(\"**\"))\ny = \"z\""),
            ("private_key = <<E\nab\ncd\nE\nx = \"y\"", "private_key = <<E\n**\n**\nE\nx = \"y\""),
            ("private_key = <<-E\n ab\ncd", "private_key = <<-E\n***\n**"),
            ("x = <<E\nab\nE\npassword = \"ab\"", "x = <<E\nab\nE\npassword = \"**\""),
            ("x = <<E\nab\npassword = \"ab\"", "x = <<E\nab\npassword = \"**\""),
            ("x = <<E\n-----BEGIN RSA PRIVATE KEY-----\nab\nE\n", "x = <<E\n*******************************\n**\nE\n"),
        ],
    );
}

#[test]
fn names_beside_and_around_tell_too() {
    check(
        Suspicion::ByName,
        &[
            (
                "variable \"db_password\" {\n description = \"d\"\n default = \"ab\"\n}\n",
                "variable \"db_password\" {\n description = \"d\"\n default = \"**\"\n}\n",
            ),
            ("variable \"a\" {\n default = \"ab\"\n}\n", "variable \"a\" {\n default = \"ab\"\n}\n"),
            ("{ name = \"DB_PASSWORD\", value = \"ab\" }", "{ name = \"DB_PASSWORD\", value = \"**\" }"),
            ("{ value = \"ab\", name = \"DB_PASSWORD\" }", "{ value = \"**\", name = \"DB_PASSWORD\" }"),
            ("{ name = \"LEVEL\", value = \"ab\" }", "{ name = \"LEVEL\", value = \"ab\" }"),
            ("# password = \"ab\" (was\nx = \"y\"\n", "# password = *********\nx = \"y\"\n"),
            ("x = <<E\nexport DB_PASSWORD='ab c'\nA=b\nE\n", "x = <<E\nexport DB_PASSWORD=******\nA=b\nE\n"),
            ("key = \"prod/terraform.tfstate\"\n", "key = \"prod/terraform.tfstate\"\n"),
            ("key = \"9f8e7d6c5b4a39281706\"\n", "key = \"********************\"\n"),
            ("tags = { Name = \"a\" }\nkms_key_id = \"b\"\n", "tags = { Name = \"a\" }\nkms_key_id = \"b\"\n"),
        ],
    );
}

#[test]
fn a_bracket_left_open_hides_no_further_than_its_block() {
    let text = "resource \"a\" \"b\" {\n  secrets = {\n    a = \"ab\"\n}\nresource \"c\" \"d\" {\n  x = \"y\"\n}\n";
    check(Suspicion::ByName, &[(text, &text.replace("\"ab\"", "\"**\""))]);
}

#[test]
fn in_files_of_values_every_literal_is_one() {
    check(
        Suspicion::Always,
        &[
            ("a = \"ab\"\nb = [\"cd\", 1]\nc = <<E\nef\nE\n", "a = \"**\"\nb = [\"**\", 1]\nc = <<E\n**\nE\n"),
            ("a = hunter2 oops\n", "a = ******* ****\n"),
            ("{\"a\": {\"b\": \"cd\"}}", "{\"a\": {\"b\": \"**\"}}"),
        ],
    );
}

#[test]
fn hostile_files_take_one_pass() {
    for text in
        ["x = <<A\n".repeat(20_000), "password = {".repeat(50_000), "\"${\"".repeat(50_000), "/*".repeat(100_000)]
    {
        let ranges = secret_ranges(text.as_bytes(), Suspicion::ByName);
        assert!(ranges.len() < 100_000);
    }
}

#[test]
fn messages_do_not_quote_what_is_secret_on_their_lines() {
    for (text, message, expected) in [
        ("password = \"hun\"ter2\"\n", "Expected an end before `ter2`", "Expected an end before `********`"),
        ("password = \"a very long secret\"", "this is \"a very lo…\"", "this is \"********…\""),
        ("engine = \"hun\"ter2\"\n", "Expected an end before `ter2`", "Expected an end before `ter2`"),
        ("x = \"y\"\npassword = \"hunter2\"\n", "before `hunter2`", "before `hunter2`"),
    ] {
        let map = SourceMap::default();
        let id = map.add(Path::new("a.tf"), text.as_bytes().into());
        let place = Span::new(id, 3, 4);
        assert_eq!(withheld(message, &map.file(id).unwrap(), place, Suspicion::ByName), expected, "{text}");
    }
    let text = b"password = \"hun\"ter2\"\n";
    let file = SourceMap::default().add(Path::new("a.tf"), text[..].into());
    let (_, problems) = crate::syntax::parse_file(Path::new("a.tf"), file, text[..].into());
    assert!(!problems.is_empty() && !format!("{problems:?}").contains("ter2"), "{problems:?}");
}
