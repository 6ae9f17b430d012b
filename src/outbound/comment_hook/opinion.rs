//! What the service answers, checked before anything of it is kept.

use serde::Deserialize;

use crate::domain::comment_rules::{CommentOutcome, HookOpinion};
use crate::domain::text;

/// The longest reason and the longest detail, in characters.
const MAX_REASON: usize = 64;
const MAX_DETAIL: usize = 500;

/// Fields that are not known here are the service's own.
#[derive(Deserialize)]
struct Told {
    outcome: CommentOutcome,
    reason: Option<String>,
    detail: Option<String>,
}

/// Reads `{outcome, reason, detail}`; says what is wrong with anything else.
pub(super) fn read(body: &[u8]) -> Result<HookOpinion, String> {
    // A parser's message may quote what came, which may quote the comment.
    let told: Told =
        serde_json::from_slice(body).map_err(|error| format!("line {}, column {}", error.line(), error.column()))?;
    if let Some(reason) = &told.reason
        && !is_word(reason)
    {
        return Err(format!("`reason` must be 1 to {MAX_REASON} of a-z, 0-9 and _"));
    }
    let detail = told.detail.map(|detail| text::block(detail.trim(), MAX_DETAIL));
    let detail = detail
        .map_or(Ok(None), text::optional)
        .map_err(|error| format!("`detail` {error}"))?;
    let unexplained = told.outcome != CommentOutcome::Pass && told.reason.is_none();
    Ok(HookOpinion {
        outcome: told.outcome,
        reason: if unexplained {
            Some("hook".to_owned())
        } else {
            told.reason
        },
        detail,
    })
}

fn is_word(reason: &str) -> bool {
    let fine = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_');
    (1..=MAX_REASON).contains(&reason.len()) && reason.chars().all(fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_read_as_it_stands() {
        let told = read(br#"{"outcome": "reject", "reason": "spam", "detail": " pills ", "score": 0.9}"#);
        let expected = HookOpinion {
            outcome: CommentOutcome::Reject,
            reason: Some("spam".to_owned()),
            detail: Some("pills".to_owned()),
        };
        assert_eq!(told, Ok(expected));
        let bare = read(br#"{"outcome": "hold"}"#).expect("a decision");
        assert_eq!(bare.reason.as_deref(), Some("hook"));
        let none = read(br#"{"outcome": "pass", "reason": null, "detail": ""}"#);
        assert_eq!(none, Ok(HookOpinion::default()));
    }

    #[test]
    fn anything_else_is_no_decision() {
        let long = format!(r#"{{"outcome": "hold", "reason": "{}"}}"#, "a".repeat(65));
        for wrong in [
            "",
            "[]",
            "null",
            r#"{"reason": "spam"}"#,
            r#"{"outcome": "maybe"}"#,
            r#"{"outcome": "hold", "reason": "Two words"}"#,
            r#"{"outcome": "hold", "reason": ""}"#,
            r#"{"outcome": "hold", "detail": "nul\u0000"}"#,
            r#"{"outcome": "hold"} {}"#,
            &long,
        ] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
