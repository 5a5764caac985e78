//! The name that was probably meant.

/// Names longer than this are not compared.
const MAX_LENGTH: usize = 64;
/// More names than this are not looked at.
const MAX_NAMES: usize = 1000;

/// The first of the `names` that are most like `name`, if one is close enough to be a slip of the finger.
pub(super) fn similar<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = (name.chars().count() / 3).clamp(1, 3);
    names
        .take(MAX_NAMES)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && !candidate.is_empty())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, taken away or replaced.
fn distance(left: &str, right: &str) -> usize {
    if left.len() > MAX_LENGTH || right.len() > MAX_LENGTH {
        return usize::MAX;
    }
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (idx, letter) in left.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(idx + 1);
        for ((&other, diagonal), &above) in right.iter().zip(&row).zip(row.iter().skip(1)) {
            let before = next.last().copied().unwrap_or(0);
            next.push((before + 1).min(above + 1).min(diagonal + usize::from(letter != other)));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
