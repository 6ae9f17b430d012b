//! The known names that a misspelt one was probably meant to be.

/// Longer names are not compared: nobody misspells them, and comparing costs their lengths multiplied.
const MAX_COMPARED: usize = 200;

/// The candidate with the fewest single-character edits, if that is few enough to be a slip: two, which swap two letters,
/// and no more than half of what was given.
pub fn nearest<'a>(given: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let slips = (given.chars().count() / 2).min(2);
    candidates
        .map(|candidate| (distance(given, candidate), candidate))
        .filter(|(edits, _)| *edits <= slips)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// The `most` likeliest candidates, best first: those that begin like `given`, and those that a slip or two tells apart.
pub fn near<'a>(given: &str, candidates: impl Iterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let length = given.chars().count();
    if given.is_empty() || length > MAX_COMPARED {
        return Vec::new();
    }
    let slips = (length / 3).clamp(1, 4);
    let mut found: Vec<(usize, &str)> = candidates
        .filter_map(|candidate| {
            let begins = candidate.starts_with(given) || (candidate.len() > 3 && given.starts_with(candidate));
            let apart = candidate.chars().count().abs_diff(length);
            if begins {
                return Some((apart.min(slips), candidate));
            }
            // The lengths alone say whether it can be near, without comparing.
            if apart > slips {
                None
            } else {
                Some((distance(given, candidate), candidate))
            }
        })
        .filter(|(edits, _)| *edits <= slips)
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, candidate)| candidate).take(most).collect()
}

/// Levenshtein distance, one row at a time.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(b.chars()) {
            let edits = (diagonal + usize::from(from != to)).min(*cell + 1).min(left + 1);
            diagonal = std::mem::replace(cell, edits);
            left = edits;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        for (a, b, edits) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "", 3),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), edits, "{a} {b}");
        }
    }

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let names = ["ADDR", "DOCS", "LOG"];
        assert_eq!(nearest("ADR", names.into_iter()), Some("ADDR"));
        assert_eq!(nearest("DCOS", names.into_iter()), Some("DOCS"));
        assert_eq!(nearest("FOO", names.into_iter()), None);
        assert_eq!(nearest("SOMETHING_ELSE", names.into_iter()), None);
    }

    #[test]
    fn the_likeliest_come_first_and_strangers_not_at_all() {
        let slugs = ["pakistan", "palestine", "politics", "pakistan-army", "world", "uk"];
        let near = |given: &str| near(given, slugs.into_iter(), 3);
        assert_eq!(near("pakistn"), ["pakistan"]);
        assert_eq!(near("pakistan-"), ["pakistan", "pakistan-army"]);
        assert_eq!(near("wrld"), ["world"]);
        assert_eq!(near("pa"), ["pakistan", "pakistan-army", "palestine"]);
        assert!(near("economy").is_empty());
        assert!(near("").is_empty());
        assert!(near(&"pakistan".repeat(100)).is_empty());
    }
}
