//! Patterns with `*`, `**` and `?`.

/// Whether a pattern matches a text: `*` stands for anything but `/`, `**` for anything, `?` for one character but `/`.
///
/// `envs/prod/**` matches `envs/prod` itself too.
#[must_use]
pub fn glob_matches(pattern: &str, text: &str) -> bool {
    if let Some(dir) = pattern.strip_suffix("/**")
        && glob_matches(dir, text)
    {
        return true;
    }
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // For each position in the text, whether the pattern so far can end there: no backtracking, whatever the pattern.
    let mut reached = vec![false; text.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut at = 0;
    while let Some(&token) = pattern.get(at) {
        let is_double = token == '*' && pattern.get(at + 1) == Some(&'*');
        reached = match token {
            '*' => spread(&reached, &text, is_double),
            _ => advance(&reached, &text, token),
        };
        at += if is_double { 2 } else { 1 };
        // `**/` also matches nothing at all.
        if is_double && pattern.get(at) == Some(&'/') {
            let past = advance(&reached, &text, '/');
            reached = reached.iter().zip(past).map(|(before, after)| *before || after).collect();
            at += 1;
        }
    }
    reached.last().copied().unwrap_or(false)
}

fn spread(reached: &[bool], text: &[char], crosses: bool) -> Vec<bool> {
    let mut open = false;
    let stops = std::iter::once(None).chain(text.iter().map(Some));
    reached
        .iter()
        .zip(stops)
        .map(|(&here, before)| {
            open = here || (open && (crosses || before != Some(&'/')));
            open
        })
        .collect()
}

fn advance(reached: &[bool], text: &[char], token: char) -> Vec<bool> {
    let stepped = reached.iter().zip(text).map(|(&here, &ch)| here && (ch == token || (token == '?' && ch != '/')));
    std::iter::once(false).chain(stepped).collect()
}
