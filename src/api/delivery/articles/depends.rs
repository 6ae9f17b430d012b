//! On what answers about articles depend.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::published::cards::CardData;
use crate::db::published::lists::ListFilter;
use crate::db::published::names::Names;
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::purge::beside_tag;
use crate::domain::slug::Slug;
use crate::domain::taxonomy::Taxonomy;

/// What a list depends on besides the articles on it: what it is filtered by, or who comes to be called so; all articles when
/// that is not all that it asks.
pub fn list_tags(filter: &ListFilter, names: &Names) -> Vec<String> {
    let told = |kind: Taxonomy, given: &[IdOrSlug]| -> Vec<String> {
        let told = given.iter().filter_map(|named| match names.id(kind, named) {
            Some(id) => Some(format!("{kind}:{id}")),
            // What is no slug, nobody can come to be called.
            None => Slug::parse(named.slug()?).ok().map(|slug| format!("slug:{slug}")),
        });
        told.collect()
    };
    let mut tags = [
        told(Taxonomy::Section, filter.sections.as_deref().unwrap_or_default()),
        told(Taxonomy::Tag, filter.tags.as_deref().unwrap_or_default()),
        told(Taxonomy::Tag, &filter.tags_all),
        told(Taxonomy::Author, filter.authors.as_deref().unwrap_or_default()),
    ]
    .concat();
    if tags.is_empty() || filter.asks_of_articles() {
        tags.push("articles".to_owned());
    }
    // Two names of one thing.
    tags.sort_unstable();
    tags.dedup();
    tags
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
