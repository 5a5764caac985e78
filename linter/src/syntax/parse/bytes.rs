//! Classes of bytes, as one table.

/// Begins an identifier, for sure (ASCII) or perhaps (beyond).
pub(super) const START: u8 = 1;
/// Continues an identifier, for sure (ASCII) or perhaps (beyond).
pub(super) const CONTINUE: u8 = 2;
/// Ends a run of plain characters inside quotes.
pub(super) const STOP: u8 = 4;
/// A blank that separates nothing.
pub(super) const BLANK: u8 = 8;
/// May begin something that separates nothing: blanks, comments, line ends.
pub(super) const SPACE: u8 = 16;

const TABLE: [u8; 256] = table();

#[expect(clippy::indexing_slicing, reason = "evaluated when compiling; the loop ends at the table's length")]
const fn table() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let ch = byte as u8;
        let mut class = 0;
        if ch.is_ascii_alphabetic() || ch == b'_' || ch >= 0x80 {
            class |= START | CONTINUE;
        }
        if ch.is_ascii_digit() || ch == b'-' {
            class |= CONTINUE;
        }
        if matches!(ch, b'"' | b'\\' | b'$' | b'%' | b'\n' | b'\r') {
            class |= STOP;
        }
        if matches!(ch, b' ' | b'\t') {
            class |= BLANK;
        }
        if matches!(ch, b' ' | b'\t' | b'\n' | b'\r' | b'#' | b'/') {
            class |= SPACE;
        }
        table[byte] = class;
        byte += 1;
    }
    table
}

/// Whether the byte is in one of the classes.
#[expect(clippy::indexing_slicing, reason = "a byte is always below the table's length of 256")]
pub(super) const fn is(byte: u8, class: u8) -> bool {
    TABLE[byte as usize] & class != 0
}
