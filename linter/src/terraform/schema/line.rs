//! The form of a table's lines.
//!
//! One line per resource type: name, tab, mark, tab, members. Members are separated by commas, each is a name, a blank
//! and then for an attribute its mark, its flags (`r`equired, `o`ptional, `c`omputed, `s`ensitive, `d`eprecated,
//! `w`rite-only) and its type, for a block its mark, `@`, its nesting, least and greatest number and its members in
//! braces: `@[1:5{name oS}`. Types are `S`tring, `N`umber, `B`ool, `D`ynamic, `[` list, `(` set and `%` map of the type
//! that follows, and objects in braces; nesting is `=` single, `[`, `(` or `%`. Marks: `-` older release only, `+`
//! newer release only.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{Attribute, Block, Member, MemberKind, Members, Nesting, Presence, Releases, ResourceSchema};
use crate::value::{ObjectAttribute, Type};

/// Nothing in the tables is nested deeper.
const MAX_DEPTH: usize = 64;

/// Reads a line; `None` if it does not have the form.
pub(super) fn read(line: &str) -> Option<ResourceSchema> {
    let mut parts = line.split('\t');
    let name = parts.next()?;
    let releases = match parts.next()? {
        "-" => Releases::OlderOnly,
        "+" => Releases::NewerOnly,
        "" => Releases::All,
        _ => return None,
    };
    let mut reader = Reader { rest: parts.next()?, depth: 0 };
    let members = reader.members()?;
    reader.rest.is_empty().then(|| ResourceSchema { name: name.into(), releases, members })
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn accept(&mut self, token: char) -> bool {
        self.rest.strip_prefix(token).map(|rest| self.rest = rest).is_some()
    }

    fn next(&mut self) -> Option<char> {
        let token = self.rest.chars().next()?;
        self.rest = self.rest.get(token.len_utf8()..)?;
        Some(token)
    }

    fn name(&mut self) -> Option<&'a str> {
        let (name, rest) = self.rest.split_once(' ')?;
        self.rest = rest;
        Some(name)
    }

    fn number(&mut self) -> Option<u32> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        if digits.is_empty() { Some(0) } else { digits.parse().ok() }
    }

    fn members(&mut self) -> Option<Members> {
        let mut members = Vec::new();
        if self.rest.is_empty() || self.rest.starts_with('}') {
            return Some(Members(members));
        }
        loop {
            let name: Arc<str> = self.name()?.into();
            members.push((name, self.member()?));
            if !self.accept(',') {
                return Some(Members(members));
            }
        }
    }

    fn member(&mut self) -> Option<Member> {
        let releases = if self.accept('-') {
            Releases::OlderOnly
        } else if self.accept('+') {
            Releases::NewerOnly
        } else {
            Releases::All
        };
        let kind =
            if self.accept('@') { MemberKind::Block(self.block()?) } else { MemberKind::Attribute(self.attribute()?) };
        Some(Member { releases, kind })
    }

    fn block(&mut self) -> Option<Block> {
        let nesting = match self.next()? {
            '=' => Nesting::Single,
            '[' => Nesting::List,
            '(' => Nesting::Set,
            '%' => Nesting::Map,
            _ => return None,
        };
        let min = self.number()?;
        let max = self.accept(':').then(|| self.number())?.filter(|&max| max > 0);
        let members = self.braces(Self::members)?;
        Some(Block { nesting, min, max, members })
    }

    fn braces<T>(&mut self, inside: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH || !self.accept('{') {
            return None;
        }
        let content = inside(self)?;
        self.depth -= 1;
        self.accept('}').then_some(content)
    }

    fn attribute(&mut self) -> Option<Attribute> {
        let end = self.rest.find(|c: char| !c.is_ascii_lowercase())?;
        let (flags, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        let has = |flag: char| flags.contains(flag);
        let presence = match (has('r'), has('o'), has('c')) {
            (true, _, _) => Presence::Required,
            (false, true, true) => Presence::OptionalComputed,
            (false, true, false) => Presence::Optional,
            (false, false, _) => Presence::Computed,
        };
        let (sensitive, deprecated, write_only) = (has('s'), has('d'), has('w'));
        Some(Attribute { ty: self.ty()?, presence, sensitive, deprecated, write_only })
    }

    fn ty(&mut self) -> Option<Type> {
        if self.rest.starts_with('{') {
            return self.braces(Self::object);
        }
        match self.next()? {
            'S' => Some(Type::String),
            'N' => Some(Type::Number),
            'B' => Some(Type::Bool),
            'D' => Some(Type::Any),
            '[' => Some(Type::list(self.ty()?)),
            '(' => Some(Type::set(self.ty()?)),
            '%' => Some(Type::map(self.ty()?)),
            _ => None,
        }
    }

    fn object(&mut self) -> Option<Type> {
        let mut attributes = BTreeMap::new();
        while !self.rest.starts_with('}') {
            let name: Arc<str> = self.name()?.into();
            attributes.insert(name, ObjectAttribute::required(self.ty()?));
            if !self.accept(',') {
                break;
            }
        }
        Some(Type::Object(attributes.into()))
    }
}
