//! Documents: what is asked of them, and that examples are held to their marks.

use super::{load, rule_text};
use crate::rules::document::{index, test_document};
use crate::source::SourceMap;

/// What is said about a rule's document, heading by heading.
fn problems(document: &str) -> Vec<String> {
    let rule = rule_text("check \"aws_db_instance\" {\n  condition = self.multi_az\n  error_message = \"one zone\"\n}");
    let sources = SourceMap::default();
    let (set, trouble) = load(&[("bkp/x.hcl", &rule), ("bkp/x.md", document)], &sources);
    assert!(trouble.is_empty(), "{trouble:#?}");
    let results = set.iter().flat_map(|rule| test_document(rule, &set, &sources)).collect::<Vec<_>>();
    results.into_iter().flat_map(|it| it.problems).collect()
}

/// A sound document, but for what stands under Fails and Passes.
fn document(fails: &str, passes: &str) -> String {
    format!(
        "# Something is wrong\n\n## What it checks\n\nx\n\n## Why it matters\n\nx\n\n## Fails\n\n{fails}\n## Passes\n\n{passes}\n## How to fix\n\nx\n\n## References\n\n- x\n"
    )
}

fn block(text: &str) -> String {
    format!("```hcl\n{text}\n```\n")
}

const FAILS: &str = "resource \"aws_db_instance\" \"x\" {\n  multi_az = false # fails: bkp/x \"one zone\"\n}";
const PASSES: &str = "resource \"aws_db_instance\" \"x\" {\n  multi_az = true\n}";

#[test]
fn a_sound_document_holds() {
    assert_eq!(problems(&document(&block(FAILS), &block(PASSES))), Vec::<String>::new());
}

#[test]
fn examples_are_held_to_their_marks() {
    let passes = block(PASSES);
    let cases = [
        (FAILS.replace(" # fails: bkp/x \"one zone\"", ""), "needs a line marked # fails: bkp/x"),
        (FAILS.replace("one zone", "two zones"), "bkp/x should be fail here with \"two zones\""),
        (FAILS.replace("false", "true"), "bkp/x should be fail here"),
        (
            format!("{FAILS}\nresource \"aws_db_instance\" \"y\" {{}}"),
            "unmarked fail of bkp/x on aws_db_instance.y: one zone",
        ),
        (FAILS.replace("# fails", "# undetermined"), "needs a line marked"),
        (format!("{FAILS}\nresource {{"), "line 1"),
    ];
    for (fails, expected) in cases {
        let said = problems(&document(&block(&fails), &passes));
        assert!(said.iter().any(|it| it.contains(expected)), "{expected}: {said:#?}");
    }
    let marked = problems(&document(&block(FAILS), &block(FAILS)));
    assert!(marked.iter().any(|it| it.contains("nothing may be marked under Passes")), "{marked:#?}");
}

#[test]
fn marks_can_stand_on_the_line_before() {
    let alone = "# fails\nresource \"aws_db_instance\" \"x\" {\n  engine = \"mysql\"\n}";
    assert_eq!(problems(&document(&block(alone), &block(PASSES))), Vec::<String>::new());
}

#[test]
fn named_blocks_make_one_root() {
    let blocks = "```hcl title=\"main.tf\"\nmodule \"m\" {\n  source = \"./m\"\n}\n```\n\n\
                  ```hcl title=\"m/main.tf\"\nresource \"aws_db_instance\" \"x\" {\n  multi_az = false # fails: bkp/x\n}\n```\n";
    assert_eq!(problems(&document(blocks, &block(PASSES))), Vec::<String>::new());
}

#[test]
fn headings_are_asked_for_in_their_order() {
    let said = problems("# Something else\n\n## Fails\n\n## What it checks\n\nx\n");
    let expected = [
        "the title must be the rule's summary: # Something is wrong",
        "the heading \"## Why it matters\" is missing or not in its place",
        "the heading \"## Fails\" is missing or not in its place",
        "line 3: there is nothing under \"Fails\"",
    ];
    for text in expected {
        assert!(said.iter().any(|it| it == text), "{text}: {said:#?}");
    }
    assert!(problems("").iter().any(|it| it.contains("there is no rulesets/bkp/x.md")));
}

#[test]
fn the_index_lists_rules_by_domain() {
    let sources = SourceMap::default();
    let rule = rule_text("check \"module\" {\ncondition = true\nerror_message = \"x\"\n}");
    let (set, _) = load(&[("bkp/x.hcl", &rule)], &sources);
    assert!(index(&set).ends_with("## bkp\n\n| rule | severity | what is wrong |\n|---|---|---|\n| [`bkp/x`](bkp/x.md) | high | Something is wrong |\n"));
}
