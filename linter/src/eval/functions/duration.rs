//! Durations such as `1h30m`, as Go reads them.

use std::fmt::Write as _;

/// The nanoseconds that text says.
///
/// # Errors
/// When the text is no duration or one of more than about 292 years; the message is Terraform's.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (part, after) = parse_part(rest, text)?;
        total = total.checked_add(part).filter(|&total| total <= MOST).ok_or_else(invalid)?;
        rest = after;
    }
    match (negative, i64::try_from(total)) {
        (false, Ok(total)) => Ok(total),
        (true, Ok(total)) => Ok(-total),
        (true, Err(_)) => Ok(i64::MIN),
        (false, Err(_)) => Err(invalid()),
    }
}

/// The absolute value of the least `i64`.
const MOST: u64 = 1 << 63;

/// A number and its unit, and what follows them.
fn parse_part<'t>(text: &'t str, whole: &str) -> Result<(u64, &'t str), String> {
    let invalid = || format!("time: invalid duration {}", quote(whole));
    let (digits, rest) = split_digits(text);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => split_digits(rest),
        None => ("", rest),
    };
    if digits.is_empty() && fraction.is_empty() {
        return Err(invalid());
    }
    let number = digits.bytes().try_fold(0_u64, |number, digit| {
        number.checked_mul(10)?.checked_add(u64::from(digit - b'0')).filter(|&number| number <= MOST)
    });
    let number = number.ok_or_else(invalid)?;
    let end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (unit, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if unit.is_empty() {
        return Err(format!("time: missing unit in duration {}", quote(whole)));
    }
    let Some(unit) = nanoseconds_of(unit) else {
        return Err(format!("time: unknown unit {} in duration {}", quote(unit), quote(whole)));
    };
    let whole_units = number.checked_mul(unit).filter(|&total| total <= MOST).ok_or_else(invalid)?;
    let total = whole_units.saturating_add(fraction_of(fraction, unit));
    if total > MOST { Err(invalid()) } else { Ok((total, rest)) }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn nanoseconds_of(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// The fraction as Go computes it, in floating point.
fn fraction_of(digits: &str, unit: u64) -> u64 {
    let (mut number, mut scale) = (0_u64, 1_f64);
    for digit in digits.bytes() {
        let next = number.checked_mul(10).and_then(|number| number.checked_add(u64::from(digit - b'0')));
        // Digits beyond what an integer holds are too small to matter.
        let Some(next) = next.filter(|&next| next <= MOST) else { break };
        (number, scale) = (next, scale * 10.0);
    }
    (number as f64 * (unit as f64 / scale)) as u64
}

/// Text in quotes, with bytes that are not plain ASCII as escapes.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        // Writing to a string cannot fail.
        let _ = match byte {
            b'"' | b'\\' => write!(quoted, "\\{}", byte as char),
            0x20..0x80 => write!(quoted, "{}", byte as char),
            _ => write!(quoted, "\\x{byte:02x}"),
        };
    }
    quoted.push('"');
    quoted
}
