//! Reading comments.

use actix_web::{HttpRequest, HttpResponse, Responder, get, web};
use futures_util::future::{try_join, try_join3};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Comment, CommentList, thread};
use crate::api::delivery::Moved;
use crate::api::delivery::articles::elsewhere;
use crate::api::extract::{Path, Query};
use crate::api::page::{Cursors, MAX_TOTAL, Window, foreign_cursor, next_link};
use crate::api::response::Public;
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::db;
use crate::db::comment_threads::RootPosition;
use crate::domain::comment::ThreadSort;
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::{Error, Result};

/// What the list of an article's comments takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ThreadQuery {
    /// `newest` when left out.
    #[serde(default)]
    #[param(inline)]
    pub sort: ThreadSort,
    /// Comments on a page; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether to count them all, up to 10,000.
    #[serde(default)]
    pub with_total: bool,
}

/// What the list of a comment's replies takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReplyQuery {
    /// Comments on a page; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before, or a comment's `replies_cursor`.
    pub cursor: Option<String>,
    /// Whether to count them all, up to 10,000.
    #[serde(default)]
    pub with_total: bool,
}

/// List an article's comments
///
/// Comments on the article itself, in the order of `sort`, each with its first three replies (oldest first) and, in
/// `replies_cursor`, the way to the rest. Only what is approved; what was taken away keeps its place above replies, without
/// name and text. With `sort=most_replied` a comment that gains a reply while pages are read may show twice or not at all. An article that is not published answers 404.
#[utoipa::path(
    tag = "Comments",
    operation_id = "list_comments",
    params(
        ("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens"),
        ThreadQuery,
    ),
    responses(
        (status = 200, description = "A page of comments.", body = CommentList),
        (status = 301, description = "The article has another slug now.", body = Moved),
    )
)]
#[get("/articles/{slug}/comments")]
pub async fn list_comments(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    cursors: web::Data<Cursors>,
    path: Path<IdOrSlug>,
    query: Query<ThreadQuery>,
) -> Result<HttpResponse> {
    let sort = query.0.sort;
    let scope = format!("comments/{sort}");
    let window = Window::read(&cursors, scope, query.0.limit, query.0.cursor.as_deref())?;
    let (whose, after): (_, Option<RootPosition>) = match window.after {
        Some((article, position)) => (&IdOrSlug::Id(article), Some(position)),
        None => (&path.0, None),
    };
    let conn = anyone.connect().await?;
    let roots = async { Ok(db::comment_threads::roots(&conn, whose, sort, after, window.fetch()).await?) };
    let (article, mut rows) = try_join(thread::article(&conn, &path.0), roots).await?;
    let Some(article) = article else {
        return elsewhere(&request, &conn, &path.0, &app.config.site, "/comments").await;
    };
    if window.after.is_some_and(|(whose, _)| whose != article.id) {
        return Err(foreign_cursor());
    }
    let page = window.close(&cursors, &mut rows, |row| {
        (article.id, (row.reply_count, row.created_at, row.id))
    });
    let modified = thread::last_change(&rows).max(Some(article.published_at));
    let total = async {
        match query.0.with_total {
            true => Ok(Some(
                db::comment_threads::count_roots(&conn, article.id, MAX_TOTAL + 1).await?,
            )),
            false => Ok(None),
        }
    };
    let (data, total) = try_join(thread::with_replies(&conn, &cursors, rows), total).await?;
    let next = next_link(&request, &page);
    let page = page.with_total(total);
    let answer = Public::new(CommentList { data, page }, thread::cache_tags(article.id));
    Ok(answer.modified(modified).next(next).respond_to(&request))
}

/// Read one comment
///
/// With its first three replies. A comment that waits for a moderator is not there yet.
#[utoipa::path(
    tag = "Comments",
    operation_id = "get_comment",
    params(
        ("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens"),
        (
            "id" = Uuid,
            Path,
            description = "The comment's id.",
            example = "019a0000-0000-7000-8000-00000000000c"
        ),
    ),
    responses(
        (status = 200, description = "The comment.", body = Comment),
        (status = 301, description = "The article has another slug now.", body = Moved),
    )
)]
#[get("/articles/{slug}/comments/{id}")]
pub async fn get_comment(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    cursors: web::Data<Cursors>,
    path: Path<(IdOrSlug, Uuid)>,
) -> Result<HttpResponse> {
    let (named, id) = path.0;
    let conn = anyone.connect().await?;
    let comment = async { Ok(db::comment_threads::find(&conn, id).await?) };
    let (article, row) = try_join(thread::article(&conn, &named), comment).await?;
    let Some(article) = article else {
        return elsewhere(&request, &conn, &named, &app.config.site, &format!("/comments/{id}")).await;
    };
    let rows: Vec<_> = row.into_iter().filter(|row| row.article_id == article.id).collect();
    let modified = thread::last_change(&rows);
    let shown = thread::with_replies(&conn, &cursors, rows).await?;
    let comment = shown.into_iter().next().ok_or_else(|| no_comment(article.id))?;
    let answer = Public::new(comment, thread::cache_tags(article.id));
    Ok(answer.modified(modified).respond_to(&request))
}

/// List the replies to a comment
///
/// Oldest first, each with its own first three replies. `cursor` takes the `replies_cursor` of the comment, to go on
/// behind the replies that were shown with it.
#[utoipa::path(
    tag = "Comments",
    operation_id = "list_comment_replies",
    params(
        ("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens"),
        (
            "id" = Uuid,
            Path,
            description = "The comment's id.",
            example = "019a0000-0000-7000-8000-00000000000c"
        ),
        ReplyQuery,
    ),
    responses(
        (status = 200, description = "A page of replies.", body = CommentList),
        (status = 301, description = "The article has another slug now.", body = Moved),
    )
)]
#[get("/articles/{slug}/comments/{id}/replies")]
pub async fn list_comment_replies(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    cursors: web::Data<Cursors>,
    path: Path<(IdOrSlug, Uuid)>,
    query: Query<ReplyQuery>,
) -> Result<HttpResponse> {
    let (named, id) = path.0;
    let scope = thread::replies_scope(id);
    let window = Window::read(&cursors, scope, query.0.limit, query.0.cursor.as_deref())?;
    let conn = anyone.connect().await?;
    let parent = async { Ok(db::comment_threads::find(&conn, id).await?) };
    let replies = async { Ok(db::comment_threads::replies(&conn, id, window.after, window.fetch()).await?) };
    let (article, parent, mut rows) = try_join3(thread::article(&conn, &named), parent, replies).await?;
    let Some(article) = article else {
        let below = format!("/comments/{id}/replies");
        return elsewhere(&request, &conn, &named, &app.config.site, &below).await;
    };
    let parent = parent.filter(|parent| parent.article_id == article.id);
    let parent = parent.ok_or_else(|| no_comment(article.id))?;
    let page = window.close(&cursors, &mut rows, thread::position);
    let total = query.0.with_total.then(|| i64::from(parent.reply_count));
    let modified = thread::last_change(&rows).max(thread::last_change(&[parent]));
    let data = thread::with_replies(&conn, &cursors, rows).await?;
    let next = next_link(&request, &page);
    let page = page.with_total(total);
    let answer = Public::new(CommentList { data, page }, thread::cache_tags(article.id));
    Ok(answer.modified(modified).next(next).respond_to(&request))
}

/// That readers see no such comment below this article, until something changes there.
fn no_comment(article: Uuid) -> Error {
    Error::not_found("comment").until_changed(thread::cache_tags(article))
}
