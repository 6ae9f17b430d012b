//! From what a request calls a section, tag or author to its row: by slug or id, by a slug that it had before, or by
//! what took its place. What is found is held: it is neither merged nor deleted before the transaction ends.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::db::authors::AuthorRow;
use crate::db::sections::SectionRow;
use crate::db::tags::TagRow;
use crate::db::{self, Connection, Result};
use crate::domain::check::{Check, FieldError};
use crate::domain::nearest::near;
use crate::domain::slug::Slug;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::text::excerpt;

/// How many near matches an unknown name is answered with.
const SUGGESTIONS: usize = 5;
/// Among how many slugs they are looked for.
const CANDIDATES: i64 = 10_000;
/// For how many unknown names of one list they are looked for.
const HELPED: usize = 10;

/// The section called `given`. An unknown one is noted in `check`, at `/section`.
///
/// # Errors
/// When the database fails.
pub async fn resolve_section(conn: &mut Connection, check: &mut Check, given: &str) -> Result<Option<SectionRow>> {
    let named = std::slice::from_ref(&given);
    let ids = identify(conn, Taxonomy::Section, named).await?;
    let mut rows = present_sections(conn, &known(&ids)).await?;
    let found = ids.first().copied().flatten().and_then(|id| rows.remove(&id));
    if found.is_none() {
        refuse(conn, check, Taxonomy::Section, &[("/section".to_owned(), given)]).await?;
    }
    Ok(found)
}

/// The tags called `given`, in that order, each once. Unknown ones are noted in `check`, at `/tags/0` and so on.
///
/// # Errors
/// When the database fails.
pub async fn resolve_tags(conn: &mut Connection, check: &mut Check, given: &[String]) -> Result<Vec<TagRow>> {
    let names: Vec<&str> = given.iter().map(String::as_str).collect();
    let ids = identify(conn, Taxonomy::Tag, &names).await?;
    let rows = present_tags(conn, &known(&ids)).await?;
    let (found, unknown) = in_order(&ids, &rows, |row| row.id);
    refuse(conn, check, Taxonomy::Tag, &pointers("/tags", &names, &unknown)).await?;
    Ok(found)
}

/// The authors called `given`, in that order, each once. Unknown ones are noted in `check`, at `/authors/0` and so on.
///
/// # Errors
/// When the database fails.
pub async fn resolve_authors(conn: &mut Connection, check: &mut Check, given: &[String]) -> Result<Vec<AuthorRow>> {
    let names: Vec<&str> = given.iter().map(String::as_str).collect();
    let ids = identify(conn, Taxonomy::Author, &names).await?;
    let rows = present_authors(conn, &known(&ids)).await?;
    let (found, unknown) = in_order(&ids, &rows, |row| row.id);
    refuse(conn, check, Taxonomy::Author, &pointers("/authors", &names, &unknown)).await?;
    Ok(found)
}

/// What the sections with these ids are today, by the id asked for: itself, or what took its place. What is gone
/// without one is missing.
///
/// # Errors
/// When the database fails.
pub async fn present_sections(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, SectionRow>> {
    let mut rows = by_id(db::sections::hold(conn, ids).await?, |row| row.id);
    let moved = successors(conn, ids, &rows).await?;
    let targets: Vec<Uuid> = moved.values().copied().collect();
    rows.extend(by_id(db::sections::hold(conn, &targets).await?, |row| row.id));
    Ok(follow(ids, &rows, &moved))
}

/// What the tags with these ids are today, by the id asked for: itself, what it was merged into, or what took its place.
///
/// # Errors
/// When the database fails.
pub async fn present_tags(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, TagRow>> {
    let mut rows = by_id(db::tags::hold(conn, ids).await?, |row| row.id);
    let mut moved = successors(conn, ids, &rows).await?;
    moved.extend(rows.values().filter_map(|row| Some((row.id, row.merged_into_id?))));
    let targets: Vec<Uuid> = moved.values().copied().collect();
    rows.extend(by_id(db::tags::hold(conn, &targets).await?, |row| row.id));
    Ok(follow(ids, &rows, &moved))
}

/// What the authors with these ids are today, by the id asked for: itself, or what took its place.
///
/// # Errors
/// When the database fails.
pub async fn present_authors(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, AuthorRow>> {
    let mut rows = by_id(db::authors::hold(conn, ids).await?, |row| row.id);
    let moved = successors(conn, ids, &rows).await?;
    let targets: Vec<Uuid> = moved.values().copied().collect();
    rows.extend(by_id(db::authors::hold(conn, &targets).await?, |row| row.id));
    Ok(follow(ids, &rows, &moved))
}

/// The id that `given` stands for, without holding it: for those who lock what they find themselves.
pub(super) async fn locate(conn: &mut Connection, kind: Taxonomy, given: &str) -> Result<Option<Uuid>> {
    let ids = identify(conn, kind, &[given]).await?;
    let Some(id) = ids.first().copied().flatten() else {
        return Ok(None);
    };
    let merged_into = match kind {
        Taxonomy::Tag => db::tags::find(conn, id)
            .await?
            .and_then(|found| found.tag.merged_into_id),
        Taxonomy::Section | Taxonomy::Author => None,
    };
    Ok(Some(merged_into.unwrap_or(id)))
}

/// The ids that these names stand for, as far as they look like names at all.
async fn identify(conn: &mut Connection, kind: Taxonomy, given: &[&str]) -> Result<Vec<Option<Uuid>>> {
    let slugs: Vec<Option<String>> = given
        .iter()
        .map(|name| Slug::parse(name).ok().map(String::from))
        .collect();
    let asked: Vec<&str> = slugs.iter().flatten().map(String::as_str).collect();
    let owners = db::retired_slugs::owners(conn, kind, &asked).await?;
    let names = given.iter().zip(&slugs);
    Ok(names
        .map(|(name, slug)| match slug {
            Some(slug) => owners.get(slug).copied(),
            None => Uuid::try_parse(name.trim()).ok(),
        })
        .collect())
}

fn known(ids: &[Option<Uuid>]) -> Vec<Uuid> {
    ids.iter().flatten().copied().collect()
}

fn by_id<R>(rows: Vec<R>, id: impl Fn(&R) -> Uuid) -> HashMap<Uuid, R> {
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

/// What took the place of those among `ids` that were not found.
async fn successors<R>(conn: &mut Connection, ids: &[Uuid], found: &HashMap<Uuid, R>) -> Result<HashMap<Uuid, Uuid>> {
    let gone: Vec<Uuid> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
    if gone.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(db::retired_slugs::successors(conn, &gone).await?.into_iter().collect())
}

fn follow<R: Clone>(ids: &[Uuid], rows: &HashMap<Uuid, R>, moved: &HashMap<Uuid, Uuid>) -> HashMap<Uuid, R> {
    let lead = |id: &Uuid| Some((*id, rows.get(moved.get(id).unwrap_or(id))?.clone()));
    ids.iter().filter_map(lead).collect()
}

/// The rows in the order of `ids`, each once; and the places of those that were not found.
fn in_order<R: Clone>(
    ids: &[Option<Uuid>],
    rows: &HashMap<Uuid, R>,
    id_of: impl Fn(&R) -> Uuid,
) -> (Vec<R>, Vec<usize>) {
    let (mut found, mut unknown, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (place, id) in ids.iter().enumerate() {
        match id.and_then(|id| rows.get(&id)) {
            Some(row) if seen.insert(id_of(row)) => found.push(row.clone()),
            Some(_) => {}
            None => unknown.push(place),
        }
    }
    (found, unknown)
}

fn pointers<'a>(list: &str, names: &[&'a str], places: &[usize]) -> Vec<(String, &'a str)> {
    places
        .iter()
        .filter_map(|place| Some((format!("{list}/{place}"), *names.get(*place)?)))
        .collect()
}

/// Notes every unknown name, with the slugs that it resembles.
pub(super) async fn refuse(
    conn: &mut Connection,
    check: &mut Check,
    kind: Taxonomy,
    unknown: &[(String, &str)],
) -> Result<()> {
    if unknown.is_empty() {
        return Ok(());
    }
    let slugs = db::retired_slugs::in_use(conn, kind, CANDIDATES).await?;
    for (place, (pointer, name)) in unknown.iter().enumerate() {
        let meant = Slug::from_title(name)
            .filter(|_| place < HELPED)
            .map(String::from)
            .unwrap_or_default();
        let message = format!("there is no {kind} `{}`; name one by slug or id", excerpt(name, 100));
        let allowed = near(&meant, slugs.iter().map(String::as_str), SUGGESTIONS);
        check.refuse(FieldError::field(pointer.as_str(), "unknown_reference", message).allowing(allowed));
    }
    Ok(())
}
