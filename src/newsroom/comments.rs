//! What the verbs on comments share.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::{try_join, try_join_all};
use serde_json::json;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::comment_trail::judged;
use super::judge_comment::{Commenter, Judgement};
use super::{Refusal, Result};
use crate::db::audit::Entry;
use crate::db::comment_decisions::JudgedRow;
use crate::db::comments::CommentRow;
use crate::db::{self, Change, Connection, Fingerprint, Write, in_parts, write_together};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::comment::{
    CommentAction, CommentAuthorKind, CommentStatus, Identity, Place, avatar_key, is_own_time, is_visible,
    place_of_reply,
};
use crate::domain::comment_rules::{self, text_hash};
use crate::domain::text::comment_html;
use crate::domain::version::Expected;

/// What the subject of an audit row is called.
const KIND: &str = "comment";

/// A comment that is about to be added, its texts checked already.
pub(super) struct Draft {
    pub id: Uuid,
    pub article_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub author_kind: CommentAuthorKind,
    pub author_name: String,
    pub commenter: Commenter,
    pub body: String,
    /// What the rules said; none asked for what the newsroom writes.
    pub judgement: Option<Judgement>,
    pub edit_token_hash: Option<Vec<u8>>,
}

/// A comment with its place, to be added by somebody.
pub(super) struct Addition<'a> {
    comment: CommentRow,
    said: Option<JudgedRow>,
    entry: Entry<'a>,
}

impl<'a> Addition<'a> {
    /// Finds its place.
    ///
    /// # Errors
    /// When what it answers is not there.
    pub(super) async fn new(conn: &Connection, act: &'a Act, action: &'a str, draft: Draft) -> Result<Self> {
        let (parent_id, depth) = match draft.parent_id {
            Some(id) => {
                let (parent, depth) = place(conn, draft.article_id, id).await?;
                (Some(parent), depth)
            }
            None => (None, 1),
        };
        let user_id = act.user_id();
        let stands = draft
            .judgement
            .as_ref()
            .map(|judgement| comment_rules::place(&judgement.decisions));
        let stands = stands.unwrap_or_else(|| Place::at(CommentStatus::Approved));
        let author_email_hash = draft.commenter.emails.into_iter().next();
        let identity = match (user_id, &author_email_hash) {
            (Some(user), _) => Identity::User(user),
            (None, Some(hash)) => Identity::Email(hash),
            (None, None) => Identity::Name(&draft.author_name),
        };
        let comment = CommentRow {
            id: draft.id,
            article_id: draft.article_id,
            parent_id,
            depth,
            author_kind: draft.author_kind,
            avatar_key: avatar_key(draft.article_id, identity),
            author_name: draft.author_name,
            author_email_hash,
            user_id,
            body_html: comment_html(&draft.body),
            text_hash: Some(text_hash(&draft.body)).filter(|_| draft.author_kind == CommentAuthorKind::Reader),
            body: draft.body,
            status: stands.status,
            queue: stands.queue,
            edit_token_hash: draft.edit_token_hash,
            moderated_by_id: None,
            moderated_by_key_id: None,
            moderated_at: None,
            reply_count: 0,
            version: 1,
            created_at: act.now,
            edited_at: None,
            address_hash: draft.commenter.addresses.into_iter().next(),
            range_hash: draft.commenter.range,
            report_count: 0,
            appealed_at: None,
            erased_at: None,
        };
        let said = draft.judgement;
        let said = said.map(|judgement| judged(act, (comment.id, comment.version), judgement));
        let entry = entry(act, action, None, &comment);
        Ok(Self { comment, said, entry })
    }

    pub(super) fn into_comment(self) -> CommentRow {
        self.comment
    }
}

/// Adds comments, within a transaction.
pub(super) async fn add(conn: &Connection, additions: &[Addition<'_>]) -> Result<()> {
    let writes = in_parts(additions).map(|part| write_together(conn, writes(part)));
    let written = async { Ok(try_join_all(writes).await?) };
    // Sent one after the other, the counts last.
    try_join(written, recount(conn, additions.iter().map(|one| (None, &one.comment)))).await?;
    Ok(())
}

fn writes<'a>(additions: &'a [Addition<'a>]) -> Vec<Write<'a>> {
    let mut writes = vec![db::comments::adding(additions.iter().map(|one| &one.comment))];
    if additions.iter().any(|one| one.said.is_some()) {
        let said = additions.iter().filter_map(|one| one.said.as_ref());
        writes.push(db::comment_decisions::adding(said));
    }
    writes.push(db::audit::recording(additions.iter().map(|one| &one.entry)));
    writes
}

/// Where a reply to `id` goes: the comment must be one that readers of this article can answer.
pub(super) async fn place(conn: &Connection, article: Uuid, id: Uuid) -> Result<(Uuid, i32)> {
    let parent = db::comments::find(conn, id).await?;
    let answerable = |row: &CommentRow| row.article_id == article && row.status == CommentStatus::Approved;
    let parent = parent.filter(answerable).ok_or_else(|| {
        let message = "must be an approved comment on the same article; leave it out to comment on the article itself";
        vec![FieldError::field("/parent_id", "unknown_reference", message)]
    })?;
    Ok(place_of_reply(parent.id, parent.depth, parent.parent_id))
}

/// Writes what became of a comment that was `before`.
pub(super) async fn write(
    conn: &mut Connection,
    act: &Act,
    action: &str,
    before: &CommentRow,
    comment: &mut CommentRow,
) -> Result<()> {
    comment.version += 1;
    db::comments::update(conn, comment).await?;
    let entry = entry(act, action, Some(before), comment);
    let recorded = async { Ok(write_together(conn, vec![db::audit::recording([&entry])]).await?) };
    try_join(recorded, recount(conn, [(Some(before), &*comment)])).await?;
    Ok(())
}

/// What the audit log says of it.
fn entry<'a>(act: &'a Act, action: &'a str, before: Option<&CommentRow>, comment: &CommentRow) -> Entry<'a> {
    let change = match before {
        Some(before) => Change::from(Fingerprint::of(before), comment),
        None => Change::created(comment),
    };
    let details = json!({
        "article_id": comment.article_id,
        "from": before.map(|before| before.status),
        "to": comment.status,
        "queue": comment.queue,
    });
    Entry::new(act, action, KIND, comment.id, change, details)
}

/// A comment, and what it was before.
type Became<'a> = (Option<&'a CommentRow>, &'a CommentRow);

/// Tells the comments above and last the articles' counts what became of these.
async fn recount(conn: &Connection, became: impl IntoIterator<Item = Became<'_>>) -> Result<()> {
    let (mut above, mut counts) = (Vec::new(), BTreeMap::new());
    for (before, comment) in became {
        above.push(recount_above(conn, before, comment));
        let approved = |row: &CommentRow| row.status == CommentStatus::Approved;
        *counts.entry(comment.article_id).or_default() += difference(before.is_some_and(approved), approved(comment));
    }
    try_join_all(above).await?;
    let (more, fewer): (Vec<_>, Vec<_>) = counts
        .into_iter()
        .filter(|(_, by)| *by != 0)
        .partition(|(_, by)| *by > 0);
    let more = in_parts(&more).map(|part| db::counts::more_comments(conn, part));
    let fewer = fewer
        .iter()
        .map(|(article, by)| db::counts::comments(conn, *article, *by));
    try_join(try_join_all(more), try_join_all(fewer)).await?;
    Ok(())
}

/// From the leaf to the root, as everybody goes who holds more than one comment: nobody waits in a circle.
async fn recount_above(conn: &Connection, before: Option<&CommentRow>, comment: &CommentRow) -> Result<()> {
    let seen = |row: &CommentRow| is_visible(row.status, comment.reply_count);
    let (mut above, mut step) = (comment.parent_id, difference(before.is_some_and(seen), seen(comment)));
    while let Some(id) = above.filter(|_| step != 0) {
        let parent = db::comments::recount_replies(conn, id, step).await?;
        let was_seen = is_visible(parent.status, parent.reply_count - step);
        step = difference(was_seen, is_visible(parent.status, parent.reply_count));
        above = parent.parent_id;
    }
    Ok(())
}

fn difference(before: bool, after: bool) -> i32 {
    i32::from(after) - i32::from(before)
}

/// The comment that a moderator means to change, locked.
pub(super) async fn open(conn: &mut Connection, id: Uuid, expected: Expected) -> Result<CommentRow> {
    let comment = db::comments::lock(conn, id).await?;
    let comment = comment.ok_or(Refusal::NotFound(KIND))?;
    expected.require(comment.version)?;
    Ok(comment)
}

/// What a moderator's action makes of a comment.
pub(super) fn after(comment: &CommentRow, action: CommentAction) -> Result<Place> {
    let standing = comment.standing();
    standing.after(action).ok_or_else(|| {
        let what = match (standing.erased, standing.moderated) {
            (true, _) => "erased",
            (false, true) => "removed",
            (false, false) => "removed by its author",
        };
        let allowed = standing.allowed_actions().iter().map(ToString::to_string).collect();
        transition(format!("The comment was {what}."), allowed)
    })
}

/// A comment, and how its author shows that it is theirs: the hash of its token.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    pub article: Uuid,
    pub id: Uuid,
    pub proof: Option<&'a [u8]>,
}

/// The comment that its author means to change, locked.
///
/// # Errors
/// When it is not there or not theirs, or their time is over.
pub(super) async fn open_own(conn: &mut Connection, act: &Act, own: Own<'_>, window: Duration) -> Result<CommentRow> {
    let comment = prove(db::comments::lock(conn, own.id).await?, own)?;
    in_time(&comment, act, window)?;
    Ok(comment)
}

/// # Errors
/// When the time of its author is over.
pub(super) fn in_time(comment: &CommentRow, act: &Act, window: Duration) -> Result<()> {
    if is_own_time(comment.created_at, act.now, window) {
        return Ok(());
    }
    let over = "The time in which a comment can be changed or deleted by its author is over.";
    Err(transition(over.to_owned(), Vec::new()))
}

/// The comment, if it is there and theirs who ask.
pub(super) fn prove(comment: Option<CommentRow>, own: Own<'_>) -> Result<CommentRow> {
    let comment = comment
        .filter(|row| row.article_id == own.article)
        .ok_or(Refusal::NotFound(KIND))?;
    let proven = match (&comment.edit_token_hash, own.proof) {
        (Some(hash), Some(proof)) => bool::from(hash.ct_eq(proof)),
        _ => false,
    };
    if !proven {
        // To a stranger a comment that readers do not see is not there.
        return Err(if is_visible(comment.status, comment.reply_count) {
            let needed = "`Comment-Token` must hold the `edit_token` that was given when this comment was posted.";
            Refusal::Denied(needed.to_owned())
        } else {
            Refusal::NotFound(KIND)
        });
    }
    Ok(comment)
}

pub(super) fn transition(detail: String, allowed_actions: Vec<String>) -> Refusal {
    Refusal::Transition {
        detail,
        allowed_actions,
    }
}
