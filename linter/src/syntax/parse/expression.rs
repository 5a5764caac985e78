//! Expressions: operators, conditions, and the terms they join.

use super::bytes::{self, START};
use super::{Failed, MAX_HEIGHT, Newlines, Parsed, Parser};
use crate::syntax::expr::{BinaryOp, UnaryOp};
use crate::syntax::tree::{Node, NodeId, NodeKind};

/// A left operand with its operator, waiting for the right one.
#[derive(Clone, Copy)]
pub(super) struct Pending {
    left: NodeId,
    height: u32,
    op: BinaryOp,
    binds: u8,
}

impl Parser<'_, '_> {
    /// An expression and nothing else.
    pub(super) fn lone_expression(&mut self) -> Parsed {
        let expr = self.expression()?;
        self.skip_space();
        if self.at_end() {
            return Ok(expr);
        }
        let end = self.char_end(self.pos);
        Err(self.fail(self.pos, end, "Something follows the expression", "Only one expression is expected here."))
    }

    /// A whole expression, blanks before it passed.
    pub(super) fn expression(&mut self) -> Parsed {
        self.enter()?;
        let condition = self.operation()?;
        if self.peek() != b'?' {
            self.leave();
            return Ok(condition);
        }
        let mark = self.pos;
        let mut height = self.height;
        self.pos += 1;
        let then = self.expression()?;
        height = height.max(self.height);
        self.skip_space();
        if self.peek() != b':' || self.peek_at(1) == b':' {
            let at = (self.pos, self.char_end(self.pos));
            let help = "A condition is written `condition ? value : other value`.";
            return Err(self.fail_opened(at, "A `:` is missing here", help, mark, "this `?` needs it"));
        }
        self.pos += 1;
        let otherwise = self.expression()?;
        self.leave();
        self.grow(height.max(self.height))?;
        let (start, end) = (self.out.node(condition).start, self.out.node(otherwise).end);
        Ok(self.out.add_kids(NodeKind::Conditional, 0, start, end, &[condition, then, otherwise]))
    }

    /// Sets the height of the expression that is being closed, one above its highest part.
    pub(super) fn grow(&mut self, highest: u32) -> Result<(), Failed> {
        self.height = highest + 1;
        if self.height + self.floor > MAX_HEIGHT {
            let (start, end) = (self.pos.saturating_sub(1), self.pos);
            let message = format!("This expression has more than {MAX_HEIGHT} levels");
            let help = "Nothing longer is read, to bound memory and time. Split it with locals.";
            return Err(self.fail(start, end, message, help));
        }
        Ok(())
    }

    /// Terms joined by operators. Ends with blanks passed.
    fn operation(&mut self) -> Parsed {
        let base = self.operators.len();
        let mut left = self.prefixed()?;
        loop {
            self.skip_space();
            let next = self.operator();
            let binds = next.map_or(0, |(_, binds, _)| binds);
            while self.operators.len() > base
                && let Some(&top) = self.operators.last()
                && top.binds >= binds
            {
                self.operators.pop();
                self.grow(top.height.max(self.height))?;
                left = self.join(top, left);
            }
            let Some((op, binds, len)) = next else { return Ok(left) };
            self.pos += len;
            self.operators.push(Pending { left, height: self.height, op, binds });
            left = self.prefixed()?;
        }
    }

    fn join(&mut self, pending: Pending, right: NodeId) -> NodeId {
        let (start, end) = (self.out.node(pending.left).start, self.out.node(right).end);
        let op = pending.op as u8;
        self.out.push(Node { kind: NodeKind::Binary, op, flags: 0, start, end, a: pending.left, b: right })
    }

    /// The operator here, how strongly it binds, and its length.
    fn operator(&self) -> Option<(BinaryOp, u8, usize)> {
        let next = self.peek_at(1);
        Some(match self.peek() {
            b'|' if next == b'|' => (BinaryOp::Or, 1, 2),
            b'&' if next == b'&' => (BinaryOp::And, 2, 2),
            b'=' if next == b'=' => (BinaryOp::Equal, 3, 2),
            b'!' if next == b'=' => (BinaryOp::NotEqual, 3, 2),
            b'<' if next == b'=' => (BinaryOp::LessEqual, 4, 2),
            b'>' if next == b'=' => (BinaryOp::GreaterEqual, 4, 2),
            b'<' => (BinaryOp::Less, 4, 1),
            b'>' => (BinaryOp::Greater, 4, 1),
            b'+' => (BinaryOp::Add, 5, 1),
            b'-' => (BinaryOp::Subtract, 5, 1),
            b'*' => (BinaryOp::Multiply, 6, 1),
            b'/' => (BinaryOp::Divide, 6, 1),
            b'%' => (BinaryOp::Modulo, 6, 1),
            _ => return None,
        })
    }

    /// A term with the `-` and `!` before it and the steps after it.
    fn prefixed(&mut self) -> Parsed {
        self.skip_space();
        let op = match self.peek() {
            b'-' => UnaryOp::Negate,
            b'!' if self.peek_at(1) != b'=' => UnaryOp::Not,
            _ => {
                let term = self.term()?;
                return self.steps(term);
            }
        };
        let start = self.pos;
        self.pos += 1;
        self.enter()?;
        let operand = self.prefixed()?;
        self.leave();
        self.grow(self.height)?;
        let (start, end) = (self.out.at(start), self.out.node(operand).end);
        Ok(self.out.push(Node { kind: NodeKind::Unary, op: op as u8, flags: 0, start, end, a: operand, b: 0 }))
    }

    fn term(&mut self) -> Parsed {
        match self.peek() {
            b'"' => self.quoted(),
            b'0'..=b'9' => self.number(),
            b'(' => self.parenthesized(),
            b'[' => self.tuple(),
            b'{' => self.object(),
            b'<' if self.heredoc_start(self.pos).is_some() => self.heredoc(),
            byte if bytes::is(byte, START) => match self.identifier() {
                Some(name) => self.named(name),
                None => Err(self.no_term()),
            },
            _ => Err(self.no_term()),
        }
    }

    /// A name: a constant, a function call or a variable.
    fn named(&mut self, name: (usize, usize)) -> Parsed {
        self.skip_space();
        if self.peek() == b'(' || self.looking_at(b"::") {
            return self.call(name);
        }
        self.height = 1;
        let (kind, op) = match self.slice(name.0, name.1) {
            b"true" => (NodeKind::Bool, 1),
            b"false" => (NodeKind::Bool, 0),
            b"null" => (NodeKind::Null, 0),
            _ => (NodeKind::Variable, 0),
        };
        let node = self.out.add_slice(kind, self.src, name, name);
        if op != 0 {
            self.out.edit(node, |node| node.op = op);
        }
        Ok(node)
    }

    fn parenthesized(&mut self) -> Parsed {
        let start = self.pos;
        self.pos += 1;
        let outer = std::mem::replace(&mut self.newlines, Newlines::Ignored);
        let inner = self.expression()?;
        self.skip_space();
        if self.peek() != b')' {
            return Err(self.not_closed(start, "parenthesis", "`)`"));
        }
        self.pos += 1;
        self.newlines = outer;
        self.grow(self.height)?;
        Ok(self.out.add(NodeKind::Paren, start, self.pos, inner, 0))
    }

    /// Tells that something else stands where a bracket should be closed or go on.
    pub(super) fn not_closed(&mut self, opened: usize, what: &str, expected: &str) -> Failed {
        if self.at_end() {
            let message = format!("This {what} is never closed");
            return self.fail(opened, opened + 1, message, &format!("Add {expected} where it ends."));
        }
        let at = (self.pos, self.char_end(self.pos));
        let message = format!("Expected {expected} before {}", self.shown(self.pos));
        let note = format!("the {what} was opened here");
        self.fail_opened(at, message, "Add what is missing, or remove what is too much.", opened, &note)
    }

    /// What stands at a position, for a message.
    pub(super) fn shown(&self, pos: usize) -> String {
        match self.src.get(pos) {
            None if self.floor > 0 => "the end of the string".to_owned(),
            None => "the end of the file".to_owned(),
            Some(b'\n' | b'\r') => "the end of the line".to_owned(),
            Some(_) => {
                let mut end = pos;
                while end < pos + 24 && self.src.get(end).is_some_and(|&byte| bytes::is(byte, bytes::CONTINUE)) {
                    end += 1;
                }
                let end = if end == pos { self.char_end(pos) } else { end };
                format!("`{}`", String::from_utf8_lossy(self.slice(pos, end)).escape_debug())
            }
        }
    }

    /// Tells that no expression begins here.
    fn no_term(&mut self) -> Failed {
        let (start, end) = (self.pos, self.char_end(self.pos));
        let message = format!("Expected a value before {}", self.shown(start));
        let help = match self.peek() {
            b'\n' | b'\r' => "A value begins on the line of its `=`; inside parentheses it may begin on the next.",
            b'\'' => "Strings are written with double quotes.",
            b'<' => "A heredoc begins with `<<NAME` or `<<-NAME` and then the end of the line, without blanks.",
            b'$' => "`${ }` belongs inside quotes; outside of them write the expression alone.",
            b'&' | b'|' | b'^' | b'~' => "There are no operators on bits; use `&&` and `||` for conditions.",
            b'=' => "Use `==` to compare.",
            _ => "A value is a string, number, reference, function call, list `[ ]` or object `{ }`.",
        };
        self.fail(start, end, message, help)
    }
}
