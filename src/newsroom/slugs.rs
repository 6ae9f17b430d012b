//! Which slug a section, tag or author gets: the one given, or one made from its name.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::constraint::is_unique_violation;
use crate::db::{self, Connection};
use crate::domain::check::FieldError;
use crate::domain::slug::Slug;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::text::Coded;

/// How many numbers are tried for a name that many share, and how often when others take them at the same moment.
pub(super) const TRIES: u32 = 100;

/// The slug for a new thing called `name`.
///
/// # Errors
/// When the slug given is not one, or belongs to another.
pub(super) async fn for_new(conn: &mut Connection, kind: Taxonomy, given: Option<&str>, name: &str) -> Result<String> {
    if let Some(given) = given {
        let slug = parse(given)?.to_string();
        return match db::retired_slugs::owner(conn, kind, &slug).await? {
            Some(_) => Err(Refusal::SlugTaken(slug)),
            None => Ok(slug),
        };
    }
    let base = match Slug::from_title(name) {
        Some(base) => base,
        None => parse(kind.as_str())?,
    };
    for number in 1..=TRIES {
        let slug = if number == 1 {
            base.clone()
        } else {
            base.numbered(number)
        };
        if db::retired_slugs::owner(conn, kind, slug.as_str()).await?.is_none() {
            return Ok(slug.to_string());
        }
    }
    Err(Refusal::SlugTaken(base.to_string()))
}

/// Changes the slug of `id` from `current` to `given`; the old one leads to the new one from now on.
///
/// # Errors
/// When the slug given is not one, or belongs to another.
pub(super) async fn change(
    conn: &mut Connection,
    kind: Taxonomy,
    id: Uuid,
    current: &str,
    given: &str,
    now: DateTime<Utc>,
) -> Result<String> {
    let slug = parse(given)?.to_string();
    if slug == current {
        return Ok(slug);
    }
    match db::retired_slugs::owner(conn, kind, &slug).await? {
        Some(owner) if owner == id => db::retired_slugs::revive(conn, kind, &slug).await?,
        Some(_) => return Err(Refusal::SlugTaken(slug)),
        None => {}
    }
    db::retired_slugs::retire(conn, kind, current, id, id, now).await?;
    Ok(slug)
}

/// What a failed write says when somebody else took `slug` since it was looked up.
pub(super) fn lost_race(kind: Taxonomy, slug: &str) -> impl FnOnce(diesel::result::Error) -> Refusal {
    let key = match kind {
        Taxonomy::Section => "sections_slug_key",
        Taxonomy::Tag => "tags_slug_key",
        Taxonomy::Author => "authors_slug_key",
    };
    let slug = slug.to_owned();
    move |error| {
        if is_unique_violation(&error, key) {
            Refusal::SlugTaken(slug)
        } else {
            Refusal::Database(error)
        }
    }
}

fn parse(given: &str) -> Result<Slug> {
    Slug::parse(given).map_err(|error| vec![FieldError::field("/slug", error.code(), error.to_string())].into())
}
