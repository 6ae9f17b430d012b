//! The rules that readers' comments are judged by.

mod editions;
mod preview;

use actix_web::{get, put};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::user_ref::UserRef;
use crate::api::extract::{IfMatch, Json, Query};
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db;
use crate::db::comment_rule_sets::RuleSetRow;
use crate::domain::check::Check;
use crate::domain::comment_rules::CommentRules;
use crate::error::{Error, Result};
use crate::newsroom;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(get_comment_rules)
        .service(replace_comment_rules)
        .service(editions::list_comment_rule_editions)
        .service(preview::preview_comment_rules);
}

/// The longest note, in characters.
const MAX_NOTE: usize = 500;

/// An edition of the rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentRuleSet {
    /// Counts editions; every decision names the one that it was made by.
    #[schema(minimum = 1)]
    pub version: i32,
    pub rules: CommentRules,
    /// Why it was written.
    #[schema(required)]
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    /// `null` for the edition that Masthead begins with, or when the account is gone.
    #[schema(required)]
    pub created_by: Option<UserRef>,
}

impl CommentRuleSet {
    fn new(row: RuleSetRow, by: Option<String>) -> Self {
        Self {
            version: row.version,
            rules: row.rules.0,
            note: row.note,
            created_at: row.created_at,
            created_by: row.created_by_id.zip(by).map(|(id, name)| UserRef { id, name }),
        }
    }

    fn reply(self) -> Reply<Self> {
        let version = self.version;
        Reply::ok(self).version(version)
    }
}

/// What `GET /desk/comment-rules` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommentRulesQuery {
    /// An edition; the one that holds when left out.
    #[param(minimum = 1)]
    pub version: Option<i32>,
}

/// A new edition of the rules.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommentRules {
    pub rules: CommentRules,
    /// Why it is written.
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

/// Read the rules for comments
///
/// The edition that holds, or an earlier one. The ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "get_comment_rules",
    params(CommentRulesQuery),
    responses(
        (status = 200, description = "The rules.", body = CommentRuleSet),
        (status = 404, description = "There is no such edition."),
    )
)]
#[get("/comment-rules")]
pub async fn get_comment_rules(
    guard: Guard<ModerateComments>,
    query: Query<CommentRulesQuery>,
) -> Result<Reply<CommentRuleSet>> {
    let conn = guard.connect().await?;
    let version = match query.0.version {
        Some(version) => version,
        None => db::comment_rule_sets::newest_version(&conn).await?,
    };
    let found = db::comment_rule_sets::find(&conn, version).await?;
    let (row, by) = found.ok_or_else(|| Error::not_found("edition of the rules"))?;
    Ok(CommentRuleSet::new(row, by).reply())
}

/// Replace the rules for comments
///
/// Writes the next edition, which holds at once; what was decided before stays. Try it first:
/// `POST /desk/comment-rules/preview`. To go back, write an earlier edition again.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "replace_comment_rules",
    params(("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any.")),
    request_body(content = NewCommentRules, example = json!({"rules": example(), "note": "Fewer links."})),
    responses((status = 200, description = "The edition that holds now.", body = CommentRuleSet))
)]
#[put("/comment-rules")]
pub async fn replace_comment_rules(
    guard: Guard<ModerateComments>,
    if_match: IfMatch,
    body: Json<NewCommentRules>,
) -> Result<Reply<CommentRuleSet>> {
    let mut check = Check::new();
    let note = check.optional_line("/note", body.0.note.as_deref(), MAX_NOTE);
    let rules = checked(body.0.rules, check)?;
    let mut conn = guard.connect().await?;
    let row = newsroom::replace_comment_rules(&mut conn, &guard.act, if_match.0, rules, note).await?;
    let found = db::comment_rule_sets::find(&conn, row.version).await?;
    let (row, by) = found.ok_or_else(|| Error::not_found("edition of the rules"))?;
    Ok(CommentRuleSet::new(row, by).reply())
}

/// The rules, checked: a problem is told below `/rules`.
fn checked(rules: CommentRules, mut check: Check) -> Result<CommentRules> {
    let mut inside = Check::new();
    let rules = rules.check(&mut inside);
    if let Err(problems) = inside.done() {
        for mut problem in problems {
            problem.pointer = problem.pointer.map(|pointer| format!("/rules{pointer}"));
            check.refuse(problem);
        }
    }
    check.done().map_err(Error::invalid)?;
    Ok(rules)
}

/// Rules to begin with in Swagger UI.
fn example() -> serde_json::Value {
    serde_json::json!({
        "length": {"min": 2, "max": 5000},
        "blocked_words": [],
        "held_words": ["viagra", "online casino*"],
        "links": {"held_above": 1, "rejected_above": 10, "blocked_hosts": [], "trusted_hosts": ["transport.example"]},
        "repeat": {"same_author_seconds": 60, "copies_a_day": 3},
        "flood": {"address_a_minute": 5, "email_a_minute": 5, "article_a_minute": 120},
        "new_commenter": {"approved_before": 1},
        "history": {"rejected_percent": 50, "at_least": 4},
        "reports": {"held_at": 3}
    })
}
