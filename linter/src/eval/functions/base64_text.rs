//! Base64 as Terraform reads and writes it: padded, line breaks ignored, unused bits ignored.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

const ENGINE: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The Base64 text of bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    ENGINE.encode(bytes)
}

/// The bytes of Base64 text.
///
/// # Errors
/// The offset of what is wrong.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let symbols: Vec<u8> = text.bytes().filter(|byte| !is_break(byte)).collect();
    ENGINE.decode(symbols).map_err(|_| {
        let wrong = text
            .bytes()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=') || is_break(&byte)));
        wrong.unwrap_or(text.len() / 4 * 4)
    })
}
