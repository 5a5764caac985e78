//! Numbers as Terraform has them: binary floats that remember how many bits they are exact to.
//!
//! Decimal text has 512 bits, whole numbers from functions 64, results of `pow` and `log` 53; a result has as many as the
//! better of its operands, rounded half to even. Whole numbers that fit 64 bits take a short way.

mod decimal;
mod float;
mod text;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use dashu_int::IBig;

pub use decimal::Decimal;
use float::{Float, Parts};

/// Bits of numbers written in decimal.
const DECIMAL_PRECISION: u16 = 512;
/// Bits of whole numbers that functions give.
const INTEGER_PRECISION: u16 = 64;
/// Bits of an `f64`.
const F64_PRECISION: u16 = 53;

/// A number. Cheap to clone; equality, order and hash ignore how exact it is.
#[derive(Clone, Debug)]
pub struct Number(Repr);

#[derive(Clone, Debug)]
enum Repr {
    /// A whole number.
    Small { value: i64, precision: u16 },
    /// Zero with a sign, as `0 * -1` gives it: equal to zero, but printed `-0`.
    NegativeZero { precision: u16 },
    /// Any other finite number.
    Float(Arc<Float>),
    /// Infinity, as `1/0` gives it.
    Infinite { negative: bool },
}

/// An operation that has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// Infinity less infinity.
    InfinityLessInfinity,
    /// Zero times infinity.
    ZeroTimesInfinity,
    /// Zero by zero, or infinity by infinity.
    ZeroByZero,
    /// A remainder that involves infinity.
    RemainderOfInfinity,
}

impl std::fmt::Display for Undefined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::InfinityLessInfinity => "infinity cannot be subtracted from itself",
            Self::ZeroTimesInfinity => "zero cannot be multiplied by infinity",
            Self::ZeroByZero => "zero cannot be divided by zero, nor infinity by infinity",
            Self::RemainderOfInfinity => "there is no remainder where infinity is involved",
        })
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Small { value, precision: INTEGER_PRECISION })
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or_else(|_| Self::from_big(IBig::from(value)), Self::from)
    }
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Repr::Small { value: 0, precision: INTEGER_PRECISION });

    /// The number that decimal text says, such as `-1.5e3`; `None` if the text is no number or a longer one than
    /// [`Number::MAX_DIGITS`] allows.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text::parse(text)
    }

    /// The whole number that digits in a base from 2 to 62 say (letters: small ones before capitals); `None` for other text.
    #[must_use]
    pub fn parse_integer(digits: &str, base: u32) -> Option<Self> {
        text::parse_integer(digits, base).map(Self::from_big)
    }

    /// The nearest number of 53 bits; `None` for NaN.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_nan() {
            return None;
        }
        if value.is_infinite() {
            return Some(Self(Repr::Infinite { negative: value.is_sign_negative() }));
        }
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        let exponent = i64::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
        let mantissa = if exponent == 0 { fraction } else { fraction | (1 << 52) };
        let negative = value.is_sign_negative();
        Some(Self::rounded(negative, mantissa.into(), exponent.max(1) - 1075, false, F64_PRECISION))
    }

    fn from_big(value: IBig) -> Self {
        use dashu_base::BitTest as _;
        let precision = u16::try_from(value.bit_len()).unwrap_or(u16::MAX).max(INTEGER_PRECISION);
        let (sign, magnitude) = value.into_parts();
        Self::rounded(sign.into(), magnitude, 0, false, precision)
    }

    /// The number as an integer, if it is one and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small { value, .. } => Some(*value),
            Repr::NegativeZero { .. } => Some(0),
            Repr::Float(_) | Repr::Infinite { .. } => None,
        }
    }

    /// The nearest `f64`.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            #[expect(clippy::cast_precision_loss, reason = "the nearest is wanted")]
            Repr::Small { value, .. } => *value as f64,
            Repr::NegativeZero { .. } => -0.0,
            Repr::Float(float) => float.to_f64(),
            Repr::Infinite { negative: true } => f64::NEG_INFINITY,
            Repr::Infinite { negative: false } => f64::INFINITY,
        }
    }

    /// The decimal text, in full; `None` if it has more digits than [`Number::MAX_DIGITS`]. `+Inf` and `-Inf` for infinity.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        text::print(self)
    }

    /// Whether it has no fraction; infinity has one.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small { .. } | Repr::NegativeZero { .. } => true,
            Repr::Float(float) => float.exponent >= 0,
            Repr::Infinite { .. } => false,
        }
    }

    /// Whether it is infinite.
    #[must_use]
    pub fn is_infinite(&self) -> bool {
        matches!(self.0, Repr::Infinite { .. })
    }

    /// Whether it is zero, of either sign.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::NegativeZero { .. } | Repr::Small { value: 0, .. })
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn signum(&self) -> i64 {
        match &self.0 {
            Repr::Small { value, .. } => value.signum(),
            Repr::NegativeZero { .. } => 0,
            Repr::Float(float) => 1 - 2 * i64::from(float.negative),
            Repr::Infinite { negative } => 1 - 2 * i64::from(*negative),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Small { value: left, .. }, Repr::Small { value: right, .. }) = (&self.0, &other.0) {
            return left.cmp(right);
        }
        let signs = self.signum().cmp(&other.signum());
        if signs != Ordering::Equal {
            return signs;
        }
        let magnitudes = match (self.parts(), other.parts()) {
            (Some(left), Some(right)) => left.compare_magnitude(&right),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
        };
        if self.signum() < 0 { magnitudes.reverse() } else { magnitudes }
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Small { value, .. } => value.hash(state),
            Repr::NegativeZero { .. } => 0_i64.hash(state),
            Repr::Float(float) => (float.negative, &float.mantissa, float.exponent).hash(state),
            Repr::Infinite { negative } => negative.hash(state),
        }
    }
}

/// Arithmetic.
impl Number {
    /// The sum.
    ///
    /// # Errors
    /// For infinities of different sign.
    pub fn add(&self, other: &Self) -> Result<Self, Undefined> {
        if let Some(sum) = self.small_with(other, i64::checked_add) {
            return Ok(sum);
        }
        match (self.parts(), other.parts()) {
            (Some(left), Some(right)) => Ok(float::add(&left, &right)),
            (None, None) if self.signum() != other.signum() => Err(Undefined::InfinityLessInfinity),
            (None, _) => Ok(self.clone()),
            (_, None) => Ok(other.clone()),
        }
    }

    /// The difference.
    ///
    /// # Errors
    /// For infinities of the same sign.
    pub fn sub(&self, other: &Self) -> Result<Self, Undefined> {
        if let Some(difference) = self.small_with(other, i64::checked_sub) {
            return Ok(difference);
        }
        self.add(&other.neg())
    }

    /// The product.
    ///
    /// # Errors
    /// For zero times infinity.
    pub fn mul(&self, other: &Self) -> Result<Self, Undefined> {
        let product = self.small_with(other, i64::checked_mul).filter(|product| !product.is_zero());
        if let Some(product) = product {
            return Ok(product);
        }
        match (self.parts(), other.parts()) {
            (Some(left), Some(right)) => Ok(float::mul(&left, &right)),
            _ if self.is_zero() || other.is_zero() => Err(Undefined::ZeroTimesInfinity),
            _ => Ok(Self(Repr::Infinite { negative: self.is_negative() != other.is_negative() })),
        }
    }

    /// The quotient; infinite for anything but zero by zero.
    ///
    /// # Errors
    /// For zero by zero, and infinity by infinity.
    pub fn div(&self, other: &Self) -> Result<Self, Undefined> {
        let negative = self.is_negative() != other.is_negative();
        match (self.parts(), other.parts()) {
            (Some(left), Some(right)) => float::div(&left, &right).ok_or(Undefined::ZeroByZero),
            (None, None) => Err(Undefined::ZeroByZero),
            (None, Some(_)) => Ok(Self(Repr::Infinite { negative })),
            (Some(_), None) => Ok(Self::zero(negative, self.precision())),
        }
    }

    /// What is left after taking away `other` as often as it fits whole; of the sign of `self`, and `self` for a zero `other`.
    ///
    /// # Errors
    /// When infinity is involved.
    pub fn rem(&self, other: &Self) -> Result<Self, Undefined> {
        if self.is_infinite() || other.is_infinite() {
            return Err(Undefined::RemainderOfInfinity);
        }
        if other.is_zero() {
            return Ok(self.clone());
        }
        if let Some(rest) = self.small_with(other, i64::checked_rem) {
            return Ok(rest);
        }
        let times = self.div(other)?.trunc().with_precision(self.precision());
        self.sub(&other.mul(&times)?.with_precision(self.precision()))
    }

    /// The number with the other sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        match &self.0 {
            Repr::Small { value: 0, precision } => Self::zero(true, *precision),
            Repr::NegativeZero { precision } => Self::zero(false, *precision),
            Repr::Infinite { negative } => Self(Repr::Infinite { negative: !negative }),
            Repr::Small { .. } | Repr::Float(_) => match self.parts() {
                Some(Parts { negative, precision, exponent, mantissa }) => {
                    Self::rounded(!negative, mantissa.into_owned(), exponent, false, precision)
                }
                None => self.clone(),
            },
        }
    }

    /// The number without sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    /// The greatest whole number that is not greater; infinity stays.
    #[must_use]
    pub fn floor(&self) -> Self {
        let whole = self.trunc();
        let less = self.is_negative() && &whole != self;
        if less { whole.sub(&Self::from(1)).unwrap_or(whole) } else { whole.unsigned_zero() }
    }

    /// The least whole number that is not less; infinity stays.
    #[must_use]
    pub fn ceil(&self) -> Self {
        let whole = self.trunc();
        let more = !self.is_negative() && &whole != self;
        if more { whole.add(&Self::from(1)).unwrap_or(whole) } else { whole.unsigned_zero() }
    }

    fn unsigned_zero(self) -> Self {
        if self.is_zero() { self.abs() } else { self }
    }

    /// The number without its fraction; infinity stays.
    #[must_use]
    pub fn trunc(&self) -> Self {
        match &self.0 {
            Repr::Float(float) if float.exponent < 0 => {
                let shift = usize::try_from(-float.exponent).unwrap_or(usize::MAX);
                let precision = float.precision.max(INTEGER_PRECISION);
                Self::rounded(float.negative, &float.mantissa >> shift, 0, false, precision)
            }
            Repr::Small { .. } | Repr::NegativeZero { .. } | Repr::Float(_) | Repr::Infinite { .. } => self.clone(),
        }
    }

    /// Whether it has a minus sign; zero can have one.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.signum() < 0 || matches!(self.0, Repr::NegativeZero { .. })
    }

    fn small_with(&self, other: &Self, operation: fn(i64, i64) -> Option<i64>) -> Option<Self> {
        let (Repr::Small { value: left, .. }, Repr::Small { value: right, .. }) = (&self.0, &other.0) else {
            return None;
        };
        let precision = self.precision().max(other.precision());
        let value = operation(*left, *right)?;
        let exact = precision >= INTEGER_PRECISION || value.unsigned_abs() < 1 << F64_PRECISION;
        exact.then_some(Self(Repr::Small { value, precision }))
    }

    fn precision(&self) -> u16 {
        match &self.0 {
            Repr::Small { precision, .. } | Repr::NegativeZero { precision } => *precision,
            Repr::Float(float) => float.precision,
            Repr::Infinite { .. } => DECIMAL_PRECISION,
        }
    }

    fn with_precision(&self, precision: u16) -> Self {
        match self.parts() {
            Some(parts) => Self::rounded(parts.negative, parts.mantissa.into_owned(), parts.exponent, false, precision),
            None => self.clone(),
        }
    }

    fn zero(negative: bool, precision: u16) -> Self {
        Self(if negative { Repr::NegativeZero { precision } } else { Repr::Small { value: 0, precision } })
    }

    /// Sign, mantissa and exponent; `None` for infinity.
    fn parts(&self) -> Option<Parts<'_>> {
        match &self.0 {
            Repr::Small { value, precision } => Some(Parts::of_integer(*value, *precision)),
            Repr::NegativeZero { precision } => Some(Parts { negative: true, ..Parts::of_integer(0, *precision) }),
            Repr::Float(float) => Some(Parts::of_float(float)),
            Repr::Infinite { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
