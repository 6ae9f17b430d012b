//! Which published articles hold certain words.
//!
//! A search reads a stretch: the newest [`STRETCH`] articles that hold the words, found by the index of words. When even the
//! rarest word is common, the index is asked for the newest weeks alone, so that words which never meet are not
//! followed through the years. Only then is looked at what filters ask, and how well the words fit.

mod belongs;
mod cards;
mod read;
mod stretch;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

pub use self::cards::found;
pub use self::read::{Reading, Wish, read};
pub use self::stretch::{Part, Sought, Stretch, search, search_both};
use super::PublishedRow;
use crate::db::schema::published_article_search;
use crate::db::text_search::{search_configuration, search_count_words, search_words};
use crate::db::{Connection, Result};

/// How many articles with the words are looked at.
pub const STRETCH: usize = 1_000;

/// A word in more articles than this is common; so many of the newest are looked through for it.
pub const RARE: i32 = 12_000;

/// Writes down the words of published articles.
///
/// # Errors
/// When the database fails.
pub(super) async fn index<'a>(conn: &mut Connection, articles: &'a [PublishedRow]) -> Result<()> {
    let row = |article: &'a PublishedRow| {
        let above = [&article.kicker, &article.standfirst].map(|text| text.as_deref().unwrap_or_default());
        let outline = article.outline.0.as_array();
        let headings = outline
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.get("text")?.as_str());
        let headings = headings.collect::<Vec<_>>().join(" ");
        let words = search_words(
            search_configuration(&article.language),
            &article.title,
            above.join(" "),
            headings,
            &article.body_text,
        );
        (
            published_article_search::article_id.eq(article.id),
            published_article_search::configuration.eq(search_configuration(&article.language)),
            published_article_search::published_at.eq(article.published_at),
            published_article_search::week.eq(week(article.published_at)),
            published_article_search::words.eq(words),
        )
    };
    let into = diesel::insert_into(published_article_search::table);
    // One row has one form and is prepared once; many have many.
    match articles {
        [one] => into.values(row(one)).execute(conn).await,
        many => {
            into.values(many.iter().map(row).collect::<Vec<_>>())
                .execute(conn)
                .await
        }
    }
    .map(drop)
}

/// Counts the words of so many articles that were published since this was done last, for correcting slips. Answers of how
/// many.
///
/// # Errors
/// When the database fails.
pub async fn count_words(conn: &mut Connection, articles: i32) -> Result<i32> {
    diesel::select(search_count_words(articles)).get_result(conn).await
}

const SECONDS_A_WEEK: i64 = 7 * 86_400;

/// The week of an instant, counted from 1970.
fn week(at: chrono::DateTime<chrono::Utc>) -> i32 {
    i32::try_from(at.timestamp().div_euclid(SECONDS_A_WEEK)).unwrap_or_default()
}

/// When a week begins.
fn beginning(week: i32) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(i64::from(week) * SECONDS_A_WEEK, 0).unwrap_or_default()
}
