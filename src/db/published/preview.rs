//! What a readers' copy that is in no table would show: the same data as a published article's.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::PublishedRow;
use super::cards::{self, CardData, CardRow, Counts, Relations, SiteRules};
use super::detail::{ArticleData, BodyRow, FormsRow, PaperRow};
use crate::db::schema::{article_counts, site};
use crate::db::{Connection, Json, Result, corrections, refs};
use crate::domain::body::{Block, OutlineEntry, Part};
use crate::domain::correction::Correction;

/// The article that `copy` would be.
///
/// # Errors
/// When the database fails.
pub async fn shown(conn: &mut Connection, copy: PublishedRow) -> Result<ArticleData> {
    let section: Vec<_> = copy.section_id.into_iter().collect();
    let refs = refs::load(conn, &section, &copy.listing.tags, &copy.listing.authors).await?;
    let (rules, paper): (SiteRules, PaperRow) = site::table
        .find(1)
        .select((SiteRules::as_select(), PaperRow::as_select()))
        .first(conn)
        .await?;
    let counts: Option<Counts> = article_counts::table
        .find(copy.id)
        .select(Counts::as_select())
        .first(conn)
        .await
        .optional()?;
    let related = cards::load(conn, &copy.related, &[]).await?;
    let corrections = corrections::of_article(conn, copy.id).await?;
    let card = CardData {
        section: copy.section_id.and_then(|id| refs.sections.get(&id).cloned()),
        counts: counts.unwrap_or_default(),
        site: rules,
        relations: Relations {
            tags: refs.tags(&copy.listing.tags),
            authors: refs.authors(&copy.listing.authors),
        },
        article: CardRow {
            id: copy.id,
            slug: copy.slug,
            kicker: copy.kicker,
            title: copy.title,
            standfirst: copy.standfirst,
            language: copy.language,
            dateline: copy.dateline,
            hero: copy.hero,
            published_at: copy.published_at,
            first_published_at: copy.first_published_at,
            content_updated_at: copy.content_updated_at,
            breaking_until: copy.breaking_until,
            featured: copy.featured,
            comments_policy: copy.comments_policy,
            word_count: copy.word_count,
            reading_time_minutes: copy.reading_time_minutes,
            listing: copy.listing,
        },
    };
    let body = BodyRow {
        body_html: copy.body_html,
        outline: read::<Vec<OutlineEntry>>(copy.outline)?,
        sources: copy.sources,
        related: copy.related,
        seo: copy.seo,
    };
    let forms = FormsRow {
        parts: read::<Vec<Part>>(copy.parts)?,
        blocks: read::<Vec<Block>>(copy.blocks)?,
        body_text: copy.body_text,
    };
    Ok(ArticleData {
        card,
        body,
        paper,
        forms: Some(forms),
        related,
        corrections: corrections.into_iter().map(Correction::from).collect(),
    })
}

/// What was written as JSON a moment ago, read as what the database would give back.
fn read<T: serde::de::DeserializeOwned>(json: Json<serde_json::Value>) -> Result<Json<T>> {
    let value = serde_json::from_value(json.0);
    value
        .map(Json)
        .map_err(|error| diesel::result::Error::DeserializationError(error.into()))
}
