//! Many new rows at once: a few large statements in place of one each. The rows are new, so nothing is locked or replaced.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::articles::ArticleRow;
use super::comment_decisions::JudgedRow;
use super::comments::CommentRow;
use super::publications::PublicationRow;
use super::revisions::RevisionRow;
use super::schema::{
    article_counts, articles, audit_log, author_counts, comment_decisions, comments, public_slugs, publications,
    revisions, section_counts, tag_counts,
};
use super::{Change, Connection, Fingerprint, Result};

/// So many rows a statement: each column of each is a bind, of which PostgreSQL takes 65,535.
const ROWS: usize = 1_000;

/// Declares the writing of many rows to one table.
macro_rules! many {
    ($($(#[$doc:meta])* $name:ident($row:ty) into $table:ident;)+) => {
        $(
            $(#[$doc])*
            ///
            /// # Errors
            /// When the database fails, or one of them is there already.
            pub async fn $name(conn: &mut Connection, rows: &[$row]) -> Result<()> {
                for rows in rows.chunks(ROWS) {
                    diesel::insert_into($table::table).values(rows).execute(conn).await?;
                }
                Ok(())
            }
        )+
    };
}

many! {
    /// Writes articles of the desk.
    insert_articles(ArticleRow) into articles;
    /// Writes revisions.
    insert_revisions(RevisionRow) into revisions;
    /// Gives articles the slugs that readers know them by.
    claim_slugs(ClaimedSlug) into public_slugs;
    /// Notes what readers have from then on.
    log_publications(PublicationRow) into publications;
    /// Writes comments. One that is answered stands before its answers.
    insert_comments(CommentRow) into comments;
    /// Notes what the rules said of comments.
    log_decisions(JudgedRow) into comment_decisions;
}

/// A slug, and the article that it leads to.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = public_slugs, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub struct ClaimedSlug {
    pub slug: String,
    pub article_id: Uuid,
    pub created_at: DateTime<Utc>,
}

/// A change, for the audit log.
#[derive(Clone, Debug)]
pub struct Happened {
    /// Its own.
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub by: Option<Uuid>,
    pub action: &'static str,
    pub kind: &'static str,
    pub subject: Uuid,
    pub change: Change,
    pub details: Value,
}

/// Notes changes in the audit log.
///
/// # Errors
/// When the database fails.
pub async fn record(conn: &mut Connection, changes: &[Happened]) -> Result<()> {
    for changes in changes.chunks(ROWS) {
        let rows = changes.iter().map(|happened| {
            (
                audit_log::id.eq(happened.id),
                audit_log::at.eq(happened.at),
                audit_log::actor_id.eq(happened.by),
                audit_log::action.eq(happened.action),
                audit_log::subject_kind.eq(happened.kind),
                audit_log::subject_id.eq(happened.subject),
                audit_log::details.eq(&happened.details),
                audit_log::before_hash.eq(happened.change.before.map(Fingerprint::to_vec)),
                audit_log::after_hash.eq(happened.change.after.map(Fingerprint::to_vec)),
            )
        });
        let rows: Vec<_> = rows.collect();
        diesel::insert_into(audit_log::table).values(rows).execute(conn).await?;
    }
    Ok(())
}

/// Declares the adding of many to kept counts, each row once and by id, as everybody does who holds more than one.
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident of $table:ident($id:ident, $count:ident $(, $zero:ident)?);)+) => {
        $(
            $(#[$doc])*
            ///
            /// # Errors
            /// When the database fails.
            pub async fn $name(conn: &mut Connection, more: &BTreeMap<Uuid, i32>) -> Result<()> {
                let more: Vec<_> = more.iter().collect();
                for more in more.chunks(ROWS) {
                    let rows = more
                        .iter()
                        .map(|(id, more)| ($table::$id.eq(**id), $table::$count.eq(**more) $(, $table::$zero.eq(0))?));
                    diesel::insert_into($table::table)
                        .values(rows.collect::<Vec<_>>())
                        .on_conflict($table::$id)
                        .do_update()
                        .set($table::$count.eq($table::$count + excluded($table::$count)))
                        .execute(conn)
                        .await?;
                }
                Ok(())
            }
        )+
    };
}

counts! {
    /// These articles have so many comments more.
    count_comments of article_counts(article_id, comments, corrections);
    /// So many articles more stand in these sections.
    count_in_sections of section_counts(section_id, articles);
    /// So many articles more have these tags.
    count_with_tags of tag_counts(tag_id, articles);
    /// These authors wrote so many articles more.
    count_by_authors of author_counts(author_id, articles);
}
