//! Shell text to words and operators: quotes, expansions, here-documents.

use std::collections::VecDeque;
use std::iter::Peekable;
use std::str::CharIndices;

/// A piece of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it is.
    Text(String),
    /// A variable, and what stands for it when it is not set.
    Variable(String, Option<String>),
    /// The output of a command or the result of a calculation.
    Computed,
}

/// A word: its pieces in order.
pub(super) type Word = Vec<Piece>;

/// What a script is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(Word),
    /// `;`, `&&`, `||`, `|`, `&`, `(`, `)`, `;;`
    Operator(&'static str),
    Newline,
    /// A redirection of output: whether it appends; the next word is its target.
    Output(bool),
    /// A redirection of something else; the next word belongs to it.
    Other,
    /// A here-document or here-string: what the command reads.
    Input(Word),
}

/// A here-document that is announced and not read yet.
struct Pending {
    token: usize,
    delimiter: String,
    is_literal: bool,
    strips_tabs: bool,
}

struct Lexer<'t> {
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
    tokens: Vec<(Token, usize)>,
    pending: VecDeque<Pending>,
    line: usize,
}

/// The tokens of a script, each with its line.
pub(super) fn tokens(text: &str) -> Vec<(Token, usize)> {
    let mut lexer =
        Lexer { text, chars: text.char_indices().peekable(), tokens: Vec::new(), pending: VecDeque::new(), line: 1 };
    lexer.run();
    lexer.tokens
}

impl<'t> Lexer<'t> {
    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|&(_, c)| c)
    }

    fn next(&mut self) -> Option<char> {
        let (_, c) = self.chars.next()?;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }

    fn push(&mut self, token: Token) {
        self.tokens.push((token, self.line));
    }

    fn run(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' | '\r' => drop(self.next()),
                '\n' => {
                    self.push(Token::Newline);
                    self.next();
                    self.read_pending();
                }
                '#' => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.next();
                    }
                }
                ';' | '|' | '&' | '(' | ')' => self.operator(c),
                '<' | '>' => self.redirection(c),
                _ => self.word_token(),
            }
        }
    }

    fn operator(&mut self, first: char) {
        self.next();
        let operator = match first {
            ';' if self.take(';') => ";;",
            '|' if self.take('|') => "||",
            '|' => {
                self.take('&');
                "|"
            }
            '&' if self.take('&') => "&&",
            '&' if self.peek() == Some('>') => return self.redirection('>'),
            '&' => "&",
            '(' => "(",
            ')' => ")",
            _ => ";",
        };
        self.push(Token::Operator(operator));
    }

    fn redirection(&mut self, first: char) {
        self.next();
        if first == '>' {
            let appends = self.take('>');
            self.take('|');
            // `>&2` names a stream, not a file.
            let token = if self.take('&') { Token::Other } else { Token::Output(appends) };
            return self.push(token);
        }
        if self.take('<') {
            if self.take('<') {
                self.blanks();
                let word = self.word();
                return self.push(Token::Input(word));
            }
            return self.announce();
        }
        if self.take('(') {
            self.skip_balanced(')');
            return self.push(Token::Word(vec![Piece::Computed]));
        }
        self.take('&');
        self.push(Token::Other);
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|c| matches!(c, ' ' | '\t')) {
            self.next();
        }
    }

    fn announce(&mut self) {
        let strips_tabs = self.take('-');
        self.blanks();
        let is_literal = self.peek().is_some_and(|c| matches!(c, '\'' | '"' | '\\'));
        let delimiter: String = self.word().into_iter().map(piece_text).collect();
        self.pending.push_back(Pending { token: self.tokens.len(), delimiter, is_literal, strips_tabs });
        self.push(Token::Input(Vec::new()));
    }

    /// Reads the here-documents that were announced on the line before.
    fn read_pending(&mut self) {
        while let Some(pending) = self.pending.pop_front() {
            let mut body = String::new();
            while self.peek().is_some() {
                let line = self.rest_of_line();
                let line = if pending.strips_tabs { line.trim_start_matches('\t') } else { line };
                if line.trim_end_matches('\r') == pending.delimiter {
                    break;
                }
                body.push_str(line);
                body.push('\n');
            }
            let word = if pending.is_literal { vec![Piece::Text(body)] } else { expandable(&body) };
            if let Some((token, _)) = self.tokens.get_mut(pending.token) {
                *token = Token::Input(word);
            }
        }
    }

    fn rest_of_line(&mut self) -> &'t str {
        let text = self.text;
        let start = self.chars.peek().map_or(text.len(), |&(at, _)| at);
        let rest = text.get(start..).unwrap_or_default();
        while self.next().is_some_and(|c| c != '\n') {}
        rest.split_once('\n').map_or(rest, |(line, _)| line)
    }

    fn word_token(&mut self) {
        let start = self.tokens.len();
        let line = self.line;
        let word = self.word();
        // A number before a redirection is the stream that it redirects.
        if let [Piece::Text(text)] = word.as_slice()
            && text.len() == 1
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && self.peek().is_some_and(|c| matches!(c, '<' | '>'))
        {
            if text == "1" && self.peek() == Some('>') {
                return self.redirection('>');
            }
            while self.peek().is_some_and(|c| matches!(c, '<' | '>' | '&' | '|')) {
                self.next();
            }
            return self.push(Token::Other);
        }
        if self.tokens.len() == start {
            self.tokens.push((Token::Word(word), line));
        }
    }

    fn word(&mut self) -> Word {
        let mut word = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '(' | ')' | '<' | '>' => break,
                '\'' => {
                    self.next();
                    let text = self.until('\'');
                    push_text(&mut word, &text);
                }
                '"' => {
                    self.next();
                    self.double_quoted(&mut word);
                }
                '\\' => {
                    self.next();
                    match self.next() {
                        Some('\n') | None => {}
                        Some(c) => push_char(&mut word, c),
                    }
                }
                '`' => {
                    self.next();
                    self.until('`');
                    word.push(Piece::Computed);
                }
                '$' => self.dollar(&mut word),
                c => {
                    self.next();
                    push_char(&mut word, c);
                }
            }
        }
        if word.is_empty() {
            word.push(Piece::Text(String::new()));
        }
        word
    }

    fn until(&mut self, end: char) -> String {
        let mut text = String::new();
        while let Some(c) = self.next() {
            if c == end {
                break;
            }
            text.push(c);
        }
        text
    }

    /// Reads up to the closing quote; `false` if there is none.
    fn double_quoted(&mut self, word: &mut Word) -> bool {
        push_text(word, "");
        while let Some(c) = self.peek() {
            match c {
                '"' => {
                    self.next();
                    return true;
                }
                '\\' => {
                    self.next();
                    match self.next() {
                        Some('\n') | None => {}
                        Some(c @ ('$' | '`' | '"' | '\\')) => push_char(word, c),
                        Some(c) => {
                            push_char(word, '\\');
                            push_char(word, c);
                        }
                    }
                }
                '`' => {
                    self.next();
                    self.until('`');
                    word.push(Piece::Computed);
                }
                '$' => self.dollar(word),
                c => {
                    self.next();
                    push_char(word, c);
                }
            }
        }
        false
    }

    fn dollar(&mut self, word: &mut Word) {
        self.next();
        match self.peek() {
            Some('(') => {
                self.next();
                self.skip_balanced(')');
                word.push(Piece::Computed);
            }
            Some('{') => {
                self.next();
                let inner = self.until('}');
                word.push(parameter(&inner));
            }
            Some('\'') => {
                self.next();
                let text = self.until('\'');
                push_text(word, &unescaped(&text));
            }
            Some(c) if c == '_' || c.is_ascii_alphabetic() => {
                let mut name = String::new();
                while let Some(c) = self.peek().filter(|&c| c == '_' || c.is_ascii_alphanumeric()) {
                    name.push(c);
                    self.next();
                }
                word.push(Piece::Variable(name, None));
            }
            Some('0'..='9' | '@' | '*' | '?' | '$' | '!' | '#' | '-') => {
                self.next();
                word.push(Piece::Computed);
            }
            _ => push_char(word, '$'),
        }
    }

    /// Skips to the closing character, over nested ones and quotes.
    fn skip_balanced(&mut self, close: char) {
        let mut depth = 1_usize;
        while let Some(c) = self.next() {
            match c {
                '(' => depth += 1,
                '\\' => drop(self.next()),
                '\'' => drop(self.until('\'')),
                c if c == close => {
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}

/// The pieces of text in which only expansions mean something: the body of a here-document.
fn expandable(body: &str) -> Word {
    let mut lexer = Lexer {
        text: body,
        chars: body.char_indices().peekable(),
        tokens: Vec::new(),
        pending: VecDeque::new(),
        line: 1,
    };
    let mut word = Vec::new();
    // A quote is nothing special here.
    while lexer.double_quoted(&mut word) {
        push_char(&mut word, '"');
    }
    word
}

fn parameter(inner: &str) -> Piece {
    let end = inner.find(|c: char| !(c == '_' || c.is_ascii_alphanumeric())).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    match rest {
        "" if !name.is_empty() => Piece::Variable(name.to_owned(), None),
        _ => match rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-')) {
            Some(default) if !name.is_empty() => Piece::Variable(name.to_owned(), Some(default.to_owned())),
            _ => Piece::Computed,
        },
    }
}

fn piece_text(piece: Piece) -> String {
    match piece {
        Piece::Text(text) | Piece::Variable(text, _) => text,
        Piece::Computed => String::new(),
    }
}

fn push_char(word: &mut Word, c: char) {
    match word.last_mut() {
        Some(Piece::Text(text)) => text.push(c),
        _ => word.push(Piece::Text(c.to_string())),
    }
}

fn push_text(word: &mut Word, text: &str) {
    match word.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => word.push(Piece::Text(text.to_owned())),
    }
}

/// Text with `\n` and `\t` written out, as `echo -e` and `printf` do.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some(other) => plain.push(other),
            None => plain.push('\\'),
        }
    }
    plain
}
