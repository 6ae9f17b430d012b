//! Delivery: what anyone may read, under `/api/v1`. Always cacheable; reads no credential; knows published content only.

pub mod articles;
pub mod authors;
pub mod cards;
pub mod comments;
pub mod corrections;
pub mod previews;
pub mod search;
pub mod sections;
pub mod site;
pub mod tags;

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::{self, Connection};
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::{Code, Error, Result};

/// Where something that has another slug now is found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Moved {
    /// The slug it has now.
    pub slug: String,
    /// Its path on the front end.
    pub path: String,
    /// Its address on the front end.
    #[schema(format = "uri")]
    pub url: String,
}

/// That nothing is published under this name: it was withdrawn with a notice, or there never was anything.
///
/// # Errors
/// When the database fails.
pub async fn missing(conn: &Connection, named: &IdOrSlug) -> Result<Error> {
    let found = match named {
        IdOrSlug::Id(id) => db::kills::notice(conn, *id).await?.map(|notice| (*id, notice)),
        IdOrSlug::Slug(slug) => db::kills::notice_at(conn, slug).await?,
    };
    Ok(match found {
        Some((id, notice)) => {
            Error::new(Code::Gone, notice).until_changed([name_tag("article", named), format!("article:{id}")])
        }
        None => nobody("article", named),
    })
}

/// That readers find no such `what` under this name, until something is called so.
#[must_use]
pub fn nobody(what: &str, named: &IdOrSlug) -> Error {
    Error::not_found(what).until_changed([name_tag(what, named)])
}

/// What changes when a name comes to mean something else.
#[must_use]
pub fn name_tag(what: &str, named: &IdOrSlug) -> String {
    match named {
        IdOrSlug::Id(id) => format!("{what}:{id}"),
        IdOrSlug::Slug(slug) => format!("slug:{slug}"),
    }
}
