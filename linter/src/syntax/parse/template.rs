//! Templates: text with `${ }` and `%{ }`, read as a row of pieces and then put together.

use super::bytes::{self, STOP};
use super::text::Escapes;
use super::{Failed, Newlines, Parsed, Parser};
use crate::syntax::tree::{NodeId, NodeKind};

/// One piece of a template, in source order.
pub(super) enum Piece {
    /// Literal text.
    Text(Text),
    /// A finished `Interpolation` node.
    Interpolation(NodeId),
    /// A `%{ }` sequence.
    Directive { what: Directive, start: usize, end: usize },
}

/// Literal text: the source between two positions, or a text of its own for it.
pub(super) struct Text {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) owned: Option<String>,
}

/// What a `%{ }` sequence says.
#[derive(Clone, Copy)]
pub(super) enum Directive {
    If(NodeId),
    Else,
    EndIf,
    /// Key, value, collection.
    For([NodeId; 3]),
    EndFor,
}

/// An open `%{ if }` or `%{ for }` while a template is put together.
struct Frame {
    opener: Directive,
    start: usize,
    /// End of the last directive: where the template inside begins.
    inner: usize,
    mark: usize,
    then: Option<NodeId>,
    height: u32,
}

/// Whether blanks after a sequence are to be removed, because it ended in `~}`.
pub(super) type TrimNext = bool;

impl Parser<'_, '_> {
    /// A quoted string or template.
    #[inline]
    pub(super) fn quoted(&mut self) -> Parsed {
        let open = self.pos;
        let mut at = open + 1;
        while let Some(&byte) = self.src.get(at)
            && !bytes::is(byte, STOP)
        {
            at += 1;
        }
        if self.src.get(at) == Some(&b'"') && (self.utf8 || self.slice(open, at).is_ascii()) {
            self.pos = at + 1;
            self.height = 1;
            return Ok(self.out.add_slice(NodeKind::String, self.src, (open, at + 1), (open + 1, at)));
        }
        self.quoted_template(open)
    }

    fn quoted_template(&mut self, open: usize) -> Parsed {
        let mark = self.pieces.len();
        let mut height = 0;
        let mut trim = false;
        self.pos = open + 1;
        loop {
            let start = self.pos;
            self.quoted_text(open)?;
            if self.pos > start {
                let owned = self.unescape(start, self.pos, Escapes::Quoted)?;
                self.push_text(Text { start, end: self.pos, owned }, trim);
            }
            if self.peek() == b'"' {
                break;
            }
            trim = self.sequence()?;
            height = height.max(self.height);
        }
        self.pos += 1;
        self.height = height;
        self.assemble(mark, (open, self.pos), (open + 1, self.pos - 1))
    }

    /// Passes literal text up to the closing quote or the next sequence.
    fn quoted_text(&mut self, open: usize) -> Result<(), Failed> {
        loop {
            let byte = self.peek();
            if !bytes::is(byte, STOP) && !self.at_end() {
                self.pos += 1;
                continue;
            }
            match byte {
                b'"' => return Ok(()),
                b'\\' if !matches!(self.peek_at(1), b'\n' | b'\r') => self.pos += 2.min(self.src.len() - self.pos),
                b'$' | b'%' if self.peek_at(1) == byte && self.peek_at(2) == b'{' => self.pos += 3,
                b'$' | b'%' if self.peek_at(1) == b'{' => return Ok(()),
                b'$' | b'%' => self.pos += 1,
                _ => {
                    let help = "Add the quote; for text of several lines use a heredoc (<<EOT) or \\n.";
                    return Err(self.fail(open, open + 1, "This string has no closing quote on its line", help));
                }
            }
        }
    }

    /// Adds literal text, its beginning trimmed if the sequence before asked for it.
    pub(super) fn push_text(&mut self, mut text: Text, trim: TrimNext) {
        if trim {
            match &mut text.owned {
                Some(owned) => *owned = owned.trim_start().to_owned(),
                None => {
                    let bytes = self.slice(text.start, text.end);
                    let rest = std::str::from_utf8(bytes).map_or(bytes.len(), |text| text.trim_start().len());
                    text.start = text.end - rest;
                }
            }
        }
        self.pieces.push(Piece::Text(text));
    }

    /// Removes blanks at the end of the text before a sequence that begins with `${~` or `%{~`.
    fn trim_before(&mut self, sequence: usize) {
        let src = self.src;
        if let Some(Piece::Text(text)) = self.pieces.last_mut()
            && text.end == sequence
        {
            match &mut text.owned {
                Some(owned) => owned.truncate(owned.trim_end().len()),
                None => {
                    let bytes = src.get(text.start..text.end).unwrap_or_default();
                    let kept = std::str::from_utf8(bytes).map_or(bytes.len(), |text| text.trim_end().len());
                    text.end = text.start + kept;
                }
            }
        }
    }

    /// A `${ }` or `%{ }`. Gives whether text after it is to be trimmed.
    pub(super) fn sequence(&mut self) -> Result<TrimNext, Failed> {
        let start = self.pos;
        let is_directive = self.peek() == b'%';
        self.pos += 2;
        if self.peek() == b'~' {
            self.pos += 1;
            self.trim_before(start);
        }
        let outer = std::mem::replace(&mut self.newlines, Newlines::Ignored);
        self.height = 0;
        let directive = if is_directive { Err(self.directive(start)?) } else { Ok(self.expression()?) };
        self.skip_space();
        let trim = self.peek() == b'~' && self.peek_at(1) == b'}';
        self.pos += usize::from(trim);
        if self.peek() != b'}' {
            return Err(self.not_closed(start, "template sequence", "`}`"));
        }
        self.pos += 1;
        self.newlines = outer;
        let piece = match directive {
            Ok(expr) => Piece::Interpolation(self.out.add(NodeKind::Interpolation, start, self.pos, expr, 0)),
            Err(what) => Piece::Directive { what, start, end: self.pos },
        };
        self.pieces.push(piece);
        Ok(trim)
    }

    fn directive(&mut self, start: usize) -> Result<Directive, Failed> {
        self.skip_space();
        let word_start = self.pos;
        if self.at_keyword(b"for") {
            let mark = self.scratch.len();
            self.for_intro(start)?;
            let parts = match *self.scratch.get(mark..).unwrap_or_default() {
                [key, value, collection] => [key, value, collection],
                _ => return Err(Failed),
            };
            self.scratch.truncate(mark);
            return Ok(Directive::For(parts));
        }
        let word = self.identifier().map(|(from, to)| self.slice(from, to));
        Ok(match word {
            Some(b"if") => Directive::If(self.expression()?),
            Some(b"else") => Directive::Else,
            Some(b"endif") => Directive::EndIf,
            Some(b"endfor") => Directive::EndFor,
            _ => {
                let message = format!("{} is not a template directive", self.shown(word_start));
                let help = "Known are if, else, endif, for, endfor. A literal `%{` is written `%%{`.";
                return Err(self.fail(start, self.pos.max(start + 2), message, help));
            }
        })
    }

    /// A template without quotes around it, up to the end of the source.
    pub(super) fn bare_template(&mut self) -> Parsed {
        let open = self.pos;
        let mark = self.pieces.len();
        let mut height = 0;
        let mut trim = false;
        while !self.at_end() {
            let line_end = memchr::memchr(b'\n', self.src.get(self.pos..).unwrap_or_default());
            let line_end = line_end.map_or(self.src.len(), |at| self.pos + at + 1);
            let text_end = self.sequence_before(line_end).unwrap_or(line_end);
            if super::heredoc::bare_return(self.slice(self.pos, text_end)).is_some() {
                // Terraform's scanner gives up here and takes all that follows as text.
                let text = Text { start: self.pos, end: self.src.len(), owned: None };
                self.pos = text.end;
                self.push_text(text, trim);
            } else if self.line_text(line_end, trim)? {
                trim = false;
            } else {
                trim = self.sequence()?;
                height = height.max(self.height);
            }
        }
        self.height = height;
        self.assemble(mark, (open, self.pos), (open, self.pos))
    }

    /// Text of a heredoc or bare template up to the end of the line, or to a sequence before that; gives which.
    pub(super) fn line_text(&mut self, line_end: usize, trim: TrimNext) -> Result<bool, Failed> {
        let start = self.pos;
        let end = self.sequence_before(line_end);
        let to = end.unwrap_or(line_end);
        if to > start {
            let owned = self.unescape(start, to, Escapes::Bare)?;
            self.push_text(Text { start, end: to, owned }, trim);
        }
        self.pos = to;
        Ok(end.is_none())
    }

    /// Where the next `${` or `%{` begins, if before `limit`.
    fn sequence_before(&self, limit: usize) -> Option<usize> {
        let mut at = self.pos;
        loop {
            at += memchr::memchr2(b'$', b'%', self.slice(at, limit))?;
            let byte = self.src.get(at).copied()?;
            if self.src.get(at + 1) == Some(&b'{') && at + 1 < limit {
                return Some(at);
            }
            let doubled = self.src.get(at + 1) == Some(&byte) && self.src.get(at + 2) == Some(&b'{');
            at += if doubled { 3 } else { 1 };
            if at >= limit {
                return None;
            }
        }
    }

    /// Puts the pieces since `mark` together: `span` is the whole, `inner` what stands between quotes or markers.
    pub(super) fn assemble(&mut self, mark: usize, span: (usize, usize), inner: (usize, usize)) -> Parsed {
        let scratch_mark = self.scratch.len();
        let mut frames: Vec<Frame> = Vec::new();
        let mut pending: Option<Text> = None;
        let mut height = self.height;
        let mut idx = mark;
        while let Some(piece) = self.pieces.get_mut(idx) {
            idx += 1;
            let taken = std::mem::replace(piece, Piece::Interpolation(NodeId::MAX));
            match taken {
                Piece::Text(text) => pending = Some(self.meld(pending, text)),
                Piece::Interpolation(node) => {
                    self.flush(&mut pending);
                    self.scratch.push(node);
                }
                Piece::Directive { what, start, end } => {
                    self.flush(&mut pending);
                    height = height.max(self.open_or_close(&mut frames, what, (start, end))?);
                }
            }
        }
        self.pieces.truncate(mark);
        self.flush(&mut pending);
        if let Some(frame) = frames.last() {
            let (message, help) = match frame.opener {
                Directive::For(_) => ("This `for` has no `%{ endfor }`", "Add `%{ endfor }` where its body ends."),
                _ => ("This `if` has no `%{ endif }`", "Add `%{ endif }` where its body ends."),
            };
            return Err(self.fail(frame.start, frame.start + 2, message, help));
        }
        self.height = height;
        self.grow(height)?;
        Ok(self.close_template(scratch_mark, span, inner))
    }

    /// Joins text that follows text.
    fn meld(&self, before: Option<Text>, text: Text) -> Text {
        let Some(mut before) = before else { return text };
        if before.owned.is_none() && text.owned.is_none() && before.end == text.start {
            before.end = text.end;
            return before;
        }
        let source = |text: &Text| String::from_utf8_lossy(self.slice(text.start, text.end)).into_owned();
        let mut owned = before.owned.take().unwrap_or_else(|| source(&before));
        match &text.owned {
            Some(more) => owned.push_str(more),
            None => owned.push_str(&source(&text)),
        }
        Text { start: before.start, end: text.end, owned: Some(owned) }
    }

    fn flush(&mut self, pending: &mut Option<Text>) {
        if let Some(text) = pending.take() {
            let node = self.text_node((text.start, text.end), text);
            self.scratch.push(node);
        }
    }

    fn text_node(&mut self, span: (usize, usize), text: Text) -> NodeId {
        match text.owned {
            Some(owned) => self.out.add_owned(NodeKind::String, span, owned),
            None => self.out.add_slice(NodeKind::String, self.src, span, (text.start, text.end)),
        }
    }

    /// A template whose parts are on the pile since `mark`; a lone text becomes a string.
    fn close_template(&mut self, mark: usize, span: (usize, usize), inner: (usize, usize)) -> NodeId {
        let (start, end) = (self.out.at(span.0), self.out.at(span.1));
        match *self.scratch.get(mark..).unwrap_or_default() {
            [] => self.out.add_slice(NodeKind::String, self.src, span, (inner.0, inner.0)),
            [only] if self.out.node(only).kind == NodeKind::String => {
                self.scratch.truncate(mark);
                self.out.edit(only, |node| {
                    node.start = start;
                    node.end = end;
                });
                only
            }
            _ => {
                let parts = self.scratch.get(mark..).unwrap_or_default();
                let node = self.out.add_kids(NodeKind::Template, 0, start, end, parts);
                self.scratch.truncate(mark);
                node
            }
        }
    }

    fn open_or_close(&mut self, frames: &mut Vec<Frame>, what: Directive, at: (usize, usize)) -> Result<u32, Failed> {
        match (what, frames.last_mut()) {
            (Directive::If(_) | Directive::For(_), _) => {
                self.depth += 1;
                if self.depth > super::MAX_DEPTH {
                    let message = format!("This is nested more than {} levels deep", super::MAX_DEPTH);
                    return Err(self.fail(at.0, at.1, message, "Nothing deeper is read, to bound memory and time."));
                }
                let mark = self.scratch.len();
                frames.push(Frame { opener: what, start: at.0, inner: at.1, mark, then: None, height: 0 });
                Ok(0)
            }
            (Directive::Else, Some(frame)) if matches!(frame.opener, Directive::If(_)) && frame.then.is_none() => {
                let inner = (frame.inner, at.0);
                frame.then = Some(self.close_template(frame.mark, inner, inner));
                frame.inner = at.1;
                Ok(0)
            }
            (Directive::EndIf, Some(Frame { opener: Directive::If(_), .. }))
            | (Directive::EndFor, Some(Frame { opener: Directive::For(_), .. })) => self.close_frame(frames, at),
            _ => {
                let message = format!("{} here closes nothing", self.shown_directive(at));
                let help = "Directives come in pairs: if ... else ... endif, for ... endfor.";
                Err(self.fail(at.0, at.1, message, help))
            }
        }
    }

    fn shown_directive(&self, at: (usize, usize)) -> String {
        let text = String::from_utf8_lossy(self.slice(at.0, at.1)).into_owned();
        format!("`{}`", super::text::shorten(&text).escape_debug())
    }

    fn close_frame(&mut self, frames: &mut Vec<Frame>, at: (usize, usize)) -> Result<u32, Failed> {
        let Some(frame) = frames.pop() else { return Ok(0) };
        self.depth -= 1;
        let inner = (frame.inner, at.0);
        let last = self.close_template(frame.mark, inner, inner);
        let (start, end) = (self.out.at(frame.start), self.out.at(at.1));
        let node = match (frame.opener, frame.then) {
            (Directive::If(condition), Some(then)) => {
                self.out.add_kids(NodeKind::TemplateIf, 0, start, end, &[condition, then, last])
            }
            (Directive::If(condition), None) => {
                let none = self.out.add_slice(NodeKind::String, self.src, (at.0, at.0), (at.0, at.0));
                self.out.add_kids(NodeKind::TemplateIf, 0, start, end, &[condition, last, none])
            }
            (Directive::For([key, value, collection]), _) => {
                self.out.add_kids(NodeKind::TemplateFor, 0, start, end, &[key, value, collection, last])
            }
            (Directive::Else | Directive::EndIf | Directive::EndFor, _) => last,
        };
        let height = frame.height + 2;
        if let Some(outer) = frames.last_mut() {
            outer.height = outer.height.max(height);
        }
        self.scratch.push(node);
        Ok(self.height.max(height))
    }
}
