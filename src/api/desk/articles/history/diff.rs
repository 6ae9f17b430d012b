//! What changed between two revisions.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{RevisionName, load};
use crate::api::extract::{Path, Query};
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ReadArticles;
use crate::db::revisions::Content;
use crate::domain::content::NamedRef;
use crate::domain::diff::{Hunk, words};
use crate::error::{Code, Error, Result};

/// What `GET /desk/articles/{id}/diff` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DiffQuery {
    /// The older one: a number, `published` or `head`.
    #[param(value_type = String, pattern = "^(published|head|[1-9][0-9]{0,8})$", example = "1")]
    pub from: RevisionName,
    /// The newer one: a number, `published` or `head`.
    #[param(value_type = String, pattern = "^(published|head|[1-9][0-9]{0,8})$", example = "head")]
    pub to: RevisionName,
}

/// What changed in one text.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextChange {
    /// As the article names it; a slash leads into `body` and `seo`.
    pub field: String,
    pub hunks: Vec<Hunk>,
}

/// What came to a list and what left it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ListChange {
    pub added: Vec<NamedRef>,
    pub removed: Vec<NamedRef>,
}

/// A section for another.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionChanged {
    #[schema(required)]
    pub from: Option<NamedRef>,
    #[schema(required)]
    pub to: Option<NamedRef>,
}

/// What changed between two revisions. Of equal ones everything is empty.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionDiff {
    pub from: i32,
    pub to: i32,
    /// Every field that differs.
    pub changed: Vec<String>,
    /// The texts that differ, word by word.
    pub texts: Vec<TextChange>,
    #[schema(required)]
    pub section: Option<SectionChanged>,
    pub tags: ListChange,
    pub authors: ListChange,
}

/// Compare two revisions
///
/// Word by word for texts, by what came and what went for tags and authors.
#[utoipa::path(
    tag = "Desk: history",
    operation_id = "get_diff",
    params(("id" = Uuid, Path, description = "The article's id."), DiffQuery),
    responses((status = 200, description = "What changed.", body = RevisionDiff))
)]
#[get("/articles/{id}/diff")]
pub async fn get_diff(
    guard: Guard<ReadArticles>,
    path: Path<Uuid>,
    query: Query<DiffQuery>,
) -> Result<Reply<RevisionDiff>> {
    let DiffQuery { from, to } = query.0;
    let (_, found) = load(&mut *guard.connect().await?, &guard.act, path.0, &[from, to]).await?;
    let [from, to]: [_; 2] = found.try_into().map_err(|_| Error::not_found("revision"))?;
    // Long texts take a while, so the threads that answer requests do not wait for them.
    let compared = tokio::task::spawn_blocking(move || RevisionDiff {
        from: from.number,
        to: to.number,
        changed: to
            .content
            .differences(&from.content)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        texts: texts(&from.content, &to.content),
        section: section(&from.content, &to.content),
        tags: list(&from.content.tags.0, &to.content.tags.0),
        authors: list(&from.content.authors.0, &to.content.authors.0),
    });
    let compared = compared.await.map_err(|error| {
        tracing::error!(%error, "revisions could not be compared");
        Error::new(Code::InternalError, Code::InternalError.help())
    })?;
    Ok(Reply::ok(compared))
}

/// Reads one text of a revision.
type TextOf = fn(&Content) -> &str;

fn texts(from: &Content, to: &Content) -> Vec<TextChange> {
    let fields: [(&str, TextOf); 8] = [
        ("slug", |content| &content.slug),
        ("kicker", |content| content.kicker.as_deref().unwrap_or_default()),
        ("title", |content| &content.title),
        ("standfirst", |content| {
            content.standfirst.as_deref().unwrap_or_default()
        }),
        ("dateline", |content| content.dateline.as_deref().unwrap_or_default()),
        ("body/source", |content| &content.body_source),
        ("seo/title", |content| {
            content.seo.0.title.as_deref().unwrap_or_default()
        }),
        ("seo/description", |content| {
            content.seo.0.description.as_deref().unwrap_or_default()
        }),
    ];
    let changes = fields.into_iter().map(|(field, text)| TextChange {
        field: field.to_owned(),
        hunks: words(text(from), text(to)),
    });
    changes.filter(|change| !change.hunks.is_empty()).collect()
}

fn section(from: &Content, to: &Content) -> Option<SectionChanged> {
    let of = |content: &Content| content.section.as_ref().map(|section| section.0.clone());
    let (from, to) = (of(from), of(to));
    let id = |section: &Option<NamedRef>| section.as_ref().map(|section| section.id);
    (id(&from) != id(&to)).then_some(SectionChanged { from, to })
}

fn list(from: &[NamedRef], to: &[NamedRef]) -> ListChange {
    let without = |these: &[NamedRef], those: &[NamedRef]| -> Vec<NamedRef> {
        let missing = these.iter().filter(|this| !those.iter().any(|that| that.id == this.id));
        missing.cloned().collect()
    };
    ListChange {
        added: without(to, from),
        removed: without(from, to),
    }
}
