//! Patterns for file names, as `fileset` has them: `*`, `?`, `[a-z]`, `{a,b}`, and `\` before a plain character.
//!
//! `**`, which stands for any number of directories, is a matter of the walk.

/// Whether a name matches a pattern without alternatives. Work is bounded by the product of both lengths.
pub(super) fn matches(pattern: &[Token], name: &[char]) -> bool {
    // Where to go on when what follows the last star does not fit.
    let (mut at, mut from) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let step = match (pattern.get(at), name.get(from)) {
            (None, None) => return true,
            (Some(Token::Star), _) => {
                retry = Some((at, from));
                at += 1;
                continue;
            }
            (Some(token), Some(&character)) => token.accepts(character),
            (None, Some(_)) | (Some(_), None) => false,
        };
        if step {
            (at, from) = (at + 1, from + 1);
            continue;
        }
        match retry {
            Some((star, start)) if start < name.len() => {
                retry = Some((star, start + 1));
                (at, from) = (star + 1, start + 1);
            }
            _ => return false,
        }
    }
}

/// More ways to choose among the alternatives of one pattern than this are an error.
pub(super) const MAX_ALTERNATIVES: usize = 1000;

/// A piece of a pattern without alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Exactly this character.
    Exactly(char),
    /// Any character.
    Any,
    /// Any number of characters.
    Star,
    /// One of these ranges, or none of them.
    Class { ranges: Vec<(char, char)>, negated: bool },
}

impl Token {
    fn accepts(&self, character: char) -> bool {
        match self {
            Self::Exactly(wanted) => *wanted == character,
            Self::Any => true,
            Self::Star => false,
            Self::Class { ranges, negated } => {
                ranges.iter().any(|&(low, high)| (low..=high).contains(&character)) != *negated
            }
        }
    }
}

/// What a pattern is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// The patterns without alternatives that it stands for.
    Patterns(Vec<Vec<Token>>),
    /// Alternatives stand within alternatives: what Terraform makes of that follows no rule.
    Nested,
    /// It is broken, or stands for more than [`MAX_ALTERNATIVES`] patterns.
    Broken,
}

/// Reads a pattern.
pub(super) fn parse(pattern: &str) -> Parsed {
    let characters: Vec<char> = pattern.chars().collect();
    let mut parser = Parser { pattern: &characters, at: 0, nested: false };
    match parser.sequence(false) {
        _ if parser.nested => Parsed::Nested,
        Some(patterns) if parser.at == characters.len() => Parsed::Patterns(patterns),
        _ => Parsed::Broken,
    }
}

struct Parser<'p> {
    pattern: &'p [char],
    at: usize,
    nested: bool,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<char> {
        let character = self.pattern.get(self.at).copied()?;
        self.at += 1;
        Some(character)
    }

    /// Reads to the end, or to the end of one of several alternatives.
    fn sequence(&mut self, in_alternatives: bool) -> Option<Vec<Vec<Token>>> {
        let mut patterns: Vec<Vec<Token>> = vec![Vec::new()];
        while let Some(character) = self.next() {
            let token = match character {
                '*' => Token::Star,
                '?' => Token::Any,
                '[' => class(self.pattern, &mut self.at)?,
                '\\' => Token::Exactly(self.next()?),
                '{' if in_alternatives => {
                    self.nested = true;
                    return None;
                }
                '{' => {
                    patterns = combined(&patterns, &self.alternatives()?)?;
                    continue;
                }
                ',' | '}' if in_alternatives => {
                    self.at -= 1;
                    return Some(patterns);
                }
                plain => Token::Exactly(plain),
            };
            for tokens in &mut patterns {
                tokens.push(token.clone());
            }
        }
        Some(patterns)
    }

    fn alternatives(&mut self) -> Option<Vec<Vec<Token>>> {
        let mut found = Vec::new();
        loop {
            found.extend(self.sequence(true)?);
            if self.next()? != ',' {
                return Some(found);
            }
        }
    }
}

fn combined(before: &[Vec<Token>], after: &[Vec<Token>]) -> Option<Vec<Vec<Token>>> {
    if before.len() * after.len() > MAX_ALTERNATIVES {
        return None;
    }
    let join = |left: &Vec<Token>, right: &Vec<Token>| left.iter().chain(right).cloned().collect();
    Some(before.iter().flat_map(|left| after.iter().map(move |right| join(left, right))).collect())
}

fn class(pattern: &[char], at: &mut usize) -> Option<Token> {
    let negated = pattern.get(*at).is_some_and(|&c| c == '^');
    *at += usize::from(negated);
    let mut ranges = Vec::new();
    while *pattern.get(*at)? != ']' || ranges.is_empty() {
        let low = class_character(pattern, at)?;
        let high = if pattern.get(*at) == Some(&'-') {
            *at += 1;
            class_character(pattern, at)?
        } else {
            low
        };
        ranges.push((low, high));
    }
    *at += 1;
    Some(Token::Class { ranges, negated })
}

fn class_character(pattern: &[char], at: &mut usize) -> Option<char> {
    *at += 1;
    match *pattern.get(*at - 1)? {
        '-' | ']' => None,
        '\\' => {
            *at += 1;
            pattern.get(*at - 1).copied()
        }
        character => Some(character),
    }
}
