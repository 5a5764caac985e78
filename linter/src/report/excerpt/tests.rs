#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::report::samples::Sample;

/// The excerpt with its marks in angle brackets and the numbers of its lines.
fn check(text: &str, places: &[&str], sensitive: &[&str], expected: &[&str]) {
    let sample = Sample::default();
    let file = sample.file("a.tf", text);
    let places: Vec<Span> = places.iter().map(|needle| file.at(needle)).collect();
    let sensitive: Vec<Span> = sensitive.iter().map(|needle| file.at(needle)).collect();
    let excerpt = Excerpt::of(&sample.sources, &places, 1, &sensitive).unwrap();
    let mut shown = excerpt.text.clone();
    let mut cuts: Vec<(usize, &str)> = Vec::new();
    for mark in &excerpt.marks {
        cuts.extend([(mark.start, "<"), (mark.end, ">")]);
    }
    cuts.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    for (at, sign) in cuts {
        shown.insert_str(at, sign);
    }
    let lines: Vec<String> =
        shown.lines().zip(&excerpt.lines).map(|(line, at)| format!("{} {line}", at.number)).collect();
    assert_eq!(lines, expected, "{text:?}");
    for (line, next) in excerpt.lines.iter().zip(excerpt.lines.iter().skip(1)) {
        assert_eq!(line.end, next.start);
    }
}

#[test]
fn a_place_is_shown_with_its_neighbours() {
    check("a\nb = 1\nc\nd\n", &["1"], &[], &["1 a", "2 b = <1>", "3 c"]);
    check("a", &["a"], &[], &["1 <a>"]);
    check("a\r\nb\r\nc\r\n", &["b"], &[], &["1 a", "2 <b>", "3 c"]);
    check("a\nb\nc\nd\ne\nf\n", &["a", "f"], &[], &["1 <a>", "2 b", "5 e", "6 <f>"]);
}

#[test]
fn long_places_are_shown_by_their_first_line() {
    check("r {\n1\n2\n3\n4\n5\n6\n}\n", &["r {\n1\n2\n3\n4\n5\n6\n}"], &[], &["1 <r {>", "2 1"]);
    check("r {\n1\n}\nx\ny\n", &["r {\n1\n}"], &[], &["1 <r {", "2 1", "3 }>", "4 x"]);
}

#[test]
fn sensitive_text_is_masked_whatever_its_length() {
    check("k = \"s3cret\" # c\n", &["k"], &["\"s3cret\""], &["1 <k> = ******** # c"]);
    check("k = \"s3cret\"\n", &["\"s3cret\""], &["s3cret"], &["1 k = <\"********\">"]);
    check("k = \"s3cret\"\n", &["cre"], &["\"s3cret\""], &["1 k = <********>"]);
    check("k = <<E\none\ntwo\nE\n", &["one"], &["one\ntwo\n"], &["1 k = <<E", "2 <********>", "3 ********"]);
    check("a = \"ü\" + b\n", &["b"], &["\"ü\""], &["1 a = ******** + <b>"]);
}

#[test]
fn of_a_sensitive_attribute_the_name_is_shown() {
    check("key = f(\"s3cret\")\n", &["key"], &["key = f(\"s3cret\")"], &["1 <key> = ********"]);
    check("{\"key\" : \"s3cret\"}\n", &["key"], &["\"key\" : \"s3cret\""], &["1 {\"<key>\" : ********}"]);
    check("k = \"a=b\"\n", &["k"], &["\"a=b\""], &["1 <k> = ********"]);
    check("k = \"a:b\"\n", &["k"], &["\"a:b\""], &["1 <k> = ********"]);
    check("k = var.a\n", &["k"], &["var.a"], &["1 <k> = ********"]);
}

#[test]
fn neighbours_in_files_of_values_are_not_shown() {
    let sample = Sample::default();
    let file = sample.file("prod.tfvars", "a = 1\nb = 2\nc = 3\n");
    let excerpt = Excerpt::of(&sample.sources, &[file.at("2")], 1, &[]).unwrap();
    assert_eq!(excerpt.text, "b = 2\n");
}

#[test]
fn what_would_steer_a_screen_or_a_log_is_written_out() {
    check("a\u{1b}[2J\u{202e}b = c ##vso[x]\n", &["c"], &[], &["1 a\\u{1b}[2J\\u{202e}b = <c> #\\u{23}vso[x]"]);
    check("\ta = 1\n", &["1"], &[], &["1   a = <1>"]);
}

#[test]
fn minified_files_are_cut_around_the_place() {
    let text = format!("{}é\"needle\"é{}", "é".repeat(100_000), "é".repeat(100_000));
    let sample = Sample::default();
    let file = sample.file("a.tf.json", &text);
    let excerpt = Excerpt::of(&sample.sources, &[file.at("needle")], 1, &[]).unwrap();
    assert!(excerpt.text.len() < 800, "{}", excerpt.text.len());
    let mark = excerpt.marks.first().copied().unwrap();
    assert_eq!(&excerpt.text[mark.start..mark.end], "needle");
    assert_eq!((mark.line, mark.column), (1, 100_003));
    assert!(excerpt.text.starts_with('…') && excerpt.text.ends_with("…\n"));
}

#[test]
fn broken_utf8_and_places_past_the_end_are_harmless() {
    let sources = SourceMap::default();
    let bytes: std::sync::Arc<[u8]> = b"a = \"\xff\xfe\" b\n"[..].into();
    let file = sources.add(std::path::Path::new("a.tf"), bytes);
    for (start, end) in [(0, 1), (5, 7), (9, 10), (3, 500), (400, 500), (11, 11)] {
        let excerpt = Excerpt::of(&sources, &[Span::new(file, start, end)], 1, &[]).unwrap();
        let mark = excerpt.marks.first().copied().unwrap();
        assert!(excerpt.text.get(mark.start..mark.end).is_some(), "{start}..{end} {excerpt:?}");
    }
}

#[test]
fn files_that_hold_values_are_told_by_name() {
    for (name, expected) in [
        ("prod.tfvars", true),
        ("prod.auto.tfvars.json", true),
        ("terraform.tfstate", true),
        ("tfplan", true),
        ("plan.json", true),
        ("main.tf", false),
        ("main.tf.json", false),
    ] {
        assert_eq!(holds_values(name), expected, "{name}");
    }
}

/// Pieces that lines, columns and widths depend on.
const PIECES: [&[u8]; 14] = [
    b"a",
    b" = ",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    "é".as_bytes(),
    "日".as_bytes(),
    "👩\u{200d}💻".as_bytes(),
    b"\xff",
    "\u{202e}".as_bytes(),
    "\u{301}".as_bytes(),
    b"\x1b[1m",
    b"\xef\xbb\xbf",
];

proptest::proptest! {
    /// The terminal renderer is not ours and measures text in its own way: it must cope with every excerpt.
    #[test]
    fn any_places_in_any_file_can_be_shown(
        pieces in proptest::collection::vec(0..PIECES.len(), 0..60),
        places in proptest::collection::vec((0..120_u32, 0..40_u32), 1..4),
        secret in (0..120_u32, 0..20_u32),
        width in 0..100_usize,
    ) {
        let bytes: Vec<u8> = pieces.iter().flat_map(|&piece| PIECES.get(piece).copied().unwrap_or_default()).copied().collect();
        let sample = Sample::default();
        let file = sample.sources.add(std::path::Path::new("a.tf"), bytes.into());
        let span = |(start, len): (u32, u32)| Span::new(file, start, start + len);
        let spans: Vec<Span> = places.into_iter().map(span).collect();
        let excerpt = Excerpt::of(&sample.sources, &spans, 1, &[span(secret)]).unwrap();
        for mark in &excerpt.marks {
            proptest::prop_assert!(excerpt.text.get(mark.start..mark.end).is_some(), "{excerpt:?}");
        }
        let mut error = crate::diagnostic::Diagnostic::error(*spans.first().unwrap(), "x");
        for span in spans.iter().skip(1) {
            error = error.with_label(*span, "y");
        }
        let style = crate::report::Style { width, ..crate::report::Style::default() };
        let mut out = Vec::new();
        crate::report::render_diagnostics(&[error], &sample.sources, &style, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        proptest::prop_assert!(!out.contains("Failed to read"), "{out}");
    }
}
