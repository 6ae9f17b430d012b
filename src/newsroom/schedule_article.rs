//! Plan what happens to an article by itself: when a revision goes before readers, and when it is taken away again.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::article_relations::live_relations;
use super::articles::{WorkingCopy, advance, open, require_reach, working_copy};
use super::entry::Entry;
use super::preflight::require_ready;
use super::{Refusal, Result, article_content};
use crate::db::articles::ArticleRow;
use crate::db::revisions::RevisionRow;
use crate::db::schedule::PlannedRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::body::{BodyFormat, BodyRules};
use crate::domain::check::{Check, FieldError};
use crate::domain::plan::PlannedAction;
use crate::domain::version::Expected;
use crate::domain::workflow::{ArticleStage, ArticleVerb, State};

/// What is planned.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The newest when nothing is said.
    pub revision: Option<i32>,
    pub publish_at: DateTime<Utc>,
    pub unpublish_at: Option<DateTime<Utc>>,
}

/// Plans one revision of an article, exactly as it is now approved, in place of what was planned before.
///
/// # Errors
/// When the article is gone, changed, cannot be scheduled, or would not be ready; or the plan lies in the past, before
/// the embargo, or ends before it begins.
pub async fn schedule_article(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    id: Uuid,
    expected: Expected,
    plan: Plan,
) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        let (mut article, state) = open(conn, act, id, expected, ArticleVerb::Schedule).await?;
        let mut check = Check::new();
        check_times(&mut check, &article, &plan, act.now);
        let number = plan.revision.unwrap_or(article.revision);
        let revision = db::revisions::numbered(conn, id, &[number]).await?.pop();
        if revision.is_none() {
            let message = format!(
                "the article has no revision {number}, its newest is {}",
                article.revision
            );
            check.refuse(FieldError::field("/revision", "unknown_reference", message));
        }
        check.done()?;
        let Some(revision) = revision else {
            return Err(Refusal::NotFound("revision"));
        };
        let entry = Entry::begin("schedule_article", &article);
        db::schedule::delete(conn, id, PlannedAction::ALL).await?;
        article.unpublish_at = plan.unpublish_at;
        set_out(
            conn,
            act,
            rules,
            &mut article,
            state,
            (&revision, plan.publish_at),
            entry,
        )
        .await?;
        if let Some(at) = plan.unpublish_at {
            let withdrawal = planned(act, id, PlannedAction::Unpublish, None, at);
            db::schedule::insert(conn, &[withdrawal]).await?;
        }
        working_copy(conn, article).await
    })
    .await
}

/// Brings the article to the stage `scheduled` and plans the publication of this revision, which must be ready now.
pub(super) async fn set_out(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    article: &mut ArticleRow,
    state: State,
    (revision, at): (&RevisionRow, DateTime<Utc>),
    mut entry: Entry,
) -> Result<()> {
    let relations = live_relations(conn, &revision.content).await?;
    require_reach(act, relations.section.as_ref().map(|section| section.id))?;
    let body = article_content::rendered(revision.content.body_html.clone(), BodyFormat::Html, rules).await;
    require_ready(conn, rules, act.now, article.id, &revision.content, &relations, &body).await?;
    let state = State {
        stage: Some(ArticleStage::Scheduled),
        ..state
    };
    advance(conn, article, state, act.now).await?;
    article.publish_at = Some(at);
    db::articles::update(conn, article).await?;
    let publication = planned(act, article.id, PlannedAction::Publish, Some(revision.number), at);
    db::schedule::insert(conn, &[publication]).await?;
    entry.tell("revision", revision.number);
    entry.tell("publish_at", json!(at));
    entry.tell("unpublish_at", json!(article.unpublish_at));
    entry.write(conn, act, article).await
}

fn planned(act: &Act, article_id: Uuid, action: PlannedAction, revision: Option<i32>, at: DateTime<Utc>) -> PlannedRow {
    PlannedRow {
        article_id,
        action,
        revision,
        due_at: at,
        try_at: at,
        attempts: 0,
        last_error: None,
        scheduled_by_id: act.user_id(),
        scheduled_at: act.now,
    }
}

fn check_times(check: &mut Check, article: &ArticleRow, plan: &Plan, now: DateTime<Utc>) {
    if plan.publish_at <= now {
        let message = "must be later than now; `publish` publishes at once";
        check.refuse(FieldError::field("/publish_at", "in_the_past", message));
    }
    if let Some(embargo) = article.embargo_until.filter(|embargo| plan.publish_at < *embargo) {
        let until = embargo.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let message = format!("must not be earlier than the embargo, which ends at {until}");
        check.refuse(FieldError::field("/publish_at", "before_the_embargo", message));
    }
    if plan.unpublish_at.is_some_and(|at| at <= plan.publish_at) {
        let message = "must be later than `publish_at`";
        check.refuse(FieldError::field("/unpublish_at", "out_of_range", message));
    }
}
