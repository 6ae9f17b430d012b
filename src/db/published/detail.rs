//! One published article, whole, by its slug or id; and where an old slug leads.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use uuid::Uuid;

use super::cards::{self, CardData, CardRow, NamesColumns, SiteRules, card_columns, names_columns};
use crate::db::refs::SectionName;
use crate::db::schema::{public_slugs, published_articles, sections, site};
use crate::db::{Connection, Json, Result, corrections};
use crate::domain::body::{Block, OutlineEntry, Part};
use crate::domain::content::{Image, Seo, Source};
use crate::domain::correction::Correction;
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::site::Publisher;

/// What an article shows beyond its card.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = published_articles, check_for_backend(diesel::pg::Pg))]
pub struct BodyRow {
    pub body_html: String,
    pub outline: Json<Vec<OutlineEntry>>,
    pub sources: Json<Vec<Source>>,
    pub related: Vec<Uuid>,
    pub seo: Json<Seo>,
}

/// The other forms of a body.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = published_articles, check_for_backend(diesel::pg::Pg))]
pub struct FormsRow {
    pub parts: Json<Vec<Part>>,
    pub blocks: Json<Vec<Block>>,
    pub body_text: String,
}

/// Who publishes, as far as the site says.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = site, check_for_backend(diesel::pg::Pg))]
pub struct PaperRow {
    pub name: Option<String>,
    pub logo: Option<Json<Image>>,
    pub publisher: Option<Json<Publisher>>,
}

/// A published article, whole.
#[derive(Clone, Debug)]
pub struct ArticleData {
    pub card: CardData,
    pub body: BodyRow,
    pub paper: PaperRow,
    /// When they were asked for.
    pub forms: Option<FormsRow>,
    /// The articles that the editor put beside it, those that are published.
    pub related: Vec<CardData>,
    /// Oldest first.
    pub corrections: Vec<Correction>,
}

/// The published article of this name: four statements at most, on two journeys.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &Connection, named: &IdOrSlug, with_forms: bool) -> Result<Option<ArticleData>> {
    let forms = async {
        match with_forms {
            true => forms(conn, named).await,
            false => Ok(None),
        }
    };
    let (found, forms) = try_join(columns(conn, named), forms).await?;
    let Some((card, body, paper)) = found else {
        return Ok(None);
    };
    let corrections = async {
        match card.counts.corrections {
            0 => Ok(Vec::new()),
            _ => corrections::of_article(conn, card.article.id).await,
        }
    };
    let (related, corrections) = try_join(cards::load(conn, &body.related, &[]), corrections).await?;
    Ok(Some(ArticleData {
        card,
        body,
        paper,
        forms,
        related,
        corrections: corrections.into_iter().map(Correction::from).collect(),
    }))
}

/// The notes on the published article of this name, oldest first; `None` when it is not published.
///
/// # Errors
/// When the database fails.
pub async fn corrections(
    mut conn: &Connection,
    named: &IdOrSlug,
) -> Result<Option<(Uuid, DateTime<Utc>, Vec<Correction>)>> {
    let found: Option<(Uuid, DateTime<Utc>)> = of(named)
        .select((published_articles::id, published_articles::content_updated_at))
        .first(&mut conn)
        .await
        .optional()?;
    let Some((id, modified)) = found else { return Ok(None) };
    let notes = corrections::of_article(conn, id).await?;
    Ok(Some((id, modified, notes.into_iter().map(Correction::from).collect())))
}

/// What the editor put beside this article, and those of them that are published; `None` when it is not published itself.
///
/// # Errors
/// When the database fails.
pub async fn related(mut conn: &Connection, named: &IdOrSlug) -> Result<Option<(Uuid, Vec<Uuid>, Vec<CardData>)>> {
    let found: Option<(Uuid, Vec<Uuid>)> = of(named)
        .select((published_articles::id, published_articles::related))
        .first(&mut conn)
        .await
        .optional()?;
    let Some((id, related)) = found else { return Ok(None) };
    let cards = cards::load(conn, &related, &[]).await?;
    Ok(Some((id, related, cards)))
}

/// Where a published article is now.
#[derive(Clone, Debug, Queryable)]
pub struct Whereabouts {
    pub id: Uuid,
    pub slug: String,
    pub published_at: DateTime<Utc>,
    pub section: Option<SectionName>,
    pub timezone: Option<String>,
}

/// The published article that once had this slug.
///
/// # Errors
/// When the database fails.
pub async fn formerly(mut conn: &Connection, slug: &str) -> Result<Option<Whereabouts>> {
    public_slugs::table
        .inner_join(published_articles::table.on(public_slugs::article_id.eq(published_articles::id.nullable())))
        .left_join(sections::table.on(published_articles::section_id.eq(sections::id.nullable())))
        .inner_join(site::table.on(site::id.eq(1)))
        .filter(public_slugs::slug.eq(slug))
        .select((
            published_articles::id,
            published_articles::slug,
            published_articles::published_at,
            Option::<SectionName>::as_select(),
            site::timezone,
        ))
        .first(&mut conn)
        .await
        .optional()
}

fn of(named: &IdOrSlug) -> published_articles::BoxedQuery<'_, Pg> {
    let all = published_articles::table.into_boxed();
    match named {
        IdOrSlug::Id(id) => all.filter(published_articles::id.eq(id)),
        IdOrSlug::Slug(slug) => all.filter(published_articles::slug.eq(slug)),
    }
}

type Columns = (
    CardRow,
    Option<SectionName>,
    Option<(i32, i32)>,
    SiteRules,
    BodyRow,
    PaperRow,
    NamesColumns,
);

async fn columns(mut conn: &Connection, named: &IdOrSlug) -> Result<Option<(CardData, BodyRow, PaperRow)>> {
    let all = published_articles::table
        .left_join(sections::table)
        .inner_join(site::table.on(site::id.eq(1)))
        .select(card_columns!(
            BodyRow::as_select(),
            PaperRow::as_select(),
            names_columns!()
        ));
    let found: Option<Columns> = match named {
        IdOrSlug::Id(id) => all.filter(published_articles::id.eq(id)).first(&mut conn).await,
        IdOrSlug::Slug(slug) => all.filter(published_articles::slug.eq(slug)).first(&mut conn).await,
    }
    .optional()?;
    Ok(found.map(|(article, section, counts, site, body, paper, names)| {
        let card = CardData::new((article, section, counts, site), &names.into());
        (card, body, paper)
    }))
}

async fn forms(mut conn: &Connection, named: &IdOrSlug) -> Result<Option<FormsRow>> {
    of(named)
        .select(FormsRow::as_select())
        .first(&mut conn)
        .await
        .optional()
}
