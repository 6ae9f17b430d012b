//! Look an article over before readers see it: the same list that publishing refuses by.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::article_relations::{Relations, live_relations};
use super::articles::visible;
use super::{Refusal, Result, article_content};
use crate::db::revisions::Content;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::body::{Body, BodyFormat, BodyRules};
use crate::domain::check::FieldError;
use crate::domain::preflight::{Finding, FindingCode, Severity, Subject, findings};

/// What would be found if this revision of an article, or its newest, were published now.
///
/// # Errors
/// When there is no such article or revision, or it is not for whoever acts.
pub async fn preflight(
    conn: &mut Connection,
    rules: &BodyRules,
    act: &Act,
    id: Uuid,
    revision: Option<i32>,
) -> Result<(i32, Vec<Finding>)> {
    let found = db::articles::find_with_head(conn, id).await?;
    let (article, head) = found.ok_or(Refusal::NotFound("article"))?;
    visible(act, Some(article))?;
    let revision = match revision {
        Some(number) if number != head.number => {
            let mut found = db::revisions::numbered(conn, id, &[number]).await?;
            found.pop().ok_or_else(|| {
                let message = format!("the article has no revision {number}, its newest is {}", head.number);
                Refusal::Parameter(FieldError::parameter("revision", "unknown_reference", message))
            })?
        }
        _ => head,
    };
    let relations = live_relations(conn, &revision.content).await?;
    let body = article_content::rendered(revision.content.body_html.clone(), BodyFormat::Html, rules).await;
    let same_headline = has_same_headline(conn, id, &revision.content, act.now).await?;
    let found = findings(
        &subject(&revision.content, &relations, &body, same_headline),
        &rules.blockers,
    );
    Ok((revision.number, found))
}

/// Refuses what blocks, with all that was found. Whether others have the headline is looked up only when it matters.
pub(super) async fn require_ready(
    conn: &mut Connection,
    rules: &BodyRules,
    now: DateTime<Utc>,
    id: Uuid,
    content: &Content,
    relations: &Relations,
    body: &Body,
) -> Result<()> {
    let found = findings(&subject(content, relations, body, false), &rules.blockers);
    if !blocks(&found) && !rules.blockers.contains(&FindingCode::SameHeadline) {
        return Ok(());
    }
    let same_headline = has_same_headline(conn, id, content, now).await?;
    let found = findings(&subject(content, relations, body, same_headline), &rules.blockers);
    match blocks(&found) {
        true => Err(Refusal::NotReady(found)),
        false => Ok(()),
    }
}

fn blocks(found: &[Finding]) -> bool {
    found.iter().any(|finding| finding.severity == Severity::Blocker)
}

async fn has_same_headline(conn: &mut Connection, id: Uuid, content: &Content, now: DateTime<Utc>) -> Result<bool> {
    let since = now - TimeDelta::days(1);
    Ok(db::published::has_headline(conn, &content.title, id, since).await?)
}

fn subject<'a>(content: &'a Content, relations: &Relations, body: &'a Body, same_headline: bool) -> Subject<'a> {
    Subject {
        title: &content.title,
        standfirst: content.standfirst.as_deref(),
        body,
        has_section: relations.section.is_some(),
        authors: relations.authors.len(),
        hero: content.hero.as_ref().map(|hero| &hero.0),
        sources: &content.sources.0,
        seo: &content.seo.0,
        same_headline,
    }
}
