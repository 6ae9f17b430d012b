//! Which articles name an author: on the desk by the head revision, in the readers' copy by its rows.

use diesel::dsl::{array_position, array_remove, array_replace, exists};
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{articles, author_counts, published_article_authors};
use super::{Connection, Result};

type Uuids = Array<sql_types::Uuid>;

/// How many articles, trashed ones too, name this author on the desk or in the readers' copy.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Connection, id: Uuid) -> Result<i64> {
    // Two counts, because one condition on both tables could use the index of neither.
    let desk: i64 = articles::table
        .filter(articles::author_ids.contains(vec![id]))
        .count()
        .get_result(conn)
        .await?;
    let readers_only: i64 = published_article_authors::table
        .inner_join(articles::table.on(articles::id.eq(published_article_authors::article_id)))
        .filter(published_article_authors::author_id.eq(id))
        .filter(diesel::dsl::not(articles::author_ids.contains(vec![id])))
        .count()
        .get_result(conn)
        .await?;
    Ok(desk + readers_only)
}

/// Every article that names `from` names `to` instead, in the same place; one that names both names it once.
///
/// # Errors
/// When the database fails.
pub async fn reassign(conn: &mut Connection, from: Uuid, to: Uuid) -> Result<()> {
    reassign_on_desk(conn, from, to).await?;
    reassign_for_readers(conn, from, to).await
}

async fn reassign_on_desk(conn: &mut Connection, from: Uuid, to: Uuid) -> Result<()> {
    let place = |id: Uuid| array_position::<Uuids, sql_types::Uuid, _, _>(articles::author_ids, id);
    let both = || articles::table.filter(articles::author_ids.contains(vec![from, to]));
    // The first of the two stays.
    diesel::update(both().filter(place(to).lt(place(from))))
        .set(articles::author_ids.eq(array_remove::<Uuids, sql_types::Uuid, _, _>(articles::author_ids, from)))
        .execute(conn)
        .await?;
    diesel::update(both())
        .set(articles::author_ids.eq(array_remove::<Uuids, sql_types::Uuid, _, _>(articles::author_ids, to)))
        .execute(conn)
        .await?;
    diesel::update(articles::table.filter(articles::author_ids.contains(vec![from])))
        .set(
            articles::author_ids.eq(array_replace::<Uuids, sql_types::Uuid, _, _, _>(
                articles::author_ids,
                from,
                to,
            )),
        )
        .execute(conn)
        .await
        .map(drop)
}

async fn reassign_for_readers(conn: &mut Connection, from: Uuid, to: Uuid) -> Result<()> {
    let other = diesel::alias!(published_article_authors as other_authors);
    let same_article = || {
        other.filter(
            other
                .field(published_article_authors::article_id)
                .eq(published_article_authors::article_id),
        )
    };
    // The first of the two stays.
    let earlier = same_article()
        .filter(other.field(published_article_authors::author_id).eq(from))
        .filter(
            other
                .field(published_article_authors::position)
                .lt(published_article_authors::position),
        );
    diesel::delete(
        published_article_authors::table
            .filter(published_article_authors::author_id.eq(to))
            .filter(exists(earlier)),
    )
    .execute(conn)
    .await?;
    let still = same_article().filter(other.field(published_article_authors::author_id).eq(to));
    diesel::delete(
        published_article_authors::table
            .filter(published_article_authors::author_id.eq(from))
            .filter(exists(still)),
    )
    .execute(conn)
    .await?;
    diesel::update(published_article_authors::table.filter(published_article_authors::author_id.eq(from)))
        .set(published_article_authors::author_id.eq(to))
        .execute(conn)
        .await
        .map(drop)
}

/// Counts the published articles of these authors anew. Last in a transaction, ids in order.
///
/// # Errors
/// When the database fails.
pub async fn recount(conn: &mut Connection, ids: &[Uuid]) -> Result<()> {
    for id in ids {
        let listed: i64 = published_article_authors::table
            .filter(published_article_authors::author_id.eq(id))
            .count()
            .get_result(conn)
            .await?;
        diesel::update(author_counts::table.find(id))
            .set(author_counts::articles.eq(i32::try_from(listed).unwrap_or(i32::MAX)))
            .execute(conn)
            .await?;
    }
    Ok(())
}
