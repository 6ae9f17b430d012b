//! Whether an article belongs on a list, asked of the article itself.

use diesel::dsl::array;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;

use super::ListFilter;
use crate::db::schema::{
    published_article_authors, published_article_sections, published_article_tags, published_articles,
};

/// The ids of the articles that belong on a list, whatever it walks along. What an article stands under is gathered into
/// arrays, article by article: were it joined, PostgreSQL might begin at the other end and read everything that stands
/// under a tag.
pub(super) fn belonging(filter: &ListFilter) -> published_articles::BoxedQuery<'_, Pg, SqlUuid> {
    let mut query = published_articles::table.select(published_articles::id).into_boxed();
    if let Some(sections) = &filter.sections {
        let its_own = published_article_sections::table
            .filter(published_article_sections::article_id.eq(published_articles::id))
            .select(published_article_sections::section_id);
        query = query.filter(array(its_own).overlaps_with(sections));
    }
    let its_tags = || {
        let its_own = published_article_tags::table
            .filter(published_article_tags::article_id.eq(published_articles::id))
            .select(published_article_tags::tag_id);
        array(its_own)
    };
    if let Some(tags) = &filter.tags {
        query = query.filter(its_tags().overlaps_with(tags));
    }
    if !filter.tags_all.is_empty() {
        query = query.filter(its_tags().contains(&filter.tags_all));
    }
    if let Some(authors) = &filter.authors {
        let its_own = published_article_authors::table
            .filter(published_article_authors::article_id.eq(published_articles::id))
            .select(published_article_authors::author_id);
        query = query.filter(array(its_own).overlaps_with(authors));
    }
    if let Some(kickers) = &filter.kickers {
        query = query.filter(published_articles::kicker.eq_any(kickers));
    }
    if let Some(languages) = &filter.languages {
        query = query.filter(published_articles::language.eq_any(languages));
    }
    if let Some(featured) = filter.featured {
        query = query.filter(published_articles::featured.eq(featured));
    }
    match filter.breaking {
        None => query,
        Some((true, now)) => query.filter(published_articles::breaking_until.gt(now)),
        Some((false, now)) => {
            let until = published_articles::breaking_until;
            query.filter(until.is_null().or(until.le(now)))
        }
    }
}
