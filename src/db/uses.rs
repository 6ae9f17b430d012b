//! Which articles name a tag or an author: on the desk by the head revision, and in the readers' copy.

use diesel::dsl::{array_position, array_remove, array_replace};
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{
    articles, author_counts, published_article_authors, published_article_tags, published_articles, tag_counts,
};
use super::{Connection, Result};

type Uuids = Array<sql_types::Uuid>;

/// Lets each of the articles of `$named`, which gives those that name an id, name `$to` in the same place as it named `$from`.
macro_rules! rename {
    ($conn:ident, $table:ident, $ids:ident, $named:ident, $from:ident, $to:ident) => {{
        let place = |id: Uuid| array_position::<Uuids, sql_types::Uuid, _, _>($table::$ids, id);
        let without = |id: Uuid| array_remove::<Uuids, sql_types::Uuid, _, _>($table::$ids, id);
        let both = || $named($from).filter($table::$ids.contains(vec![$to]));
        // One that names both names it once: the first of the two stays.
        diesel::update(both().filter(place($to).lt(place($from))))
            .set($table::$ids.eq(without($from)))
            .kept()
            .execute($conn)
            .await?;
        diesel::update(both())
            .set($table::$ids.eq(without($to)))
            .kept()
            .execute($conn)
            .await?;
        let renamed = array_replace::<Uuids, sql_types::Uuid, _, _, _>($table::$ids, $from, $to);
        diesel::update($named($from))
            .set($table::$ids.eq(renamed))
            .kept()
            .execute($conn)
            .await
            .map(drop)
    }};
}

/// The uses of one kind: `$ids` of an article on the desk and before readers, `$id` in the rows of the lists `$listed`, and
/// the count of these.
macro_rules! uses {
    ($room:ident, $ids:ident, $listed:ident, $id:ident, $counts:ident) => {
        pub mod $room {
            use super::*;

            /// How many articles, trashed ones too, name this one on the desk or in the readers' copy.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn count(conn: &mut Connection, id: Uuid) -> Result<i64> {
                // Two counts, because one condition on both tables could use the index of neither.
                let desk: i64 = articles::table
                    .filter(articles::$ids.contains(vec![id]))
                    .count()
                    .get_result(conn)
                    .await?;
                let readers_only: i64 = $listed::table
                    .inner_join(articles::table.on(articles::id.eq($listed::article_id)))
                    .filter($listed::$id.eq(id))
                    .filter(diesel::dsl::not(articles::$ids.contains(vec![id])))
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
                let on_desk = |id| articles::table.filter(articles::$ids.contains(vec![id]));
                rename!(conn, articles, $ids, on_desk, from, to)?;
                let listed = |id| {
                    $listed::table
                        .filter($listed::$id.eq(id))
                        .select($listed::article_id)
                };
                let for_readers = |id| published_articles::table.filter(published_articles::id.eq_any(listed(id)));
                rename!(conn, published_articles, $ids, for_readers, from, to)
            }

            /// Counts the published articles of these anew. Last in a transaction, ids in order.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn recount(conn: &mut Connection, ids: &[Uuid]) -> Result<()> {
                for id in ids {
                    let listed: i64 = $listed::table
                        .filter($listed::$id.eq(id))
                        .count()
                        .get_result(conn)
                        .await?;
                    diesel::update($counts::table.find(id))
                        .set($counts::articles.eq(i32::try_from(listed).unwrap_or(i32::MAX)))
                        .kept()
                        .execute(conn)
                        .await?;
                }
                Ok(())
            }
        }
    };
}

uses!(of_tag, tag_ids, published_article_tags, tag_id, tag_counts);
uses!(
    of_author,
    author_ids,
    published_article_authors,
    author_id,
    author_counts
);
