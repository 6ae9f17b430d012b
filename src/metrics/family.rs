//! Counters that differ by one word.

use super::Counter;

/// A counter for each of a few words.
pub struct Family {
    words: &'static [&'static str],
    counters: Box<[Counter]>,
}

impl Family {
    /// All at zero.
    #[must_use]
    pub fn new(words: &'static [&'static str]) -> Self {
        Self {
            words,
            counters: words.iter().map(|_| Counter::default()).collect(),
        }
    }

    /// One more of this word. A word that is not of the family is nobody's.
    pub fn count(&self, word: &str) {
        self.add(word, 1);
    }

    /// So many more of this word.
    pub fn add(&self, word: &str, more: u64) {
        let known = self.all().find(|(known, _)| *known == word);
        if let Some((_, counter)) = known {
            counter.add(more);
        }
    }

    /// Every word with its counter.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Counter)> {
        self.words.iter().copied().zip(&self.counters)
    }
}
