//! The door: one revision becomes what readers have. Every verb that publishes leads through here.

use chrono::{DateTime, Utc};
use futures_util::future::try_join4;
use serde_json::json;

use super::article_relations::{Relations, live_relations};
use super::articles::{advance, require_reach, store};
use super::entry::Entry;
use super::preflight::require_ready;
use super::{Refusal, Result, article_content};
use crate::db::articles::ArticleRow;
use crate::db::publications::PublicationRow;
use crate::db::published::{Listing, PublishedRow};
use crate::db::revisions::RevisionRow;
use crate::db::{self, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::body::{Body, BodyFormat, BodyRules, reading_time_minutes};
use crate::domain::correction::Correction;
use crate::domain::workflow::State;

/// What goes before readers, and how that is told.
pub(super) struct GoLive<'a> {
    /// What both logs say of it.
    pub entry: Entry,
    pub revision: &'a RevisionRow,
    /// What readers have until now.
    pub before: Option<&'a RevisionRow>,
    /// The date line; else it is kept, or now.
    pub date: Option<DateTime<Utc>>,
    /// What readers are told of corrections from now on, when that changes.
    pub corrections: Option<Vec<Correction>>,
}

/// Puts one revision before readers, exactly as it was saved, under the names that its relations have now. The caller
/// holds the taxonomy gate and the article's lock. Writes all there is to write, the kept counts last.
///
/// # Errors
/// When it lacks what readers need, or its slug is another's.
pub(super) async fn go_live(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    article: &mut ArticleRow,
    state: State,
    live: GoLive<'_>,
) -> Result<()> {
    let GoLive {
        mut entry,
        revision,
        before,
        date,
        corrections,
    } = live;
    let relations = live_relations(conn, &revision.content).await?;
    require_reach(act, relations.section.as_ref().map(|section| section.id))?;
    let body = article_content::rendered(revision.content.body_html.clone(), BodyFormat::Html, rules).await;
    require_ready(conn, rules, act.now, article.id, &revision.content, &relations, &body).await?;
    if !db::public_slugs::claim(conn, &revision.content.slug, article.id, act.now).await? {
        return Err(Refusal::SlugTaken(revision.content.slug.clone()));
    }
    advance(conn, article, state, act.now).await?;
    let replaces = article.published_revision.replace(revision.number).is_some();
    dated(article, revision, before, date, act.now);
    let row = readers_copy(article, revision, &relations, body, act.now);
    let listed = match replaces {
        true => db::published::remove(conn, article.id).await?,
        false => Listing::default(),
    };
    let logged = PublicationRow {
        article_id: article.id,
        version: article.version,
        at: act.now,
        action: entry.action.clone(),
        revision: Some(revision.number),
        published_at: Some(row.published_at),
        content_updated_at: Some(row.content_updated_at),
        section: relations.section.map(Json),
        tags: Json(relations.tags),
        authors: Json(relations.authors),
        corrections: corrections.clone().map(Json),
    };
    entry.tell("revision", revision.number);
    entry.tell("slug", row.slug.clone());
    // None of these waits for another.
    let publication = async { Ok(db::publications::insert(conn, &logged).await?) };
    let copy = async { Ok(db::published::put(conn, &row).await?) };
    try_join4(
        store(conn, act, article),
        copy,
        publication,
        entry.write(conn, act, article),
    )
    .await?;
    if let Some(corrections) = corrections {
        db::counts::corrections(conn, article.id, corrections.len()).await?;
    }
    db::counts::relisted(conn, &listed, &row.listing).await?;
    Ok(())
}

/// Dates the article as publishing `revision` in place of `before` does.
pub(super) fn dated(
    article: &mut ArticleRow,
    revision: &RevisionRow,
    before: Option<&RevisionRow>,
    date: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) {
    let changed = before.is_none_or(|before| !revision.content.differences(&before.content).is_empty());
    article.published_at = date.or(article.published_at).or(Some(now));
    article.first_published_at = article.first_published_at.or(Some(now));
    article.content_updated_at = article.content_updated_at.filter(|_| !changed).or(Some(now));
}

/// What readers get of `revision`.
pub(super) fn readers_copy(
    article: &ArticleRow,
    revision: &RevisionRow,
    relations: &Relations,
    body: Body,
    now: DateTime<Utc>,
) -> PublishedRow {
    let content = revision.content.clone();
    let reading_time = reading_time_minutes(body.word_count);
    PublishedRow {
        id: article.id,
        revision: revision.number,
        slug: content.slug,
        kicker: content.kicker,
        title: content.title,
        standfirst: content.standfirst,
        language: content.language,
        dateline: content.dateline,
        section_id: relations.section.as_ref().map(|section| section.id),
        hero: content.hero,
        published_at: article.published_at.unwrap_or(now),
        first_published_at: article.first_published_at.unwrap_or(now),
        content_updated_at: article.content_updated_at.unwrap_or(now),
        breaking_until: article.breaking_until,
        featured: article.featured,
        comments_policy: article.comments_policy,
        word_count: i32::try_from(body.word_count).unwrap_or(i32::MAX),
        reading_time_minutes: i32::try_from(reading_time).unwrap_or(i32::MAX),
        body_html: body.html,
        outline: Json(json!(body.outline)),
        parts: Json(json!(body.parts)),
        blocks: Json(json!(body.blocks)),
        body_text: body.text,
        sources: content.sources,
        related: content.related,
        seo: content.seo,
        listing: relations.listing.clone(),
    }
}
