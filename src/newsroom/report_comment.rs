//! Report a comment, as a reader does.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::comment_trail::note_decision;
use super::comments::write;
use super::{Refusal, Result, RuleBook};
use crate::clock::new_id;
use crate::db::comment_reports::ReportRow;
use crate::db::commenters::banned;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::{CommentAuthorKind, CommentQueue, CommentStatus, Place, ReportReason};
use crate::domain::comment_rules::{CommentOutcome, CommentRule};

/// What a reader reports, its texts checked already.
#[derive(Clone, Debug)]
pub struct NewReport {
    pub article: Uuid,
    pub comment: Uuid,
    /// Hashes of the account of who reports, or else of where they are; the current one first.
    pub reporter: Vec<Vec<u8>>,
    /// Hashes of everything by which they may be banned.
    pub bannable: Vec<Vec<u8>>,
    pub reason: ReportReason,
    pub note: Option<String>,
}

/// Notes a report; the same reader's next one of the same comment changes nothing. With so many reports as the rules say
/// a reader's comment is hidden, unless a moderator has answered such reports before. What somebody reports who is banned
/// is on record, and neither counts nor asks for anybody's attention.
///
/// # Errors
/// When readers do not see the comment.
pub async fn report_comment(conn: &mut Connection, act: &Act, book: &RuleBook, new: NewReport) -> Result<()> {
    conn.transaction(async |conn| {
        let found = db::comments::lock(conn, new.comment).await?;
        let seen = found.filter(|row| row.article_id == new.article && row.status == CommentStatus::Approved);
        let mut comment = seen.ok_or(Refusal::NotFound("comment"))?;
        if db::comment_reports::is_reported(conn, comment.id, &new.reporter).await? {
            return Ok(());
        }
        let counted = banned(conn, &new.bannable, act.now).await?.is_none();
        let report = ReportRow {
            id: new_id(act.now),
            comment_id: comment.id,
            reporter: new.reporter.into_iter().next(),
            reason: new.reason,
            note: new.note,
            created_at: act.now,
            settled_at: None,
            counted,
        };
        db::comment_reports::insert(conn, &report).await?;
        if !counted {
            return Ok(());
        }
        let before = comment.clone();
        comment.report_count += 1;
        comment.queue = Some(CommentQueue::Reported);
        let limit = book.current(conn).await?.rules.reports.held_at;
        let many = limit > 0 && comment.report_count >= limit && comment.author_kind == CommentAuthorKind::Reader;
        if many && !db::comment_reports::were_settled(conn, comment.id).await? {
            comment.put(Place::waiting(CommentQueue::Reported));
            let told = match comment.report_count {
                1 => "A reader reported it.".to_owned(),
                many => format!("{many} readers reported it."),
            };
            let held = (CommentRule::Reports, CommentOutcome::Hold);
            note_decision(
                conn,
                act,
                (comment.id, comment.version + 1),
                held,
                "reported",
                Some(told),
            )
            .await?;
        }
        write(conn, act, "report_comment", &before, &mut comment).await
    })
    .await
}
