//! What is planned for articles.

use actix_web::{HttpRequest, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::shapes::{DeskArticle, DeskArticleRef};
use super::show;
use super::verbs::{NoteInput, move_article};
use crate::api::desk::user_ref::UserRef;
use crate::api::extract::{Json, Once, OptionalJson, Path, Query, RequiredIfMatch};
use crate::api::page::{Cursors, Page, Window, next_link};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::db;
use crate::db::schedule::{Pending, Position};
use crate::domain::check::Check;
use crate::domain::instant::Instant;
use crate::domain::plan::PlannedAction;
use crate::domain::workflow::ArticleVerb;
use crate::error::{Error, Result};
use crate::newsroom::{self, Plan};

/// What is to happen by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleInput {
    /// The revision that is approved; the newest when left out.
    #[schema(minimum = 1)]
    pub revision: Option<i32>,
    /// When readers get it: later than now, and not before an embargo ends.
    #[schema(value_type = DateTime<Utc>)]
    pub publish_at: Instant,
    /// When it is taken away from them again.
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub unpublish_at: Option<Instant>,
}

/// Schedule an article
///
/// One revision goes before readers by itself, exactly as it is now, and may be taken away again by itself. It takes the
/// place of what was planned before. What preflight blocks now is refused now.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "schedule_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(content = ScheduleInput, example = json!({"publish_at": "2100-01-01T06:00:00+01:00"})),
    responses((status = 200, description = "The article, scheduled.", body = DeskArticle))
)]
#[post("/articles/{id}/schedule")]
pub async fn schedule_article(
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    body: Json<ScheduleInput>,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let mut check = Check::new();
    let revision = body
        .0
        .revision
        .map(|revision| check.range("/revision", revision, 1, i32::MAX));
    check.done().map_err(Error::invalid)?;
    let plan = Plan {
        revision,
        publish_at: body.0.publish_at.0,
        unpublish_at: body.0.unpublish_at.map(|at| at.0),
    };
    let mut conn = guard.connect().await?;
    newsroom::require_permission(&mut conn, &guard.act, path.0, ArticleVerb::Schedule).await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let (site, act) = (&app.config.site, &guard.act);
        let rules = site.body_rules();
        let copy = newsroom::schedule_article(conn, act, &rules, path.0, if_match.0, plan).await?;
        show::reply(conn, site, act, copy).await
    })
    .await
}

/// Unschedule an article
///
/// Nothing happens to it by itself any more.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "unschedule_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(content = Option<NoteInput>, example = json!({"note": "We wait for the verdict."})),
    responses((status = 200, description = "The article, not scheduled.", body = DeskArticle))
)]
#[post("/articles/{id}/unschedule")]
pub async fn unschedule_article(
    guard: Guard<ReadArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    body: OptionalJson<NoteInput>,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let note = body.0.check()?;
    move_article(guard, &app, &once, path.0, if_match.0, ArticleVerb::Unschedule, note).await
}

/// What `GET /desk/schedule` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScheduleQuery {
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the last page's `next_cursor` left off.
    pub cursor: Option<String>,
}

/// One thing that is planned.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedItem {
    pub article: DeskArticleRef,
    pub action: PlannedAction,
    /// What is published; `null` for what is taken away.
    #[schema(required)]
    pub revision: Option<i32>,
    pub due_at: DateTime<Utc>,
    /// By how many milliseconds it is late; 0 while it is not due.
    #[schema(minimum = 0)]
    pub late_by_ms: i64,
    /// How often it could not be done.
    #[schema(minimum = 0)]
    pub attempts: i32,
    /// Why not, the last time.
    #[schema(required)]
    pub last_error: Option<String>,
    /// When it is tried next.
    pub try_at: DateTime<Utc>,
    #[schema(required)]
    pub scheduled_by: Option<UserRef>,
    pub scheduled_at: DateTime<Utc>,
}

impl PlannedItem {
    fn of(pending: Pending, now: DateTime<Utc>) -> Self {
        let Pending {
            planned,
            slug,
            title,
            scheduled_by,
        } = pending;
        let late = (now - planned.due_at).num_milliseconds().max(0);
        let by = planned.scheduled_by_id.zip(scheduled_by);
        Self {
            article: DeskArticleRef {
                id: planned.article_id,
                slug,
                title,
            },
            action: planned.action,
            revision: planned.revision,
            due_at: planned.due_at,
            late_by_ms: late,
            attempts: planned.attempts,
            last_error: planned.last_error,
            try_at: planned.try_at,
            scheduled_by: by.map(|(id, name)| UserRef { id, name }),
            scheduled_at: planned.scheduled_at,
        }
    }
}

/// What is planned, a page of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedItemList {
    pub data: Vec<PlannedItem>,
    pub page: Page,
}

/// List what is planned
///
/// Everything that will be published or taken away by itself, what is due first, with how late it is and why.
#[utoipa::path(
    tag = "Desk: workflow",
    operation_id = "list_schedule",
    params(ScheduleQuery),
    responses((status = 200, description = "A page of what is planned.", body = PlannedItemList))
)]
#[get("/schedule")]
pub async fn list_schedule(
    request: HttpRequest,
    guard: Guard<ReadArticles>,
    cursors: web::Data<Cursors>,
    query: Query<ScheduleQuery>,
) -> Result<Reply<PlannedItemList>> {
    let window = Window::<Position>::read(
        &cursors,
        "schedule".to_owned(),
        query.0.limit,
        query.0.cursor.as_deref(),
    )?;
    let mut conn = guard.connect().await?;
    let mut rows = db::schedule::list(&mut conn, guard.act.sections(), window.after.as_ref(), window.fetch()).await?;
    let position = |row: &Pending| (row.planned.due_at, row.planned.article_id, row.planned.action);
    let page = window.close(&cursors, &mut rows, position);
    let data = rows
        .into_iter()
        .map(|row| PlannedItem::of(row, guard.act.now))
        .collect();
    let next = next_link(&request, &page);
    Ok(Reply::ok(PlannedItemList { data, page }).next(next))
}
