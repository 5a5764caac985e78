//! Numbers from decimal text and back.

use std::fmt;

use dashu_int::{IBig, Sign, UBig};

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
        Repr::Small { .. } | Repr::Float(_) => print_parts(&number.parts()?),
    }
}

fn print_parts(parts: &Parts<'_>) -> Option<String> {
    use dashu_base::BitTest as _;
    let max_bits = i64::try_from(Number::MAX_DIGITS).ok()? * 3;
    if parts.top().abs() > max_bits {
        return None;
    }
    // The mantissa in half units of the last place: one more bit than the precision.
    let shift = usize::from(parts.precision) + 1 - parts.mantissa.bit_len().min(usize::from(parts.precision));
    let mantissa = parts.mantissa.as_ref() << shift;
    let exponent = parts.exponent - i64::try_from(shift).ok()?;
    let inclusive = !mantissa.bit(1);
    let exact = Decimal::new(&mantissa, exponent)?;
    let lower = Decimal::new(&(&mantissa - UBig::ONE), exponent)?;
    let upper = Decimal::new(&(&mantissa + UBig::ONE), exponent)?;
    Some(exact.shortest(&lower, &upper, inclusive).print(parts.negative))
}

/// `0.digits * 10^point`, without zeros at either end.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    fn new(mantissa: &UBig, exponent: i64) -> Option<Self> {
        let power = usize::try_from(exponent.unsigned_abs()).ok()?;
        let (scaled, decimals) = if exponent >= 0 {
            (mantissa << power, 0)
        } else {
            // Divided by 2^n is multiplied by 5^n with n decimals.
            (mantissa * UBig::from(5_u8).pow(power), i64::try_from(power).ok()?)
        };
        let text = scaled.to_string();
        let point = i64::try_from(text.len()).ok()? - decimals;
        Some(Self { digits: text.trim_end_matches('0').bytes().map(|byte| byte - b'0').collect(), point })
    }

    fn at(&self, idx: usize) -> u8 {
        self.digits.get(idx).copied().unwrap_or(0)
    }

    /// The fewest digits that stay between the bounds.
    fn shortest(mut self, lower: &Self, upper: &Self, inclusive: bool) -> Self {
        for (idx, digit) in self.digits.clone().into_iter().enumerate() {
            let (low, high) = (lower.at(idx), upper.at(idx));
            let down = low != digit || (inclusive && idx + 1 == lower.digits.len());
            let up = digit != high && (inclusive || digit + 1 < high || idx + 1 < upper.digits.len());
            if down || up {
                let nearest_up = self.rounds_up(idx + 1);
                self.cut(idx + 1, if down && up { nearest_up } else { up });
                return self;
            }
        }
        self
    }

    /// Whether the nearest number of `count` digits is the greater one; a tie goes to the even digit.
    fn rounds_up(&self, count: usize) -> bool {
        let tie = self.at(count) == 5 && count + 1 >= self.digits.len();
        if tie { count > 0 && !self.at(count - 1).is_multiple_of(2) } else { self.at(count) >= 5 }
    }

    fn cut(&mut self, count: usize, up: bool) {
        self.digits.truncate(count);
        if up {
            while self.digits.last() == Some(&9) {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    self.digits.push(1);
                    self.point += 1;
                }
            }
        }
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
    }

    fn print(&self, negative: bool) -> String {
        let mut text = String::with_capacity(self.digits.len() + 8);
        if negative {
            text.push('-');
        }
        let whole = usize::try_from(self.point).unwrap_or(0);
        if whole == 0 {
            text.push('0');
        }
        (0..whole).for_each(|idx| text.push(char::from(b'0' + self.at(idx))));
        if self.digits.len() > whole {
            text.push('.');
            let zeros = usize::try_from(-self.point).unwrap_or(0);
            text.extend(std::iter::repeat_n('0', zeros));
            self.digits.iter().skip(whole).for_each(|digit| text.push(char::from(b'0' + digit)));
        }
        text
    }
}
