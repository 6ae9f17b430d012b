//! Trying rules before they hold.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::checked;
use crate::api::extract::{Json, Once};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db;
use crate::db::comment_samples::Sample;
use crate::domain::check::Check;
use crate::domain::comment::CommentStatus;
use crate::domain::comment_rules::{CommentOutcome, CommentRule, CommentRules, Decision, Remark, RuleSet, outcome};
use crate::domain::text::excerpt;
use crate::error::{Code, Error, Result};

/// How many comments are tried.
const TRIED: i64 = 1000;
/// The most characters shown of each.
const EXCERPT: usize = 200;

/// Rules to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentRulesTrial {
    pub rules: CommentRules,
}

/// What rules would have made of the last comments.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentRulesPreview {
    /// How many comments were tried.
    #[schema(minimum = 0, maximum = 1000)]
    #[schema(value_type = i64, minimum = 0)]
    pub tried: usize,
    /// How many would have been shown at once, held, and rejected (or refused).
    #[schema(value_type = i64, minimum = 0)]
    pub passed: usize,
    #[schema(value_type = i64, minimum = 0)]
    pub held: usize,
    #[schema(value_type = i64, minimum = 0)]
    pub rejected: usize,
    /// Those that the rules that hold now judge otherwise, newest first.
    pub changes: Vec<CommentRulesChange>,
}

/// A comment that other rules would have judged otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentRulesChange {
    pub id: Uuid,
    pub article_id: Uuid,
    pub author_name: String,
    /// The beginning of its text.
    pub excerpt: String,
    /// Where it stands.
    pub status: CommentStatus,
    /// What the rules that hold now say.
    pub now: CommentOutcome,
    /// What the proposed rules say.
    pub proposed: CommentOutcome,
    /// The rules that make the difference: with what they say if these rules hold.
    pub because: Vec<CommentRuleDifference>,
}

/// What one of the proposed rules says otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentRuleDifference {
    pub rule: CommentRule,
    pub outcome: CommentOutcome,
    #[schema(required)]
    pub reason: Option<String>,
    /// What it found.
    #[schema(required)]
    pub detail: Option<String>,
}

/// Try rules on the last comments
///
/// Judges the last 1,000 comments of readers by these rules and by those that hold, with what was known when each came in,
/// and tells which would have gone elsewhere. Nothing is saved.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "preview_comment_rules",
    request_body(content = CommentRulesTrial, example = json!({"rules": super::example()})),
    responses(
        (status = 200, description = "What would change.", body = CommentRulesPreview),
        (status = 410, description = "It was tried under this `Idempotency-Key`, and a comment that it quoted is erased since."),
    )
)]
#[post("/comment-rules/preview")]
pub async fn preview_comment_rules(
    guard: Guard<ModerateComments>,
    app: Shared,
    body: Json<CommentRulesTrial>,
    once: Once,
) -> Result<Reply<CommentRulesPreview>> {
    let proposed = RuleSet::new(0, checked(body.0.rules, Check::new())?);
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let current = app.rule_book.current(conn).await?;
        let samples = db::comment_samples::newest(conn, TRIED).await?;
        // Many words over many comments: not on a thread that answers requests.
        let judged = web::block(move || compare(samples, &current, &proposed)).await;
        let preview = judged.map_err(|_| Error::new(Code::Overloaded, "The server is ending; please try again."))?;
        let quoted: Vec<Uuid> = preview.changes.iter().map(|change| change.id).collect();
        Ok(Reply::ok(preview).about(quoted))
    })
    .await
}

fn compare(samples: Vec<Sample>, current: &RuleSet, proposed: &RuleSet) -> CommentRulesPreview {
    let mut preview = CommentRulesPreview {
        tried: samples.len(),
        passed: 0,
        held: 0,
        rejected: 0,
        changes: Vec::new(),
    };
    for sample in samples {
        let remark = Remark {
            author_name: &sample.author_name,
            body: &sample.body,
        };
        let before = current.judge(&sample.facts, remark);
        let after = proposed.judge(&sample.facts, remark);
        let (now, then) = (outcome(&before), outcome(&after));
        match then {
            CommentOutcome::Pass => preview.passed += 1,
            CommentOutcome::Hold => preview.held += 1,
            CommentOutcome::Reject => preview.rejected += 1,
        }
        if now != then {
            preview.changes.push(CommentRulesChange {
                id: sample.id,
                article_id: sample.article_id,
                author_name: sample.author_name,
                excerpt: excerpt(&sample.body, EXCERPT),
                status: sample.status,
                now,
                proposed: then,
                because: differences(&before, after),
            });
        }
    }
    preview
}

/// Rules are asked in one order, so that two judgements lie side by side.
fn differences(before: &[Decision], after: Vec<Decision>) -> Vec<CommentRuleDifference> {
    let pairs = before
        .iter()
        .zip(after)
        .filter(|(before, after)| before.outcome != after.outcome);
    let told = pairs.map(|(_, after)| CommentRuleDifference {
        rule: after.rule,
        outcome: after.outcome,
        reason: after.reason,
        detail: after.detail,
    });
    told.collect()
}
