//! From what a request calls a section, tag or author to what it is today: by slug or id, by a slug that it had before,
//! or by what took its place. Nothing is locked: the taxonomy gate keeps what is found as it is.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::published::names::{self, Names};
use crate::db::{self, Connection};
use crate::domain::check::{Check, FieldError};
use crate::domain::content::NamedRef;
use crate::domain::nearest::near;
use crate::domain::slug::Slug;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::text::excerpt;

/// How many near matches an unknown name is answered with.
const SUGGESTIONS: usize = 5;
/// Among how many slugs they are looked for.
const CANDIDATES: i64 = 10_000;
/// For how many unknown names of one kind they are looked for.
const HELPED: usize = 10;

/// A name in a request.
pub(super) struct Mention<'a> {
    pub kind: Taxonomy,
    /// Where it stands.
    pub pointer: String,
    pub given: &'a str,
}

impl Mention<'_> {
    /// The slug, when it can be one.
    fn slug(&self) -> Option<String> {
        Slug::parse(self.given).ok().map(String::from)
    }

    fn id(&self, names: &Names) -> Option<(Taxonomy, Uuid)> {
        let id = match self.slug() {
            Some(slug) => names.of_slug(self.kind, &slug),
            None => Uuid::try_parse(self.given.trim()).ok(),
        };
        id.map(|id| (self.kind, id))
    }
}

/// What these mentions name, in their order, each once. Unknown names are noted in `check`.
pub(super) async fn resolve(
    conn: &mut Connection,
    check: &mut Check,
    mentions: &[Mention<'_>],
) -> Result<Vec<(Taxonomy, NamedRef)>> {
    let (mut named, mut unknown) = (Vec::new(), Vec::new());
    for (mention, found) in mentions.iter().zip(find(conn, mentions).await?) {
        match found.map(|now| (mention.kind, now)) {
            Some(now) if named.contains(&now) => {}
            Some(now) => named.push(now),
            None => unknown.push(mention),
        }
    }
    refuse(conn, check, &unknown).await?;
    Ok(named)
}

/// The id of the one that `given`, at `pointer`, names.
///
/// # Errors
/// When there is none.
pub(super) async fn named(conn: &mut Connection, kind: Taxonomy, pointer: &str, given: &str) -> Result<Uuid> {
    let mut check = Check::new();
    let pointer = pointer.to_owned();
    let found = resolve(conn, &mut check, &[Mention { kind, pointer, given }]).await?;
    check.done()?;
    found
        .first()
        .map(|(_, now)| now.id)
        .ok_or(Refusal::NotFound(kind.as_str()))
}

/// The id of what `given` names today.
pub(super) async fn locate(conn: &mut Connection, kind: Taxonomy, given: &str) -> Result<Option<Uuid>> {
    let pointer = String::new();
    let found = find(conn, &[Mention { kind, pointer, given }]).await?;
    Ok(found.into_iter().flatten().next().map(|now| now.id))
}

async fn find(conn: &mut Connection, mentions: &[Mention<'_>]) -> Result<Vec<Option<NamedRef>>> {
    let slugs = |kind| -> Vec<String> {
        let of_kind = mentions.iter().filter(|mention| mention.kind == kind);
        of_kind.filter_map(Mention::slug).collect()
    };
    let (sections, tags, authors) = (slugs(Taxonomy::Section), slugs(Taxonomy::Tag), slugs(Taxonomy::Author));
    let names = names::find(conn, &each(&sections), &each(&tags), &each(&authors)).await?;
    let asked: Vec<_> = mentions.iter().map(|mention| mention.id(&names)).collect();
    let known: Vec<_> = asked.iter().flatten().copied().collect();
    let present = present(conn, &known).await?;
    let now = |asked: Option<_>| present.get(&asked?).cloned();
    Ok(asked.into_iter().map(now).collect())
}

fn each(slugs: &[String]) -> Vec<&str> {
    slugs.iter().map(String::as_str).collect()
}

/// What sections, tags and authors are today, by what was asked for: itself, the tag that it was merged into, or what
/// took its place. What is gone without a successor is missing.
pub(super) async fn present(
    conn: &mut Connection,
    asked: &[(Taxonomy, Uuid)],
) -> Result<HashMap<(Taxonomy, Uuid), NamedRef>> {
    let ids = |kind| -> Vec<Uuid> {
        let of_kind = asked.iter().filter(|(asked, _)| *asked == kind);
        of_kind.map(|(_, id)| *id).collect()
    };
    let (sections, tags, authors) = (ids(Taxonomy::Section), ids(Taxonomy::Tag), ids(Taxonomy::Author));
    let refs = db::refs::load(conn, &sections, &tags, &authors).await?;
    let mut found = refs.named();
    let mut replaced = refs.merged;
    let gone: Vec<Uuid> = asked
        .iter()
        .filter(|asked| !found.contains_key(asked))
        .map(|(_, id)| *id)
        .collect();
    if !gone.is_empty() {
        replaced.extend(db::retired_slugs::successors(conn, &gone).await?);
    }
    let targets: Vec<Uuid> = replaced.values().copied().collect();
    let successors = db::refs::load(conn, &targets, &targets, &targets).await?.named();
    for &(kind, id) in asked {
        if let Some(now) = replaced.get(&id).and_then(|target| successors.get(&(kind, *target))) {
            found.insert((kind, id), now.clone());
        }
    }
    Ok(found)
}

/// Notes every unknown name, with the slugs that it resembles.
async fn refuse(conn: &mut Connection, check: &mut Check, unknown: &[&Mention<'_>]) -> Result<()> {
    for &kind in Taxonomy::ALL {
        let unknown: Vec<&&Mention<'_>> = unknown.iter().filter(|mention| mention.kind == kind).collect();
        if unknown.is_empty() {
            continue;
        }
        let slugs = db::retired_slugs::in_use(conn, kind, CANDIDATES).await?;
        for (place, Mention { pointer, given, .. }) in unknown.into_iter().enumerate() {
            let meant = Slug::from_title(given)
                .filter(|_| place < HELPED)
                .map(String::from)
                .unwrap_or_default();
            let message = format!("there is no {kind} `{}`; name one by slug or id", excerpt(given, 100));
            let allowed = near(&meant, slugs.iter().map(String::as_str), SUGGESTIONS);
            check.refuse(FieldError::field(pointer.as_str(), "unknown_reference", message).allowing(allowed));
        }
    }
    Ok(())
}
