//! What the verbs on articles share.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::articles::ArticleRow;
use crate::db::audit::Recorded;
use crate::db::revisions::RevisionRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::body::BodyFormat;
use crate::domain::check::Check;
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::{Image, SeoChange, Source};
use crate::domain::patch::Patch;
use crate::domain::plan::PlannedAction;
use crate::domain::version::Expected;
use crate::domain::workflow::{ArticleStage, ArticleStatus, ArticleVerb, Needs, State};

/// An article as the desk works on it: with its newest revision.
#[derive(Clone, Debug)]
pub struct WorkingCopy {
    pub article: ArticleRow,
    pub head: RevisionRow,
}

/// What an editor says about an article. What is absent stays; what is cleared becomes what
/// it would be had nobody ever said anything.
#[derive(Clone, Debug, Default)]
pub struct ArticleChange {
    /// What was found wrong with its texts: told together with what is wrong with its references.
    pub check: Check,
    pub title: Option<String>,
    /// Cleared, it is made from the title.
    pub slug: Patch<String>,
    pub kicker: Patch<String>,
    pub standfirst: Patch<String>,
    pub dateline: Patch<String>,
    /// Cleared, it is the site's own.
    pub language: Patch<String>,
    pub body: Patch<BodyChange>,
    /// Id or slug, as every relation.
    pub section: Patch<String>,
    pub tags: Patch<Vec<String>>,
    pub authors: Patch<Vec<String>>,
    pub sources: Patch<Vec<Source>>,
    pub related: Patch<Vec<String>>,
    pub seo: Patch<SeoChange>,
    pub hero: Patch<Image>,
    pub breaking_until: Patch<DateTime<Utc>>,
    pub featured: Patch<bool>,
    pub comments_policy: Patch<CommentsPolicy>,
    pub assignee: Patch<Uuid>,
    /// No reader sees it earlier.
    pub embargo_until: Patch<DateTime<Utc>>,
    /// Why this revision was made.
    pub note: Option<String>,
    /// Whether a program saved it, not a person.
    pub autosave: bool,
}

impl ArticleChange {
    /// Keeps sections, tags and authors from being rearranged while a change that names some is made. Comes before any
    /// other lock.
    pub(super) async fn enter_gate(&self, conn: &Connection) -> Result<()> {
        let named = self.tags.as_set().is_some() || self.authors.as_set().is_some();
        if named || self.section.as_set().is_some() {
            db::taxonomy_gate::enter(conn).await?;
        }
        Ok(())
    }
}

/// What an editor says about a body.
#[derive(Clone, Debug, Default)]
pub struct BodyChange {
    pub source: Patch<String>,
    pub format: Patch<BodyFormat>,
}

/// Locks the article for `verb`, which must be possible for whoever acts, at the version that they read. Answers it with
/// the state that the verb leads to.
pub(super) async fn open(
    conn: &Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    verb: ArticleVerb,
) -> Result<(ArticleRow, State)> {
    let article = visible(act, db::articles::lock(conn, id).await?)?;
    if !article.owners().permit(act, verb.needs()) {
        return Err(denied(act, &article, verb.needs()));
    }
    if !expected.matches(article.version) {
        return Err(stale(conn, &article, &expected).await?);
    }
    match article.state().after(verb) {
        Some(state) => Ok((article, state)),
        None => Err(impossible(act, &article, verb)),
    }
}

/// Asks whether the role of whoever acts allows `verb` at all: before an answer that was kept for them is given again.
/// Whose article it is is asked with its lock.
///
/// # Errors
/// When it does not, or the article is gone.
pub async fn require_permission(conn: &mut Connection, act: &Act, id: Uuid, verb: ArticleVerb) -> Result<()> {
    let needs = verb.needs();
    if matches!(needs, Needs::Permission(permission) if !act.may(permission)) {
        let found = db::articles::find_with_head(conn, id).await?;
        let article = visible(act, found.map(|(article, _)| article))?;
        return Err(denied(act, &article, needs));
    }
    Ok(())
}

/// What may be done to the article by whoever acts.
#[must_use]
pub fn allowed_actions(act: &Act, article: &ArticleRow) -> Vec<ArticleVerb> {
    article
        .state()
        .allowed_actions(|needs| article.owners().permit(act, needs))
}

/// Notes that the article stands in `state` from now on, as its next version. What was planned for it and cannot come
/// any more is dropped: a publication with the stage it belongs to, a withdrawal when there will be nothing to withdraw.
pub(super) async fn advance(
    conn: &mut Connection,
    article: &mut ArticleRow,
    state: State,
    now: DateTime<Utc>,
) -> Result<()> {
    let scheduled = state.stage == Some(ArticleStage::Scheduled);
    let mut dropped = Vec::new();
    if !scheduled && article.publish_at.take().is_some() {
        dropped.push(PlannedAction::Publish);
    }
    if !scheduled && state.status != ArticleStatus::Published && article.unpublish_at.take().is_some() {
        dropped.push(PlannedAction::Unpublish);
    }
    if !dropped.is_empty() {
        db::schedule::delete(conn, article.id, &dropped).await?;
    }
    if state.stage != Some(ArticleStage::InReview) {
        article.submitted_revision = None;
    }
    article.status = state.status;
    article.stage = state.stage;
    article.trashed_from = state.trashed_from;
    article.version += 1;
    article.updated_at = now;
    Ok(())
}

/// The article, if it is there for whoever acts.
///
/// # Errors
/// When it is not.
pub fn visible(act: &Act, found: Option<ArticleRow>) -> Result<ArticleRow> {
    let found = found.filter(|article| act.reaches(article.section_id));
    found.ok_or(Refusal::NotFound("article"))
}

/// Nobody puts an article where they could not see it.
pub(super) fn require_reach(act: &Act, section: Option<Uuid>) -> Result<()> {
    if act.reaches(section) {
        return Ok(());
    }
    Err(Refusal::OutOfReach)
}

/// Writes the article.
///
/// # Errors
/// When another has taken its slug meanwhile, or it would stand where whoever acts may not put it.
pub(super) async fn store(conn: &Connection, act: &Act, article: &ArticleRow) -> Result<()> {
    require_reach(act, article.section_id)?;
    db::articles::update(conn, article).await.map_err(|error| match error {
        lost if db::constraint::is_unique_violation(&lost, "articles_slug_key") => {
            Refusal::SlugTaken(article.slug.clone())
        }
        other => other.into(),
    })
}

/// The article with its newest revision.
pub(super) async fn working_copy(conn: &mut Connection, article: ArticleRow) -> Result<WorkingCopy> {
    let head = db::revisions::find(conn, article.id, article.revision).await?;
    Ok(WorkingCopy { article, head })
}

fn denied(act: &Act, article: &ArticleRow, needs: Needs) -> Refusal {
    let detail = match needs {
        Needs::Writing => {
            "Only those who may write any article, its creator and its assignee may change this one.".to_owned()
        }
        Needs::Permission(permission) => format!("This needs the permission `{permission}`."),
    };
    if act.key_id().is_some() {
        return Refusal::ScopeMissing(detail);
    }
    Refusal::NotAllowed {
        detail,
        allowed_actions: names(&allowed_actions(act, article)),
    }
}

fn names(verbs: &[ArticleVerb]) -> Vec<String> {
    verbs.iter().map(ToString::to_string).collect()
}

fn impossible(act: &Act, article: &ArticleRow, verb: ArticleVerb) -> Refusal {
    let stands = match article.stage {
        Some(stage) => format!("{} and {stage}", article.status),
        None => article.status.to_string(),
    };
    Refusal::Transition {
        detail: format!("`{verb}` is not possible while the article is {stands}."),
        allowed_actions: names(&allowed_actions(act, article)),
    }
}

/// How many changes a refusal tells of.
const TOLD: i64 = 5;

async fn stale(conn: &Connection, article: &ArticleRow, expected: &Expected) -> Result<Refusal> {
    let version = article.version;
    let newest = match expected {
        Expected::OneOf(versions) => versions.iter().max(),
        Expected::Any => None,
    };
    let Some(read) = newest else {
        return Ok(Refusal::Stale(format!(
            "`If-Match` names no version of this article, which is at \"v{version}\"."
        )));
    };
    let recorded = db::audit::recent(conn, "article", article.id, TOLD).await?;
    let since: Vec<String> = recorded
        .iter()
        .filter(|change| version_of(change) > i64::from(*read))
        .map(tell)
        .collect();
    let changes = if since.is_empty() {
        String::new()
    } else {
        format!(" {}.", since.join("; "))
    };
    let advice = "Read it again and repeat the change";
    Ok(Refusal::Stale(format!(
        "It is at \"v{version}\" now, \"v{read}\" was read.{changes} {advice}."
    )))
}

fn version_of(change: &Recorded) -> i64 {
    change
        .details
        .get("version")
        .and_then(serde_json::Value::as_i64)
        .unwrap_or(0)
}

/// Who changed what, when.
fn tell(change: &Recorded) -> String {
    let who = change
        .by
        .as_deref()
        .or(change.by_key.as_deref())
        .unwrap_or("The system");
    let fields = change.details.get("changed").and_then(serde_json::Value::as_array);
    let fields: Vec<&str> = fields
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let what = if fields.is_empty() {
        change.action.replace('_', " ")
    } else {
        format!("changed {}", fields.join(", "))
    };
    format!(
        "{who}: {what} at {}",
        change.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    )
}
