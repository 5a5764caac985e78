//! Hostile documents: work, memory and stack stay bounded.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::eval::Limits;
use crate::eval::functions::called::{at, called, called_in, on};
use crate::source::Memory;
use crate::value::Value;

fn text(text: impl Into<String>) -> Value {
    Value::string(text.into())
}

#[test]
fn a_yaml_bomb_is_refused() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..30 {
        let alias = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![alias; 10].join(",")));
    }
    assert!(called("yamldecode", &[text(bomb)]).unwrap_err().contains("200000 values"));
    let mut merges = "a0: &a0 {k0: 1}\n".to_owned();
    for level in 1..1000 {
        merges.push_str(&format!("a{level}: &a{level}\n  <<: *a{}\n  k{level}: 1\n", level - 1));
    }
    assert!(called("yamldecode", &[text(merges)]).unwrap_err().contains("200000 values"));
}

#[test]
fn aliases_within_the_limit_share_their_value() {
    let value = called("yamldecode", &[text("a: &a [1, 2]\nb: {c: *a, d: [*a, *a]}\n")]).unwrap();
    assert_eq!(at(&value, &["b", "d", "1", "0"]).as_number().unwrap().to_i64(), Some(1));
}

#[test]
fn deep_documents_are_refused_without_using_up_the_stack() {
    for (function, open) in [("jsondecode", "["), ("jsondecode", "{\"a\":"), ("yamldecode", "["), ("yamldecode", "- ")]
    {
        assert!(called(function, &[text(open.repeat(100_000))]).is_err(), "{function} {open}");
    }
    let closed = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(called("jsondecode", &[text(closed)]).unwrap_err().contains("levels of nesting"));
    let block: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(called("yamldecode", &[text(block)]).unwrap_err().contains("levels of nesting"));
}

#[test]
fn deep_values_are_encoded_or_refused_without_using_up_the_stack() {
    let deep = |levels| (0..levels).fold(Value::from(1), |value, _| Value::tuple(vec![value]));
    for function in ["jsonencode", "yamlencode"] {
        assert!(called(function, &[deep(100)]).is_ok());
        assert!(called(function, &[deep(600)]).unwrap_err().contains("levels of"));
    }
}

#[test]
fn large_documents_are_refused() {
    let array = format!("[{}1]", "1,".repeat(300_000));
    assert!(called("jsondecode", &[text(array.clone())]).unwrap_err().contains("200000 values"));
    assert!(called("yamldecode", &[text(array)]).unwrap_err().contains("200000 values"));
    let cells = format!("{}x", "x,".repeat(300_000));
    assert!(called("csvdecode", &[text(cells)]).is_err());
    let rows = "a,b,c\n".to_owned() + &"1,2,3\n".repeat(200_000);
    assert!(called("csvdecode", &[text(rows)]).unwrap_err().contains("200000 cells"));
    let quotes = "a\n".to_owned() + &"\"\n".repeat(200_000);
    assert!(called("csvdecode", &[text(quotes)]).is_ok_and(|value| !value.is_unknown()));
}

#[test]
fn long_results_are_refused() {
    let limits = Limits { string_bytes: 1000, ..Limits::default() };
    on(&Memory::new(), "/", limits, |context| {
        let items = Value::tuple(vec![text("x".repeat(100)); 100]);
        for function in ["jsonencode", "yamlencode"] {
            assert!(called_in(function, std::slice::from_ref(&items), context).unwrap_err().contains("1000 bytes"));
        }
        for function in ["base64encode", "urlencode"] {
            assert!(called_in(function, &[text("é".repeat(500))], context).unwrap_err().contains("1000 bytes"));
        }
    });
}

#[test]
fn going_through_long_text_again_and_again_comes_to_an_end() {
    on(&Memory::new(), "/", Limits { steps: 100_000, ..Limits::default() }, |context| {
        let long = text("x".repeat(1 << 16));
        let hashed = (0..100).map_while(|_| called_in("sha256", std::slice::from_ref(&long), context).ok()).count();
        assert_eq!(hashed, 24);
        let wide = Value::tuple(vec![Value::from(1); 10_000]);
        assert!(called_in("jsonencode", std::slice::from_ref(&wide), context).unwrap_err().contains("steps"));
    });
}

#[test]
fn large_base64_is_decoded() {
    let long = called("base64encode", &[text("x".repeat(4 << 20))]).unwrap();
    assert_eq!(called("base64decode", &[long]).unwrap().as_str().map(str::len), Some(4 << 20));
}

#[test]
fn a_million_subnets_are_refused() {
    let mut args = vec![text("10.0.0.0/8")];
    args.resize(1_000_001, Value::from(24));
    assert!(called("cidrsubnets", &args).unwrap_err().contains("200000 items"));
}

#[test]
fn numbers_too_large_for_any_address_are_refused() {
    let huge = called("jsondecode", &[text("1e15000")]).unwrap();
    assert!(called("cidrhost", &[text("10.0.0.0/8"), huge.clone()]).unwrap_err().contains("too large"));
    assert!(called("cidrsubnet", &[text("10.0.0.0/8"), huge.clone(), Value::from(1)]).is_err());
    assert!(called("cidrsubnet", &[text("::/0"), Value::from(i64::MIN), huge.clone()]).is_err());
    assert!(called("cidrsubnet", &[text("::/0"), Value::from(i64::MAX), Value::from(1)]).is_err());
    // Terraform itself crashes on these.
    let beyond = called("jsondecode", &[text("18446744073709551617")]).unwrap();
    assert!(called("cidrhost", &[text("10.0.0.0/8"), beyond.clone()]).is_err());
    assert!(called("cidrsubnet", &[text("::/0"), Value::from(64), beyond]).is_err());
}

#[test]
fn a_file_set_of_a_large_tree_is_refused() {
    let mut machine = Memory::new();
    for file in 0..300 {
        machine.add(format!("/repo/{}/{file}.tf", file % 7), "");
    }
    let limits = Limits { items: 200, ..Limits::default() };
    on(&machine, "/repo", limits, |context| {
        let found = called_in("fileset", &[text("."), text("**/*.tf")], context);
        assert!(found.unwrap_err().contains("200 files"));
    });
    on(&machine, "/repo", Limits::default(), |context| {
        let stars = text(format!("{}*.tf", "**/".repeat(200)));
        assert_eq!(called_in("fileset", &[text("."), stars], context).unwrap().as_items().unwrap().len(), 300);
        let stars = text(format!("**/{}b", "*a".repeat(2000)));
        assert_eq!(called_in("fileset", &[text("."), stars], context).unwrap().as_items().unwrap().len(), 0);
        let choices = text("{a,b}".repeat(40));
        assert!(called_in("fileset", &[text("."), choices], context).is_err());
    });
}

#[test]
fn yaml_that_terraform_may_read_differently_is_unknown() {
    for document in ["a: [\n1,\n2\n]\n", "a:\n\t- 1\n", "[1, -, 2]"] {
        assert!(called("yamldecode", &[text(document)]).unwrap().is_unknown(), "{document}");
    }
}
