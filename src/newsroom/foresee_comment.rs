//! What would become of a comment if it were taken as things are. A service outside is asked only about those that no
//! other rule is against, and while no connection is held: first this, then the question, then the comment itself.

use std::time::Duration;

use uuid::Uuid;

use super::comments::{Own, in_time, place, prove};
use super::edit_own_comment::{OwnChange, judge_edit, left_alone, open_to_edits};
use super::post_comment::{NewComment, author_kind, judge_new};
use super::{Refusal, Result, RuleBook};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::CommentAuthorKind;
use crate::domain::comment_rules::{CommentOutcome, outcome};

/// What would become of it.
#[derive(Clone, Debug)]
pub enum Foreseen {
    /// No rule would be asked.
    Unjudged,
    /// It would be refused or rejected.
    Decided,
    /// It would be shown or wait.
    Open(Written),
}

/// A comment, as far as somebody outside may know it.
#[derive(Clone, Debug)]
pub struct Written {
    pub id: Uuid,
    pub article_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub author_name: String,
    pub body: String,
}

/// What would become of a new comment. Takes no lock, and refuses nothing: that is for
/// [`post_comment`](super::post_comment) to say.
///
/// # Errors
/// When the database fails.
pub async fn foresee_comment(conn: &mut Connection, act: &Act, book: &RuleBook, new: &NewComment) -> Result<Foreseen> {
    let judged = judge_unseen(conn, act, book, new).await;
    foreseen(judged, || Written {
        id: new.id,
        article_id: new.article_id,
        parent_id: new.parent_id,
        author_name: new.remark(act).author_name.to_owned(),
        body: new.body.clone(),
    })
}

/// What the rules come to; none when they are not asked.
async fn judge_unseen(
    conn: &mut Connection,
    act: &Act,
    book: &RuleBook,
    new: &NewComment,
) -> Result<Option<CommentOutcome>> {
    if author_kind(act)? == CommentAuthorKind::Staff {
        return Ok(None);
    }
    if let Some(parent) = new.parent_id {
        place(conn, new.article_id, parent).await?;
    }
    let judgement = judge_new(conn, act, book, new).await?;
    Ok(Some(outcome(&judgement.decisions)))
}

/// What would become of a comment whose author changes it. Likewise.
///
/// # Errors
/// When the database fails.
pub async fn foresee_own_edit(
    conn: &mut Connection,
    act: &Act,
    book: &RuleBook,
    own: Own<'_>,
    window: Duration,
    change: &OwnChange,
) -> Result<Foreseen> {
    let Some(body) = &change.body else {
        return Ok(Foreseen::Unjudged);
    };
    let Ok(comment) = prove(db::comments::find(conn, own.id).await?, own) else {
        return Ok(Foreseen::Decided);
    };
    let judged = async {
        in_time(&comment, act, window)?;
        open_to_edits(&comment)?;
        left_alone(conn, &comment).await?;
        if comment.author_kind != CommentAuthorKind::Reader || comment.body == *body {
            return Ok(None);
        }
        let judgement = judge_edit(conn, act, book, &comment, (body, change.commenter.clone()), None).await?;
        Ok(Some(outcome(&judgement.decisions)))
    };
    let judged = judged.await;
    foreseen(judged, || Written {
        id: comment.id,
        article_id: comment.article_id,
        parent_id: comment.parent_id,
        author_name: comment.author_name,
        body: body.clone(),
    })
}

fn foreseen(judged: Result<Option<CommentOutcome>>, written: impl FnOnce() -> Written) -> Result<Foreseen> {
    match judged {
        Ok(None) => Ok(Foreseen::Unjudged),
        Ok(Some(CommentOutcome::Reject)) => Ok(Foreseen::Decided),
        Ok(Some(CommentOutcome::Pass | CommentOutcome::Hold)) => Ok(Foreseen::Open(written())),
        Err(Refusal::Database(error)) => Err(error.into()),
        Err(_) => Ok(Foreseen::Decided),
    }
}
