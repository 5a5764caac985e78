//! `csvdecode`. Tables are read as strictly as Terraform reads them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Call, Function, FunctionError, Parameter, Signature};
use crate::eval::Context;
use crate::value::{Fields, Kind, ObjectAttribute, Type, Value};

pub(super) const FUNCTIONS: &[Function] =
    &[Function::new("csvdecode", &[Parameter::new("str", Signature::String)], Signature::Any, csvdecode)];

fn csvdecode(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let mut reader = Reader::new(call.text(0)?, context.limits.items);
    let header = reader.record()?.ok_or_else(|| FunctionError::new("missing header line"))?;
    let names: Vec<Arc<str>> = header.into_iter().map(normal).collect();
    let mut attributes = BTreeMap::new();
    for name in &names {
        if attributes.insert(name.clone(), ObjectAttribute::required(Type::String)).is_some() {
            return Err(FunctionError::new(format!("duplicate column name {name:?}")));
        }
    }
    let mut rows: Vec<Value> = Vec::new();
    while let Some(record) = reader.record()? {
        if record.len() != names.len() {
            return reader.fail(reader.line, "wrong number of fields");
        }
        let fields: Fields = names.iter().cloned().zip(record.into_iter().map(Value::string)).collect();
        rows.push(Value::object(fields));
    }
    Ok(Kind::List(Type::Object(attributes.into()), rows.into()).into())
}

fn normal(name: String) -> Arc<str> {
    Value::string(name).as_str().unwrap_or_default().into()
}

struct Reader<'t> {
    rest: &'t str,
    /// The line that is being read, and how much of it was.
    current: String,
    at: usize,
    /// The number of the line read last.
    line: usize,
    cells: usize,
    most_cells: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, most_cells: usize) -> Self {
        Self { rest: text, current: String::new(), at: 0, line: 0, cells: 0, most_cells }
    }

    /// The next line with its end, which is `\n` or, at the end of the text, nothing.
    fn next_line(&mut self) -> Option<String> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line += 1;
        Some(match line.strip_suffix('\n') {
            Some(text) => format!("{}\n", text.strip_suffix('\r').unwrap_or(text)),
            None => line.strip_suffix('\r').unwrap_or(line).to_owned(),
        })
    }

    fn fail<T>(&self, line: usize, reason: &str) -> Result<T, FunctionError> {
        Err(FunctionError::new(format!("CSV parse error on line {line}: {reason}")))
    }

    /// The cells of the next row; empty lines are skipped.
    fn record(&mut self) -> Result<Option<Vec<String>>, FunctionError> {
        loop {
            match self.next_line() {
                None => return Ok(None),
                Some(line) if matches!(line.as_str(), "\n" | "") => {}
                Some(line) => {
                    (self.current, self.at) = (line, 0);
                    break;
                }
            }
        }
        let mut cells = Vec::new();
        loop {
            self.cells += 1;
            if self.cells > self.most_cells {
                return Err(FunctionError::limit(format!("{} cells in one table", self.most_cells)));
            }
            let (cell, more) = if self.eat('"') { self.quoted()? } else { self.plain()? };
            cells.push(cell);
            if !more {
                return Ok(Some(cells));
            }
        }
    }

    /// What is left of the current line.
    fn left(&self) -> &str {
        self.current.get(self.at..).unwrap_or("")
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.left().starts_with(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    /// A cell without quotes, and whether another follows.
    fn plain(&mut self) -> Result<(String, bool), FunctionError> {
        let left = self.left();
        let more = left.find(',');
        let cell = more.map_or(left.strip_suffix('\n').unwrap_or(left), |at| left.get(..at).unwrap_or(left)).to_owned();
        if cell.contains('"') {
            return self.fail(self.line, "bare \" in non-quoted-field");
        }
        self.at += cell.len() + 1;
        Ok((cell, more.is_some()))
    }

    /// A cell whose opening quote is read already, and whether another follows.
    fn quoted(&mut self) -> Result<(String, bool), FunctionError> {
        let wrong = "extraneous or missing \" in quoted-field";
        let mut cell = String::new();
        loop {
            let Some((before, _)) = self.left().split_once('"') else {
                cell.push_str(self.left());
                match self.next_line() {
                    Some(next) => (self.current, self.at) = (next, 0),
                    None => return self.fail(self.line, wrong),
                }
                continue;
            };
            let length = before.len();
            cell.push_str(before);
            self.at += length + 1;
            if self.eat('"') {
                cell.push('"');
            } else if self.eat(',') {
                return Ok((cell, true));
            } else if matches!(self.left(), "" | "\n") {
                return Ok((cell, false));
            } else {
                return self.fail(self.line, wrong);
            }
        }
    }
}
