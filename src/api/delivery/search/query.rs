//! What `GET /search` takes: words, which articles, which page.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::delivery::articles::query::{Filters, refuse, with_filters};
use crate::api::page::{Cursors, Window};
use crate::db::published::lists::Position;
use crate::domain::instant::Instant;
use crate::domain::search::Asked;
use crate::domain::text::Coded;
use crate::error::Result;

with_filters! {
    /// What `GET /search` takes. Lists are written `tag=a,b` or `tag=a&tag=b`.
    pub struct SearchQuery {
        /// Words that must all be there, in any form of theirs; "words in quotes" in this order; `or` between words of which
        /// one is enough; `-word` for what must not be there. Nothing else means anything.
        #[param(min_length = 1, max_length = 200, example = "harbour")]
        q: String,
        /// The `next_cursor` of the page before.
        cursor: Option<String>,
        /// 20 unless given.
        #[param(minimum = 1, maximum = 100)]
        limit: Option<u32>,
        /// Also count, among the newest 1,000 articles with the words; behind them among so many more.
        with_total: Option<bool>,
    }
}

/// A page of results.
#[derive(Debug)]
pub struct SearchAsked {
    pub asked: Asked,
    pub filters: Filters,
    pub window: Window<Place>,
    pub with_total: bool,
}

/// Where results go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    /// When the first page was asked for: age counts from there.
    pub as_of: DateTime<Utc>,
    /// The newest article of the stretch; or, when nothing of it was shown, the one before it.
    pub edge: Position,
    /// What was shown of the stretch.
    pub shown: Option<Shown>,
    /// How many results the stretches before it had.
    pub before: u32,
    /// What is searched instead of what was asked for.
    pub instead: Option<String>,
}

/// How far a stretch was shown.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Shown {
    pub results: u32,
    /// The first instant of the weeks that the stretch is made of.
    pub since: Option<DateTime<Utc>>,
}

impl SearchQuery {
    /// Checks what was asked for.
    ///
    /// # Errors
    /// 400 when there are no words or too many, when a filter names too much or nothing, or the cursor is another query's.
    pub fn read(mut self, cursors: &Cursors) -> Result<SearchAsked> {
        let asked = Asked::read(&self.q).map_err(|error| refuse("q", error.code(), error.to_string()))?;
        let filters = self.filters()?;
        // In one form, however it was written: a cursor belongs to the question.
        let scope = format!("search {:?} {filters:?}", asked.text());
        Ok(SearchAsked {
            asked,
            window: Window::read(cursors, scope, self.limit, self.cursor.as_deref())?,
            filters,
            with_total: self.with_total.unwrap_or_default(),
        })
    }
}
