//! Search: published articles by their words.

mod find;
mod query;

use actix_web::{HttpRequest, get, web};
use chrono::TimeDelta;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use self::find::find;
use self::query::SearchQuery;
use super::articles::newest_change;
use super::cards::{ArticleCard, card_tags, count_tags, next_change};
use crate::api::extract::Query;
use crate::api::page::{Cursors, Page, next_link};
use crate::api::response::Public;
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::domain::search::marked;
use crate::error::Result;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(search_articles);
}

/// How long an order by age is good enough.
const A_WHILE: TimeDelta = TimeDelta::minutes(1);

/// How long a correction is, or that there is none: words are counted in the background.
const A_MOMENT: TimeDelta = TimeDelta::seconds(5);

/// An article that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResult {
    pub article: ArticleCard,
    /// A stretch of its body with what was found in `<mark>`. Safe HTML: everything else is escaped.
    pub snippet: String,
    /// How well it fits and how new it is. It means nothing outside this answer.
    pub score: f64,
}

/// A page of results.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResults {
    pub data: Vec<SearchResult>,
    pub page: Page,
    /// On the first page: what was probably meant, if that finds anything.
    #[schema(required)]
    pub did_you_mean: Option<String>,
    /// What these results are of: the words that were asked for, or, when they find nothing, `did_you_mean`.
    pub searched_for: String,
}

/// Search published articles
///
/// The best first: by where the words stand (title, standfirst, headings, body), how often, and how new the article is. Words
/// are found in any form of the article's language, without accents, and slips in the first four are corrected. The newest 1,000
/// articles with the words are ranked; a cursor then goes on with the next. A page may be shorter than `limit`,
/// even empty: only `next_cursor: null` ends the results. Without a single word to search for, like `the` or `*`,
/// there are none.
#[utoipa::path(
    tag = "Search",
    operation_id = "search_articles",
    params(SearchQuery),
    responses((status = 200, description = "A page of results.", body = SearchResults))
)]
#[get("/search")]
pub async fn search_articles(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<SearchQuery>,
) -> Result<Public<SearchResults>> {
    let search = query.0.read(&cursors)?;
    let now = app.clock.now();
    let conn = anyone.connect().await?;
    let findings = find(&conn, &search, now).await?;
    let page = search.window.close_at(&cursors, findings.next.as_ref());
    let page = match search.with_total {
        true => page.counted(findings.total.into(), findings.capped),
        false => page,
    };
    let results = findings.results.into_iter();
    let (cards, found): (Vec<_>, Vec<_>) = results
        .map(|result| (result.card, (marked(&result.snippet), result.score)))
        .unzip();
    let modified = newest_change(&cards);
    let good = if cards.is_empty() || findings.meant.is_some() {
        A_MOMENT
    } else {
        A_WHILE
    };
    let until = next_change(&cards, now).into_iter().chain([now + good]).min();
    let cards = ArticleCard::all(cards, &app.config.site, now);
    let mut tags = vec!["articles".to_owned()];
    tags.extend(card_tags(&cards));
    if cards.is_empty() {
        // What the filters name may come to be called so.
        tags.push("names".to_owned());
    }
    let counts = count_tags(&cards);
    let results = cards
        .into_iter()
        .zip(found)
        .map(|(article, (snippet, score))| SearchResult {
            article,
            snippet,
            score,
        });
    let next = next_link(&request, &page);
    let list = SearchResults {
        data: results.collect(),
        page,
        did_you_mean: findings.meant,
        searched_for: findings.searched_for,
    };
    Ok(Public::new(list, tags)
        .untold(counts)
        .modified(modified)
        .until(until)
        .next(next))
}
