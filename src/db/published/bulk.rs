//! Many articles put before readers at once.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Listing, PublishedRow};
use crate::db::schema::{
    published_article_authors as by_author, published_article_sections as by_section, published_article_tags as by_tag,
    published_articles,
};
use crate::db::{Connection, Result};

/// So many articles a statement: each column of each is a bind, of which PostgreSQL takes 65,535, and an article may have
/// a dozen tags.
const ARTICLES: usize = 500;

/// Puts articles before readers that were not there.
///
/// # Errors
/// When one of the slugs is another's, or the database fails.
pub async fn put_new(conn: &mut Connection, articles: &[PublishedRow], listings: &[Listing]) -> Result<()> {
    for (articles, listings) in articles.chunks(ARTICLES).zip(listings.chunks(ARTICLES)) {
        diesel::insert_into(published_articles::table)
            .values(articles)
            .execute(conn)
            .await?;
        list(conn, articles, listings).await?;
    }
    Ok(())
}

async fn list(conn: &mut Connection, articles: &[PublishedRow], listings: &[Listing]) -> Result<()> {
    let each = || articles.iter().zip(listings);
    let sections = each().flat_map(|(article, listing)| {
        listing.sections.iter().map(|section| {
            (
                by_section::article_id.eq(article.id),
                by_section::section_id.eq(*section),
                by_section::published_at.eq(article.published_at),
                by_section::content_updated_at.eq(article.content_updated_at),
            )
        })
    });
    let sections: Vec<_> = sections.collect();
    diesel::insert_into(by_section::table)
        .values(sections)
        .execute(conn)
        .await?;
    let tags = each().flat_map(|(article, listing)| {
        (0..).zip(&listing.tags).map(|(position, tag)| {
            (
                by_tag::article_id.eq(article.id),
                by_tag::tag_id.eq(*tag),
                by_tag::position.eq(position),
                by_tag::published_at.eq(article.published_at),
                by_tag::content_updated_at.eq(article.content_updated_at),
            )
        })
    });
    let tags: Vec<_> = tags.collect();
    diesel::insert_into(by_tag::table).values(tags).execute(conn).await?;
    let authors = each().flat_map(|(article, listing)| {
        (0..).zip(&listing.authors).map(|(position, author)| {
            (
                by_author::article_id.eq(article.id),
                by_author::author_id.eq(*author),
                by_author::position.eq(position),
                by_author::published_at.eq(article.published_at),
                by_author::content_updated_at.eq(article.content_updated_at),
            )
        })
    });
    let authors: Vec<_> = authors.collect();
    diesel::insert_into(by_author::table)
        .values(authors)
        .execute(conn)
        .await
        .map(drop)
}
