//! Where the time of a run went, for people: `--timings`.

use std::io::{self, Write};
use std::time::Duration;

use super::tally::counted;
use super::visible::visible_line;
use crate::engine::Timings;
use crate::rules::Cost;

/// More rules than this are told only by their sum.
const MAX_RULES: usize = 15;

/// Writes one table of stages and one of rules, the dearest first. `whole` is how long the run took.
///
/// # Errors
/// When writing fails.
pub fn render_timings(timings: &Timings, whole: Duration, out: &mut dyn Write) -> io::Result<()> {
    let stages =
        [("read", timings.read), ("evaluate", timings.evaluate), ("judge", timings.judge), ("whole run", whole)];
    writeln!(out, "{:12}{:>12}", "stage", "time")?;
    for (stage, time) in stages {
        writeln!(out, "{stage:12}{:>12}", shown(time))?;
    }
    let mut rules: Vec<(&str, Cost)> = timings.rules.iter().map(|(id, cost)| (&**id, *cost)).collect();
    rules.sort_by_key(|(id, cost)| (std::cmp::Reverse(cost.total()), *id));
    let rest = rules.split_off(MAX_RULES.min(rules.len()));
    let others = (!rest.is_empty()).then(|| (format!("{} more", counted(rest.len(), "rule")), sum(&rest)));
    let lines = rules.iter().map(|(id, cost)| (visible_line(id).into_owned(), *cost)).chain(others);
    writeln!(out, "\n{:44}{:>12}{:>12}{:>12}", "rule", "read", "judge", "judged")?;
    for (name, cost) in lines {
        let (read, judge) = (shown(cost.reading), shown(cost.judging));
        writeln!(out, "{name:44}{read:>12}{judge:>12}{:>12}", cost.judged)?;
    }
    writeln!(out, "Each thread's time counts, so sums may be more than the whole run.")
}

fn sum(rules: &[(&str, Cost)]) -> Cost {
    let mut sum = Cost::default();
    rules.iter().for_each(|(_, cost)| sum.add(*cost));
    sum
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn cost(reading: u64, judging: u64, judged: usize) -> Cost {
        Cost { reading: Duration::from_micros(reading), judging: Duration::from_micros(judging), judged }
    }

    fn written(timings: &Timings) -> String {
        let mut out = Vec::new();
        render_timings(timings, Duration::from_millis(12), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_dearest_rule_stands_first() {
        let rules = [("tls/cheap", cost(100, 20, 3)), ("net/dear", cost(90, 1_500, 40))];
        let timings = Timings {
            read: Duration::from_micros(1_234),
            rules: rules.map(|(id, cost)| (id.into(), cost)).into(),
            ..Timings::default()
        };
        let expected = "\
stage               time
read             1.23 ms
evaluate         0.00 ms
judge            0.00 ms
whole run       12.00 ms

rule                                                read       judge      judged
net/dear                                         0.09 ms     1.50 ms          40
tls/cheap                                        0.10 ms     0.02 ms           3
Each thread's time counts, so sums may be more than the whole run.
";
        assert_eq!(written(&timings), expected);
    }

    #[test]
    fn many_rules_end_in_a_sum() {
        let rules = (0..20).map(|n| (format!("net/r{n:02}").into(), cost(0, 10, 2)));
        let text = written(&Timings { rules: rules.collect(), ..Timings::default() });
        let lines: Vec<&str> = text.lines().skip(7).collect();
        assert_eq!(lines.len(), MAX_RULES + 2, "{text}");
        assert_eq!(
            lines.get(MAX_RULES).unwrap().split_whitespace().collect::<Vec<_>>().join(" "),
            "5 rules more 0.00 ms 0.05 ms 10"
        );
    }
}
