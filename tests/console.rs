//! What Terraform's console answers to expressions, recorded in `tests/console/*.txt`, is what our evaluator gives.
//!
//! Where Terraform is installed the recorded answers are asked again, so that they are facts and not memories.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use palisade::eval::{Context, Dialect, EvalError, Resolved, Scope, evaluate_text};
use palisade::source::{Boundary, Disk, SourceMap};
use palisade::syntax::{Traversal, TraversalStep};
use palisade::value::Type;

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
    let folder = console_folder();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut rows = Vec::new();
    for file in files.into_iter().filter(|file| file.extension().is_some_and(|ext| ext == "txt")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for (idx, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let (expression, answer) = line.split_once("  =>  ").unwrap_or_else(|| panic!("no answer in {line}"));
            let name = PathBuf::from(file.file_name().unwrap());
            rows.push(Row { file: name, line: idx + 1, expression: expression.to_owned(), answer: folded(answer) });
        }
    }
    rows
}

/// What is declared where the answers were given.
const DECLARED: &str = r#"
variable "s" {
  type    = set(string)
  default = ["b", "a"]
}
variable "o" {
  type    = object({ a = optional(string, "dflt"), b = optional(number), c = optional(object({ d = optional(list(string), ["x"]) }), {}) })
  default = { b = "5", zzz = 1 }
}
variable "sec" {
  default   = "hush"
  sensitive = true
}
variable "nn" {
  type     = string
  default  = "d"
  nullable = false
}
variable "lm" {
  type    = map(list(number))
  default = { a = ["1", 2] }
}
"#;

/// The same for our evaluator.
struct Declared;

impl Scope for Declared {
    fn resolve(&self, reference: &Traversal<'_>, context: &Context<'_>) -> Result<Resolved, EvalError> {
        let expression = match (reference.root, reference.steps.first()) {
            ("var", Some(TraversalStep::Attr("s"))) => "toset([\"a\", \"b\"])",
            ("var", Some(TraversalStep::Attr("o"))) => "{ a = \"dflt\", b = 5, c = { d = tolist([\"x\"]) } }",
            ("var", Some(TraversalStep::Attr("sec"))) => "sensitive(\"hush\")",
            ("var", Some(TraversalStep::Attr("nn"))) => "\"d\"",
            ("var", Some(TraversalStep::Attr("lm"))) => "tomap({ a = tolist([1, 2]) })",
            ("path", _) => "\".\"",
            ("terraform", _) => "\"default\"",
            _ => return Err(EvalError::fixed(reference.span, format!("{} is not declared", reference.root))),
        };
        let value = evaluate_text(Path::new("declared"), expression, &Nothing, context).unwrap();
        Ok(Resolved { value, steps: 1 })
    }
}

struct Nothing;

impl Scope for Nothing {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        Err(EvalError::fixed(reference.span, format!("{} is not declared", reference.root)))
    }
}

fn console_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/console")
}

/// Our answer as the console would print it, on one line.
fn our_answer(expression: &str) -> String {
    let (system, sources) = (Disk, SourceMap::default());
    let folder = console_folder().join("files");
    let boundary = Boundary::at(&system, &folder);
    let context = Context::new(&system, &boundary, &sources, folder, Dialect::Terraform);
    // `type` is a function of the console only.
    let inner = expression.strip_prefix("type(").and_then(|rest| rest.strip_suffix(')'));
    match evaluate_text(Path::new("console"), inner.unwrap_or(expression), &Declared, &context) {
        Ok(value) if inner.is_some() => type_text(&value.type_of()),
        Ok(value) => folded(&value.to_console()),
        Err(problems) => {
            let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
            format!("ERROR {}", messages.join("; "))
        }
    }
}

/// A type as the console prints it, on one line.
fn type_text(ty: &Type) -> String {
    let collection = |name: &str, item: &Type| match item {
        Type::Any | Type::Bool | Type::Number | Type::String => format!("{name}({})", type_text(item)),
        _ => format!("{name}( {}, )", type_text(item)),
    };
    match ty {
        Type::Any | Type::Bool | Type::Number | Type::String => ty.friendly(),
        Type::List(item) => collection("list", item),
        Type::Set(item) => collection("set", item),
        Type::Map(item) => collection("map", item),
        Type::Tuple(items) if items.is_empty() => "tuple([])".to_owned(),
        Type::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|item| format!("{},", type_text(item))).collect();
            format!("tuple([ {} ])", items.join(" "))
        }
        Type::Object(attributes) if attributes.is_empty() => "object({})".to_owned(),
        Type::Object(attributes) => {
            let named = attributes.iter().map(|(name, attribute)| format!("{name}: {},", type_text(&attribute.ty)));
            format!("object({{ {} }})", named.collect::<Vec<_>>().join(" "))
        }
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("<<-EOT", "<<EOT")
}

/// Functions whose results differ from run to run, or that we leave to Terraform: unknown to us.
const NOT_OURS: [&str; 6] = ["base64gzip(", "bcrypt(", "plantimestamp(", "rsadecrypt(", "timestamp(", "uuid("];

/// Errors are compared as such: our words are our own.
fn agree(row: &Row, answer: &str) -> bool {
    let recorded = row.answer.as_str();
    if answer == "(known after apply)" && NOT_OURS.iter().any(|function| row.expression.contains(function)) {
        return true;
    }
    if recorded.starts_with("ERROR") { answer.starts_with("ERROR") } else { recorded == answer }
}

#[test]
fn expressions_have_the_values_that_terraform_gives_them() {
    let rows = rows();
    assert!(rows.len() > 1000, "only {} recorded answers", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let answer = our_answer(&row.expression);
        if !agree(row, &answer) {
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
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), line.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

#[test]
fn recorded_answers_are_terraforms() {
    if !terraform_is_here() {
        return;
    }
    let (about_files, others): (Vec<Row>, Vec<Row>) =
        rows().into_iter().partition(|row| row.file == Path::new("files.txt"));
    let declared = tempfile::tempdir().unwrap();
    std::fs::write(declared.path().join("main.tf"), DECLARED).unwrap();
    ask_again(&others, declared.path());
    let files = tempfile::tempdir().unwrap();
    copy(&console_folder().join("files"), files.path());
    ask_again(&about_files, files.path());
}

fn copy(from: &Path, to: &Path) {
    let Ok(entries) = std::fs::read_dir(from) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn ask_again(rows: &[Row], dir: &Path) {
    // `type` answers only where it stands alone.
    let asked = rows.iter().filter(|row| !row.expression.starts_with("type("));
    let (failing, giving): (Vec<&Row>, Vec<&Row>) = asked.partition(|row| row.is_error());
    let expressions: Vec<String> = giving.iter().map(|row| row.expression.clone()).collect();
    let wrong: Vec<String> = giving
        .iter()
        .zip(ask(&expressions, dir))
        .filter(|(row, answer)| answer.as_deref() != Some(&row.answer))
        .map(|(row, answer)| format!("{}\n  recorded: {}\n  now:      {answer:?}", row.place(), row.answer))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let attempts: Vec<String> = failing.iter().map(|row| format!("can({})", row.expression)).collect();
    for (row, answer) in failing.iter().zip(ask(&attempts, dir)) {
        assert!(answer.as_deref().is_none_or(|answer| answer == "false"), "{} does not fail", row.place());
    }
}
