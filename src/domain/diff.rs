//! What changed between two texts, word by word.

use std::time::Duration;

use serde::Serialize;
use similar::{ChangeTag, TextDiff};
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
    let diff = TextDiff::configure().timeout(PATIENCE).diff_words(from, to);
    let mut hunks: Vec<Hunk> = Vec::new();
    for change in diff.iter_all_changes() {
        let op = match change.tag() {
            ChangeTag::Equal => HunkOp::Equal,
            ChangeTag::Delete => HunkOp::Delete,
            ChangeTag::Insert => HunkOp::Insert,
        };
        match hunks.last_mut().filter(|last| last.op == op) {
            Some(last) => last.text.push_str(change.value()),
            None => hunks.push(Hunk {
                op,
                text: change.value().to_owned(),
            }),
        }
    }
    hunks
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
