//! What changed between two texts, word by word.

use std::ops::Range;
use std::time::{Duration, Instant};

use serde::Serialize;
use similar::algorithms::{Capture, Compact, IdentifyDistinct, Replace, myers};
use similar::{DiffTag, DiffableStr};
use utoipa::ToSchema;

use super::text_enum;

text_enum! {
    /// What became of a stretch of text.
    pub enum HunkOp {
        Equal = "equal",
        Delete = "delete",
        Insert = "insert",
    }
}

/// A stretch of text that stayed, went or came. Those that stayed and went make the old text, those that stayed and came
/// the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hunk {
    pub op: HunkOp,
    pub text: String,
}

/// After this the rest is told in coarser pieces: still right, less fine.
const PATIENCE: Duration = Duration::from_millis(500);

/// How `from` became `to`; nothing when they are the same.
#[must_use]
pub fn words(from: &str, to: &str) -> Vec<Hunk> {
    if from == to {
        return Vec::new();
    }
    let (old, new) = (from.tokenize_words(), to.tokenize_words());
    // One algorithm, named: the library's own choice at run time would bring all of them, a third of a megabyte.
    let words = IdentifyDistinct::<u32>::new(&old, 0..old.len(), &new, 0..new.len());
    let (was, is) = (words.old_lookup(), words.new_lookup());
    let mut ops = Compact::new(Replace::new(Capture::new()), was, is);
    let deadline = Some(Instant::now() + PATIENCE);
    let Ok(()) = myers::diff_deadline(&mut ops, was, 0..old.len(), is, 0..new.len(), deadline);
    let mut hunks = Vec::new();
    for op in ops.into_inner().into_inner().into_ops() {
        let (tag, went, came) = op.as_tag_tuple();
        let (went, came) = (text(&old, went), text(&new, came));
        if tag == DiffTag::Equal {
            add(&mut hunks, HunkOp::Equal, &went);
        } else {
            add(&mut hunks, HunkOp::Delete, &went);
            add(&mut hunks, HunkOp::Insert, &came);
        }
    }
    hunks
}

fn text(words: &[&str], range: Range<usize>) -> String {
    words.get(range).unwrap_or_default().concat()
}

fn add(hunks: &mut Vec<Hunk>, op: HunkOp, text: &str) {
    if text.is_empty() {
        return;
    }
    match hunks.last_mut().filter(|last| last.op == op) {
        Some(last) => last.text.push_str(text),
        None => hunks.push(Hunk {
            op,
            text: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stay_go_and_come() {
        let hunks = words("The bridge is open.", "The old bridge is closed.");
        let told: Vec<(HunkOp, &str)> = hunks.iter().map(|hunk| (hunk.op, hunk.text.as_str())).collect();
        assert_eq!(
            told,
            [
                (HunkOp::Equal, "The "),
                (HunkOp::Insert, "old "),
                (HunkOp::Equal, "bridge is "),
                (HunkOp::Delete, "open."),
                (HunkOp::Insert, "closed."),
            ]
        );
        assert_eq!(words("same", "same"), []);
    }

    fn joined(hunks: &[Hunk], without: HunkOp) -> String {
        hunks
            .iter()
            .filter(|hunk| hunk.op != without)
            .map(|hunk| hunk.text.as_str())
            .collect()
    }

    proptest! {
        #[test]
        fn both_texts_can_be_put_together_again(from in "[a-c \n]{0,60}", to in "[a-c \n]{0,60}") {
            let hunks = words(&from, &to);
            if from != to {
                prop_assert_eq!(joined(&hunks, HunkOp::Insert), from);
                prop_assert_eq!(joined(&hunks, HunkOp::Delete), to);
            }
        }
    }
}
