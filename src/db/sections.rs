//! Sections. There are few, so the tree is read whole.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{articles, published_article_sections, published_articles, section_counts, sections};
use super::{Connection, Json, Result};
use crate::domain::content::{Image, Seo};
use crate::domain::section_tree::{Node, Placed};

/// A section.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = sections, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct SectionRow {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub description: Option<String>,
    pub parent_id: Option<Uuid>,
    // Depth and path follow from the sections above.
    #[serde(skip)]
    pub depth: i32,
    pub position: i32,
    #[serde(skip)]
    pub path: String,
    pub image: Option<Json<Image>>,
    pub seo: Json<Seo>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl SectionRow {
    /// Its place, as far as it says itself.
    #[must_use]
    pub fn node(&self) -> Node {
        Node {
            id: self.id,
            parent: self.parent_id,
            slug: self.slug.clone(),
            name: self.name.clone(),
            position: self.position,
        }
    }
}

/// A section with the number of published articles in it and below it.
#[derive(Clone, Debug, Queryable)]
pub struct CountedSection {
    pub section: SectionRow,
    pub article_count: Option<i32>,
}

/// All sections, in no order.
///
/// # Errors
/// When the database fails.
pub async fn all(mut conn: &Connection) -> Result<Vec<CountedSection>> {
    sections::table
        .left_join(section_counts::table)
        .select((SectionRow::as_select(), section_counts::articles.nullable()))
        .load(&mut conn)
        .await
}

/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Connection, id: Uuid) -> Result<Option<SectionRow>> {
    sections::table
        .find(id)
        .select(SectionRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// All sections, locked: who changes the tree changes it alone.
///
/// # Errors
/// When the database fails.
pub async fn lock_all(conn: &mut Connection) -> Result<Vec<SectionRow>> {
    // Row locks alone would let a section be added below one that is being moved: who waits for a row does not see
    // the rows that came meanwhile.
    super::taxonomy_gate::enter_alone(conn).await?;
    sections::table
        .order(sections::id)
        .select(SectionRow::as_select())
        .for_no_key_update()
        .load(conn)
        .await
}

/// A section and every one above it, itself first.
///
/// # Errors
/// When the database fails.
pub async fn lineage(conn: &mut Connection, id: Uuid) -> Result<Vec<Uuid>> {
    let above = diesel::alias!(sections as above);
    let below = above.field(sections::path).concat("/%");
    above
        .inner_join(
            sections::table.on(sections::path
                .eq(above.field(sections::path))
                .or(sections::path.like(below))),
        )
        .filter(sections::id.eq(id))
        .order(above.field(sections::depth).desc())
        .select(above.field(sections::id))
        .load(conn)
        .await
}

/// These sections and every one below them.
///
/// # Errors
/// When the database fails.
pub async fn subtrees(conn: &mut Connection, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let above = diesel::alias!(sections as above);
    let below = above.field(sections::path).concat("/%");
    above
        .inner_join(
            sections::table.on(sections::path
                .eq(above.field(sections::path))
                .or(sections::path.like(below))),
        )
        .filter(above.field(sections::id).eq_any(ids))
        .select(sections::id)
        .distinct()
        .load(conn)
        .await
}

/// # Errors
/// When the slug is taken or the database fails.
pub async fn insert(conn: &mut Connection, section: &SectionRow) -> Result<()> {
    diesel::insert_into(sections::table)
        .values(section)
        .execute(conn)
        .await?;
    diesel::insert_into(section_counts::table)
        .values((
            section_counts::section_id.eq(section.id),
            section_counts::articles.eq(0),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When the slug is taken or the database fails.
pub async fn update(conn: &mut Connection, section: &SectionRow) -> Result<()> {
    diesel::update(sections::table.find(section.id))
        .set(section)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Moves a section to its worked-out place.
///
/// # Errors
/// When the database fails.
pub async fn place(conn: &mut Connection, place: &Placed) -> Result<()> {
    diesel::update(sections::table.find(place.id))
        .set((sections::depth.eq(place.depth), sections::path.eq(&place.path)))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// # Errors
/// When something still refers to it or the database fails.
pub async fn delete(conn: &mut Connection, id: Uuid) -> Result<()> {
    diesel::delete(sections::table.find(id)).execute(conn).await.map(drop)
}

/// How many articles on the desk, trashed ones too, or in the readers' copy stand in this section itself.
///
/// # Errors
/// When the database fails.
pub async fn uses(conn: &mut Connection, id: Uuid) -> Result<i64> {
    // Two counts, because one condition on both tables could use the index of neither.
    let desk: i64 = articles::table
        .filter(articles::section_id.eq(id))
        .count()
        .get_result(conn)
        .await?;
    let readers_only: i64 = published_articles::table
        .inner_join(articles::table)
        .filter(published_articles::section_id.eq(id))
        .filter(articles::section_id.is_distinct_from(id))
        .count()
        .get_result(conn)
        .await?;
    Ok(desk + readers_only)
}

/// Puts every article of section `from` into section `to`.
///
/// # Errors
/// When the database fails.
pub async fn reassign(conn: &mut Connection, from: Uuid, to: Uuid) -> Result<()> {
    diesel::update(articles::table.filter(articles::section_id.eq(from)))
        .set(articles::section_id.eq(to))
        .kept()
        .execute(conn)
        .await?;
    diesel::update(published_articles::table.filter(published_articles::section_id.eq(from)))
        .set(published_articles::section_id.eq(to))
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// Writes anew where the published articles of the sections given are listed: in each section of the lineage.
///
/// # Errors
/// When the database fails.
pub async fn relist(conn: &mut Connection, moved: &[Placed]) -> Result<()> {
    for place in moved {
        diesel::update(published_articles::table.filter(published_articles::section_id.eq(place.id)))
            .filter(published_articles::section_ids.ne(&place.lineage))
            .set(published_articles::section_ids.eq(&place.lineage))
            .kept()
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Counts the published articles listed in these sections anew. Last in a transaction, ids in order.
///
/// # Errors
/// When the database fails.
pub async fn recount(conn: &mut Connection, ids: &[Uuid]) -> Result<()> {
    for id in ids {
        let listed: i64 = published_article_sections::table
            .filter(published_article_sections::section_id.eq(id))
            .count()
            .get_result(conn)
            .await?;
        diesel::update(section_counts::table.find(id))
            .set(section_counts::articles.eq(i32::try_from(listed).unwrap_or(i32::MAX)))
            .kept()
            .execute(conn)
            .await?;
    }
    Ok(())
}
