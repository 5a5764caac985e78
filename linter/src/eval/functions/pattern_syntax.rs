//! Regular expressions from the syntax of Terraform's engine to that of ours.
//!
//! The differences: `\d`, `\w`, `\s` and `\b` know ASCII only, `\Q…\E` quotes, brackets in brackets mean themselves,
//! and repetition is limited to 1000.

/// Why a pattern has no counterpart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SyntaxError {
    /// More repetitions than this.
    Repetition(u32),
    /// Syntax that only our engine has.
    Unsupported(&'static str),
}

const MAX_REPETITION: u32 = 1000;

/// The pattern in our engine's syntax.
///
/// # Errors
/// When Terraform's engine would refuse it and ours would not.
pub(super) fn translate(pattern: &str) -> Result<String, SyntaxError> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        rest = match letter {
            '\\' => escape(rest, false, &mut out)?,
            '[' => class(rest, &mut out)?,
            '{' => {
                check_repetition(rest)?;
                plain(rest, letter, &mut out)
            }
            '(' => {
                check_group(rest)?;
                plain(rest, letter, &mut out)
            }
            _ => plain(rest, letter, &mut out),
        };
    }
    Ok(out)
}

fn plain<'p>(rest: &'p str, letter: char, out: &mut String) -> &'p str {
    out.push(letter);
    rest.get(letter.len_utf8()..).unwrap_or("")
}

fn escape<'p>(rest: &'p str, in_class: bool, out: &mut String) -> Result<&'p str, SyntaxError> {
    let after = rest.get(1..).unwrap_or("");
    let Some(letter) = after.chars().next() else {
        out.push('\\');
        return Ok("");
    };
    let translated = match (letter, in_class) {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('D', _) => "[^0-9]",
        ('w', false) => "[0-9A-Za-z_]",
        ('w', true) => "0-9A-Za-z_",
        ('W', _) => "[^0-9A-Za-z_]",
        ('s', false) => "[\\t\\n\\f\\r ]",
        ('s', true) => "\\t\\n\\f\\r ",
        ('S', _) => "[^\\t\\n\\f\\r ]",
        ('b', false) if after.starts_with("b{") => return Err(SyntaxError::Unsupported("\\b{…}")),
        ('b', false) => "(?-u:\\b)",
        // Between two letters beyond ASCII there is no boundary of words of ASCII letters either.
        ('B', false) => "(?:(?-u:\\B)|(?:\\B))",
        ('<' | '>', _) => return Err(SyntaxError::Unsupported("\\< and \\>")),
        ('u' | 'U' | 'R' | 'X' | 'K' | 'Z' | 'G', _) => return Err(SyntaxError::Unsupported("this escape")),
        ('Q', false) => return Ok(quoted(after.get(1..).unwrap_or(""), out)),
        _ => {
            out.push('\\');
            out.push(letter);
            return Ok(after.get(letter.len_utf8()..).unwrap_or(""));
        }
    };
    out.push_str(translated);
    Ok(after.get(letter.len_utf8()..).unwrap_or(""))
}

/// Text up to `\E`, to be taken as it is.
fn quoted<'p>(rest: &'p str, out: &mut String) -> &'p str {
    let (text, after) = rest.split_once("\\E").unwrap_or((rest, ""));
    out.push_str(&regex::escape(text));
    after
}

/// A class in brackets.
fn class<'p>(rest: &'p str, out: &mut String) -> Result<&'p str, SyntaxError> {
    let mut rest = plain(rest, '[', out);
    if rest.starts_with('^') {
        rest = plain(rest, '^', out);
    }
    let mut first = true;
    while let Some(letter) = rest.chars().next() {
        rest = match letter {
            ']' if first => {
                out.push('\\');
                plain(rest, letter, out)
            }
            ']' => return Ok(plain(rest, letter, out)),
            '\\' => escape(rest, true, out)?,
            '[' if rest.starts_with("[:") && rest.contains(":]") => {
                let end = rest.find(":]").unwrap_or(0) + 2;
                out.push_str(rest.get(..end).unwrap_or(""));
                rest.get(end..).unwrap_or("")
            }
            '[' | '&' | '~' => {
                out.push('\\');
                plain(rest, letter, out)
            }
            '-' if rest.starts_with("--") => {
                out.push('\\');
                plain(rest, letter, out)
            }
            _ => plain(rest, letter, out),
        };
        first = false;
    }
    Ok(rest)
}

fn check_repetition(rest: &str) -> Result<(), SyntaxError> {
    let inner = rest.get(1..).and_then(|rest| rest.split_once('}')).map_or("", |(inner, _)| inner);
    let too_many = |digits: &str| {
        !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && digits.parse::<u32>().is_ok_and(|count| count > MAX_REPETITION) | (digits.len() > 9)
    };
    if inner.split(',').any(too_many) { Err(SyntaxError::Repetition(MAX_REPETITION)) } else { Ok(()) }
}

/// Flags that only our engine has.
fn check_group(rest: &str) -> Result<(), SyntaxError> {
    let Some(flags) = rest.strip_prefix("(?") else { return Ok(()) };
    let flags: String = flags.chars().take_while(|letter| letter.is_ascii_alphabetic() || *letter == '-').collect();
    if flags.starts_with('P') || flags.is_empty() {
        return Ok(());
    }
    if flags.contains(['x', 'u', 'R']) {
        return Err(SyntaxError::Unsupported("this flag"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_letters_are_ascii() {
        for (pattern, translated) in [
            (r"\d+", "[0-9]+"),
            (r"[\d.]", "[0-9.]"),
            (r"[[a]", r"[\[a]"),
            (r"[]a]", r"[\]a]"),
            (r"[[:alpha:]_]", "[[:alpha:]_]"),
            (r"\Qa.b\E.", r"a\.b."),
            (r"a{2,3}", "a{2,3}"),
            (r"[a&&b]", r"[a\&\&b]"),
        ] {
            assert_eq!(translate(pattern).as_deref(), Ok(translated), "{pattern}");
        }
    }

    #[test]
    fn what_terraform_refuses_is_refused() {
        for pattern in ["a{1001}", "a{99999999999}", "(?x)a", r"\<a", r"\u{61}"] {
            assert!(translate(pattern).is_err(), "{pattern}");
        }
    }
}
