//! Decimal digits of numbers, and rounding of them.

use dashu_int::UBig;

/// The decimal digits of a number without sign: `0.digits * 10^point`, without zeros at either end; none for zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Values of digits, 0 to 9.
    pub digits: Vec<u8>,
    /// Where the point stands, counted from before the first digit.
    pub point: i64,
}

impl Decimal {
    pub(super) fn exact(mantissa: &UBig, exponent: i64) -> Option<Self> {
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

    /// The digit at a place; zero beyond the last.
    #[must_use]
    pub fn at(&self, idx: usize) -> u8 {
        self.digits.get(idx).copied().unwrap_or(0)
    }

    /// The fewest digits that stay between the bounds.
    pub(super) fn shortest(mut self, lower: &Self, upper: &Self, inclusive: bool) -> Self {
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

    /// The number with no more than `count` digits, rounded half to even; as it is if `count` is negative.
    #[must_use]
    pub fn rounded(mut self, count: i64) -> Self {
        if let Ok(count) = usize::try_from(count)
            && count < self.digits.len()
        {
            let up = self.rounds_up(count);
            self.cut(count, up);
        }
        self
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

    pub(super) fn print(&self, negative: bool) -> String {
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
