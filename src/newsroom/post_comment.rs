//! Post a comment, as a reader does.

use diesel_async::AsyncConnection;
use futures_util::future::{join_all, try_join};
use uuid::Uuid;

use super::comments::{Addition, Draft, add, transition};
use super::judge_comment::{Commenter, Judged, Judgement, enter, gather, judge, policy};
use super::{Refusal, Result, RuleBook};
use crate::db::Connection;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAuthorKind;
use crate::domain::comment_rules::{CLOSED, Facts, HookOpinion, Recent, Remark};
use crate::domain::permission::Permission;

/// What a reader sends, its texts checked already.
#[derive(Clone, Debug, Default)]
pub struct NewComment {
    /// A new one.
    pub id: Uuid,
    pub article_id: Uuid,
    /// What it answers.
    pub parent_id: Option<Uuid>,
    /// The name to show; who is signed in writes under their own.
    pub author_name: String,
    pub commenter: Commenter,
    pub body: String,
    /// Whether a field was filled that people do not see.
    pub honeypot: bool,
    /// What a service of the paper's own said, where one is asked.
    pub hook: Option<HookOpinion>,
    /// The hash of the token with which its author may change it for a while.
    pub edit_token_hash: Option<Vec<u8>>,
}

impl NewComment {
    /// What readers will see of it.
    pub(super) fn remark<'a>(&'a self, act: &'a Act) -> Remark<'a> {
        Remark {
            author_name: act.account().map_or(&self.author_name, |account| &account.name),
            body: &self.body,
        }
    }
}

/// A comment, and who posts it when.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub act: Act,
    pub new: NewComment,
}

/// Adds a comment to a published article that takes comments. Where a reader's goes, the rules say; what the newsroom
/// writes is marked as theirs and shown at once.
///
/// # Errors
/// When readers do not see the article, its comments are closed, what it answers is not there, or a rule refuses it.
pub async fn post_comment(conn: &mut Connection, act: &Act, book: &RuleBook, new: NewComment) -> Result<CommentRow> {
    let post = Post { act: act.clone(), new };
    let mut answers = post_together(conn, book, &[&post]).await?;
    answers.pop().ok_or(diesel::result::Error::NotFound)?
}

/// Adds comments by authors of whom no two are one, and says of each what became of it. None is added when the database
/// fails.
pub(super) async fn post_together(
    conn: &mut Connection,
    book: &RuleBook,
    posts: &[&Post],
) -> Result<Vec<Result<CommentRow>>> {
    conn.transaction(async |conn| {
        let readers = posts.iter().map(|post| match author_kind(&post.act) {
            Ok(CommentAuthorKind::Reader) => post.new.commenter.keys(),
            _ => Vec::new(),
        });
        let readers: Vec<Vec<i64>> = readers.collect();
        // What is known is asked right behind: it holds what was written before one's turn.
        let judged = posts.iter().enumerate().map(|(place, post)| {
            let before = posts.iter().take(place);
            let beside = before
                .filter(|other| other.new.article_id == post.new.article_id)
                .count();
            judged(conn, book, post, beside)
        });
        let judged = async { Ok(join_all(judged).await) };
        let (entered, judged) = try_join(enter(conn, &readers), judged).await?;
        let (mut additions, mut refused) = (Vec::new(), Vec::new());
        for (entered, judged) in entered.into_iter().zip(judged) {
            match entered.and(judged) {
                Ok(addition) => {
                    additions.push(addition);
                    refused.push(None);
                }
                Err(Refusal::Database(error)) => return Err(error.into()),
                Err(refusal) => refused.push(Some(refusal)),
            }
        }
        add(conn, &additions).await?;
        let mut added = additions.into_iter().map(Addition::into_comment);
        let answer = |refused: Option<Refusal>| match refused {
            Some(refusal) => Some(Err(refusal)),
            None => added.next().map(Ok),
        };
        Ok(refused.into_iter().filter_map(answer).collect())
    })
    .await
}

/// A comment as it will be added, after so many others on its article that are posted together with it.
async fn judged<'a>(conn: &Connection, book: &RuleBook, post: &'a Post, beside: usize) -> Result<Addition<'a>> {
    let Post { act, new } = post;
    let author_kind = author_kind(act)?;
    let judgement = match author_kind {
        CommentAuthorKind::Reader => Some(judge_new(conn, act, book, new, beside).await?),
        CommentAuthorKind::Staff => {
            let (_, is_open) = policy(conn, new.article_id, act.now).await?;
            if !is_open {
                return Err(transition(CLOSED.to_owned(), Vec::new()));
            }
            None
        }
    };
    let NewComment { author_name, .. } = new;
    let draft = Draft {
        id: new.id,
        article_id: new.article_id,
        parent_id: new.parent_id,
        author_kind,
        author_name: act.account().map_or(author_name, |account| &account.name).clone(),
        commenter: new.commenter.clone(),
        body: new.body.clone(),
        judgement,
        edit_token_hash: new.edit_token_hash.clone(),
    };
    Addition::new(conn, act, "post_comment", draft).await
}

/// What the rules say about a new comment of a reader's, after so many others on its article that nobody else sees yet.
///
/// # Errors
/// When readers do not see the article, or a rule refuses the comment.
pub(super) async fn judge_new(
    conn: &Connection,
    act: &Act,
    book: &RuleBook,
    new: &NewComment,
    beside: usize,
) -> Result<Judgement> {
    let remark = new.remark(act);
    let judged = Judged {
        article: new.article_id,
        changed: None,
        remark,
        commenter: &new.commenter,
    };
    let (rules, facts) = gather(conn, act, book, judged).await?;
    let on_article = Recent {
        count: facts.on_article.count + i64::try_from(beside).unwrap_or(i64::MAX),
        ..facts.on_article
    };
    let facts = Facts {
        on_article,
        honeypot: new.honeypot,
        hook: new.hook.clone(),
        ..facts
    };
    judge(&rules, facts, remark)
}

/// On whose behalf the caller would write.
pub(super) fn author_kind(act: &Act) -> Result<CommentAuthorKind> {
    match &act.actor {
        Some(actor) if actor.may(Permission::CommentAsStaff) => Ok(CommentAuthorKind::Staff),
        Some(actor) if !actor.may(Permission::CommentAsReader) => {
            Err(Refusal::Denied("This account may not comment.".to_owned()))
        }
        _ => Ok(CommentAuthorKind::Reader),
    }
}
