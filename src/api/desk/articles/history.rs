//! The history of an article: its revisions, what changed between them, what readers had when.

pub mod diff;
pub mod published;
pub mod restore;
pub mod revision;

use actix_web::{HttpRequest, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::desk::articles::show;
use crate::api::desk::user_ref::UserRef;
use crate::api::extract::{Path, Query};
use crate::api::page::{Cursors, Page, Window, next_link};
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::db::articles::ArticleRow;
use crate::db::revisions::{ListedRevision, RevisionRow};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::error::{Error, Result};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_revisions)
        .service(revision::get_revision)
        .service(restore::restore_revision)
        .service(diff::get_diff)
        .service(published::get_published_as_of);
}

/// What names a revision: its number, `published` or `head`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionName {
    Number(i32),
    Published,
    Head,
}

impl<'de> Deserialize<'de> for RevisionName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "published" => Ok(Self::Published),
            "head" => Ok(Self::Head),
            number => match number.parse() {
                Ok(number) if number > 0 => Ok(Self::Number(number)),
                _ => Err(serde::de::Error::custom(
                    "must be the number of a revision, `published` or `head`",
                )),
            },
        }
    }
}

impl RevisionName {
    fn number(self, article: &ArticleRow) -> Option<i32> {
        match self {
            Self::Number(number) => Some(number),
            Self::Published => article.published_revision,
            Self::Head => Some(article.revision),
        }
    }
}

/// The article and these revisions of it.
async fn load(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    names: &[RevisionName],
) -> Result<(ArticleRow, Vec<RevisionRow>)> {
    let article = show::find(conn, act, id).await?.article;
    let numbers: Option<Vec<i32>> = names.iter().map(|name| name.number(&article)).collect();
    let numbers = numbers.ok_or_else(|| Error::not_found("published revision"))?;
    let found = db::revisions::numbered(conn, id, &numbers).await?;
    let of = |number: &i32| found.iter().find(|revision| revision.number == *number).cloned();
    let revisions: Option<Vec<RevisionRow>> = numbers.iter().map(of).collect();
    let revisions = revisions.ok_or_else(|| Error::not_found("revision"))?;
    Ok((article, revisions))
}

/// What `GET /desk/articles/{id}/revisions` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RevisionQuery {
    /// Whether to list what programs saved as well.
    #[serde(default)]
    pub autosaves: bool,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the last page's `next_cursor` left off.
    pub cursor: Option<String>,
}

/// A revision in the history.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionCard {
    pub number: i32,
    pub title: String,
    #[schema(minimum = 0)]
    pub word_count: i32,
    /// Why it was made.
    #[schema(required)]
    pub note: Option<String>,
    /// Whether a program saved it, not a person.
    pub autosave: bool,
    #[schema(required)]
    pub created_by: Option<UserRef>,
    pub created_at: DateTime<Utc>,
    /// Whether readers have it now.
    pub is_published: bool,
    /// The fields that differ from the revision listed before it; of the first those that were given.
    pub changed: Vec<String>,
}

/// The history of an article, a page of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionCardList {
    pub data: Vec<RevisionCard>,
    pub page: Page,
}

/// List an article's revisions
///
/// Newest first, each with who saved it when, and what changed. What programs saved is listed when it is asked for.
#[utoipa::path(
    tag = "Desk: history",
    operation_id = "list_revisions",
    params(("id" = Uuid, Path, description = "The article's id."), RevisionQuery),
    responses((status = 200, description = "A page of revisions.", body = RevisionCardList))
)]
#[get("/articles/{id}/revisions")]
pub async fn list_revisions(
    request: HttpRequest,
    guard: Guard<ReadArticles>,
    cursors: web::Data<Cursors>,
    path: Path<Uuid>,
    query: Query<RevisionQuery>,
) -> Result<Reply<RevisionCardList>> {
    let RevisionQuery {
        autosaves,
        limit,
        cursor,
    } = query.0;
    let scope = format!("revisions/{}/{autosaves}", path.0);
    let window = Window::<i32>::read(&cursors, scope, limit, cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let article = show::find(&mut conn, &guard.act, path.0).await?.article;
    let mut rows = db::revisions::list(&mut conn, path.0, autosaves, window.after, window.fetch()).await?;
    // The row beyond the page tells what the last one on it changed.
    let before: Vec<Option<ListedRevision>> = rows.iter().skip(1).cloned().map(Some).chain([None]).collect();
    let page = window.close(&cursors, &mut rows, |row| row.number);
    let data = rows
        .into_iter()
        .zip(before)
        .map(|(row, before)| card(row, before.as_ref(), &article));
    let data = data.collect();
    let next = next_link(&request, &page);
    Ok(Reply::ok(RevisionCardList { data, page }).next(next))
}

fn card(row: ListedRevision, before: Option<&ListedRevision>, article: &ArticleRow) -> RevisionCard {
    let changed = match before {
        Some(before) => row.content.differences(&before.content),
        None => row.content.given(),
    };
    RevisionCard {
        number: row.number,
        title: row.content.title,
        word_count: row.content.word_count,
        note: row.note,
        autosave: row.autosave,
        created_by: row
            .created_by_id
            .zip(row.created_by)
            .map(|(id, name)| UserRef { id, name }),
        created_at: row.created_at,
        is_published: article.published_revision == Some(row.number),
        changed: changed.into_iter().map(str::to_owned).collect(),
    }
}
