//! Did you mean: the known name closest to a mistyped one.

/// More candidates than this are not looked at: the keys of an object may be many.
const MAX_CANDIDATES: usize = 5_000;

/// The candidate with the fewest edits from `name`, at most a third of its length (two letters swapped count as one);
/// the first one of several. `None` if all are farther.
#[must_use]
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &'a str)> = None;
    let bound = (name.chars().count() / 3).clamp(1, 4);
    for candidate in candidates.into_iter().take(MAX_CANDIDATES) {
        if candidate.is_empty() || candidate.len().abs_diff(name.len()) > bound * 4 {
            continue;
        }
        let edits = distance(name, candidate);
        if edits <= bound && best.is_none_or(|(least, _)| edits < least) {
            best = Some((edits, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Edits between two names: insert, delete, replace, swap two neighbours. Names past 100 characters are not compared.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().max(b.len()) > 100 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (row, &letter) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &other) in b.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut least = (at(&previous, column) + usize::from(letter != other))
                .min(at(&previous, column + 1) + 1)
                .min(at(&current, column) + 1);
            let swapped = row > 0 && column > 0 && a.get(row - 1) == Some(&other) && b.get(column - 1) == Some(&letter);
            if swapped {
                least = least.min(at(&before, column - 1) + 1);
            }
            current.push(least);
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous.last().copied().unwrap_or(usize::MAX)
}
