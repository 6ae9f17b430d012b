//! On what answers about articles depend.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::published::cards::CardData;
use crate::db::published::lists::ListFilter;
use crate::domain::purge::beside_tag;

/// What a list depends on besides the articles on it: what it is filtered by, or all articles.
pub fn list_tags(filter: &ListFilter) -> Vec<String> {
    let sections = filter.sections.iter().flatten().map(|id| format!("section:{id}"));
    let tags = filter
        .tags
        .iter()
        .flatten()
        .chain(&filter.tags_all)
        .map(|id| format!("tag:{id}"));
    let authors = filter.authors.iter().flatten().map(|id| format!("author:{id}"));
    let tags: Vec<String> = sections.chain(tags).chain(authors).collect();
    if tags.is_empty() {
        vec!["articles".to_owned()]
    } else {
        tags
    }
}

/// What changes when one of the articles that stand beside another is published: nobody is told of them before.
pub fn beside(related: &[Uuid]) -> impl Iterator<Item = String> {
    related.iter().map(|id| format!("article:{id}"))
}

/// The same as shared caches are told it: of those that are not `shown` yet.
pub fn told_beside(related: &[Uuid], shown: &[CardData]) -> Vec<String> {
    let is_shown = |id: &Uuid| shown.iter().any(|card| card.article.id == *id);
    let to_come = related.iter().filter(|id| !is_shown(id));
    to_come.map(|id| beside_tag(*id)).collect()
}

pub fn newest_change(cards: &[CardData]) -> Option<DateTime<Utc>> {
    cards.iter().map(|card| card.article.content_updated_at).max()
}
