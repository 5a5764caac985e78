//! What a rule costs.

use std::time::Duration;

/// The time a rule took, and on how much. Work that several rules share is the first one's that needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Reading and checking the rule itself; nothing when it was read before.
    pub reading: Duration,
    /// Judging, over all threads.
    pub judging: Duration,
    /// How many instances, provider configurations, modules or roots were judged, once for each check.
    pub judged: usize,
}

impl Cost {
    /// Reading and judging.
    #[must_use]
    pub fn total(self) -> Duration {
        self.reading + self.judging
    }

    /// Adds the cost of the same rule elsewhere.
    pub fn add(&mut self, other: Self) {
        self.reading += other.reading;
        self.judging += other.judging;
        self.judged += other.judged;
    }
}
