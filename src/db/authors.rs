//! Authors.

use chrono::{DateTime, Utc};
use diesel::dsl::{InnerJoin, IntoBoxed, array, cardinality};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Record, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::like::{lower, prefix};
use super::schema::{author_counts, authors};
use super::{Connection, Json, Result};
use crate::domain::content::{Image, Link};
use crate::domain::taxonomy::{AuthorKind, DeskNameSort, NamePosition, Taxonomy};

/// An author.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = authors, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AuthorRow {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: AuthorKind,
    pub bio: Option<String>,
    pub avatar: Option<Json<Image>>,
    pub links: Json<Vec<Link>>,
    pub user_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// An author with the number of published articles that name it.
#[derive(Clone, Debug, Queryable)]
pub struct CountedAuthor {
    pub author: AuthorRow,
    pub article_count: i32,
    /// The name in lower case, which lists are sorted by.
    sorted_as: String,
}

impl CountedAuthor {
    /// Where it stands in a list sorted like this.
    #[must_use]
    pub fn position(&self, sort: DeskNameSort) -> NamePosition {
        match sort {
            DeskNameSort::Name => NamePosition::Name(self.sorted_as.clone(), self.author.id),
            DeskNameSort::Busiest => NamePosition::Busiest(self.article_count, self.sorted_as.clone(), self.author.id),
            DeskNameSort::Newest => NamePosition::Newest(self.author.updated_at, self.author.id),
        }
    }
}

/// Which authors are asked for.
#[derive(Clone, Debug, Default)]
pub struct AuthorFilter {
    /// How its name or slug begins.
    pub q: Option<String>,
    pub kind: Option<AuthorKind>,
    /// Only those that a published article names.
    pub used: bool,
}

type Boxed<'a> = IntoBoxed<'a, InnerJoin<authors::table, author_counts::table>, Pg>;

fn filtered(filter: &AuthorFilter) -> Boxed<'_> {
    let mut query = authors::table.inner_join(author_counts::table).into_boxed();
    if let Some(q) = &filter.q {
        let begins = prefix(&q.to_lowercase());
        query = query.filter(lower(authors::name).like(begins.clone()).or(authors::slug.like(begins)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(authors::kind.eq(kind));
    }
    if filter.used {
        query = query.filter(author_counts::articles.gt(0));
    }
    query
}

/// `limit` authors after a position.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    filter: &AuthorFilter,
    sort: DeskNameSort,
    after: Option<NamePosition>,
    limit: i64,
) -> Result<Vec<CountedAuthor>> {
    let by_name = || (lower(authors::name), authors::id).into_sql::<Record<(Text, SqlUuid)>>();
    let mut query = filtered(filter);
    query = match after {
        None => query,
        Some(NamePosition::Name(name, id)) => query.filter(by_name().gt((name, id))),
        Some(NamePosition::Busiest(count, name, id)) => {
            let later = author_counts::articles.eq(count).and(by_name().gt((name, id)));
            query
                .filter(author_counts::articles.le(count))
                .filter(author_counts::articles.lt(count).or(later))
        }
        Some(NamePosition::Newest(at, id)) => {
            let newest = (authors::updated_at, authors::id).into_sql::<Record<(Timestamptz, SqlUuid)>>();
            query.filter(newest.lt((at, id)))
        }
    };
    query = match sort {
        DeskNameSort::Name => query.order((lower(authors::name), authors::id)),
        DeskNameSort::Busiest => query.order((author_counts::articles.desc(), lower(authors::name), authors::id)),
        DeskNameSort::Newest => query.order((authors::updated_at.desc(), authors::id.desc())),
    };
    query
        .select((AuthorRow::as_select(), author_counts::articles, lower(authors::name)))
        .limit(limit)
        .load(conn)
        .await
}

/// How many authors there are, counted to `most`.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, filter: &AuthorFilter, most: i64) -> Result<i64> {
    let each = filtered(filter).select(1.into_sql::<Integer>()).limit(most);
    let counted = diesel::select(cardinality::<Array<Integer>, _>(array(each)));
    counted.get_result::<i32>(conn).await.map(i64::from)
}

/// The author with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, id: Uuid) -> Result<Option<CountedAuthor>> {
    authors::table
        .inner_join(author_counts::table)
        .filter(authors::id.eq(id))
        .select((AuthorRow::as_select(), author_counts::articles, lower(authors::name)))
        .first(conn)
        .await
        .optional()
}

/// The author with this slug.
///
/// # Errors
/// When the database fails.
pub async fn find_by_slug(conn: &mut Connection, slug: &str) -> Result<Option<CountedAuthor>> {
    authors::table
        .inner_join(author_counts::table)
        .filter(authors::slug.eq(slug))
        .select((AuthorRow::as_select(), author_counts::articles, lower(authors::name)))
        .first(conn)
        .await
        .optional()
}

/// The author that this slug led to before, or that took the place of such a one.
///
/// # Errors
/// When the database fails.
pub async fn find_by_former_slug(conn: &mut Connection, slug: &str) -> Result<Option<CountedAuthor>> {
    let led_to = super::retired_slugs::leads(Taxonomy::Author, slug).single_value();
    authors::table
        .inner_join(author_counts::table)
        .filter(authors::id.nullable().eq(led_to))
        .select((AuthorRow::as_select(), author_counts::articles, lower(authors::name)))
        .first(conn)
        .await
        .optional()
}

/// The author that is linked to this account.
///
/// # Errors
/// When the database fails.
pub async fn find_by_user(conn: &mut Connection, user_id: Uuid) -> Result<Option<AuthorRow>> {
    authors::table
        .filter(authors::user_id.eq(user_id))
        .select(AuthorRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// The authors with these ids, locked against every change and every new reference to them.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut Connection, ids: &[Uuid]) -> Result<Vec<AuthorRow>> {
    authors::table
        .filter(authors::id.eq_any(ids))
        .order(authors::id)
        .select(AuthorRow::as_select())
        .for_update()
        .load(conn)
        .await
}

/// Writes a new author, unless another has its slug. Answers whether it was written.
///
/// # Errors
/// When another has its account or the database fails.
pub async fn insert(conn: &mut Connection, author: &AuthorRow) -> Result<bool> {
    let written = diesel::insert_into(authors::table)
        .values(author)
        .on_conflict(authors::slug)
        .do_nothing()
        .execute(conn)
        .await?;
    if written == 0 {
        return Ok(false);
    }
    diesel::insert_into(author_counts::table)
        .values((author_counts::author_id.eq(author.id), author_counts::articles.eq(0)))
        .execute(conn)
        .await?;
    Ok(true)
}

/// # Errors
/// When the slug is taken or the database fails.
pub async fn update(conn: &mut Connection, author: &AuthorRow) -> Result<()> {
    diesel::update(authors::table.find(author.id))
        .set(author)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When something still refers to it or the database fails.
pub async fn delete(conn: &mut Connection, id: Uuid) -> Result<()> {
    diesel::delete(authors::table.find(id)).execute(conn).await.map(drop)
}
