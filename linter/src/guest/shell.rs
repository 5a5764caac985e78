//! Words and operators to simple commands, with what they read and write and whether they certainly run.

use super::shell_words::{Piece, Token, Word, tokens};

/// A simple command.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    pub(super) words: Vec<Word>,
    /// Files that its output goes to, and whether it is appended.
    pub(super) outputs: Vec<(Word, bool)>,
    /// The here-document it reads.
    pub(super) input: Option<Word>,
    /// Whether it reads what the command before it writes.
    pub(super) is_piped: bool,
    /// Whether its output goes to the next command.
    pub(super) feeds_next: bool,
    /// Whether it runs only in some cases.
    pub(super) is_conditional: bool,
    /// Its line in the script.
    pub(super) line: usize,
}

/// More commands than this are not read from one script.
pub(super) const MAX_COMMANDS: usize = 100_000;

/// Words that stand before a command without being one.
const KEYWORDS: &[&str] = &["then", "else", "elif", "do", "!", "{", "}", "time", "fi", "done", "esac"];

/// Words with which a choice begins and ends.
const CHOICES: &[(&str, &str)] =
    &[("if", "fi"), ("case", "esac"), ("while", "done"), ("until", "done"), ("for", "done")];

#[derive(Default)]
struct Parser {
    commands: Vec<Command>,
    current: Command,
    /// The ends of the choices one is in, and whether what is in them runs only in some cases.
    choices: Vec<(&'static str, bool)>,
    /// Whether the next command depends on the one before it.
    depends: bool,
}

/// The commands of a script, in order; at most [`MAX_COMMANDS`] and one.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let mut parser = Parser::default();
    let mut tokens = tokens(text).into_iter().peekable();
    while let Some((token, line)) = tokens.next() {
        if parser.commands.len() > MAX_COMMANDS {
            break;
        }
        match token {
            Token::Word(word) => parser.word(word, line),
            Token::Operator(operator) => parser.end(operator),
            Token::Newline => parser.end("\n"),
            Token::Input(word) => parser.current.input = Some(word),
            Token::Output(appends) => {
                if let Some((Token::Word(target), _)) = tokens.next_if(|(next, _)| matches!(next, Token::Word(_))) {
                    parser.current.outputs.push((target, appends));
                    parser.note_line(line);
                }
            }
            Token::Other => drop(tokens.next_if(|(next, _)| matches!(next, Token::Word(_)))),
        }
    }
    parser.end("\n");
    parser.commands
}

impl Parser {
    fn note_line(&mut self, line: usize) {
        if self.current.line == 0 {
            self.current.line = line;
        }
    }

    fn word(&mut self, word: Word, line: usize) {
        self.note_line(line);
        if self.current.words.is_empty()
            && let [Piece::Text(text)] = word.as_slice()
            && self.keyword(text)
        {
            return;
        }
        self.current.words.push(word);
    }

    /// Notes a word that belongs to the shell's grammar.
    fn keyword(&mut self, text: &str) -> bool {
        if let Some((begin, end)) = CHOICES.iter().find(|(begin, _)| *begin == text) {
            // A loop over a list runs; what it is about is the list.
            self.choices.push((end, *begin != "for"));
            return matches!(text, "if" | "while" | "until");
        }
        if self.choices.last().is_some_and(|(end, _)| *end == text) {
            self.choices.pop();
        }
        KEYWORDS.contains(&text)
    }

    fn end(&mut self, operator: &'static str) {
        let is_empty = self.current.words.is_empty() && self.current.outputs.is_empty() && self.current.input.is_none();
        if is_empty {
            return;
        }
        let mut command = std::mem::take(&mut self.current);
        command.is_conditional = self.depends || self.choices.iter().any(|(_, choice)| *choice);
        command.feeds_next = operator == "|";
        self.depends = match operator {
            "||" => true,
            "&&" => self.depends || is_test(&command),
            "|" => self.depends,
            _ => false,
        };
        self.current.is_piped = command.feeds_next;
        self.commands.push(command);
    }
}

/// Whether a command only finds something out.
fn is_test(command: &Command) -> bool {
    const TESTS: &[&str] = &["[", "[[", "test", "command", "which", "type", "grep", "egrep", "hash"];
    let first = command.words.first().and_then(|word| word.first());
    matches!(first, Some(Piece::Text(text)) if TESTS.contains(&text.as_str()))
}
