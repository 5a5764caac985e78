//! Arbitrary and mutated input: nothing panics, and every span lies in the file and inside its parent's.

use palisade::syntax::{Body, Expr, Item, Tree, parse_expression, parse_json_body, parse_template};
use proptest::prelude::*;

use super::generated::{self, Choices};
use super::hostile::children;
use super::{file, parse};

fn check_expr(expr: Expr<'_>, within: (u32, u32)) {
    let span = expr.span();
    let shown = || format!("{:?} {:?} in {within:?}", expr.kind(), span);
    assert!(within.0 <= span.start && span.start <= span.end && span.end <= within.1, "{}", shown());
    let _ = (expr.text(), expr.as_traversal());
    for child in children(expr) {
        check_expr(child, (span.start, span.end));
    }
}

fn check_body(body: Body<'_>, within: (u32, u32)) {
    for item in body.items() {
        let span = match item {
            Item::Attribute(attribute) => {
                let span = attribute.span();
                assert!(span.start <= attribute.name_span().start && attribute.name_span().end <= span.end);
                check_expr(attribute.expr(), (span.start, span.end));
                span
            }
            Item::Block(block) => {
                let span = block.span();
                let header = block.header_span();
                assert!(span.start <= header.start && header.end <= span.end, "{header:?} {span:?}");
                let inner = block.body().span();
                assert!(span.start <= inner.start && inner.end <= span.end, "{inner:?} {span:?}");
                check_body(block.body(), (inner.start, inner.end));
                span
            }
        };
        assert!(within.0 <= span.start && span.start <= span.end && span.end <= within.1, "{span:?} in {within:?}");
    }
}

fn check((tree, diagnostics): (Tree, Vec<palisade::diagnostic::Diagnostic>), len: usize) {
    let len = len as u32;
    check_body(tree.body(), (0, len));
    if let Some(expr) = tree.expr() {
        check_expr(expr, (0, len));
    }
    for comment in tree.comments() {
        assert!(comment.start < comment.end && comment.end <= len);
        assert!(!tree.comment_text(*comment).is_empty());
    }
    assert!(tree.comments().is_sorted_by(|a, b| a.end <= b.start));
    for diagnostic in diagnostics {
        let spans = diagnostic.labels.iter().map(|label| label.span).chain(diagnostic.span);
        for span in spans {
            assert!(span.start <= span.end && span.end <= len, "{} {span:?}", diagnostic.message);
        }
        assert!(!diagnostic.message.is_empty() && diagnostic.message.lines().count() == 1, "{:?}", diagnostic.message);
    }
}

/// Reads the bytes as everything they could be.
fn check_all(bytes: &[u8]) {
    check(parse(bytes), bytes.len());
    for read in [parse_expression, parse_template, parse_json_body] {
        let (file, source) = file(bytes);
        check(read(file, source), bytes.len());
    }
}

/// Bytes that matter to a reader of HCL or JSON, more often than others.
fn sharp_byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        4 => proptest::sample::select(b"\"\"{}{}[]()$%~=:,.*?!<>-+/#\\\n\r \t&|0aefin_u".to_vec()),
        1 => any::<u8>(),
    ]
}

/// Puts bytes into a text, over it, or takes some out.
fn mutate(text: &mut Vec<u8>, changes: &[(u16, u8, u8)]) {
    for &(at, how, byte) in changes {
        let at = usize::from(at) % (text.len() + 1);
        match how % 4 {
            0 => text.insert(at, byte),
            1 if at < text.len() => text[at] = byte,
            2 if at < text.len() => drop(text.remove(at)),
            _ => text.truncate(at.max(text.len() * 3 / 4)),
        }
    }
}

const JSON: &str = r#"{"//":"c","resource":{"a_b":{"x":{"n":"${f(1)}-\u0041%{if x}y%{endif}","l":[1,-2.5e3,true,null,{"k${v}":"a\"b"}],
 "lifecycle":{"ignore_changes":["tags","a[0].b"]},"dynamic":{"d":{"for_each":"${var.x}","content":[{"p":"é\ud83d\ude00 ${q}"}]}}}}},
 "variable":{"v":{"type":"list(string)","default":["$${x}"]}},"locals":[{"a":1},{"b":"\\ ${ \"x\\n\" }"}]}"#;

const NATIVE: &str = include_str!("sample.tf");

proptest! {
    #![proptest_config(super::config(500))]

    #[test]
    fn sharp_bytes_are_survived(bytes in proptest::collection::vec(sharp_byte(), 0..120)) {
        check_all(&bytes);
    }

    #[test]
    fn generated_files_mutated_are_survived(
        choices in proptest::collection::vec(any::<u8>(), 0..150),
        changes in proptest::collection::vec((any::<u16>(), any::<u8>(), sharp_byte()), 0..6),
    ) {
        let mut source = generated::body(&mut Choices::new(&choices), 0).into_bytes();
        mutate(&mut source, &changes);
        check_all(&source);
    }

    #[test]
    fn samples_mutated_are_survived(
        json in any::<bool>(),
        changes in proptest::collection::vec((any::<u16>(), any::<u8>(), sharp_byte()), 0..6),
    ) {
        let mut source = if json { JSON } else { NATIVE }.as_bytes().to_vec();
        mutate(&mut source, &changes);
        check_all(&source);
    }
}

#[test]
fn samples_are_sound() {
    for source in [JSON, NATIVE] {
        check_all(source.as_bytes());
    }
    assert!(parse(NATIVE.as_bytes()).1.is_empty());
    let (file, source) = file(JSON.as_bytes());
    let (_, diagnostics) = parse_json_body(file, source);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
}
