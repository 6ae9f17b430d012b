//! Many articles put before readers at once.

use diesel_async::RunQueryDsl;

use super::PublishedRow;
use crate::db::schema::published_articles;
use crate::db::{Connection, Result};

/// So many articles a statement: each column of each is a bind, of which PostgreSQL takes 65,535.
const ARTICLES: usize = 500;

/// Puts articles before readers that were not there.
///
/// # Errors
/// When one of the slugs is another's, or the database fails.
pub async fn put_new(conn: &mut Connection, articles: &[PublishedRow]) -> Result<()> {
    for articles in articles.chunks(ARTICLES) {
        diesel::insert_into(published_articles::table)
            .values(articles)
            .execute(conn)
            .await?;
    }
    Ok(())
}
