//! Kept counts. They are changed last in a transaction and always in one order: articles, sections, tags, authors, and
//! within each by id. Whoever keeps to it waits for another but never in a circle.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::kept::KeptDsl;
use super::published::Listing;
use super::schema::{article_counts, author_counts, section_counts, tag_counts};
use super::{Connection, Result};

/// An article has `by` more comments that readers can see, or fewer.
///
/// # Errors
/// When the database fails, or fewer than none would be left.
pub async fn comments(mut conn: &Connection, article: Uuid, by: i32) -> Result<()> {
    // Nearly always there is a row. An insertion that turns out to be an update fires the triggers of both.
    let counted = diesel::update(article_counts::table.find(article))
        .set(article_counts::comments.eq(article_counts::comments + by))
        .kept()
        .execute(&mut conn)
        .await?;
    if counted > 0 {
        return Ok(());
    }
    diesel::insert_into(article_counts::table)
        .values((
            article_counts::article_id.eq(article),
            article_counts::comments.eq(by.max(0)),
        ))
        .on_conflict(article_counts::article_id)
        .do_update()
        .set(article_counts::comments.eq(article_counts::comments + by))
        .kept()
        .execute(&mut conn)
        .await
        .map(drop)
}

/// Articles, by id, have so many more comments that readers can see.
///
/// # Errors
/// When the database fails.
pub async fn more_comments(mut conn: &Connection, articles: &[(Uuid, i32)]) -> Result<()> {
    if let [(article, by)] = articles {
        return comments(conn, *article, *by).await;
    }
    let rows = articles.iter().map(|(article, by)| {
        let article = article_counts::article_id.eq(*article);
        (article, article_counts::comments.eq(*by))
    });
    diesel::insert_into(article_counts::table)
        .values(rows.collect::<Vec<_>>())
        .on_conflict(article_counts::article_id)
        .do_update()
        .set(article_counts::comments.eq(article_counts::comments + excluded(article_counts::comments)))
        .kept()
        .execute(&mut conn)
        .await
        .map(drop)
}

/// An article has so many corrections.
///
/// # Errors
/// When the database fails.
pub async fn corrections(conn: &mut Connection, article: Uuid, corrections: usize) -> Result<()> {
    let corrections = article_counts::corrections.eq(i32::try_from(corrections).unwrap_or(i32::MAX));
    diesel::insert_into(article_counts::table)
        .values((
            article_counts::article_id.eq(article),
            article_counts::comments.eq(0),
            corrections,
        ))
        .on_conflict(article_counts::article_id)
        .do_update()
        .set(corrections)
        .kept()
        .execute(conn)
        .await
        .map(drop)
}

/// An article that stood in the lists of `before` stands in those of `after` now.
///
/// # Errors
/// When the database fails.
pub async fn relisted(conn: &mut Connection, before: &Listing, after: &Listing) -> Result<()> {
    sections(conn, &Change::between(&before.sections, &after.sections)).await?;
    tags(conn, &Change::between(&before.tags, &after.tags)).await?;
    authors(conn, &Change::between(&before.authors, &after.authors)).await
}

/// Who has one article more, and who one fewer.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    /// Everybody concerned, by id, with what a row that is not there yet begins with.
    start: Vec<(Uuid, i32)>,
    fewer: Vec<Uuid>,
}

impl Change {
    fn between(before: &[Uuid], after: &[Uuid]) -> Self {
        let fewer: Vec<Uuid> = before.iter().copied().filter(|id| !after.contains(id)).collect();
        let more = after.iter().copied().filter(|id| !before.contains(id));
        let mut start: Vec<(Uuid, i32)> = more.map(|id| (id, 1)).chain(fewer.iter().map(|id| (*id, 0))).collect();
        start.sort_unstable();
        start.dedup();
        Self { start, fewer }
    }
}

/// Adds one to some rows of a table of counts and takes one from others, in one statement that meets them by id.
macro_rules! recount {
    ($name:ident, $table:ident, $id:ident) => {
        async fn $name(conn: &mut Connection, change: &Change) -> Result<()> {
            if change.start.is_empty() {
                return Ok(());
            }
            let start = change
                .start
                .iter()
                .map(|(id, articles)| ($table::$id.eq(*id), $table::articles.eq(*articles)));
            let step = case_when::<_, _, Integer>($table::$id.eq_any(&change.fewer), -1).otherwise(1);
            diesel::insert_into($table::table)
                .values(start.collect::<Vec<_>>())
                .on_conflict($table::$id)
                .do_update()
                .set($table::articles.eq($table::articles + step))
                .kept()
                .execute(conn)
                .await
                .map(drop)
        }
    };
}

recount!(sections, section_counts, section_id);
recount!(tags, tag_counts, tag_id);
recount!(authors, author_counts, author_id);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_those_concerned_once_and_in_order() {
        let id = Uuid::from_u128;
        let change = Change::between(&[id(3), id(1)], &[id(3), id(2), id(0)]);
        assert_eq!(change.start, [(id(0), 1), (id(1), 0), (id(2), 1)]);
        assert_eq!(change.fewer, [id(1)]);
        let none = Change::between(&[id(1)], &[id(1)]);
        assert!(none.start.is_empty() && none.fewer.is_empty());
    }
}
