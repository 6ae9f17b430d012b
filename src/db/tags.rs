//! Tags.

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
use super::schema::{tag_counts, tags};
use super::{Connection, Result};
use crate::domain::taxonomy::{DeskNameSort, NamePosition, TagKind, Taxonomy};

/// A tag.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = tags, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct TagRow {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: TagKind,
    pub description: Option<String>,
    pub merged_into_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A tag with the number of published articles that name it.
#[derive(Clone, Debug, Queryable)]
pub struct CountedTag {
    pub tag: TagRow,
    pub article_count: i32,
    /// The name in lower case, which lists are sorted by.
    sorted_as: String,
}

impl CountedTag {
    /// Where it stands in a list sorted like this.
    #[must_use]
    pub fn position(&self, sort: DeskNameSort) -> NamePosition {
        match sort {
            DeskNameSort::Name => NamePosition::Name(self.sorted_as.clone(), self.tag.id),
            DeskNameSort::Busiest => NamePosition::Busiest(self.article_count, self.sorted_as.clone(), self.tag.id),
            DeskNameSort::Newest => NamePosition::Newest(self.tag.updated_at, self.tag.id),
        }
    }
}

/// Which tags are asked for.
#[derive(Clone, Debug, Default)]
pub struct TagFilter {
    /// How its name or slug begins.
    pub q: Option<String>,
    pub kind: Option<TagKind>,
    /// Only those that a published article names.
    pub used: bool,
}

type Boxed<'a> = IntoBoxed<'a, InnerJoin<tags::table, tag_counts::table>, Pg>;

fn filtered(filter: &TagFilter) -> Boxed<'_> {
    let mut query = tags::table.inner_join(tag_counts::table).into_boxed();
    if let Some(q) = &filter.q {
        let begins = prefix(&q.to_lowercase());
        query = query.filter(lower(tags::name).like(begins.clone()).or(tags::slug.like(begins)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(tags::kind.eq(kind));
    }
    if filter.used {
        query = query.filter(tag_counts::articles.gt(0));
    }
    query
}

/// `limit` tags after a position.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut Connection,
    filter: &TagFilter,
    sort: DeskNameSort,
    after: Option<NamePosition>,
    limit: i64,
) -> Result<Vec<CountedTag>> {
    let by_name = || (lower(tags::name), tags::id).into_sql::<Record<(Text, SqlUuid)>>();
    let mut query = filtered(filter);
    query = match after {
        None => query,
        Some(NamePosition::Name(name, id)) => query.filter(by_name().gt((name, id))),
        Some(NamePosition::Busiest(count, name, id)) => {
            let later = tag_counts::articles.eq(count).and(by_name().gt((name, id)));
            query
                .filter(tag_counts::articles.le(count))
                .filter(tag_counts::articles.lt(count).or(later))
        }
        Some(NamePosition::Newest(at, id)) => {
            let newest = (tags::updated_at, tags::id).into_sql::<Record<(Timestamptz, SqlUuid)>>();
            query.filter(newest.lt((at, id)))
        }
    };
    query = match sort {
        DeskNameSort::Name => query.order((lower(tags::name), tags::id)),
        DeskNameSort::Busiest => query.order((tag_counts::articles.desc(), lower(tags::name), tags::id)),
        DeskNameSort::Newest => query.order((tags::updated_at.desc(), tags::id.desc())),
    };
    query
        .select((TagRow::as_select(), tag_counts::articles, lower(tags::name)))
        .limit(limit)
        .load(conn)
        .await
}

/// How many tags there are, counted to `most`.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, filter: &TagFilter, most: i64) -> Result<i64> {
    let each = filtered(filter).select(1.into_sql::<Integer>()).limit(most);
    let counted = diesel::select(cardinality::<Array<Integer>, _>(array(each)));
    counted.get_result::<i32>(conn).await.map(i64::from)
}

/// The tag with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, id: Uuid) -> Result<Option<CountedTag>> {
    tags::table
        .inner_join(tag_counts::table)
        .filter(tags::id.eq(id))
        .select((TagRow::as_select(), tag_counts::articles, lower(tags::name)))
        .first(conn)
        .await
        .optional()
}

/// The tag with this slug.
///
/// # Errors
/// When the database fails.
pub async fn find_by_slug(conn: &mut Connection, slug: &str) -> Result<Option<CountedTag>> {
    tags::table
        .inner_join(tag_counts::table)
        .filter(tags::slug.eq(slug))
        .select((TagRow::as_select(), tag_counts::articles, lower(tags::name)))
        .first(conn)
        .await
        .optional()
}

/// The tag that this slug led to before, or that took the place of such a one.
///
/// # Errors
/// When the database fails.
pub async fn find_by_former_slug(conn: &mut Connection, slug: &str) -> Result<Option<CountedTag>> {
    let led_to = super::retired_slugs::leads(Taxonomy::Tag, slug).single_value();
    tags::table
        .inner_join(tag_counts::table)
        .filter(tags::id.nullable().eq(led_to))
        .select((TagRow::as_select(), tag_counts::articles, lower(tags::name)))
        .first(conn)
        .await
        .optional()
}

/// The slugs of the tags with these ids.
///
/// # Errors
/// When the database fails.
pub async fn slugs_of(conn: &mut Connection, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tags::table
        .filter(tags::id.eq_any(ids))
        .select((tags::id, tags::slug))
        .load(conn)
        .await
}

/// The tags with these ids, locked against every change and every new reference to them.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut Connection, ids: &[Uuid]) -> Result<Vec<TagRow>> {
    tags::table
        .filter(tags::id.eq_any(ids))
        .order(tags::id)
        .select(TagRow::as_select())
        .for_update()
        .load(conn)
        .await
}

/// Writes a new tag, unless another has its slug. Answers whether it was written.
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut Connection, tag: &TagRow) -> Result<bool> {
    let written = diesel::insert_into(tags::table)
        .values(tag)
        .on_conflict(tags::slug)
        .do_nothing()
        .execute(conn)
        .await?;
    if written == 0 {
        return Ok(false);
    }
    diesel::insert_into(tag_counts::table)
        .values((tag_counts::tag_id.eq(tag.id), tag_counts::articles.eq(0)))
        .execute(conn)
        .await?;
    Ok(true)
}

/// # Errors
/// When the slug is taken or the database fails.
pub async fn update(conn: &mut Connection, tag: &TagRow) -> Result<()> {
    diesel::update(tags::table.find(tag.id))
        .set(tag)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When something still refers to it or the database fails.
pub async fn delete(conn: &mut Connection, id: Uuid) -> Result<()> {
    diesel::delete(tags::table.find(id)).execute(conn).await.map(drop)
}

/// Whatever was merged into `from` is merged into `to` from now on.
///
/// # Errors
/// When the database fails.
pub async fn remerge(conn: &mut Connection, from: Uuid, to: Uuid) -> Result<()> {
    diesel::update(tags::table.filter(tags::merged_into_id.eq(from)))
        .set(tags::merged_into_id.eq(to))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}
