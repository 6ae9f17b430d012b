//! Comments on the desk: moderation, and what the newsroom itself says.

mod bulk;
mod list;
mod queues;
mod records;
mod show;
mod verbs;
mod write;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::user_ref::{ApiKeyRef, UserRef};
use crate::api::delivery::comments::Comment;
use crate::api::page::Page;
use crate::domain::comment::{CommentAction, CommentAuthorKind, CommentQueue, CommentStatus, ReportReason};
use crate::domain::comment_rules::{CommentOutcome, CommentRule};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_desk_comments)
        .service(queues::list_comment_queues)
        .service(write::create_staff_comment)
        .service(list::get_desk_comment)
        .service(write::update_desk_comment)
        .service(write::delete_desk_comment)
        .service(verbs::approve_comment)
        .service(verbs::reject_comment)
        .service(verbs::spam_comment)
        .service(verbs::restore_comment)
        .service(verbs::erase_comment)
        .service(bulk::moderate_comments);
}

/// A comment with what it takes to decide on it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeskComment {
    pub id: Uuid,
    pub article_id: Uuid,
    /// What it answers; `null` for a comment on the article itself.
    #[schema(required)]
    pub parent_id: Option<Uuid>,
    #[schema(minimum = 1, maximum = 8)]
    pub depth: i32,
    pub author_name: String,
    pub author_kind: CommentAuthorKind,
    /// The same for everything that one author says below this article.
    pub avatar_key: String,
    /// What readers are shown.
    pub body_html: String,
    pub status: CommentStatus,
    /// The pile of work that it lies in; `null` when there is nothing to do.
    #[schema(required)]
    pub queue: Option<CommentQueue>,
    /// Replies right below it that readers see.
    #[schema(minimum = 0)]
    pub reply_count: i32,
    /// Empty on the desk.
    pub replies: Vec<Comment>,
    /// `null` on the desk.
    #[schema(required)]
    pub replies_cursor: Option<String>,
    pub created_at: DateTime<Utc>,
    #[schema(required)]
    pub edited_at: Option<DateTime<Utc>>,
    /// The plain text, as its author wrote it.
    pub body: String,
    /// The same for everything sent from one e-mail address; the address itself is not kept.
    #[schema(required)]
    pub author_email_hash: Option<String>,
    pub article: CommentArticle,
    /// The comment that it answers.
    #[schema(required)]
    pub parent: Option<CommentParent>,
    /// What rules and people said, in order: the whole trail. Empty for what the newsroom wrote.
    pub decisions: Vec<CommentDecision>,
    /// What it said before it was changed, oldest first.
    pub edits: Vec<CommentEdit>,
    /// How many readers reported it since the last decision.
    #[schema(minimum = 0)]
    pub report_count: i32,
    /// All that readers reported, oldest first.
    pub reports: Vec<CommentReported>,
    /// When its author asked for another look.
    #[schema(required)]
    pub appealed_at: Option<DateTime<Utc>>,
    /// When everything was taken away for good that its author wrote and was known by.
    #[schema(required)]
    pub erased_at: Option<DateTime<Utc>>,
    pub author_history: CommentAuthorHistory,
    /// Who made the last decision; `null` also when an API key did, or the program itself.
    #[schema(required)]
    pub moderated_by: Option<UserRef>,
    /// The API key that made it, if one did.
    #[schema(required)]
    pub moderated_by_key: Option<ApiKeyRef>,
    #[schema(required)]
    pub moderated_at: Option<DateTime<Utc>>,
    /// What would change something now.
    pub allowed_actions: Vec<CommentAction>,
}

/// The article below which a comment stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommentArticle {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    /// Its address on the front end.
    #[schema(format = "uri")]
    pub url: String,
}

/// What a comment answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommentParent {
    pub id: Uuid,
    pub author_name: String,
    /// The beginning of its text.
    pub excerpt: String,
}

/// What one rule found, or a person decided.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommentDecision {
    pub rule: CommentRule,
    pub outcome: CommentOutcome,
    /// A stable word for programs: what a rule found, or why a moderator rejected it.
    #[schema(required)]
    pub reason: Option<String>,
    /// What a rule found, with the text that it matched; the note of a moderator; the words of an appeal.
    #[schema(required)]
    pub detail: Option<String>,
    /// Of which edition of the rules it was; `null` when a person said it.
    #[schema(required)]
    pub rule_set_version: Option<i32>,
    pub at: DateTime<Utc>,
    /// The moderator; `null` for rules and for the author's appeal.
    #[schema(required)]
    pub by: Option<UserRef>,
    /// The API key that decided, where it was no person.
    #[schema(required)]
    pub by_key: Option<ApiKeyRef>,
}

/// What a comment said until it was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommentEdit {
    /// The text that was replaced.
    pub body: String,
    pub edited_at: DateTime<Utc>,
    /// Who of the newsroom changed it; its author, when `by_key` is `null` as well.
    #[schema(required)]
    pub by: Option<UserRef>,
    /// The API key that changed it, where it was no person.
    #[schema(required)]
    pub by_key: Option<ApiKeyRef>,
}

/// What one reader reported.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommentReported {
    pub reason: ReportReason,
    #[schema(required)]
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When a moderator decided with it in view.
    #[schema(required)]
    pub settled_at: Option<DateTime<Utc>>,
    /// Whether it counts in `report_count`: not when its sender is banned.
    pub counted: bool,
}

/// What became of all comments from the author's e-mail address; zeros when none was given.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct CommentAuthorHistory {
    #[schema(minimum = 0)]
    pub approved: i64,
    #[schema(minimum = 0)]
    pub rejected: i64,
}

/// Comments on the desk, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskCommentList {
    pub data: Vec<DeskComment>,
    pub page: Page,
}
