//! What has to be known before searching.

use chrono::{DateTime, Utc};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};

use super::RARE;
use crate::db::text_search::search_read;
use crate::db::{Connection, Json, Result};
use crate::domain::search::{Asked, Spelling};

/// A word in more articles than this is no slip.
const NO_SLIP: i32 = 50;

/// What is longer, in bytes, is no slip of a word that is listed: those have 40 letters at most.
const LONGEST: usize = 160;

/// How the database reads a query.
#[derive(Clone, Debug, Deserialize)]
pub struct Reading {
    /// The text search configurations of all published articles.
    pub configurations: Vec<String>,
    /// Whether the order of words matters.
    pub ordered: bool,
    /// About how many articles hold the rarest word.
    pub frequency: f64,
    /// The words, and those that look like them, when that was asked.
    pub near: Vec<Spelling>,
    /// The weeks of the newest articles, when something is common.
    pub weeks: Option<Vec<i32>>,
}

/// What is to be known of a query.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Wish {
    /// What its words may have been meant to be.
    pub spelling: bool,
    /// The newest weeks, even when nothing is common.
    pub newest: bool,
    /// The weeks are those up to this instant.
    pub up_to: DateTime<Utc>,
}

/// What the database is asked.
#[derive(Debug, Serialize)]
struct Question<'a> {
    wanted: String,
    excluded: String,
    counted: String,
    words: Vec<&'a str>,
    either: bool,
    #[serde(flatten)]
    wish: Wish,
    rare: i32,
    common: i32,
}

/// Reads a query; `None` when nothing is left of it to search for.
///
/// # Errors
/// When the database fails.
pub async fn read(mut conn: &Connection, asked: &Asked, wish: Wish) -> Result<Option<Reading>> {
    let question = Json(Question {
        wanted: asked.wanted(),
        excluded: asked.excluded(),
        counted: asked.counted(),
        words: asked.words().into_iter().filter(|word| word.len() <= LONGEST).collect(),
        either: asked.either(),
        wish,
        rare: RARE,
        common: NO_SLIP,
    });
    let reading = search_read(question);
    let reading: Option<Json<Reading>> = diesel::select(reading).get_result(&mut conn).await?;
    Ok(reading.map(|reading| reading.0))
}
