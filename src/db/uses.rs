//! Which articles name a tag or an author: on the desk by the head revision, in the readers' copy by its rows.

use diesel::dsl::{array_position, array_remove, array_replace, exists};
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::schema::{articles, author_counts, published_article_authors, published_article_tags, tag_counts};
use super::{Connection, Result};

type Uuids = Array<sql_types::Uuid>;

/// The uses of one kind: `$ids` of an article on the desk, `$id` in the rows that `$listed` holds for readers, and the
/// count of these.
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
                reassign_on_desk(conn, from, to).await?;
                reassign_for_readers(conn, from, to).await
            }

            async fn reassign_on_desk(conn: &mut Connection, from: Uuid, to: Uuid) -> Result<()> {
                let place = |id: Uuid| array_position::<Uuids, sql_types::Uuid, _, _>(articles::$ids, id);
                let both = || articles::table.filter(articles::$ids.contains(vec![from, to]));
                // The first of the two stays.
                diesel::update(both().filter(place(to).lt(place(from))))
                    .set(articles::$ids.eq(array_remove::<Uuids, sql_types::Uuid, _, _>(articles::$ids, from)))
                    .kept()
                    .execute(conn)
                    .await?;
                diesel::update(both())
                    .set(articles::$ids.eq(array_remove::<Uuids, sql_types::Uuid, _, _>(articles::$ids, to)))
                    .kept()
                    .execute(conn)
                    .await?;
                diesel::update(articles::table.filter(articles::$ids.contains(vec![from])))
                    .set(
                        articles::$ids.eq(array_replace::<Uuids, sql_types::Uuid, _, _, _>(
                            articles::$ids,
                            from,
                            to,
                        )),
                    )
                    .kept()
                    .execute(conn)
                    .await
                    .map(drop)
            }

            async fn reassign_for_readers(conn: &mut Connection, from: Uuid, to: Uuid) -> Result<()> {
                let other = diesel::alias!($listed as other);
                let same_article = || other.filter(other.field($listed::article_id).eq($listed::article_id));
                // The first of the two stays.
                let earlier = same_article()
                    .filter(other.field($listed::$id).eq(from))
                    .filter(other.field($listed::position).lt($listed::position));
                diesel::delete($listed::table.filter($listed::$id.eq(to)).filter(exists(earlier)))
                    .execute(conn)
                    .await?;
                let still = same_article().filter(other.field($listed::$id).eq(to));
                diesel::delete($listed::table.filter($listed::$id.eq(from)).filter(exists(still)))
                    .execute(conn)
                    .await?;
                diesel::update($listed::table.filter($listed::$id.eq(from)))
                    .set($listed::$id.eq(to))
                    .kept()
                    .execute(conn)
                    .await
                    .map(drop)
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
