//! Bodies: attributes and blocks, in a file or between braces.

use super::{Failed, Newlines, Parser};
use crate::syntax::tree::{Node, NodeId, NodeKind};

/// What ends a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    EndOfFile,
    /// The closing brace for the brace at this position.
    Brace(usize),
}

/// What has to come after an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    LineEnd,
    /// The item is the only one of a block on one line.
    Brace,
}

impl Parser<'_, '_> {
    /// The body of a whole file.
    pub(super) fn file_body(&mut self) -> NodeId {
        let start = self.pos;
        self.items(Until::EndOfFile);
        self.close_body(start, 0)
    }

    /// Puts the items up to the end on the pile.
    fn items(&mut self, until: Until) {
        let mark = self.scratch.len();
        loop {
            self.skip_lines();
            if self.at_end() {
                break;
            }
            if self.peek() == b'}' && until != Until::EndOfFile {
                break;
            }
            let start = self.pos;
            let (pile, depth) = (self.scratch.len(), self.depth);
            match self.item(After::LineEnd) {
                Ok(node) => self.scratch.push(node),
                Err(Failed) => self.start_over(pile, depth, start),
            }
        }
        self.drop_repeated(mark);
    }

    /// A body of what was put on the pile since `mark`, from `start` to here.
    fn close_body(&mut self, start: usize, mark: usize) -> NodeId {
        self.close_kids(NodeKind::Body, 0, start, mark)
    }

    fn item(&mut self, after: After) -> Result<NodeId, Failed> {
        let Some(name) = self.identifier() else {
            return Err(self.no_item());
        };
        self.skip_space();
        match self.peek() {
            b'=' if !matches!(self.peek_at(1), b'=' | b'>') => self.attribute(name, after),
            b'{' | b'"' if after == After::LineEnd => self.block(name),
            _ if after == After::LineEnd && self.at_identifier() => self.block(name),
            _ => Err(self.no_definition(name, after)),
        }
    }

    fn no_item(&mut self) -> Failed {
        let (start, end) = (self.pos, self.char_end(self.pos));
        let message = match self.peek() {
            b'}' => "This closing brace closes nothing".to_owned(),
            b'"' => "Argument names are written without quotes".to_owned(),
            _ => format!("Expected an argument or a block before {}", self.shown(start)),
        };
        self.fail(start, end, message, "A line is `name = value`, or begins a block: `type \"label\" {`.")
    }

    fn no_definition(&mut self, name: (usize, usize), after: After) -> Failed {
        let text = String::from_utf8_lossy(self.slice(name.0, name.1)).into_owned();
        let text = super::text::shorten(&text);
        let message = format!("Expected `=` or `{{` after `{text}`, before {}", self.shown(self.pos));
        let help = match after {
            After::LineEnd => {
                "An argument is `name = value`; a block is `type \"label\" {`, the brace on the same line."
            }
            After::Brace => "A block on one line can hold one argument only; put each thing on a line of its own.",
        };
        self.fail(name.0, name.1, message, help)
    }

    fn attribute(&mut self, name: (usize, usize), after: After) -> Result<NodeId, Failed> {
        self.pos += 1;
        let equals = self.pos;
        let (pile, depth) = (self.scratch.len(), self.depth);
        match self.expression() {
            Ok(value) => {
                let node = self.attribute_node(name, value);
                if after == After::LineEnd && self.line_end("argument").is_err() {
                    // The argument itself is sound: only what follows on its line is skipped.
                    self.recover(self.pos);
                }
                Ok(node)
            }
            Err(Failed) if after == After::LineEnd => {
                // The name is known even if the value is not.
                let missing = self.out.add(NodeKind::Missing, equals, equals, 0, 0);
                self.start_over(pile, depth, name.0);
                Ok(self.attribute_node(name, missing))
            }
            Err(Failed) => Err(Failed),
        }
    }

    /// After an error in the item that began at `start`: forgets what was half done and goes to where the next begins.
    fn start_over(&mut self, pile: usize, depth: u32, start: usize) {
        self.scratch.truncate(pile);
        self.operators.clear();
        self.pieces.clear();
        self.depth = depth;
        self.newlines = Newlines::Matter;
        if self.out.is_full() {
            self.pos = self.src.len();
        } else {
            self.recover(start);
        }
    }

    fn attribute_node(&mut self, name: (usize, usize), value: NodeId) -> NodeId {
        let (start, end) = (self.out.at(name.0), self.out.node(value).end);
        let name_end = self.out.at(name.1);
        self.out.push(Node { kind: NodeKind::Attribute, op: 0, flags: 0, start, end, a: name_end, b: value })
    }

    /// What stands on after the item must be the end of the line.
    fn line_end(&mut self, what: &str) -> Result<(), Failed> {
        self.skip_space();
        if self.at_newline() || self.at_end() {
            return Ok(());
        }
        let (start, end) = (self.pos, self.char_end(self.pos));
        let message = format!("Expected the end of the line after this {what}, before {}", self.shown(start));
        let help = match self.peek() {
            b',' | b';' => "Arguments are not separated by signs; each stands on a line of its own.",
            b'\'' => "Strings are written with double quotes.",
            _ => "Put what follows on a line of its own.",
        };
        Err(self.fail(start, end, message, help))
    }

    fn block(&mut self, kind: (usize, usize)) -> Result<NodeId, Failed> {
        let mark = self.scratch.len();
        let node = self.out.add_slice(NodeKind::Text, self.src, kind, kind);
        self.scratch.push(node);
        loop {
            self.skip_space();
            let label = match self.peek() {
                b'{' => break,
                b'"' => self.quoted_label()?,
                _ => match self.identifier() {
                    Some(label) => self.out.add_slice(NodeKind::Text, self.src, label, label),
                    None => return Err(self.no_block(kind)),
                },
            };
            self.scratch.push(label);
        }
        self.enter()?;
        let open = self.pos;
        self.pos += 1;
        let body = self.block_body(open)?;
        self.leave();
        self.scratch.push(body);
        let end = if self.src.get(self.pos) == Some(&b'}') {
            self.pos += 1;
            self.pos
        } else {
            self.pos
        };
        let (start, end) = (self.out.at(kind.0), self.out.at(end));
        let block = self.out.add_kids(NodeKind::Block, 0, start, end, self.scratch.get(mark..).unwrap_or_default());
        self.scratch.truncate(mark);
        if self.line_end("block").is_err() {
            // The block itself is sound: only what follows on its line is skipped.
            self.recover(self.pos);
        }
        Ok(block)
    }

    fn no_block(&mut self, kind: (usize, usize)) -> Failed {
        let text = String::from_utf8_lossy(self.slice(kind.0, kind.1)).into_owned();
        let message = format!("Expected `{{` or a label before {}", self.shown(self.pos));
        let help = format!("Block `{}` opens with `{{` on the same line.", super::text::shorten(&text));
        let (start, end) = (self.pos, self.char_end(self.pos));
        self.fail(start, end, message, &help)
    }

    fn quoted_label(&mut self) -> Result<NodeId, Failed> {
        let start = self.pos;
        let label = self.quoted()?;
        if self.out.node(label).kind != NodeKind::String {
            let help = "Labels are fixed names; values go into arguments. A literal `${` is written `$${`.";
            return Err(self.fail(start, self.pos, "A label cannot hold a template", help));
        }
        self.out.edit(label, |node| node.kind = NodeKind::Text);
        Ok(label)
    }

    /// What stands between the braces; ends at the closing brace.
    fn block_body(&mut self, open: usize) -> Result<NodeId, Failed> {
        let start = self.pos;
        let mark = self.scratch.len();
        self.skip_space();
        if self.at_newline() || self.at_end() || self.peek() == b'}' {
            self.items(Until::Brace(open));
            if self.at_end() {
                self.out.report(open, open + 1, "This block is never closed", "Add `}` where it ends.");
            }
            return Ok(self.close_body(start, mark));
        }
        let item = self.item(After::Brace)?;
        self.scratch.push(item);
        self.skip_space();
        if self.peek() != b'}' {
            let (from, to) = (self.pos, self.char_end(self.pos));
            let message = format!("Expected `}}` before {}", self.shown(from));
            let help = "A block on one line holds one argument and is closed there; use a line for each argument.";
            return Err(self.fail_opened((from, to), message, help, open, "the block was opened here"));
        }
        Ok(self.close_body(start, mark))
    }

    /// Tells of arguments that a body sets twice, and keeps the first of each.
    fn drop_repeated(&mut self, mark: usize) {
        /// Up to this many items comparing each with each is faster than a table.
        const FEW: usize = 12;
        let mut seen = rustc_hash::FxHashMap::default();
        let few = self.scratch.len() - mark <= FEW;
        let mut kept = mark;
        for idx in mark..self.scratch.len() {
            let Some(&node_id) = self.scratch.get(idx) else { break };
            let node = self.out.node(node_id);
            if node.kind == NodeKind::Attribute {
                let name = self.slice(node.start as usize, node.a as usize);
                let first = if few { self.set_before(name, mark, kept) } else { seen.get(name).copied() };
                if let Some(first) = first {
                    self.out.repeated(name, (node.start, node.a), first);
                    continue;
                }
                if !few {
                    seen.insert(name, node.start);
                }
            }
            if let Some(slot) = self.scratch.get_mut(kept) {
                *slot = node_id;
            }
            kept += 1;
        }
        self.scratch.truncate(kept);
    }

    /// Where an attribute of this name begins among the items on the pile between two marks.
    fn set_before(&self, name: &[u8], from: usize, to: usize) -> Option<u32> {
        let items = self.scratch.get(from..to).unwrap_or_default();
        let mut attributes = items.iter().map(|&id| self.out.node(id)).filter(|node| node.kind == NodeKind::Attribute);
        attributes
            .find(|node| {
                (node.a - node.start) as usize == name.len() && self.slice(node.start as usize, node.a as usize) == name
            })
            .map(|node| node.start)
    }
}
