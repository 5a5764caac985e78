//! Where the time of a run went.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::rules::Cost;

/// Time by stage and by rule. Work on several threads counts for each, so that the sum may be more than the run took.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// Files, plans and states to trees.
    pub read: Duration,
    /// Trees to instances.
    pub evaluate: Duration,
    /// Instances to findings, from joins to the last rule.
    pub judge: Duration,
    /// Rules that had something to judge, by id.
    pub rules: BTreeMap<Arc<str>, Cost>,
}

impl Timings {
    /// Adds those of another root.
    pub(super) fn add(&mut self, other: Self) {
        self.read += other.read;
        self.evaluate += other.evaluate;
        self.add_judging(other.judge, other.rules);
    }

    /// Adds one judging.
    pub(super) fn add_judging(&mut self, time: Duration, rules: BTreeMap<Arc<str>, Cost>) {
        self.judge += time;
        for (rule, cost) in rules {
            self.rules.entry(rule).or_default().add(cost);
        }
    }
}
