//! One revision, whole.

use actix_web::get;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RevisionName, load};
use crate::api::desk::articles::shapes::DeskBody;
use crate::api::desk::user_ref::UserRef;
use crate::api::extract::Path;
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::db;
use crate::db::revisions::Content;
use crate::domain::content::{Image, NamedRef, Seo, Source};
use crate::error::{Error, Result};

/// The content of a revision, its relations as they were called when it was saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionContent {
    pub slug: String,
    #[schema(required)]
    pub kicker: Option<String>,
    pub title: String,
    #[schema(required)]
    pub standfirst: Option<String>,
    #[schema(required)]
    pub dateline: Option<String>,
    /// A BCP 47 tag.
    pub language: String,
    pub body: DeskBody,
    #[schema(minimum = 0)]
    pub word_count: i32,
    #[schema(required)]
    pub section: Option<NamedRef>,
    pub tags: Vec<NamedRef>,
    pub authors: Vec<NamedRef>,
    pub sources: Vec<Source>,
    /// The ids of the articles beside it.
    pub related: Vec<Uuid>,
    pub seo: Seo,
    #[schema(required)]
    pub hero: Option<Image>,
}

impl From<Content> for RevisionContent {
    fn from(content: Content) -> Self {
        Self {
            slug: content.slug,
            kicker: content.kicker,
            title: content.title,
            standfirst: content.standfirst,
            dateline: content.dateline,
            language: content.language,
            body: DeskBody {
                source: content.body_source,
                format: content.body_format,
                html: content.body_html,
                outline: content.outline.0,
            },
            word_count: content.word_count,
            section: content.section.map(|section| section.0),
            tags: content.tags.0,
            authors: content.authors.0,
            sources: content.sources.0,
            related: content.related,
            seo: content.seo.0,
            hero: content.hero.map(|hero| hero.0),
        }
    }
}

/// A revision, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revision {
    pub number: i32,
    #[schema(required)]
    pub note: Option<String>,
    pub autosave: bool,
    #[schema(required)]
    pub created_by: Option<UserRef>,
    pub created_at: DateTime<Utc>,
    /// Whether readers have it now.
    pub is_published: bool,
    pub content: RevisionContent,
}

/// Read one revision
///
/// By its number, or as `published` or `head`. It never changes.
#[utoipa::path(
    tag = "Desk: history",
    operation_id = "get_revision",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("number" = String, Path, description = "A number, `published` or `head`.", example = "head"),
    ),
    responses((status = 200, description = "The revision.", body = Revision))
)]
#[get("/articles/{id}/revisions/{number}")]
pub async fn get_revision(guard: Guard<ReadArticles>, path: Path<(Uuid, RevisionName)>) -> Result<Reply<Revision>> {
    let (id, name) = path.0;
    let mut conn = guard.connect().await?;
    let (article, mut found) = load(&mut conn, &guard.act, id, &[name]).await?;
    let row = found.pop().ok_or_else(|| Error::not_found("revision"))?;
    let by: Vec<Uuid> = row.created_by_id.into_iter().collect();
    let names = db::refs::users(&conn, &by).await?;
    let created_by = row.created_by_id.and_then(|id| {
        Some(UserRef {
            id,
            name: names.get(&id)?.clone(),
        })
    });
    Ok(Reply::ok(Revision {
        number: row.number,
        note: row.note,
        autosave: row.autosave,
        created_by,
        created_at: row.created_at,
        is_published: article.published_revision == Some(row.number),
        content: row.content.into(),
    }))
}
