//! What follows a term: `.name`, `.0`, `[key]`, `.*`, `[*]`.

use super::{Failed, Newlines, Parsed, Parser};
use crate::syntax::tree::{Node, NodeId, NodeKind};

impl Parser<'_, '_> {
    /// The steps after a term.
    pub(super) fn steps(&mut self, term: NodeId) -> Parsed {
        let mut object = term;
        loop {
            self.skip_space();
            object = match self.peek() {
                b'.' if self.peek_at(1) != b'.' || self.peek_at(2) != b'.' => self.dot(object)?,
                b'[' => self.bracket(object)?,
                _ => return Ok(object),
            };
        }
    }

    fn dot(&mut self, object: NodeId) -> Parsed {
        let dot = self.pos;
        self.pos += 1;
        self.skip_space();
        if self.peek() != b'*' {
            return self.attribute_step(object, dot);
        }
        self.pos += 1;
        let outer_height = self.height;
        self.height = 1;
        let mut each = self.out.add(NodeKind::SplatItem, dot, self.pos, 0, 0);
        loop {
            self.skip_space();
            let dot = self.pos;
            if self.peek() != b'.' || self.looking_at(b"...") {
                break;
            }
            self.pos += 1;
            self.skip_space();
            if self.peek() == b'*' {
                let help = "Use `[*]`, which may stand inside another.";
                return Err(self.fail(dot, self.pos + 1, "A `.*` cannot stand inside another `.*`", help));
            }
            each = self.attribute_step(each, dot)?;
        }
        self.splat(object, each, 0, outer_height)
    }

    fn splat(&mut self, object: NodeId, each: NodeId, full: u8, object_height: u32) -> Parsed {
        self.grow(object_height.max(self.height))?;
        let (start, end) = (self.out.node(object).start, self.out.node(each).end);
        Ok(self.out.push(Node { kind: NodeKind::Splat, op: full, flags: 0, start, end, a: object, b: each }))
    }

    /// `.name` or `.0`, with the point passed.
    fn attribute_step(&mut self, object: NodeId, dot: usize) -> Parsed {
        if self.peek().is_ascii_digit() {
            return self.legacy_index(object);
        }
        let Some(name) = self.identifier() else {
            return Err(self.no_attribute(dot));
        };
        self.grow(self.height)?;
        let start = self.out.node(object).start;
        let end = self.out.at(name.1);
        let (flags, b) = if self.out.is_mapped() {
            let text = String::from_utf8_lossy(self.slice(name.0, name.1)).into_owned();
            (Node::OWNED_TEXT, self.out.own(text))
        } else {
            (0, name.0 as u32)
        };
        Ok(self.out.push(Node { kind: NodeKind::GetAttr, op: 0, flags, start, end, a: object, b }))
    }

    fn no_attribute(&mut self, dot: usize) -> Failed {
        let message = format!("Expected a name after the point, before {}", self.shown(self.pos));
        self.fail(dot, self.pos.max(dot + 1), message, "Write `.name`, or `[0]` and `[\"key\"]` for elements.")
    }

    fn legacy_index(&mut self, object: NodeId) -> Parsed {
        let start = self.pos;
        let height = self.height;
        let key = self.number()?;
        if self.slice(start, self.pos).contains(&b'.') {
            let help = "Write elements of elements with brackets: `[0][1]`.";
            return Err(self.fail(start, self.pos, "This reads as a fraction, not as two indexes", help));
        }
        self.index(object, key, height)
    }

    fn index(&mut self, object: NodeId, key: NodeId, object_height: u32) -> Parsed {
        self.grow(object_height.max(self.height))?;
        let start = self.out.node(object).start;
        let end = self.out.at(self.pos);
        Ok(self.out.push(Node { kind: NodeKind::Index, op: 0, flags: 0, start, end, a: object, b: key }))
    }

    fn bracket(&mut self, object: NodeId) -> Parsed {
        let open = self.pos;
        let height = self.height;
        self.pos += 1;
        self.skip_space();
        if self.peek() == b'*' {
            return self.full_splat(object, open);
        }
        let outer = std::mem::replace(&mut self.newlines, Newlines::Ignored);
        let key = self.expression()?;
        self.skip_space();
        if self.peek() != b']' {
            return Err(self.not_closed(open, "index", "`]`"));
        }
        self.pos += 1;
        self.newlines = outer;
        self.index(object, key, height)
    }

    fn full_splat(&mut self, object: NodeId, open: usize) -> Parsed {
        let height = self.height;
        self.pos += 1;
        self.skip_space();
        if self.peek() != b']' {
            return Err(self.not_closed(open, "splat", "`]`"));
        }
        self.pos += 1;
        let item = self.out.add(NodeKind::SplatItem, open, self.pos, 0, 0);
        self.height = 1;
        self.enter()?;
        let each = self.steps(item)?;
        self.leave();
        self.splat(object, each, 1, height)
    }
}
