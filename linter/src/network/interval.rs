//! Sets of whole numbers as sorted, disjoint, non-touching inclusive ranges.

use std::fmt;

/// A number that a set of intervals can hold.
pub trait Point: Copy + Ord + fmt::Debug {
    /// The least number.
    const LEAST: Self;
    /// The greatest number.
    const GREATEST: Self;
    /// The number after this one, if there is one.
    fn after(self) -> Option<Self>;
    /// The number before this one, if there is one.
    fn before(self) -> Option<Self>;
    /// How many numbers lie between `self` and `last`, both included; saturates.
    fn count_to(self, last: Self) -> u128;
}

macro_rules! point {
    ($($number:ty),*) => {$(
        impl Point for $number {
            const LEAST: Self = <$number>::MIN;
            const GREATEST: Self = <$number>::MAX;
            fn after(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn before(self) -> Option<Self> {
                self.checked_sub(1)
            }
            fn count_to(self, last: Self) -> u128 {
                u128::from(last).saturating_sub(u128::from(self)).saturating_add(1)
            }
        }
    )*};
}

point!(u8, u16, u32, u128);

/// A set of numbers. Two sets with the same members are equal, hash alike and look alike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Intervals<T> {
    ranges: Vec<(T, T)>,
}

impl<T> Default for Intervals<T> {
    fn default() -> Self {
        Self { ranges: Vec::new() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Intervals<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.ranges.iter().map(|(first, last)| (first, last))).finish()
    }
}

impl<T: Point> FromIterator<(T, T)> for Intervals<T> {
    /// The union of inclusive ranges in any order; a range that ends before it begins is empty.
    fn from_iter<I: IntoIterator<Item = (T, T)>>(ranges: I) -> Self {
        let mut sorted: Vec<(T, T)> = ranges.into_iter().filter(|(first, last)| first <= last).collect();
        sorted.sort_unstable();
        Self::joined(sorted.into_iter())
    }
}

impl<T: Point> Intervals<T> {
    /// Every number.
    #[must_use]
    pub fn all() -> Self {
        Self { ranges: vec![(T::LEAST, T::GREATEST)] }
    }

    /// One inclusive range; empty if it ends before it begins.
    #[must_use]
    pub fn range(first: T, last: T) -> Self {
        [(first, last)].into_iter().collect()
    }

    /// The ranges, lowest first.
    #[must_use]
    pub fn ranges(&self) -> &[(T, T)] {
        &self.ranges
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether everything is in it.
    #[must_use]
    pub fn is_all(&self) -> bool {
        matches!(self.ranges.as_slice(), [(first, last)] if *first == T::LEAST && *last == T::GREATEST)
    }

    /// How many numbers are in it; saturates.
    #[must_use]
    pub fn count(&self) -> u128 {
        self.ranges.iter().fold(0, |sum: u128, (first, last)| sum.saturating_add(first.count_to(*last)))
    }

    /// How many numbers its widest range has; saturates.
    #[must_use]
    pub fn widest(&self) -> u128 {
        self.ranges.iter().map(|(first, last)| first.count_to(*last)).max().unwrap_or(0)
    }

    /// Whether the number is in it.
    #[must_use]
    pub fn contains(&self, point: T) -> bool {
        let idx = self.ranges.partition_point(|(_, last)| *last < point);
        self.ranges.get(idx).is_some_and(|(first, _)| *first <= point)
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        other.subtract(self).is_empty()
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (_, true) => self.clone(),
            (true, false) => other.clone(),
            (false, false) => Self::joined(Merge { left: &self.ranges, right: &other.ranges }),
        }
    }

    /// What is in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.ranges.iter().copied().peekable(), other.ranges.iter().copied().peekable());
        let mut ranges = Vec::new();
        while let (Some((a_first, a_last)), Some((b_first, b_last))) = (left.peek().copied(), right.peek().copied()) {
            let (first, last) = (a_first.max(b_first), a_last.min(b_last));
            if first <= last {
                ranges.push((first, last));
            }
            if a_last <= b_last {
                left.next();
            } else {
                right.next();
            }
        }
        Self { ranges }
    }

    /// What is not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut start = Some(T::LEAST);
        for &(first, last) in &self.ranges {
            if let (Some(start), Some(end)) = (start, first.before())
                && start <= end
            {
                ranges.push((start, end));
            }
            start = last.after();
        }
        if let Some(start) = start {
            ranges.push((start, T::GREATEST));
        }
        Self { ranges }
    }

    /// What is in it but not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return self.clone();
        }
        self.intersect(&other.complement())
    }

    /// Joins ranges that come sorted by their first number.
    fn joined(sorted: impl Iterator<Item = (T, T)>) -> Self {
        let mut ranges: Vec<(T, T)> = Vec::new();
        for (first, last) in sorted {
            match ranges.last_mut() {
                Some((_, end)) if end.after().is_none_or(|next| first <= next) => *end = (*end).max(last),
                _ => ranges.push((first, last)),
            }
        }
        Self { ranges }
    }
}

/// Two sorted runs as one.
struct Merge<'r, T> {
    left: &'r [(T, T)],
    right: &'r [(T, T)],
}

impl<T: Point> Iterator for Merge<'_, T> {
    type Item = (T, T);

    fn next(&mut self) -> Option<(T, T)> {
        let run = match (self.left.first(), self.right.first()) {
            (Some(left), Some(right)) if left <= right => &mut self.left,
            (Some(_), None) => &mut self.left,
            _ => &mut self.right,
        };
        let (first, rest) = run.split_first()?;
        *run = rest;
        Some(*first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn model(set: &Intervals<u8>) -> Vec<bool> {
        (0..=u8::MAX).map(|point| set.contains(point)).collect()
    }

    fn naive(ranges: &[(u8, u8)]) -> Vec<bool> {
        (0..=u8::MAX).map(|point| ranges.iter().any(|(first, last)| *first <= point && point <= *last)).collect()
    }

    fn canonical(set: &Intervals<u8>) -> bool {
        set.ranges().windows(2).all(|pair| matches!(pair, [(_, last), (first, _)] if last.after() < Some(*first)))
            && set.ranges().iter().all(|(first, last)| first <= last)
    }

    fn ranges() -> impl Strategy<Value = Vec<(u8, u8)>> {
        vec(prop_oneof![any::<(u8, u8)>(), (Just(0), any::<u8>()), (any::<u8>(), Just(255))], 0..8)
    }

    proptest! {
        #[test]
        fn members_are_those_of_the_ranges(ranges in ranges()) {
            let set: Intervals<u8> = ranges.iter().copied().collect();
            prop_assert!(canonical(&set));
            prop_assert_eq!(model(&set), naive(&ranges));
            prop_assert_eq!(set.count(), naive(&ranges).iter().filter(|member| **member).count() as u128);
        }

        #[test]
        fn operations_agree_with_the_naive_model(left in ranges(), right in ranges()) {
            let (a, b): (Intervals<u8>, Intervals<u8>) = (left.iter().copied().collect(), right.iter().copied().collect());
            let both = |op: fn(bool, bool) -> bool| -> Vec<bool> {
                model(&a).into_iter().zip(model(&b)).map(|(a, b)| op(a, b)).collect()
            };
            for (set, expected) in [
                (a.union(&b), both(|a, b| a || b)),
                (a.intersect(&b), both(|a, b| a && b)),
                (a.subtract(&b), both(|a, b| a && !b)),
                (a.complement(), both(|a, _| !a)),
            ] {
                prop_assert!(canonical(&set));
                prop_assert_eq!(model(&set), expected);
            }
            prop_assert_eq!(a.includes(&b), model(&a).into_iter().zip(model(&b)).all(|(a, b)| a || !b));
        }

        #[test]
        fn laws_of_sets_hold(left in ranges(), right in ranges()) {
            let (a, b): (Intervals<u8>, Intervals<u8>) = (left.iter().copied().collect(), right.iter().copied().collect());
            prop_assert_eq!(a.union(&b).complement(), a.complement().intersect(&b.complement()));
            prop_assert_eq!(a.intersect(&b).complement(), a.complement().union(&b.complement()));
            prop_assert_eq!(a.complement().complement(), a.clone());
            prop_assert_eq!(a.union(&b), b.union(&a));
            prop_assert_eq!(a.subtract(&b).union(&a.intersect(&b)), a.clone());
            prop_assert_eq!(left.iter().rev().copied().collect::<Intervals<u8>>(), a);
        }
    }

    #[test]
    fn touching_ranges_become_one() {
        assert_eq!([(5u8, 9), (0, 4)].into_iter().collect::<Intervals<u8>>(), Intervals::range(0, 9));
    }

    #[test]
    fn the_whole_of_128_bits_counts_without_overflow() {
        assert_eq!(Intervals::<u128>::all().count(), u128::MAX);
    }
}
