//! What a page of results shows: cards with snippets.

use std::collections::HashMap;

use diesel::dsl::array;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Sought;
use crate::db::published::cards::{CardData, CardRow, NamesColumns, SiteRules, card_columns, names_columns};
use crate::db::refs::SectionName;
use crate::db::schema::{published_articles, sections, site};
use crate::db::text_search::{left, search_configuration, search_query, search_snippet};
use crate::db::{Connection, Result};

/// How many characters of all bodies of a page are looked through for snippets.
const LOOKED_THROUGH: usize = 400_000;
/// And of one body at most.
const LOOKED_THROUGH_IN_ONE: usize = 20_000;

type Columns = (
    CardRow,
    Option<SectionName>,
    Option<(i32, i32)>,
    SiteRules,
    String,
    NamesColumns,
);

/// The published ones of these articles, in this order, each with a snippet in which what was sought is marked.
///
/// # Errors
/// When the database fails.
pub async fn found(mut conn: &Connection, ids: &[Uuid], sought: Sought<'_>) -> Result<Vec<(CardData, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let asked = sought.asked;
    let most = i32::try_from((LOOKED_THROUGH / ids.len()).min(LOOKED_THROUGH_IN_ONE)).unwrap_or_default();
    let body = left(published_articles::body_text, most);
    // As the article's own language reads what was asked: marking what each of them would find takes seconds.
    let configuration = || search_configuration(published_articles::language);
    let query = search_query(array((configuration(),)), asked.wanted(), "");
    let snippet = search_snippet(configuration(), body, query);
    let rows: Vec<Columns> = published_articles::table
        .left_join(sections::table)
        .inner_join(site::table.on(site::id.eq(1)))
        .filter(published_articles::id.eq_any(ids))
        .select(card_columns!(snippet, names_columns!()))
        .load(&mut conn)
        .await?;
    let cards = rows
        .into_iter()
        .map(|(article, section, counts, site, snippet, names)| {
            let id = article.id;
            let card = CardData::new((article, section, counts, site), &names.into());
            (id, (card, snippet))
        });
    let mut cards: HashMap<Uuid, (CardData, String)> = cards.collect();
    Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
}
