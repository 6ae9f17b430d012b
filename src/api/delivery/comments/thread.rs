//! Which article is meant, and how its comments are put together.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Comment;
use crate::api::delivery::missing;
use crate::api::page::Cursors;
use crate::db::comment_threads::{FIRST_REPLIES, Position, ThreadArticle};
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::Result;

/// The published article that is called this now.
pub async fn article(conn: &Connection, named: &IdOrSlug) -> Result<Option<ThreadArticle>> {
    let found = match named {
        IdOrSlug::Id(id) => db::comment_threads::article(conn, *id).await?,
        IdOrSlug::Slug(slug) => db::comment_threads::article_by_slug(conn, slug).await?,
    };
    Ok(found)
}

/// The published article that is called this, or was once.
pub async fn article_or_former(conn: &Connection, named: &IdOrSlug) -> Result<ThreadArticle> {
    let found = match (article(conn, named).await?, named) {
        (None, IdOrSlug::Slug(slug)) => db::comment_threads::article_by_old_slug(conn, slug).await?,
        (found, _) => found,
    };
    match found {
        Some(article) => Ok(article),
        None => Err(missing(conn, named).await?),
    }
}

/// What a cursor of the replies to `parent` belongs to.
pub fn replies_scope(parent: Uuid) -> String {
    format!("comments/{parent}/replies")
}

/// A comment's place in its list.
pub fn position(row: &CommentRow) -> Position {
    (row.created_at, row.id)
}

/// What changes an answer about these comments.
pub fn cache_tags(article: Uuid) -> [String; 2] {
    [format!("comments:{article}"), format!("article:{article}")]
}

/// When one of these last changed.
pub fn last_change(rows: &[CommentRow]) -> Option<DateTime<Utc>> {
    let changes = |row: &CommentRow| [Some(row.created_at), row.edited_at, row.moderated_at];
    rows.iter().flat_map(changes).flatten().max()
}

/// Shows comments, each with its first replies.
pub async fn with_replies(conn: &Connection, cursors: &Cursors, rows: Vec<CommentRow>) -> Result<Vec<Comment>> {
    let answered = rows.iter().filter(|row| row.reply_count > 0);
    let answered: Vec<Uuid> = answered.map(|row| row.id).collect();
    let mut replies: HashMap<Option<Uuid>, Vec<CommentRow>> = HashMap::new();
    for reply in db::comment_threads::first_replies(conn, &answered).await? {
        replies.entry(reply.parent_id).or_default().push(reply);
    }
    let shown = rows.into_iter().map(|row| {
        let mut first = replies.remove(&Some(row.id)).unwrap_or_default();
        let scope = replies_scope(row.id);
        let more = first.len() > FIRST_REPLIES;
        first.truncate(FIRST_REPLIES);
        let last = first.last().filter(|_| more).map(position);
        Comment {
            replies_cursor: last.map(|last| cursors.seal(&scope, &last)),
            replies: first.into_iter().map(|reply| without_replies(cursors, reply)).collect(),
            ..Comment::public(row)
        }
    });
    Ok(shown.collect())
}

/// Shows a comment; its replies, if it has any, are all behind its cursor.
fn without_replies(cursors: &Cursors, row: CommentRow) -> Comment {
    let before_all: Position = (DateTime::UNIX_EPOCH, Uuid::nil());
    let cursor = (row.reply_count > 0).then(|| cursors.seal(&replies_scope(row.id), &before_all));
    Comment {
        replies_cursor: cursor,
        ..Comment::public(row)
    }
}
