//! The desk's list of articles: filters, sorts and keyset pages.

use chrono::{DateTime, Utc};
use diesel::dsl::{array, cardinality};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::ArticleRow;
use crate::db::schema::articles;
use crate::db::{Connection, Result};
use crate::domain::text_enum;
use crate::domain::workflow::{ArticleStage, ArticleStatus};

text_enum! {
    /// How the list is ordered.
    #[derive(Default)]
    pub enum ArticleSort {
        /// Last changed first.
        #[default]
        Updated = "-updated_at",
        /// Next to be published first; those without a time last.
        PublishAt = "publish_at",
        Title = "title",
    }
}

/// Which articles are asked for. An empty list asks for no one in particular.
#[derive(Clone, Debug, Default)]
pub struct ArticleFilter {
    /// Any but the trashed ones when empty.
    pub status: Vec<ArticleStatus>,
    pub stage: Vec<ArticleStage>,
    /// In one of these sections.
    pub sections: Option<Vec<Uuid>>,
    /// By one of these authors.
    pub authors: Option<Vec<Uuid>>,
    pub assignees: Vec<Uuid>,
    pub created_by: Vec<Uuid>,
    pub has_unpublished_changes: Option<bool>,
    /// What the title contains.
    pub q: Option<String>,
    /// Changed after this instant.
    pub updated_after: Option<DateTime<Utc>>,
}

/// Where a page ends, in each order.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub enum ArticlePosition {
    Updated(DateTime<Utc>, Uuid),
    PublishAt(Option<DateTime<Utc>>, Uuid),
    Title(String, Uuid),
}

impl ArticlePosition {
    /// The position of an article in this order.
    #[must_use]
    pub fn of(sort: ArticleSort, article: &ArticleRow) -> Self {
        match sort {
            ArticleSort::Updated => Self::Updated(article.updated_at, article.id),
            ArticleSort::PublishAt => Self::PublishAt(article.publish_at, article.id),
            ArticleSort::Title => Self::Title(article.title.clone(), article.id),
        }
    }
}

/// A page of articles that begins after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    filter: &ArticleFilter,
    sort: ArticleSort,
    after: Option<&ArticlePosition>,
    fetch: i64,
) -> Result<Vec<ArticleRow>> {
    let query = matching(filter).select(ArticleRow::as_select()).limit(fetch);
    let query = match sort {
        ArticleSort::Updated => query.order((articles::updated_at.desc(), articles::id.desc())),
        ArticleSort::PublishAt => query.order((articles::publish_at.asc().nulls_last(), articles::id.asc())),
        ArticleSort::Title => query.order((articles::title.asc(), articles::id.asc())),
    };
    match after {
        None => query,
        Some(ArticlePosition::Updated(at, id)) => {
            let beyond = articles::updated_at.lt(at).or(articles::id.lt(id));
            query.filter(articles::updated_at.le(at)).filter(beyond)
        }
        Some(ArticlePosition::PublishAt(Some(at), id)) => {
            let same = articles::publish_at.eq(at).and(articles::id.gt(id));
            query.filter(articles::publish_at.gt(at).or(same).or(articles::publish_at.is_null()))
        }
        Some(ArticlePosition::PublishAt(None, id)) => {
            query.filter(articles::publish_at.is_null().and(articles::id.gt(id)))
        }
        Some(ArticlePosition::Title(title, id)) => {
            let beyond = articles::title.gt(title.clone()).or(articles::id.gt(id));
            query.filter(articles::title.ge(title)).filter(beyond)
        }
    }
    .load(conn)
    .await
}

/// How many articles there are, counted to `most`.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, filter: &ArticleFilter, most: i64) -> Result<i64> {
    let each = matching(filter).select(1.into_sql::<Integer>()).limit(most);
    let counted = diesel::select(cardinality::<Array<Integer>, _>(array(each)));
    counted.get_result::<i32>(conn).await.map(i64::from)
}

fn matching(filter: &ArticleFilter) -> articles::BoxedQuery<'_, Pg> {
    let mut query = articles::table.into_boxed();
    query = if filter.status.is_empty() {
        query.filter(articles::status.ne(ArticleStatus::Trashed))
    } else {
        query.filter(articles::status.eq_any(&filter.status))
    };
    if !filter.stage.is_empty() {
        query = query.filter(articles::stage.eq_any(&filter.stage));
    }
    if let Some(sections) = &filter.sections {
        query = query.filter(articles::section_id.eq_any(sections));
    }
    if let Some(authors) = &filter.authors {
        query = query.filter(articles::author_ids.overlaps_with(authors));
    }
    if !filter.assignees.is_empty() {
        query = query.filter(articles::assignee_id.eq_any(&filter.assignees));
    }
    if !filter.created_by.is_empty() {
        query = query.filter(articles::created_by_id.eq_any(&filter.created_by));
    }
    if let Some(wanted) = filter.has_unpublished_changes {
        let published = articles::published_revision;
        let revision = articles::revision.nullable();
        query = if wanted {
            query.filter(published.ne(revision))
        } else {
            query.filter(published.is_null().or(published.eq(revision)))
        };
    }
    if let Some(q) = &filter.q {
        query = query.filter(articles::title.ilike(contains(q)));
    }
    if let Some(at) = filter.updated_after {
        query = query.filter(articles::updated_at.gt(at));
    }
    query
}

/// The pattern of texts that contain `q`, whose own wildcards mean themselves.
fn contains(q: &str) -> String {
    let mut pattern = String::from("%");
    for c in q.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
