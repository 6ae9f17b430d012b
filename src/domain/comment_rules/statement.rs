//! What the author of a comment is told about it: the statement of reasons.

use chrono::{DateTime, Utc};

use super::{CommentOutcome, CommentRule, Decision, SaidBy, outcome};

/// What was said at one time.
pub struct Said<'a> {
    pub at: DateTime<Utc>,
    pub decisions: &'a [Decision],
}

/// The last decision, as its author is told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub at: DateTime<Utc>,
    pub by: SaidBy,
    pub reason: String,
    pub explanation: String,
    /// What a moderator wrote to them.
    pub note: Option<String>,
}

/// What a trail comes to, oldest first; none when nobody said anything against the comment.
#[must_use]
pub fn statement(trail: &[Said<'_>]) -> Option<Statement> {
    let is_appeal = |said: &Said<'_>| {
        said.decisions
            .iter()
            .any(|decision| decision.rule == CommentRule::Appeal)
    };
    let last = trail.iter().rev().find(|said| !is_appeal(said))?;
    let decisive = outcome(last.decisions);
    if decisive == CommentOutcome::Pass {
        return None;
    }
    let decision = last.decisions.iter().find(|decision| decision.outcome == decisive)?;
    let reason = decision.reason.clone().unwrap_or_default();
    Some(Statement {
        at: last.at,
        by: decision.rule.said_by(),
        explanation: explained(&reason).to_owned(),
        reason,
        note: decision
            .detail
            .clone()
            .filter(|_| decision.rule == CommentRule::Moderator),
    })
}

/// A sentence for the author. What exactly a rule matched is not told: it would teach how to get round it.
fn explained(reason: &str) -> &'static str {
    match reason {
        "blocked_word" => "It has a word that is not printed here.",
        "held_word" => "It has a word that a moderator looks at first.",
        "blocked_host" => "It names a site that is not linked to from here.",
        "too_many_links" => "It has more links than are taken here.",
        "copied" => "The same was written by many.",
        "too_many" => "So much is written on this article that moderators look at it first.",
        "moderated" => "Every comment here is looked at before it is shown.",
        "new_commenter" => "A reader's first comments are looked at before they are shown.",
        "history" => "Earlier comments by the same author were rejected; a moderator looks at this one first.",
        "reported" => "Readers reported it; a moderator looks at it.",
        "restored" => "A moderator looks at it once more.",
        "spam" => "It was taken for spam.",
        "abuse" => "It insults or threatens somebody.",
        "hate" => "It incites to hatred.",
        "off_topic" => "It is not about the article.",
        "privacy" => "It tells what is somebody's own.",
        "impersonation" => "It pretends to be somebody else's.",
        "falsehood" => "What it says is known to be wrong.",
        "illegal" => "It is against the law.",
        "removed" | "erased" => "A moderator removed it.",
        _ => "It is against the rules of the house.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(rule: CommentRule, outcome: CommentOutcome, reason: &str) -> Decision {
        Decision {
            rule,
            outcome,
            reason: Some(reason.to_owned()),
            detail: Some("detail".to_owned()),
        }
    }

    #[test]
    fn the_last_decision_counts_and_no_appeal_is_one() {
        let rules = [
            decision(CommentRule::Length, CommentOutcome::Pass, ""),
            decision(CommentRule::HeldWords, CommentOutcome::Hold, "held_word"),
            decision(CommentRule::BlockedWords, CommentOutcome::Reject, "blocked_word"),
        ];
        let person = [decision(CommentRule::Moderator, CommentOutcome::Reject, "off_topic")];
        let appeal = [decision(CommentRule::Appeal, CommentOutcome::Hold, "appealed")];
        let approved = [decision(CommentRule::Moderator, CommentOutcome::Pass, "approved")];
        let at = DateTime::from_timestamp(0, 0).expect("an instant");
        let reported = [decision(CommentRule::Reports, CommentOutcome::Hold, "reported")];
        let of = |trail: &[&[Decision]]| {
            let trail: Vec<Said<'_>> = trail.iter().map(|decisions| Said { at, decisions }).collect();
            statement(&trail)
        };
        let judged = of(&[&rules]).expect("a statement");
        assert_eq!(
            (judged.reason.as_str(), judged.by, judged.note),
            ("blocked_word", SaidBy::Rules, None)
        );
        let told = of(&[&rules, &person, &appeal]).expect("a statement");
        assert_eq!(
            (told.reason.as_str(), told.by, told.note.as_deref()),
            ("off_topic", SaidBy::Moderator, Some("detail"))
        );
        assert_eq!(of(&[&reported]).expect("a statement").by, SaidBy::Rules);
        assert_eq!(of(&[&person, &approved]), None);
        assert_eq!(of(&[]), None);
    }
}
