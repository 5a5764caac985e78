//! JSON strings with their escapes resolved.

/// A string, and where each of its bytes stands in the file, with one place more for its end.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) places: Vec<u32>,
}

/// Resolves the escapes of the string between the positions, which are those of its quotes' insides.
pub(super) fn decode(src: &[u8], start: usize, end: usize) -> Decoded {
    let content = src.get(start..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    let mut decoded = Decoded { text: String::with_capacity(content.len()), places: Vec::with_capacity(content.len()) };
    let mut rest = content;
    while let Some(first) = rest.chars().next() {
        let at = start + content.len() - rest.len();
        let (ch, len) = if first == '\\' { escape(rest) } else { (first, first.len_utf8()) };
        decoded.text.push(ch);
        decoded.places.resize(decoded.text.len(), at as u32);
        rest = rest.get(len..).unwrap_or("");
    }
    decoded.places.push(end as u32);
    decoded
}

/// The character an escape stands for, and the length of the escape.
fn escape(text: &str) -> (char, usize) {
    match text.as_bytes().get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => unicode(text),
        Some(&byte) => (byte as char, 2),
        None => ('\\', 1),
    }
}

/// `\uXXXX`, or two of them that are the halves of one character; a half alone is the replacement character.
fn unicode(text: &str) -> (char, usize) {
    let unit = |from: usize| {
        let text = text.get(from..from + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(text, 16).ok()
    };
    let Some(first) = unit(0) else { return (char::REPLACEMENT_CHARACTER, 2) };
    if let Some(second) = unit(6)
        && let Some(Ok(ch)) = char::decode_utf16([first, second]).next()
        && ch.len_utf16() == 2
    {
        return (ch, 12);
    }
    (char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}
