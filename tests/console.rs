//! What Terraform's console answers to expressions, recorded in `tests/console/*.txt`, is what our evaluator gives.
//!
//! Where Terraform is installed the recorded answers are asked again, so that they are facts and not memories.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use palisade::eval::{Context, Dialect, EvalError, Resolved, Scope, evaluate_text};
use palisade::source::{Boundary, Memory, SourceMap};
use palisade::syntax::Traversal;

/// One expression and what Terraform answered.
struct Row {
    file: PathBuf,
    line: usize,
    expression: String,
    answer: String,
}

impl Row {
    fn is_error(&self) -> bool {
        self.answer.starts_with("ERROR")
    }

    fn place(&self) -> String {
        format!("{}:{}: {}", self.file.display(), self.line, self.expression)
    }
}

fn rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/console");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut rows = Vec::new();
    for file in files.into_iter().filter(|file| file.extension().is_some_and(|ext| ext == "txt")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for (idx, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let (expression, answer) = line.split_once("  =>  ").unwrap_or_else(|| panic!("no answer in {line}"));
            let name = PathBuf::from(file.file_name().unwrap());
            rows.push(Row { file: name, line: idx + 1, expression: expression.to_owned(), answer: answer.to_owned() });
        }
    }
    rows
}

/// The console in an empty directory: nothing is declared.
struct Nothing;

impl Scope for Nothing {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        Err(EvalError::fixed(reference.span, format!("{} is not declared", reference.root)))
    }
}

/// Our answer as the console would print it, on one line.
fn our_answer(expression: &str) -> String {
    let (system, sources) = (Memory::default(), SourceMap::default());
    let boundary = Boundary::at(&system, Path::new("/"));
    let context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), Dialect::Terraform);
    match evaluate_text(Path::new("console"), expression, &Nothing, &context) {
        Ok(value) => folded(&value.to_console()),
        Err(problems) => {
            let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
            format!("ERROR {}", messages.join("; "))
        }
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("<<-EOT", "<<EOT")
}

/// Errors are compared as such: our words are our own.
fn agree(recorded: &str, answer: &str) -> bool {
    if recorded.starts_with("ERROR") { answer.starts_with("ERROR") } else { recorded == answer }
}

#[test]
fn expressions_have_the_values_that_terraform_gives_them() {
    let rows = rows();
    assert!(rows.len() > 1000, "only {} recorded answers", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let answer = our_answer(&row.expression);
        if !agree(&row.answer, &answer) {
            wrong.push(format!("{}\n  Terraform: {}\n  we:        {answer}", row.place(), row.answer));
        }
    }
    assert!(wrong.is_empty(), "{} of {} answers differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Whether the `terraform` binary is here. Where it must be (CI) its absence fails the test.
fn terraform_is_here() -> bool {
    let found = Command::new("terraform").arg("version").output().is_ok_and(|out| out.status.success());
    assert!(found || std::env::var_os("CI").is_none_or(|ci| ci != "true"), "terraform is not installed");
    if !found {
        eprintln!("skipped: terraform is not installed");
    }
    found
}

/// The console reads lines of no more than this.
const LONGEST_LINE: usize = 60_000;

/// Asks for all of `expressions` in one line; `None` for each that cannot be evaluated at all.
fn ask(expressions: &[String], dir: &Path) -> Vec<Option<String>> {
    let items: Vec<String> = expressions.iter().map(|expression| format!("\"@@\", {expression}")).collect();
    let line = format!("[{}]\n", items.join(", "));
    let answer = if line.len() < LONGEST_LINE { console(&line, dir) } else { None };
    match answer {
        Some(answer) => {
            let answer = folded(&answer);
            let parts = answer.strip_suffix(" ]").unwrap().split("\"@@\", ").skip(1);
            let parts: Vec<_> = parts.map(|part| Some(part.trim().trim_end_matches(',').to_owned())).collect();
            assert_eq!(parts.len(), expressions.len(), "{answer}");
            parts
        }
        None if expressions.len() == 1 => vec![None],
        None => {
            let (left, right) = expressions.split_at(expressions.len() / 2);
            let mut answers = ask(left, dir);
            answers.extend(ask(right, dir));
            answers
        }
    }
}

fn console(line: &str, dir: &Path) -> Option<String> {
    let mut command = Command::new("terraform");
    command.arg("console").current_dir(dir).env("CHECKPOINT_DISABLE", "1");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), line.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

#[test]
fn recorded_answers_are_terraforms() {
    if !terraform_is_here() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let rows = rows();
    let (failing, giving): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.is_error());
    let expressions: Vec<String> = giving.iter().map(|row| row.expression.clone()).collect();
    let answers = ask(&expressions, dir.path());
    let wrong: Vec<String> = giving
        .iter()
        .zip(&answers)
        .filter(|(row, answer)| answer.as_deref() != Some(&row.answer))
        .map(|(row, answer)| format!("{}\n  recorded: {}\n  now:      {answer:?}", row.place(), row.answer))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let attempts: Vec<String> = failing.iter().map(|row| format!("can({})", row.expression)).collect();
    let answers = ask(&attempts, dir.path());
    for (row, answer) in failing.iter().zip(answers) {
        assert!(answer.as_deref().is_none_or(|answer| answer == "false"), "{} does not fail", row.place());
    }
}
