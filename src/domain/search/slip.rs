//! Slips of the pen: which word was probably meant.

use serde::Deserialize;

use crate::domain::nearest::distance;

/// How many times more articles another word must stand in to be meant instead of one that is there.
const MUCH_RARER: i64 = 50;

/// A word of a query, and those that look like it.
#[derive(Clone, Debug, Deserialize)]
pub struct Spelling {
    /// As it was typed.
    pub given: String,
    /// As the list of words spells it.
    pub written: String,
    /// In how many articles it stands.
    pub articles: i64,
    pub near: Vec<Written>,
}

/// A word that articles were published with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Written {
    pub word: String,
    pub articles: i64,
}

/// What was probably meant: a word that one edit tells apart, or two when it is long, and that is much more usual. Of
/// several the nearest, then the most usual.
#[must_use]
pub fn correction(spelling: &Spelling) -> Option<&Written> {
    let slips = match spelling.written.chars().count() {
        0..=2 => return None,
        3..=4 => 1,
        _ => 2,
    };
    let usual = spelling.articles * MUCH_RARER;
    spelling
        .near
        .iter()
        .filter(|near| near.articles > usual)
        .map(|near| (edits(&spelling.written, &near.word), near))
        .filter(|(edits, _)| *edits <= slips)
        .min_by_key(|(edits, near)| (*edits, -near.articles))
        .map(|(_, near)| near)
}

/// Single-character edits, and one for two neighbours that changed places.
fn edits(from: &str, to: &str) -> usize {
    let differing = from.chars().zip(to.chars()).filter(|(a, b)| a != b);
    let differing: Vec<(char, char)> = differing.collect();
    match (differing.as_slice(), distance(from, to)) {
        ([(a, b), (c, d)], 2) if from.len() == to.len() && a == d && b == c => 1,
        (_, edits) => edits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(written: &str, articles: i64, near: &[(&str, i64)]) -> Option<String> {
        let near = near.iter().map(|(word, articles)| Written {
            word: (*word).to_owned(),
            articles: *articles,
        });
        let spelling = Spelling {
            given: written.to_uppercase(),
            written: written.to_owned(),
            articles,
            near: near.collect(),
        };
        correction(&spelling).map(|meant| meant.word.clone())
    }

    #[test]
    fn what_was_meant_is_near_and_more_usual() {
        let near = [("harbour", 900), ("harbours", 5), ("labour", 5_000)];
        assert_eq!(corrected("harbuor", 0, &near).as_deref(), Some("harbour"));
        assert_eq!(corrected("harbuor", 3, &near).as_deref(), Some("harbour"));
        assert_eq!(corrected("harbuor", 100, &near), None, "it is in use itself");
        assert_eq!(
            corrected("tdie", 0, &[("tide", 3), ("tie", 1)]).as_deref(),
            Some("tide")
        );
        assert_eq!(corrected("tdie", 0, &[("side", 3)]), None);
        assert_eq!(corrected("aa", 0, &[("ab", 10)]), None, "too short to tell");
        assert_eq!(corrected("qqqqqq", 0, &near), None);
    }
}
