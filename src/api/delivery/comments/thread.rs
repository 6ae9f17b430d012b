//! Which article is meant, and how its comments are put together.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Comment;
use crate::api::delivery::Moved;
use crate::api::extract::IdOrSlug;
use crate::api::page::Cursors;
use crate::api::response::moved;
use crate::app::App;
use crate::db::comment_threads::{FIRST_REPLIES, Position, ThreadArticle};
use crate::db::comments::CommentRow;
use crate::db::{self, Connection};
use crate::domain::article_path::{Addressed, article_path};
use crate::error::{Error, Result};

/// The published article that a path names.
pub enum Named {
    Here(ThreadArticle),
    /// By a slug that it had before.
    Formerly(ThreadArticle),
}

impl Named {
    /// The article, whichever of its slugs was used.
    pub fn article(self) -> ThreadArticle {
        match self {
            Self::Here(article) | Self::Formerly(article) => article,
        }
    }
}

/// Finds the published article.
pub async fn article(conn: &mut Connection, named: &IdOrSlug) -> Result<Named> {
    let found = match named {
        IdOrSlug::Id(id) => db::comment_threads::article(conn, *id).await?.map(Named::Here),
        IdOrSlug::Slug(slug) => match db::comment_threads::article_by_slug(conn, slug).await? {
            Some(article) => Some(Named::Here(article)),
            None => db::comment_threads::article_by_old_slug(conn, slug)
                .await?
                .map(Named::Formerly),
        },
    };
    found.ok_or_else(|| Error::not_found("article"))
}

/// 301 to the same comments below the slug that the article has now; `rest` is the path behind it.
pub async fn moved_to(
    request: &HttpRequest,
    conn: &mut Connection,
    app: &App,
    article: ThreadArticle,
    rest: &str,
) -> Result<HttpResponse> {
    let section_ids: Vec<Uuid> = article.section_id.into_iter().collect();
    let refs = db::refs::load(conn, &section_ids, &[], &[]).await?;
    let section = article.section_id.and_then(|id| refs.sections.get(&id));
    let site = &app.config.site;
    let place = Addressed {
        id: article.id,
        slug: &article.slug,
        section: section.map(|section| (section.slug.as_str(), section.path.as_str())),
        published_at: article.published_at,
    };
    let path = article_path(&site.article_path, site.timezone, &place);
    let location = format!("/api/v1/articles/{}/comments{rest}", article.slug);
    let url = site.url.join(&path);
    let body = Moved {
        slug: article.slug,
        path,
        url,
    };
    Ok(moved(request, &location, &body))
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
pub async fn with_replies(conn: &mut Connection, cursors: &Cursors, rows: Vec<CommentRow>) -> Result<Vec<Comment>> {
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
