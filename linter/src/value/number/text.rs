//! Numbers from decimal text and back.

use std::fmt;

use dashu_int::{IBig, Sign, UBig};

use super::decimal::Decimal;
use super::float::Parts;
use super::{DECIMAL_PRECISION, Number, Repr};

/// Powers of ten beyond this are infinity or zero in Terraform too.
const INFINITE_EXPONENT: i64 = 646_456_994;

impl Number {
    /// Numbers with more decimal digits than this, before or after the point, are neither read nor written in full.
    pub const MAX_DIGITS: usize = 20_000;
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (print(self), &self.0) {
            (Some(text), _) => f.write_str(&text),
            (None, Repr::Float(float)) => {
                let sign = if float.negative { "-" } else { "" };
                write!(f, "{sign}{} * 2^{}", float.mantissa, float.exponent)
            }
            (None, Repr::Small { .. } | Repr::NegativeZero { .. } | Repr::Infinite { .. }) => Ok(()),
        }
    }
}

pub(super) fn parse(text: &str) -> Option<Number> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(text, "Inf" | "inf") {
        return Some(Number(Repr::Infinite { negative }));
    }
    if let Some(small) = parse_small(text) {
        return Some(Number::signed_small(negative, small));
    }
    let (mantissa, exponent, binary) = split_exponent(text)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.is_empty() && fraction.is_empty() {
        return Some(Number::zero(negative, DECIMAL_PRECISION));
    }
    if whole.len() + fraction.len() > Number::MAX_DIGITS {
        return None;
    }
    let digits = UBig::from_str_radix(&format!("{whole}{fraction}"), 10).ok()?;
    let fraction_digits = i64::try_from(fraction.len()).ok()?;
    if binary {
        return scaled(negative, digits, -fraction_digits, exponent);
    }
    scaled(negative, digits, exponent.saturating_sub(fraction_digits), 0)
}

/// Digits alone, few enough for 64 bits.
fn parse_small(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// The text before the exponent, the exponent, and whether it is one of two rather than of ten.
fn split_exponent(text: &str) -> Option<(&str, i64, bool)> {
    let Some(place) = text.find(['e', 'E', 'p', 'P']) else {
        return Some((text, 0, false));
    };
    let (mantissa, exponent) = text.split_at(place);
    let binary = exponent.starts_with(['p', 'P']);
    let exponent = exponent.get(1..)?;
    let (negative, digits) = match exponent.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse::<i64>().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Some((mantissa, if negative { -magnitude } else { magnitude }, binary))
}

/// `digits * 10^tens * 2^twos`.
fn scaled(negative: bool, digits: UBig, tens: i64, twos: i64) -> Option<Number> {
    if tens > INFINITE_EXPONENT {
        return Some(Number(Repr::Infinite { negative }));
    }
    if tens < -INFINITE_EXPONENT - i64::try_from(Number::MAX_DIGITS).ok()? {
        return Some(Number::zero(negative, DECIMAL_PRECISION));
    }
    let power = usize::try_from(tens.unsigned_abs()).ok().filter(|power| *power <= 2 * Number::MAX_DIGITS)?;
    let ten = UBig::from(10_u8).pow(power);
    if tens >= 0 {
        return Some(Number::rounded(negative, digits * ten, twos, false, DECIMAL_PRECISION));
    }
    let of = |mantissa| Parts {
        negative: false,
        precision: DECIMAL_PRECISION,
        exponent: 0,
        mantissa: std::borrow::Cow::Owned(mantissa),
    };
    let quotient = super::float::div(&Parts { negative, exponent: twos, ..of(digits) }, &of(ten))?;
    Some(quotient)
}

pub(super) fn parse_integer(text: &str, base: u32) -> Option<IBig> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (Sign::Negative, rest),
        None => (Sign::Positive, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || digits.len() > Number::MAX_DIGITS || !(2..=62).contains(&base) {
        return None;
    }
    let values = digits.bytes().map(|byte| digit_value(byte, base)).collect::<Option<Vec<dashu_int::Word>>>()?;
    let magnitude = UBig::from_digits(base.into(), &values).ok()?;
    Some(IBig::from_parts(sign, magnitude))
}

/// The value of one digit; up to base 36 letters have no case.
fn digit_value(byte: u8, base: u32) -> Option<dashu_int::Word> {
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'z' => byte - b'a' + 10,
        b'A'..=b'Z' if base <= 36 => byte - b'A' + 10,
        b'A'..=b'Z' => byte - b'A' + 36,
        _ => return None,
    };
    (u32::from(value) < base).then_some(value.into())
}

impl Number {
    fn signed_small(negative: bool, magnitude: i64) -> Self {
        if magnitude == 0 {
            return Self::zero(negative, DECIMAL_PRECISION);
        }
        let value = if negative { -magnitude } else { magnitude };
        Self(Repr::Small { value, precision: DECIMAL_PRECISION })
    }
}

/// The shortest decimal digits that give the same number again at its precision, never with an exponent.
pub(super) fn print(number: &Number) -> Option<String> {
    match &number.0 {
        Repr::Small { value, precision } if *precision >= 64 || value.unsigned_abs() < 1 << 53 => {
            Some(value.to_string())
        }
        Repr::NegativeZero { .. } => Some("-0".to_owned()),
        Repr::Infinite { negative } => Some(if *negative { "-Inf" } else { "+Inf" }.to_owned()),
        Repr::Small { .. } | Repr::Float(_) => {
            let parts = number.parts()?;
            shortest(&parts).map(|decimal| decimal.print(parts.negative))
        }
    }
}

fn shortest(parts: &Parts<'_>) -> Option<Decimal> {
    use dashu_base::BitTest as _;
    if parts.mantissa.is_zero() {
        return Some(Decimal { digits: Vec::new(), point: 0 });
    }
    if !is_printable(parts) {
        return None;
    }
    // The mantissa in half units of the last place: one more bit than the precision.
    let shift = usize::from(parts.precision) + 1 - parts.mantissa.bit_len().min(usize::from(parts.precision));
    let mantissa = parts.mantissa.as_ref() << shift;
    let exponent = parts.exponent - i64::try_from(shift).ok()?;
    let inclusive = !mantissa.bit(1);
    let exact = Decimal::exact(&mantissa, exponent)?;
    let lower = Decimal::exact(&(&mantissa - UBig::ONE), exponent)?;
    let upper = Decimal::exact(&(&mantissa + UBig::ONE), exponent)?;
    Some(exact.shortest(&lower, &upper, inclusive))
}

/// Whether the decimal digits are few enough to be worked out.
fn is_printable(parts: &Parts<'_>) -> bool {
    parts.top().unsigned_abs() <= 3 * Number::MAX_DIGITS as u64
}

impl Number {
    /// The fewest decimal digits that say the number; `None` for infinity, or more than [`Number::MAX_DIGITS`].
    #[must_use]
    pub fn shortest_decimal(&self) -> Option<Decimal> {
        shortest(&self.parts()?)
    }

    /// All decimal digits of the number; `None` for infinity, or more than [`Number::MAX_DIGITS`].
    #[must_use]
    pub fn exact_decimal(&self) -> Option<Decimal> {
        let parts = self.parts()?;
        if parts.mantissa.is_zero() {
            return Some(Decimal { digits: Vec::new(), point: 0 });
        }
        if is_printable(&parts) { Decimal::exact(&parts.mantissa, parts.exponent) } else { None }
    }

    /// The digits of a whole number without sign in a base from 2 to 36, letters small; `None` for other numbers, or
    /// more than [`Number::MAX_DIGITS`].
    #[must_use]
    pub fn to_integer_text(&self, base: u8) -> Option<String> {
        let parts = self.parts().filter(|_| self.is_integer() && (2..=36).contains(&base))?;
        if !is_printable(&parts) && !parts.mantissa.is_zero() {
            return None;
        }
        let magnitude = parts.mantissa.as_ref() << usize::try_from(parts.exponent).ok()?;
        Some(magnitude.in_radix(base).to_string())
    }
}
