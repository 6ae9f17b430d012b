//! Publish an article.

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::article_relations::{Relations, live_relations};
use super::articles::{WorkingCopy, advance, open, working_copy};
use super::{Refusal, Result, article_content};
use crate::db::articles::ArticleRow;
use crate::db::published::PublishedRow;
use crate::db::revisions::RevisionRow;
use crate::db::{self, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::body::{Body, BodyFormat, BodyRules, reading_time_minutes};
use crate::domain::check::{Check, FieldError};
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// What is to be published.
#[derive(Clone, Copy, Debug, Default)]
pub struct Publication {
    /// The newest when nothing is said.
    pub revision: Option<i32>,
    /// The date line; else it is kept, or now.
    pub published_at: Option<DateTime<Utc>>,
}

/// Puts one revision before readers, exactly as it was saved. Its relations are shown as they are called now.
///
/// # Errors
/// When the article is gone or changed, cannot be published, lacks what readers need, or its slug is another's.
pub async fn publish_article(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    id: Uuid,
    expected: Expected,
    publication: Publication,
) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        db::taxonomy_gate::enter(conn).await?;
        let (mut article, state) = open(conn, act, id, expected, ArticleVerb::Publish).await?;
        let mut check = Check::new();
        if publication.published_at.is_some_and(|at| at > act.now) {
            check.refuse(FieldError::field(
                "/published_at",
                "in_the_future",
                "must not be later than now",
            ));
        }
        let (revision, before) = revisions(conn, &article, publication.revision, &mut check).await?;
        let Some(revision) = revision else {
            return Err(check.done().err().unwrap_or_default().into());
        };
        let relations = live_relations(conn, &revision.content).await?;
        let body = article_content::rendered(revision.content.body_html.clone(), BodyFormat::Html, rules).await;
        require(&body, &relations, &mut check);
        check.done()?;
        if !db::public_slugs::claim(conn, &revision.content.slug, id, act.now).await? {
            return Err(Refusal::SlugTaken(revision.content.slug));
        }
        let changed = before.is_none_or(|before| !revision.content.differences(&before.content).is_empty());
        advance(&mut article, state, act.now);
        let replaces = article.published_revision.replace(revision.number).is_some();
        article.published_at = publication.published_at.or(article.published_at).or(Some(act.now));
        article.first_published_at = article.first_published_at.or(Some(act.now));
        article.content_updated_at = article.content_updated_at.filter(|_| !changed).or(Some(act.now));
        let row = readers_copy(&article, &revision, &relations, body, act.now);
        let listed = db::published::put(conn, &row, &relations.listing, replaces).await?;
        db::articles::update(conn, &article).await?;
        let details = json!({"version": article.version, "revision": revision.number, "slug": row.slug});
        db::audit::record(conn, act, "publish_article", "article", id, details).await?;
        db::counts::relisted(conn, &listed, &relations.listing).await?;
        if revision.number == article.revision {
            return Ok(WorkingCopy {
                article,
                head: revision,
            });
        }
        working_copy(conn, article).await
    })
    .await
}

/// The revision that is to be published, and the one that readers see until now.
async fn revisions(
    conn: &mut Connection,
    article: &ArticleRow,
    named: Option<i32>,
    check: &mut Check,
) -> Result<(Option<RevisionRow>, Option<RevisionRow>)> {
    let number = named.unwrap_or(article.revision);
    let numbers: Vec<i32> = std::iter::once(number).chain(article.published_revision).collect();
    let found = db::revisions::numbered(conn, article.id, &numbers).await?;
    let of = |number: i32| found.iter().find(|revision| revision.number == number).cloned();
    if of(number).is_none() {
        let message = format!(
            "the article has no revision {number}, its newest is {}",
            article.revision
        );
        check.refuse(FieldError::field("/revision", "unknown_reference", message));
    }
    Ok((of(number), article.published_revision.and_then(of)))
}

/// Notes what readers would miss.
fn require(body: &Body, relations: &Relations, check: &mut Check) {
    if body.text.trim().is_empty() {
        check.refuse(FieldError::field(
            "/body",
            "required",
            "needs text before it can be published",
        ));
    }
    if relations.section.is_none() {
        check.refuse(FieldError::field(
            "/section",
            "required",
            "must be named before it can be published",
        ));
    }
}

fn readers_copy(
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
        section_id: relations.section,
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
    }
}
