//! Lists, objects, `for` expressions and function calls: everything with items between brackets.

use super::{Failed, Newlines, Parsed, Parser};
use crate::syntax::tree::{NodeId, NodeKind};

/// What a `for` expression makes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Makes {
    Tuple,
    Object,
}

impl Parser<'_, '_> {
    pub(super) fn tuple(&mut self) -> Parsed {
        let open = self.pos;
        self.pos += 1;
        let outer = std::mem::replace(&mut self.newlines, Newlines::Ignored);
        self.skip_space();
        if self.at_keyword(b"for") {
            return self.for_expression(open, Makes::Tuple, outer);
        }
        let mark = self.scratch.len();
        let mut height = 0;
        loop {
            self.skip_space();
            if self.peek() == b']' {
                break;
            }
            if self.at_end() {
                return Err(self.not_closed(open, "list", "`]`"));
            }
            let item = self.expression()?;
            self.scratch.push(item);
            height = height.max(self.height);
            self.skip_space();
            match self.peek() {
                b',' => self.pos += 1,
                b']' => break,
                _ => return Err(self.not_closed(open, "list", "`,` or `]`")),
            }
        }
        self.pos += 1;
        self.newlines = outer;
        self.grow(height)?;
        Ok(self.close_kids(NodeKind::Tuple, 0, open, mark))
    }

    /// A node from `open` to here that has what was put on the pile since `mark` as kids.
    pub(super) fn close_kids(&mut self, kind: NodeKind, op: u8, open: usize, mark: usize) -> NodeId {
        let (start, end) = (self.out.at(open), self.out.at(self.pos));
        let node = self.out.add_kids(kind, op, start, end, self.scratch.get(mark..).unwrap_or_default());
        self.scratch.truncate(mark);
        node
    }

    pub(super) fn object(&mut self) -> Parsed {
        let open = self.pos;
        self.pos += 1;
        self.skip_lines();
        if self.at_keyword(b"for") {
            let outer = std::mem::replace(&mut self.newlines, Newlines::Ignored);
            return self.for_expression(open, Makes::Object, outer);
        }
        let outer = std::mem::replace(&mut self.newlines, Newlines::Matter);
        let mark = self.scratch.len();
        let mut height = 0;
        loop {
            self.skip_lines();
            if self.peek() == b'}' {
                break;
            }
            if self.at_end() {
                return Err(self.not_closed(open, "object", "`}`"));
            }
            let key = self.object_key(open)?;
            height = height.max(self.height);
            let value = self.expression()?;
            height = height.max(self.height);
            self.scratch.push(key);
            self.scratch.push(value);
            self.skip_space();
            match self.peek() {
                b'}' => break,
                b',' => self.pos += 1,
                _ if self.at_newline() => {}
                _ => return Err(self.not_closed(open, "object", "a line end, `,` or `}`")),
            }
        }
        self.pos += 1;
        self.newlines = outer;
        self.grow(height)?;
        Ok(self.close_kids(NodeKind::Object, 0, open, mark))
    }

    /// A key with the `=` or `:` after it. A lone name is text.
    fn object_key(&mut self, open: usize) -> Parsed {
        let key = self.expression()?;
        self.skip_space();
        let next = self.peek_at(1);
        let separated = match self.peek() {
            b'=' => next != b'>',
            b':' => next != b':',
            _ => false,
        };
        if !separated {
            return Err(self.not_closed(open, "object", "`=` and a value"));
        }
        self.pos += 1;
        if matches!(self.out.node(key).kind, NodeKind::Variable | NodeKind::Bool | NodeKind::Null) {
            self.out.edit(key, |node| {
                node.kind = NodeKind::String;
                node.op = 0;
            });
        }
        Ok(key)
    }

    /// The names, collection and colon of `for key, value in collection :`; pushes three kids.
    pub(super) fn for_intro(&mut self, open: usize) -> Result<(), Failed> {
        self.pos += b"for".len();
        let first = self.for_name(open)?;
        self.skip_space();
        if self.peek() == b',' {
            self.pos += 1;
            self.scratch.push(first);
            let second = self.for_name(open)?;
            self.scratch.push(second);
        } else {
            let none = self.out.add(NodeKind::Missing, open, open, 0, 0);
            self.scratch.push(none);
            self.scratch.push(first);
        }
        self.skip_space();
        if !self.at_keyword(b"in") {
            return Err(self.not_closed(open, "`for`", "`in`"));
        }
        self.pos += b"in".len();
        let collection = self.expression()?;
        self.scratch.push(collection);
        self.skip_space();
        Ok(())
    }

    fn for_name(&mut self, open: usize) -> Parsed {
        self.skip_space();
        match self.identifier() {
            Some(name) => Ok(self.out.add_slice(NodeKind::Text, self.src, name, name)),
            None => Err(self.not_closed(open, "`for`", "a variable name")),
        }
    }

    fn for_expression(&mut self, open: usize, makes: Makes, outer: Newlines) -> Parsed {
        let mark = self.scratch.len();
        self.for_intro(open)?;
        let mut height = self.height;
        if self.peek() != b':' || self.peek_at(1) == b':' {
            return Err(self.not_closed(open, "`for`", "`:`"));
        }
        self.pos += 1;
        height = height.max(self.for_result(open, makes)?);
        let grouped = self.looking_at(b"...");
        if grouped {
            if makes == Makes::Tuple {
                let help = "Grouping makes lists of the values of equal keys: `{ for ... : key => value... }`.";
                return Err(self.fail(self.pos, self.pos + 3, "A list cannot be grouped with `...`", help));
            }
            self.pos += 3;
            self.skip_space();
        }
        let condition = if self.at_keyword(b"if") {
            self.pos += b"if".len();
            let condition = self.expression()?;
            height = height.max(self.height);
            self.skip_space();
            condition
        } else {
            self.out.add(NodeKind::Missing, self.pos, self.pos, 0, 0)
        };
        self.scratch.push(condition);
        let (kind, close, shown) = match makes {
            Makes::Tuple => (NodeKind::ForTuple, b']', "`]`"),
            Makes::Object => (NodeKind::ForObject, b'}', "`}`"),
        };
        if self.peek() != close {
            return Err(self.not_closed(open, "`for`", shown));
        }
        self.pos += 1;
        self.newlines = outer;
        self.grow(height)?;
        Ok(self.close_kids(kind, u8::from(grouped), open, mark))
    }

    /// `value` or `key => value`; gives the height.
    fn for_result(&mut self, open: usize, makes: Makes) -> Result<u32, Failed> {
        let first = self.expression()?;
        let mut height = self.height;
        self.scratch.push(first);
        self.skip_space();
        let arrow = self.looking_at(b"=>");
        match (arrow, makes) {
            (true, Makes::Tuple) => {
                let help = "Use braces to make an object: `{ for ... : key => value }`.";
                return Err(self.fail(self.pos, self.pos + 2, "A list has no keys", help));
            }
            (false, Makes::Object) => {
                return Err(self.not_closed(open, "`for`", "`=>` and a value"));
            }
            (false, Makes::Tuple) => {}
            (true, Makes::Object) => {
                self.pos += 2;
                let value = self.expression()?;
                height = height.max(self.height);
                self.scratch.push(value);
                self.skip_space();
            }
        }
        Ok(height)
    }

    /// A call; the first part of the name was passed, and blanks after it.
    pub(super) fn call(&mut self, name: (usize, usize)) -> Parsed {
        let mut end = name.1;
        let mut spaced = false;
        let mut text = String::new();
        while self.looking_at(b"::") {
            self.pos += 2;
            self.skip_space();
            let Some(part) = self.identifier() else {
                let message = format!("Expected a function name before {}", self.shown(self.pos));
                return Err(self.fail(name.0, self.pos, message, "Write `provider::name::function(...)`."));
            };
            if text.is_empty() {
                text.push_str(&String::from_utf8_lossy(self.slice(name.0, name.1)));
            }
            text.push_str("::");
            text.push_str(&String::from_utf8_lossy(self.slice(part.0, part.1)));
            spaced |= part.0 != end + 2;
            end = part.1;
            self.skip_space();
        }
        if self.peek() != b'(' {
            let message = format!("Expected `(` before {}", self.shown(self.pos));
            return Err(self.fail(name.0, end, message, "A name with `::` is a function; give it arguments."));
        }
        let node = if spaced {
            self.out.add_owned(NodeKind::Text, (name.0, end), text)
        } else {
            self.out.add_slice(NodeKind::Text, self.src, (name.0, end), (name.0, end))
        };
        let mark = self.scratch.len();
        self.scratch.push(node);
        let expand = self.arguments()?;
        Ok(self.close_kids(NodeKind::Call, u8::from(expand), name.0, mark))
    }

    /// The arguments with their parentheses; gives whether the last is expanded.
    fn arguments(&mut self) -> Result<bool, Failed> {
        let open = self.pos;
        self.pos += 1;
        let outer = std::mem::replace(&mut self.newlines, Newlines::Ignored);
        let mut height = 0;
        let mut expand = false;
        loop {
            self.skip_space();
            if self.peek() == b')' {
                break;
            }
            if self.at_end() {
                return Err(self.not_closed(open, "call", "`)`"));
            }
            let argument = self.expression()?;
            self.scratch.push(argument);
            height = height.max(self.height);
            self.skip_space();
            match self.peek() {
                b',' => self.pos += 1,
                b')' => break,
                b'.' if self.looking_at(b"...") => {
                    expand = true;
                    self.pos += 3;
                    self.skip_space();
                    if self.peek() == b')' {
                        break;
                    }
                    return Err(self.not_closed(open, "call", "`)` right after `...`"));
                }
                _ => return Err(self.not_closed(open, "call", "`,` or `)`")),
            }
        }
        self.pos += 1;
        self.newlines = outer;
        self.grow(height)?;
        Ok(expand)
    }
}
