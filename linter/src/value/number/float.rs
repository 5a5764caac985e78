//! Binary floats of a given number of bits, and correct rounding.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use dashu_base::{BitTest as _, DivRem as _};
use dashu_int::UBig;

use super::{F64_PRECISION, INTEGER_PRECISION, Number, Repr};

/// Exponents beyond this are infinity or zero, as in Terraform.
const MAX_EXPONENT: i64 = 1 << 31;

/// A finite number that is no small whole number: `mantissa` (odd) times two to the power of `exponent`.
#[derive(Clone, Debug)]
pub(super) struct Float {
    pub(super) negative: bool,
    pub(super) precision: u16,
    pub(super) exponent: i64,
    pub(super) mantissa: UBig,
}

/// The same for any finite number.
pub(super) struct Parts<'n> {
    pub(super) negative: bool,
    pub(super) precision: u16,
    pub(super) exponent: i64,
    pub(super) mantissa: Cow<'n, UBig>,
}

impl<'n> Parts<'n> {
    pub(super) fn of_integer(value: i64, precision: u16) -> Self {
        let mantissa = Cow::Owned(UBig::from(value.unsigned_abs()));
        Self { negative: value < 0, precision, exponent: 0, mantissa }
    }

    pub(super) fn of_float(float: &'n Float) -> Self {
        let mantissa = Cow::Borrowed(&float.mantissa);
        Self { negative: float.negative, precision: float.precision, exponent: float.exponent, mantissa }
    }

    /// The exponent of the highest bit, plus one.
    pub(super) fn top(&self) -> i64 {
        self.exponent.saturating_add(bits(&self.mantissa))
    }

    pub(super) fn compare_magnitude(&self, other: &Self) -> Ordering {
        match (self.mantissa.is_zero(), other.mantissa.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        // With equal tops, the exponents differ by no more than the mantissas are long.
        self.top().cmp(&other.top()).then_with(|| {
            let low = self.exponent.min(other.exponent);
            shifted(&self.mantissa, self.exponent - low).cmp(&shifted(&other.mantissa, other.exponent - low))
        })
    }
}

impl Number {
    /// The number `mantissa * 2^exponent` (and a little more if `sticky`), rounded to `precision` bits, half to even.
    pub(super) fn rounded(negative: bool, mantissa: UBig, exponent: i64, sticky: bool, precision: u16) -> Self {
        let Some(zeros) = mantissa.trailing_zeros() else {
            return Self::zero(negative, precision);
        };
        let excess = bits(&mantissa) - i64::from(precision);
        let (mantissa, exponent) = if excess > 0 {
            (round_half_even(mantissa, to_usize(excess), sticky), exponent + excess)
        } else {
            (mantissa >> zeros, exponent + i64::try_from(zeros).unwrap_or(0))
        };
        let zeros = mantissa.trailing_zeros().unwrap_or(0);
        let (mantissa, exponent) = (mantissa >> zeros, exponent + i64::try_from(zeros).unwrap_or(0));
        Self::normal(negative, mantissa, exponent, precision)
    }

    fn normal(negative: bool, mantissa: UBig, exponent: i64, precision: u16) -> Self {
        let top = bits(&mantissa).saturating_add(exponent);
        if top > MAX_EXPONENT {
            return Self(Repr::Infinite { negative });
        }
        if top < -MAX_EXPONENT {
            return Self::zero(negative, precision);
        }
        if (0..64).contains(&exponent)
            && top < 64
            && let Ok(magnitude) = i64::try_from(&mantissa << to_usize(exponent))
        {
            return Self(Repr::Small { value: if negative { -magnitude } else { magnitude }, precision });
        }
        Self(Repr::Float(Arc::new(Float { negative, precision, exponent, mantissa })))
    }
}

impl Float {
    pub(super) fn to_f64(&self) -> f64 {
        let rounded = Number::rounded(self.negative, self.mantissa.clone(), self.exponent, false, F64_PRECISION);
        let Some(parts) = rounded.parts() else {
            return if self.negative { f64::NEG_INFINITY } else { f64::INFINITY };
        };
        let magnitude = u64::try_from(parts.mantissa.as_ref()).unwrap_or(u64::MAX);
        #[expect(clippy::cast_precision_loss, reason = "it has 53 bits")]
        let magnitude = magnitude as f64;
        let exponent = i32::try_from(parts.exponent.clamp(-5000, 5000)).unwrap_or(0);
        let value = magnitude * 2_f64.powi(exponent / 2) * 2_f64.powi(exponent - exponent / 2);
        if self.negative { -value } else { value }
    }
}

pub(super) fn add(left: &Parts<'_>, right: &Parts<'_>) -> Number {
    let precision = left.precision.max(right.precision);
    if left.mantissa.is_zero() && right.mantissa.is_zero() {
        return Number::zero(left.negative && right.negative, precision);
    }
    let (high, low) = if left.top() >= right.top() { (left, right) } else { (right, left) };
    if low.mantissa.is_zero() {
        return Number::rounded(high.negative, high.mantissa.clone().into_owned(), high.exponent, false, precision);
    }
    // A summand below all bits of the result only decides which way a tie goes: one bit far down stands for it.
    let room = i64::from(precision) + 64;
    let far = low.top() < high.exponent.min(high.top() - room) - 2;
    let base = if far { high.exponent.min(high.top() - room) - 2 } else { high.exponent.min(low.exponent) };
    let high_scaled = shifted(&high.mantissa, high.exponent - base);
    let low_scaled = if far { UBig::ONE } else { shifted(&low.mantissa, low.exponent - base) };
    if high.negative == low.negative {
        return Number::rounded(high.negative, high_scaled + low_scaled, base, false, precision);
    }
    match high_scaled.cmp(&low_scaled) {
        Ordering::Equal => Number::zero(false, precision),
        Ordering::Greater => Number::rounded(high.negative, high_scaled - low_scaled, base, false, precision),
        Ordering::Less => Number::rounded(low.negative, low_scaled - high_scaled, base, false, precision),
    }
}

pub(super) fn mul(left: &Parts<'_>, right: &Parts<'_>) -> Number {
    let mantissa = left.mantissa.as_ref() * right.mantissa.as_ref();
    let precision = left.precision.max(right.precision);
    Number::rounded(left.negative != right.negative, mantissa, left.exponent + right.exponent, false, precision)
}

/// The quotient; `None` for zero by zero.
pub(super) fn div(left: &Parts<'_>, right: &Parts<'_>) -> Option<Number> {
    let negative = left.negative != right.negative;
    let precision = left.precision.max(right.precision);
    match (left.mantissa.is_zero(), right.mantissa.is_zero()) {
        (true, true) => return None,
        (false, true) => return Some(Number(Repr::Infinite { negative })),
        (true, false) => return Some(Number::zero(negative, precision)),
        (false, false) => {}
    }
    let room = i64::from(precision.max(INTEGER_PRECISION)) + 2;
    let scale = (room - bits(&left.mantissa) + bits(&right.mantissa)).max(0);
    let (quotient, rest) = shifted(&left.mantissa, scale).div_rem(right.mantissa.as_ref());
    let exponent = left.exponent - right.exponent - scale;
    Some(Number::rounded(negative, quotient, exponent, !rest.is_zero(), precision))
}

/// `mantissa` without its lowest `excess` bits, rounded half to even; `sticky` says that more follows below.
fn round_half_even(mantissa: UBig, excess: usize, sticky: bool) -> UBig {
    let half = mantissa.bit(excess - 1);
    let below = sticky || mantissa.trailing_zeros().is_some_and(|zeros| zeros < excess - 1);
    let kept = mantissa >> excess;
    let up = half && (below || kept.bit(0));
    if up { kept + UBig::ONE } else { kept }
}

fn shifted(mantissa: &UBig, by: i64) -> UBig {
    mantissa << to_usize(by)
}

fn bits(mantissa: &UBig) -> i64 {
    i64::try_from(mantissa.bit_len()).unwrap_or(i64::MAX)
}

fn to_usize(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}
