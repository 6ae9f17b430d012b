//! Publish an article.

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Result;
use super::articles::{WorkingCopy, open, working_copy};
use super::entry::Entry;
use super::go_live::{GoLive, go_live};
use super::schedule_article::set_out;
use crate::db::articles::ArticleRow;
use crate::db::revisions::RevisionRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::body::BodyRules;
use crate::domain::check::{Check, FieldError};
use crate::domain::plan::PlannedAction;
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

/// Puts one revision before readers, exactly as it was saved. Its relations are shown as they are called now. While an
/// embargo lasts, that is planned for its end.
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
        let present = article.state();
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
        check.done()?;
        if let Some(until) = article.embargo_until.filter(|until| *until > act.now) {
            // Nobody sees it earlier, whatever is pressed.
            db::schedule::delete(conn, id, &[PlannedAction::Publish]).await?;
            let entry = Entry::begin("schedule_article", &article);
            set_out(conn, act, rules, &mut article, present, (&revision, until), entry).await?;
            return working_copy(conn, article).await;
        }
        let entry = Entry::begin("publish_article", &article);
        let date = publication.published_at;
        go_live(
            conn,
            act,
            rules,
            &mut article,
            state,
            GoLive {
                entry,
                revision: &revision,
                before: before.as_ref(),
                date,
                corrections: None,
            },
        )
        .await?;
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
