//! Which slug an article gets: the one given, or one made from its title.

use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::revisions::Content;
use crate::db::{self, Connection};
use crate::domain::check::FieldError;
use crate::domain::patch::Patch;
use crate::domain::slug::Slug;
use crate::domain::text::Coded;

/// The numbers tried for a title that many articles share, a statement for each stretch.
const NUMBERS: [(u32, u32); 3] = [(1, 20), (21, 1_000), (1_001, 20_000)];

/// The slug that was given, if no other article has or had it.
///
/// # Errors
/// When it is no slug, or another's.
pub(super) async fn given(conn: &mut Connection, own: Option<Uuid>, given: &str) -> Result<String> {
    let slug = Slug::parse(given).map_err(|error| vec![FieldError::field("/slug", error.code(), error.to_string())])?;
    let slug = slug.to_string();
    if db::articles::taken_slugs(conn, std::slice::from_ref(&slug), own)
        .await?
        .is_empty()
    {
        Ok(slug)
    } else {
        Err(Refusal::SlugTaken(slug))
    }
}

/// Brings into `content` what is said about its slug.
///
/// # Errors
/// When the one that was given does not fit.
pub(super) async fn change(conn: &mut Connection, own: Uuid, content: &mut Content, slug: Patch<String>) -> Result<()> {
    match slug {
        Patch::Absent => {}
        Patch::Clear => content.slug = made(conn, Some(own), &content.title).await?,
        Patch::Set(slug) => content.slug = given(conn, Some(own), &slug).await?,
    }
    Ok(())
}

/// A slug made from the title, numbered when others have or had it.
///
/// # Errors
/// When all numbers are taken, or the database fails.
pub(super) async fn made(conn: &mut Connection, own: Option<Uuid>, title: &str) -> Result<String> {
    // A title without letters still needs an address.
    let base = Slug::from_title(title).or_else(|| Slug::parse("article").ok());
    let base =
        base.ok_or_else(|| Refusal::Conflict("No slug can be made from the title; please give one.".to_owned()))?;
    for (first, last) in NUMBERS {
        let numbered = |number| {
            if number == 1 {
                base.to_string()
            } else {
                base.numbered(number).to_string()
            }
        };
        let candidates: Vec<String> = (first..=last).map(numbered).collect();
        let taken = db::articles::taken_slugs(conn, &candidates, own).await?;
        if let Some(free) = candidates.into_iter().find(|slug| !taken.contains(slug)) {
            return Ok(free);
        }
    }
    Err(Refusal::SlugTaken(base.to_string()))
}
