//! Reading comments on the desk.

use actix_web::{HttpRequest, get, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{DeskComment, DeskCommentList, show};
use crate::api::extract::{Path, Query};
use crate::api::page::{Cursors, MAX_TOTAL, Page, Window, next_link};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db::comment_queue::{self, Filter, Stretch};
use crate::db::comment_threads::Position;
use crate::db::{self, Connection, comments::CommentRow};
use crate::domain::check::FieldError;
use crate::domain::comment::{CommentQueue, CommentSort, CommentStatus};
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::{Code, Error, Result};

/// A page that looks into texts reads this many comments at most.
const READ_AT_MOST: i64 = 5000;
/// The longest text to look for, in characters.
const MAX_SOUGHT: usize = 100;

/// What the desk's list of comments takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeskCommentQuery {
    /// `all` when left out.
    #[serde(default)]
    #[param(inline)]
    pub queue: CommentQueue,
    /// Any of these.
    #[serde(default)]
    #[param(inline)]
    pub status: Vec<CommentStatus>,
    /// Below any of these articles: ids or slugs.
    #[serde(default)]
    pub article: Vec<String>,
    /// A part of the author's name, in any case.
    #[param(max_length = 100)]
    pub author_name: Option<String>,
    /// A part of the text, in any case.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Everything by the author of this comment: of the same account, or else from the same e-mail address, or else from
    /// the same address while that is kept. When nothing is known of its author, the comment alone.
    pub author_of: Option<Uuid>,
    /// Written at this instant or after it.
    pub created_after: Option<DateTime<Utc>>,
    /// `created_at` when left out.
    #[serde(default)]
    #[param(inline)]
    pub sort: CommentSort,
    /// Comments on a page; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether to count them all, up to 10,000.
    #[serde(default)]
    pub with_total: bool,
}

impl DeskCommentQuery {
    /// All but the page, in one form.
    fn scope(&self) -> String {
        let (author_name, q) = (&self.author_name, &self.q);
        let (queue, status, article) = (&self.queue, &self.status, &self.article);
        let (author_of, created_after, sort) = (&self.author_of, &self.created_after, &self.sort);
        format!(
            "desk/comments {queue:?} {status:?} {article:?} {author_name:?} {q:?} {author_of:?} {created_after:?} {sort:?}"
        )
    }

    async fn filter(&self, conn: &mut Connection) -> Result<Filter> {
        let articles = match self.article.as_slice() {
            [] => None,
            named => Some(article_ids(conn, named).await?),
        };
        let author = match self.author_of {
            Some(comment) => Some(comment_queue::author_of(conn, comment).await?),
            None => None,
        };
        Ok(Filter {
            author,
            changed_by: None,
            queue: Some(self.queue).filter(|queue| *queue != CommentQueue::All),
            statuses: Some(self.status.clone()).filter(|statuses| !statuses.is_empty()),
            articles,
            created_after: self.created_after,
            author_name: sought("author_name", self.author_name.as_deref())?,
            q: sought("q", self.q.as_deref())?,
            newest_first: self.sort == CommentSort::CreatedAtDescending,
        })
    }
}

async fn article_ids(conn: &mut Connection, named: &[String]) -> Result<Vec<Uuid>> {
    let (mut ids, mut slugs) = (Vec::new(), Vec::new());
    for name in named {
        match IdOrSlug::from(name.as_str()) {
            IdOrSlug::Id(id) => ids.push(id),
            IdOrSlug::Slug(slug) => slugs.push(slug),
        }
    }
    Ok(comment_queue::article_ids(conn, &ids, &slugs).await?)
}

/// A text to look for; blank looks for nothing.
fn sought(parameter: &str, text: Option<&str>) -> Result<Option<String>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > MAX_SOUGHT) {
        let message = format!("must have at most {MAX_SOUGHT} characters");
        let problem = FieldError::parameter(parameter, "too_long", message);
        return Err(Error::parameter(Code::InvalidParameter, problem));
    }
    Ok(text.map(str::to_owned))
}

fn position(row: &CommentRow) -> Position {
    (row.created_at, row.id)
}

/// List comments for moderation
///
/// All of them, whatever their status, oldest first. `queue` is a pile of work: `pending` waits as every comment does, or
/// was appealed; `held` waits because a rule found something; `reported` was reported by readers; `spam` was rejected as
/// spam. A page that looks for
/// `q` or `author_name` may be shorter than `limit` while there is a `next_cursor`.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "list_desk_comments",
    params(DeskCommentQuery),
    responses((status = 200, description = "A page of comments.", body = DeskCommentList))
)]
#[get("/comments")]
pub async fn list_desk_comments(
    request: HttpRequest,
    guard: Guard<ModerateComments>,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<DeskCommentQuery>,
) -> Result<Reply<DeskCommentList>> {
    let scope = query.0.scope();
    let window = Window::read(&cursors, scope.clone(), query.0.limit, query.0.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let filter = query.0.filter(&mut conn).await?;
    let after = window.after;
    let until = match filter.reads_texts() {
        true => comment_queue::end_of_stretch(&mut conn, &filter, after, READ_AT_MOST).await?,
        false => None,
    };
    let stretch = Stretch { after, until };
    let mut rows = comment_queue::list(&mut conn, &filter, stretch, window.fetch()).await?;
    let mut page = window.close(&cursors, &mut rows, position);
    if page.next_cursor.is_none() {
        page.next_cursor = until.map(|until| cursors.seal(&scope, &until));
    }
    let next = next_link(&request, &page);
    if query.0.with_total {
        page = count(&mut conn, &filter, page).await?;
    }
    let data = show::show(&mut conn, &app, rows).await?;
    Ok(Reply::ok(DeskCommentList { data, page }).next(next))
}

/// Counts to the limit; where texts must be read, among so many comments only.
async fn count(conn: &mut Connection, filter: &Filter, page: Page) -> Result<Page> {
    let until = match filter.reads_texts() {
        true => comment_queue::end_of_stretch(conn, filter, None, MAX_TOTAL).await?,
        false => None,
    };
    let stretch = Stretch { after: None, until };
    let counted = comment_queue::count(conn, filter, stretch, MAX_TOTAL + 1).await?;
    let page = page.with_total(Some(counted));
    Ok(Page {
        total_capped: page.total_capped || until.is_some(),
        ..page
    })
}

/// Read one comment for moderation
///
/// Its ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "get_desk_comment",
    params(("id" = Uuid, Path, description = "The comment's id.")),
    responses((status = 200, description = "The comment.", body = DeskComment))
)]
#[get("/comments/{id}")]
pub async fn get_desk_comment(
    guard: Guard<ModerateComments>,
    app: Shared,
    path: Path<Uuid>,
) -> Result<Reply<DeskComment>> {
    let mut conn = guard.connect().await?;
    let row = db::comments::find(&conn, path.0).await?;
    show::reply(&mut conn, &app, row.ok_or_else(|| Error::not_found("comment"))?).await
}
