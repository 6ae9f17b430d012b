//! What readers say below an article.

mod commenter;
mod decision;
mod hook;
mod new;
mod own;
mod read;
mod report;
mod thread;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::page::Page;
use crate::db::comments::CommentRow;
use crate::domain::check::Check;
use crate::domain::comment::{CommentAuthorKind, CommentStatus, Identity, MAX_BODY, avatar_key};
use crate::domain::patch::given;
use crate::error::{Error, Result};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list_comments)
        .service(own::create_comment)
        .service(read::get_comment)
        .service(own::update_comment)
        .service(own::delete_comment)
        .service(read::list_comment_replies)
        .service(report::report_comment)
        .service(decision::get_comment_decision)
        .service(decision::appeal_comment);
}

/// What a reader, or somebody of the newsroom, said. One that was taken away keeps its place above replies that readers
/// see, without name and text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Comment {
    pub id: Uuid,
    pub article_id: Uuid,
    /// What it answers; `null` for a comment on the article itself.
    #[schema(required)]
    pub parent_id: Option<Uuid>,
    /// 1 for a comment on the article itself. A reply to the last level becomes its neighbour.
    #[schema(minimum = 1, maximum = 8)]
    pub depth: i32,
    /// `null` when it is not `approved`.
    #[schema(required)]
    pub author_name: Option<String>,
    pub author_kind: CommentAuthorKind,
    /// The same for everything that one author says below this article: choose a colour or a picture by it.
    pub avatar_key: String,
    /// Safe to show: paragraphs, line breaks and links. `null` when it is not `approved`.
    #[schema(required)]
    pub body_html: Option<String>,
    pub status: CommentStatus,
    /// Replies right below it that readers see.
    #[schema(minimum = 0)]
    pub reply_count: i32,
    /// The first of them, without theirs.
    #[schema(no_recursion)]
    pub replies: Vec<Comment>,
    /// Where the replies go on behind those shown: the `cursor` of `/comments/{id}/replies`. `null` when all are shown.
    #[schema(required)]
    pub replies_cursor: Option<String>,
    pub created_at: DateTime<Utc>,
    #[schema(required)]
    pub edited_at: Option<DateTime<Utc>>,
}

impl Comment {
    /// Shows a comment to the world, without its replies.
    #[must_use]
    pub fn public(row: CommentRow) -> Self {
        let shown = row.status == CommentStatus::Approved;
        // An empty place must not be known by its author's other comments.
        let nobody = || avatar_key(row.article_id, Identity::User(row.id));
        Self {
            avatar_key: if shown { row.avatar_key.clone() } else { nobody() },
            author_name: Some(row.author_name.clone()).filter(|_| shown),
            body_html: Some(row.body_html.clone()).filter(|_| shown),
            ..Self::whole(row)
        }
    }

    /// Shows a comment to its author and to moderators, without its replies.
    #[must_use]
    pub fn whole(row: CommentRow) -> Self {
        Self {
            id: row.id,
            article_id: row.article_id,
            parent_id: row.parent_id,
            depth: row.depth,
            author_name: Some(row.author_name),
            author_kind: row.author_kind,
            avatar_key: row.avatar_key,
            body_html: Some(row.body_html),
            status: row.status,
            reply_count: row.reply_count,
            replies: Vec::new(),
            replies_cursor: None,
            created_at: row.created_at,
            edited_at: row.edited_at,
        }
    }
}

/// Comments, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentList {
    pub data: Vec<Comment>,
    pub page: Page,
}

/// A comment as its author gets it, once: with the token to change it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedComment {
    pub id: Uuid,
    pub article_id: Uuid,
    /// What it answers; `null` for a comment on the article itself.
    #[schema(required)]
    pub parent_id: Option<Uuid>,
    #[schema(minimum = 1, maximum = 8)]
    pub depth: i32,
    #[schema(required)]
    pub author_name: Option<String>,
    pub author_kind: CommentAuthorKind,
    /// The same for everything that one author says below this article.
    pub avatar_key: String,
    /// Safe to show: paragraphs, line breaks and links.
    #[schema(required)]
    pub body_html: Option<String>,
    /// What the paper's rules made of it.
    pub status: CommentStatus,
    #[schema(minimum = 0)]
    pub reply_count: i32,
    pub replies: Vec<Comment>,
    #[schema(required)]
    pub replies_cursor: Option<String>,
    pub created_at: DateTime<Utc>,
    #[schema(required)]
    pub edited_at: Option<DateTime<Utc>>,
    /// In the header `Comment-Token` it lets its holder change or delete the comment for ten minutes (or as long as the
    /// paper allows), and later read why it was rejected. Shown this once: `null` when the same request is answered again.
    #[schema(required)]
    pub edit_token: Option<String>,
}

impl CreatedComment {
    fn new(comment: Comment, edit_token: String) -> Self {
        Self {
            id: comment.id,
            article_id: comment.article_id,
            parent_id: comment.parent_id,
            depth: comment.depth,
            author_name: comment.author_name,
            author_kind: comment.author_kind,
            avatar_key: comment.avatar_key,
            body_html: comment.body_html,
            status: comment.status,
            reply_count: comment.reply_count,
            replies: comment.replies,
            replies_cursor: comment.replies_cursor,
            created_at: comment.created_at,
            edited_at: comment.edited_at,
            edit_token: Some(edit_token),
        }
    }
}

/// What changes about a comment: what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentPatch {
    /// Plain text; line breaks are kept and addresses become links.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 5000)]
    pub body: Option<String>,
}

impl CommentPatch {
    /// The new text, checked.
    ///
    /// # Errors
    /// When it is not accepted.
    pub fn check(self) -> Result<Option<String>> {
        let mut check = Check::new();
        let body = self.body.map(|body| check.block("/body", &body, MAX_BODY));
        check.done().map_err(Error::invalid)?;
        Ok(body)
    }
}
