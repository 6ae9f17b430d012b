//! Comments as readers see them, in pages: each page is one range of an index.

use chrono::{DateTime, Utc};
use diesel::dsl::{AsSelect, SqlTypeOf};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::comments::CommentRow;
use super::schema::{comments, public_slugs, published_articles, site};
use super::{Connection, Result};
use crate::domain::comment::ThreadSort;
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::site::SiteCommentsPolicy;

diesel::table! {
    /// A view: the first four visible replies to each comment.
    comment_first_replies (reply_id) {
        of_id -> Uuid,
        reply_id -> Uuid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(comment_first_replies, comments);

/// How many of the first replies are shown. The view gives one more, to know whether there are more.
pub const FIRST_REPLIES: usize = 3;

/// A comment's place in a list.
pub type Position = (DateTime<Utc>, Uuid);

/// A published article, as far as its comments need it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = published_articles, check_for_backend(diesel::pg::Pg))]
pub struct ThreadArticle {
    pub id: Uuid,
    pub slug: String,
    pub published_at: DateTime<Utc>,
    pub comments_policy: CommentsPolicy,
}

/// The published article with this id.
///
/// # Errors
/// When the database fails.
pub async fn article(mut conn: &Connection, id: Uuid) -> Result<Option<ThreadArticle>> {
    published_articles::table
        .find(id)
        .select(ThreadArticle::as_select())
        .first(&mut conn)
        .await
        .optional()
}

/// What the site says of comments.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = site, check_for_backend(diesel::pg::Pg))]
pub struct SitePolicy {
    pub comments_policy: SiteCommentsPolicy,
    pub comments_close_after_days: Option<i32>,
}

/// The published article with this id, and what the site says of its comments.
///
/// # Errors
/// When the database fails.
pub async fn policies(mut conn: &Connection, id: Uuid) -> Result<Option<(ThreadArticle, SitePolicy)>> {
    published_articles::table
        .find(id)
        .inner_join(site::table.on(site::id.eq(1)))
        .select((ThreadArticle::as_select(), SitePolicy::as_select()))
        .first(&mut conn)
        .await
        .optional()
}

/// The published article with this slug.
///
/// # Errors
/// When the database fails.
pub async fn article_by_slug(mut conn: &Connection, slug: &str) -> Result<Option<ThreadArticle>> {
    published_articles::table
        .filter(published_articles::slug.eq(slug))
        .select(ThreadArticle::as_select())
        .first(&mut conn)
        .await
        .optional()
}

/// The published article that had this slug before.
///
/// # Errors
/// When the database fails.
pub async fn article_by_old_slug(mut conn: &Connection, slug: &str) -> Result<Option<ThreadArticle>> {
    published_articles::table
        .inner_join(public_slugs::table.on(public_slugs::article_id.eq(published_articles::id.nullable())))
        .filter(public_slugs::slug.eq(slug))
        .select(ThreadArticle::as_select())
        .first(&mut conn)
        .await
        .optional()
}

/// The comment with this id, if readers see it or its place.
///
/// # Errors
/// When the database fails.
pub async fn find(mut conn: &Connection, id: Uuid) -> Result<Option<CommentRow>> {
    comments::table
        .find(id)
        .filter(comments::visible)
        .select(CommentRow::as_select())
        .first(&mut conn)
        .await
        .optional()
}

/// The place of a comment on the article itself, in any order: its replies, its instant, its id.
pub type RootPosition = (i32, DateTime<Utc>, Uuid);

type Roots<'a> = comments::BoxedQuery<'a, Pg, SqlTypeOf<AsSelect<CommentRow, Pg>>>;

fn all_roots(article: &IdOrSlug, limit: i64) -> Roots<'_> {
    let roots = comments::table
        .filter(comments::parent_id.is_null())
        .filter(comments::visible)
        .select(CommentRow::as_select())
        .limit(limit)
        .into_boxed();
    match article {
        IdOrSlug::Id(id) => roots.filter(comments::article_id.eq(id)),
        IdOrSlug::Slug(slug) => {
            let called = published_articles::table.filter(published_articles::slug.eq(slug));
            let called = called.select(published_articles::id.nullable()).single_value();
            roots.filter(comments::article_id.nullable().eq(called))
        }
    }
}

/// Comments on the article itself.
///
/// # Errors
/// When the database fails.
pub async fn roots(
    mut conn: &Connection,
    article: &IdOrSlug,
    sort: ThreadSort,
    after: Option<RootPosition>,
    limit: i64,
) -> Result<Vec<CommentRow>> {
    let page = all_roots(article, limit);
    // Each bound is said twice: the index finds the place by the first, the second settles the neighbours.
    match (sort, after) {
        (ThreadSort::Newest, after) => newest_first(page, after).load(&mut conn).await,
        (ThreadSort::Oldest, after) => {
            let page = page.order((comments::created_at, comments::id));
            match after {
                None => page.load(&mut conn).await,
                Some((_, at, id)) => {
                    let beyond = comments::created_at.gt(at).or(comments::id.gt(id));
                    page.filter(comments::created_at.ge(at))
                        .filter(beyond)
                        .load(&mut conn)
                        .await
                }
            }
        }
        (ThreadSort::MostReplied, None) => most_replied(page).load(&mut conn).await,
        (ThreadSort::MostReplied, Some((replies, at, id))) => {
            // The rest of those with as many replies is one stretch of the index, those with fewer the next.
            let equal = page.filter(comments::reply_count.eq(replies));
            let mut rows: Vec<CommentRow> = newest_first(equal, Some((replies, at, id))).load(&mut conn).await?;
            let missing = limit - i64::try_from(rows.len()).unwrap_or(limit);
            if missing > 0 {
                let fewer = all_roots(article, missing).filter(comments::reply_count.lt(replies));
                rows.extend(most_replied(fewer).load::<CommentRow>(&mut conn).await?);
            }
            Ok(rows)
        }
    }
}

fn newest_first(page: Roots<'_>, after: Option<RootPosition>) -> Roots<'_> {
    let page = page.order((comments::created_at.desc(), comments::id.desc()));
    match after {
        None => page,
        Some((_, at, id)) => {
            let beyond = comments::created_at.lt(at).or(comments::id.lt(id));
            page.filter(comments::created_at.le(at)).filter(beyond)
        }
    }
}

fn most_replied(page: Roots<'_>) -> Roots<'_> {
    page.order((
        comments::reply_count.desc(),
        comments::created_at.desc(),
        comments::id.desc(),
    ))
}

/// How many comments on the article itself there are, counted to `max`.
///
/// # Errors
/// When the database fails.
pub async fn count_roots(mut conn: &Connection, article: Uuid, max: i64) -> Result<i64> {
    let roots = || {
        comments::table
            .filter(comments::article_id.eq(article))
            .filter(comments::parent_id.is_null())
            .filter(comments::visible)
    };
    // Whether there are so many is known after so many entries of the index; only fewer are counted.
    let last = roots().select(comments::id).offset(max - 1);
    match last.first::<Uuid>(&mut conn).await.optional()? {
        Some(_) => Ok(max),
        None => roots().count().get_result(&mut conn).await,
    }
}

/// Replies to one comment, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn replies(
    mut conn: &Connection,
    parent: Uuid,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<CommentRow>> {
    let mut page = comments::table
        .filter(comments::parent_id.eq(parent))
        .filter(comments::visible)
        .select(CommentRow::as_select())
        .order((comments::created_at, comments::id))
        .limit(limit)
        .into_boxed();
    if let Some((at, id)) = after {
        let beyond = comments::created_at.gt(at).or(comments::id.gt(id));
        page = page.filter(comments::created_at.ge(at)).filter(beyond);
    }
    page.load(&mut conn).await
}

/// The first replies to each of these comments, one more than [`FIRST_REPLIES`] where there are more; oldest first.
///
/// # Errors
/// When the database fails.
pub async fn first_replies(mut conn: &Connection, parents: &[Uuid]) -> Result<Vec<CommentRow>> {
    if parents.is_empty() {
        return Ok(Vec::new());
    }
    comment_first_replies::table
        .inner_join(comments::table.on(comments::id.eq(comment_first_replies::reply_id)))
        .filter(comment_first_replies::of_id.eq_any(parents))
        .select(CommentRow::as_select())
        .order((comments::created_at, comments::id))
        .load(&mut conn)
        .await
}
