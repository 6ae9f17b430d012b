//! A stretch of a search: the newest articles that hold the words.

use chrono::{DateTime, Utc};
use diesel::dsl::{array, case_when};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Record, Timestamptz, Uuid as SqlUuid};

use super::{STRETCH, beginning, week};
use crate::db::apart::Fragment;
use crate::db::published::lists::belonging::belonging;
use crate::db::published::lists::belongs::Belongs;
use crate::db::published::lists::{ListFilter, Position};
use crate::db::schema::published_article_search as searched;
use crate::db::text_search::{Matches, search_loosely, search_query, search_ranking, search_score, ts_rank};
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

    /// Every article of it, with its date line and, if it belongs, its score at this instant.
    pub(super) fn found<'a>(
        &'a self,
        sought: Sought<'a>,
        filter: &'a ListFilter,
        as_of: DateTime<Utc>,
    ) -> Fragment<'a> {
        let Sought {
            asked, configurations, ..
        } = sought;
        // Worked out once a statement.
        let exactly = diesel::select(search_query(configurations, asked.wanted(), asked.excluded())).single_value();
        let mut belongs = Belongs::<searched::table>::default();
        if sought.ordered {
            belongs = belongs.filter(Matches::new(searched::words, exactly));
        }
        if !filter.exclude.is_empty() {
            belongs = belongs.filter(searched::article_id.ne_all(&filter.exclude));
        }
        let belongs = belonging!(belongs, filter, searched, article_id);
        let by = diesel::select(search_ranking(configurations, asked.wanted())).single_value();
        let score = search_score(ts_rank(searched::words, by), searched::published_at, as_of);
        let those = searched::table.filter(searched::article_id.eq_any(self.newest(sought, filter)));
        Box::new(those.select((searched::article_id, searched::published_at, case_when(belongs, score))))
    }

    /// The newest articles of it that hold the words, in whatever order.
    fn newest<'a>(&'a self, sought: Sought<'a>, filter: &'a ListFilter) -> searched::BoxedQuery<'a, Pg, SqlUuid> {
        let Sought {
            asked, configurations, ..
        } = sought;
        let loosely = diesel::select(search_loosely(configurations, asked.wanted(), asked.excluded())).single_value();
        let mut newest = searched::table
            .filter(Matches::new(searched::words, loosely))
            .into_boxed();
        if let Some(weeks) = &self.weeks {
            newest = newest.filter(searched::week.eq_any(weeks));
        }
        let key = || (searched::published_at, searched::article_id).into_sql::<Key>();
        newest = match self.after {
            Some(after) if self.from_top => newest.filter(key().le(after)),
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
}

type Key = Record<(Timestamptz, SqlUuid)>;
