//! The clock, for those who ask what a run costs. No verdict and no report depends on it.

use std::time::{Duration, Instant};

/// A clock that runs, or one that stands because nobody asks.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// It is always the same time.
    #[default]
    Stopped,
    /// Started then.
    Running(Instant),
}

impl Clock {
    /// A clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self::Running(Instant::now())
    }

    /// How long it has been running.
    #[must_use]
    pub fn now(self) -> Duration {
        match self {
            Self::Stopped => Duration::ZERO,
            Self::Running(since) => since.elapsed(),
        }
    }

    /// Whether it runs.
    #[must_use]
    pub fn is_running(self) -> bool {
        match self {
            Self::Stopped => false,
            Self::Running(_) => true,
        }
    }
}
