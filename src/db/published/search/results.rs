//! The results of a page: the best of a stretch, each with its card and a snippet.

use chrono::{DateTime, Utc};
use diesel::dsl::{array, count, count_star};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Record, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::STRETCH;
use super::stretch::{Sought, Stretch};
use crate::db::published::cards::{CardData, CardRow, NamesColumns, SiteRules, columns_beside};
use crate::db::published::lists::{ListFilter, Position};
use crate::db::refs::SectionName;
use crate::db::schema::{article_counts, authors, published_articles, sections, site, tags};
use crate::db::text_search::{left, search_configuration, search_query, search_share, search_snippet};
use crate::db::with::{With, with};
use crate::db::{Connection, Result};

/// What of a stretch is shown.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// When age counts from.
    pub as_of: DateTime<Utc>,
    /// So many results were shown before.
    pub behind: u32,
    pub limit: u32,
}

/// What a stretch holds.
#[derive(Debug, Default)]
pub struct Part {
    /// Those that are shown, the best first; of equals the newest.
    pub results: Vec<Found>,
    /// How many there are.
    pub total: u32,
    /// The newest article that was looked at.
    pub top: Option<Position>,
    /// Where the next stretch begins, if there may be one.
    pub next: Option<Position>,
}

/// An article that was found.
#[derive(Debug)]
pub struct Found {
    pub card: CardData,
    /// A stretch of its body, in which what was sought is marked.
    pub snippet: String,
    pub score: f64,
}

with! {
    /// What the stretch holds; what does not belong has no score.
    found (article_id) {
        article_id -> Uuid,
        published_at -> Timestamptz,
        score -> Nullable<Float8>,
    }
    beside page, published_articles, sections, site
}
with! {
    /// What of it is shown.
    page (article_id) {
        article_id -> Uuid,
        published_at -> Timestamptz,
        score -> Float8,
    }
    beside published_articles, sections, site, article_counts, authors, tags
}
diesel::alias! {
    // What is counted beside what is shown.
    const ALL_SHOWN: Alias<AllShown> = page as all_shown;
}

type Key = Record<(Timestamptz, SqlUuid)>;

type Columns = (
    Option<CardRow>,
    Option<SectionName>,
    Option<(i32, i32)>,
    SiteRules,
    NamesColumns,
    Option<String>,
    Option<f64>,
    Option<i64>,
    Option<i64>,
    Vec<Position>,
    Vec<Position>,
);

/// Searches a stretch.
///
/// # Errors
/// When the database fails.
pub async fn search(
    mut conn: &Connection,
    sought: Sought<'_>,
    filter: &ListFilter,
    stretch: &Stretch,
    slice: Slice,
) -> Result<Part> {
    let best = found::table
        .filter(found::score.is_not_null())
        .order((
            found::score.desc(),
            found::published_at.desc(),
            found::article_id.desc(),
        ))
        .offset(slice.behind.into())
        .limit(slice.limit.into())
        .select((found::article_id, found::published_at, found::score));
    let looked_at = found::table.select(count_star()).single_value();
    let total = found::table.select(count(found::score)).single_value();
    let key = || (found::published_at, found::article_id).into_sql::<Key>();
    let end = || found::table.select(key()).limit(1);
    let top = array(end().order((found::published_at.desc(), found::article_id.desc())));
    let last = array(end().order((found::published_at.asc(), found::article_id.asc())));
    let body = published_articles::body_text.nullable().assume_not_null();
    let results = ALL_SHOWN.select(count_star()).single_value();
    let body = left(body, search_share(results));
    // As the article's own language reads what was asked: marking what each of them would find takes seconds.
    let configuration = || search_configuration(published_articles::language.nullable().assume_not_null());
    let query = search_query(array((configuration(),)), sought.asked.wanted(), "");
    let snippet = search_snippet(configuration(), body, query).nullable();
    let itself = published_articles::table.on(published_articles::id.eq(page::article_id));
    let its_section = sections::table.on(published_articles::section_id.eq(sections::id.nullable()));
    let query = site::table
        .left_join(page::table.on(true.into_sql::<Bool>()))
        .left_join(itself)
        .left_join(its_section)
        .filter(site::id.eq(1))
        .order((page::score.desc(), page::published_at.desc(), page::article_id.desc()))
        .select(columns_beside!(
            snippet,
            page::score.nullable(),
            looked_at,
            total,
            top,
            last
        ));
    let found = stretch.found(sought, filter, slice.as_of);
    let tables = vec![
        ("found (article_id, published_at, score)", found),
        ("page (article_id, published_at, score)", Box::new(best)),
    ];
    let rows: Vec<Columns> = With::first(tables, query).load(&mut conn).await?;
    Ok(part(rows, stretch))
}

fn part(rows: Vec<Columns>, stretch: &Stretch) -> Part {
    let mut part = Part::default();
    for (article, section, counts, site, names, snippet, score, looked_at, total, top, last) in rows {
        part.total = u32::try_from(total.unwrap_or_default()).unwrap_or(u32::MAX);
        part.top = top.into_iter().next();
        let full = usize::try_from(looked_at.unwrap_or_default()).is_ok_and(|looked_at| looked_at >= STRETCH);
        part.next = match full {
            true => last.into_iter().next(),
            false => stretch.begins().map(|at| (at, uuid::Uuid::nil())),
        };
        part.results.extend(article.zip(score).map(|(article, score)| Found {
            card: CardData::new((article, section, counts, site), &names.into()),
            snippet: snippet.unwrap_or_default(),
            score,
        }));
    }
    part
}
