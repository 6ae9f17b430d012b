//! A stretch of a search: the newest articles that hold the words.

use chrono::{DateTime, Utc};
use diesel::dsl::{array, case_when};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Float, Nullable, Record, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{STRETCH, beginning, week};
use crate::db::published::lists::belonging::belonging;
use crate::db::published::lists::belongs::Belongs;
use crate::db::published::lists::{ListFilter, Position};
use crate::db::schema::published_article_search as searched;
use crate::db::text_search::{Matches, search_loosely, search_query, search_ranking, ts_rank};
use crate::db::{Connection, Result};
use crate::domain::search::Asked;

/// What is searched for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    pub asked: &'a Asked,
    /// The text search configurations that read it.
    pub configurations: &'a [String],
    /// Whether the order of words matters.
    pub ordered: bool,
}

/// Where a stretch lies.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// Behind this article, or with `from_top` beginning with it.
    pub after: Option<Position>,
    pub from_top: bool,
    /// In these weeks alone.
    pub weeks: Option<Vec<i32>>,
}

/// What a stretch holds.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The articles that belong, with how well the words fit.
    pub hits: Vec<(Uuid, DateTime<Utc>, f32)>,
    /// The newest article that was looked at.
    pub top: Option<Position>,
    /// Where the next stretch begins, if there may be one.
    pub next: Option<Position>,
}

impl Stretch {
    /// The first instant of its weeks.
    #[must_use]
    pub fn begins(&self) -> Option<DateTime<Utc>> {
        self.weeks.as_ref()?.iter().min().map(|week| beginning(*week))
    }

    /// Leaves out the weeks before this instant.
    #[must_use]
    pub fn since(mut self, at: DateTime<Utc>) -> Self {
        let first = week(at);
        if let Some(weeks) = &mut self.weeks {
            weeks.retain(|week| *week >= first);
        }
        self
    }
}

type Hit = Record<(SqlUuid, Timestamptz, Nullable<Float>)>;
type Key = Record<(Timestamptz, SqlUuid)>;
type Row = (Uuid, DateTime<Utc>, Option<f32>);

/// Searches a stretch.
///
/// # Errors
/// When the database fails.
pub async fn search(mut conn: &Connection, sought: Sought<'_>, filter: &ListFilter, stretch: &Stretch) -> Result<Part> {
    let rows: Vec<Row> = diesel::select(array(hits(sought, filter, stretch)))
        .get_result(&mut conn)
        .await?;
    Ok(part(rows, stretch))
}

/// Searches for two things in one statement, each in its stretch.
///
/// # Errors
/// When the database fails.
pub async fn search_both(
    mut conn: &Connection,
    first: (Sought<'_>, &Stretch),
    second: (Sought<'_>, &Stretch),
    filter: &ListFilter,
) -> Result<(Part, Part)> {
    let (one, other) = (hits(first.0, filter, first.1), hits(second.0, filter, second.1));
    let (one, other): (Vec<Row>, Vec<Row>) = diesel::select((array(one), array(other))).get_result(&mut conn).await?;
    Ok((part(one, first.1), part(other, second.1)))
}

/// Every article of the stretch; one that does not belong has no rank.
fn hits<'a>(sought: Sought<'a>, filter: &'a ListFilter, stretch: &'a Stretch) -> searched::BoxedQuery<'a, Pg, Hit> {
    let Sought {
        asked, configurations, ..
    } = sought;
    // Worked out once a statement.
    let exactly = diesel::select(search_query(configurations, asked.wanted(), asked.excluded())).single_value();
    let mut belongs = Belongs::default();
    if sought.ordered {
        belongs = belongs.filter(Matches::new(searched::words, exactly));
    }
    if !filter.exclude.is_empty() {
        belongs = belongs.filter(searched::article_id.ne_all(&filter.exclude));
    }
    let belongs = belonging!(belongs, filter, searched, article_id);
    let by = diesel::select(search_ranking(configurations, asked.wanted())).single_value();
    let rank = case_when(belongs, ts_rank(searched::words, by));
    searched::table
        .filter(searched::article_id.eq_any(newest(sought, filter, stretch)))
        .into_boxed()
        .select((searched::article_id, searched::published_at, rank).into_sql::<Hit>())
}

/// The newest articles of the stretch that hold the words, in whatever order.
fn newest<'a>(
    sought: Sought<'a>,
    filter: &'a ListFilter,
    stretch: &'a Stretch,
) -> searched::BoxedQuery<'a, Pg, SqlUuid> {
    let Sought {
        asked, configurations, ..
    } = sought;
    let loosely = diesel::select(search_loosely(configurations, asked.wanted(), asked.excluded())).single_value();
    let mut newest = searched::table
        .filter(Matches::new(searched::words, loosely))
        .into_boxed();
    if let Some(weeks) = &stretch.weeks {
        newest = newest.filter(searched::week.eq_any(weeks));
    }
    let key = || (searched::published_at, searched::article_id).into_sql::<Key>();
    newest = match stretch.after {
        Some(after) if stretch.from_top => newest.filter(key().le(after)),
        Some(after) => newest.filter(key().lt(after)),
        None => newest,
    };
    if let Some(from) = filter.published_from {
        newest = newest.filter(searched::published_at.ge(from));
    }
    if let Some(before) = filter.published_before {
        newest = newest.filter(searched::published_at.lt(before));
    }
    let order = (searched::published_at.desc(), searched::article_id.desc());
    let most = i64::try_from(STRETCH).unwrap_or(i64::MAX);
    newest.order(order).limit(most).select(searched::article_id)
}

fn part(rows: Vec<Row>, stretch: &Stretch) -> Part {
    let keys = || rows.iter().map(|row| (row.1, row.0));
    let next = if rows.len() >= STRETCH {
        keys().min()
    } else {
        stretch.begins().map(|at| (at, Uuid::nil()))
    };
    Part {
        top: keys().max(),
        next,
        hits: rows
            .into_iter()
            .filter_map(|(id, at, rank)| Some((id, at, rank?)))
            .collect(),
    }
}
