//! What holds for certain and what may hold.

/// Whether one asks for what is certain or for what is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Whatever the unknown values turn out to be.
    Must,
    /// For some outcome of the unknown values.
    May,
}

impl Certainty {
    /// What a denial must be asked for so that what is left answers `self`: certain permission survives every possible
    /// denial, possible permission only certain ones.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Must => Self::May,
            Self::May => Self::Must,
        }
    }
}

/// A lower and an upper bound. Equal when the value is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounds<T> {
    /// Certain.
    pub must: T,
    /// Possible; never less than `must`.
    pub may: T,
}

impl<T: Clone> Bounds<T> {
    /// Both bounds of a known value.
    #[must_use]
    pub fn known(value: T) -> Self {
        Self { must: value.clone(), may: value }
    }
}

impl<T> Bounds<T> {
    /// The bound asked for.
    #[must_use]
    pub fn at(&self, certainty: Certainty) -> &T {
        match certainty {
            Certainty::Must => &self.must,
            Certainty::May => &self.may,
        }
    }
}

impl Bounds<bool> {
    /// Certain.
    pub const YES: Self = Self { must: true, may: true };
    /// Impossible.
    pub const NO: Self = Self { must: false, may: false };
    /// Possible, not certain.
    pub const PERHAPS: Self = Self { must: false, may: true };
}
