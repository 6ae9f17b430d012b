//! Post a comment, as a reader does.

use std::collections::HashMap;
use std::sync::Arc;

use diesel_async::AsyncConnection;
use futures_util::future::try_join3;
use uuid::Uuid;

use super::comments::{Addition, Draft, add, transition};
use super::judge_comment::{Commenter, Gathered, Judged, Judgement, enter, gather, judge, policy};
use super::{Refusal, Result, RuleBook};
use crate::db::Connection;
use crate::db::commenters;
use crate::db::comments::CommentRow;
use crate::domain::actor::Act;
use crate::domain::comment::CommentAuthorKind;
use crate::domain::comment_rules::{CLOSED, Facts, HookOpinion, Remark, RuleSet, text_hash};
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
    if author_kind(act)? == CommentAuthorKind::Staff {
        return post_as_staff(conn, &post).await;
    }
    let mut answers = post_together(conn, book, &[&post]).await?;
    answers.pop().ok_or(diesel::result::Error::NotFound)?
}

async fn post_as_staff(conn: &mut Connection, post: &Post) -> Result<CommentRow> {
    conn.transaction(async |conn| {
        let (_, is_open) = policy(conn, post.new.article_id, post.act.now).await?;
        if !is_open {
            return Err(transition(CLOSED.to_owned(), Vec::new()));
        }
        let addition = addition(conn, post, (CommentAuthorKind::Staff, None)).await?;
        add(conn, std::slice::from_ref(&addition)).await?;
        Ok(addition.into_comment())
    })
    .await
}

/// Adds comments of readers of whom no two are one, and says of each what became of it. None is added when the database
/// fails.
pub(super) async fn post_together(
    conn: &mut Connection,
    book: &RuleBook,
    posts: &[&Post],
) -> Result<Vec<Result<CommentRow>>> {
    conn.transaction(async |conn| {
        let hurried = async {
            match posts {
                [] | [_] => Ok(()),
                _ => Ok(commenters::hurry(conn).await?),
            }
        };
        let authors: Vec<Vec<i64>> = posts.iter().map(|post| post.new.commenter.keys()).collect();
        // What is known is asked right behind: it holds what was written before one's turn.
        let known = gather_new(conn, book, posts);
        let ((), entered, known) = try_join3(hurried, enter(conn, &authors), known).await?;
        let (mut wave, mut additions, mut refused) = (Wave::default(), Vec::new(), Vec::new());
        for ((post, entered), known) in posts.iter().zip(entered).zip(known) {
            let addition = match entered.and(known).and_then(|known| wave.judge(post, known)) {
                Ok(judgement) => addition(conn, post, (CommentAuthorKind::Reader, Some(judgement))).await,
                Err(refusal) => Err(refusal),
            };
            match addition {
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

/// Comments that are posted together: none of them is found yet when the next one is judged.
#[derive(Default)]
struct Wave {
    on_article: HashMap<Uuid, i64>,
    copies: HashMap<Vec<u8>, i64>,
}

impl Wave {
    fn judge(&mut self, Post { act, new }: &Post, (rules, mut facts): (Arc<RuleSet>, Facts)) -> Result<Judgement> {
        let on_article = self.on_article.entry(new.article_id).or_default();
        let copies = self.copies.entry(text_hash(&new.body)).or_default();
        facts.on_article.count += *on_article;
        facts.copies += *copies;
        let judgement = judge(&rules, facts, new.remark(act))?;
        *on_article += 1;
        *copies += 1;
        Ok(judgement)
    }
}

/// A comment as it will be added.
async fn addition<'a>(
    conn: &Connection,
    Post { act, new }: &'a Post,
    (author_kind, judgement): (CommentAuthorKind, Option<Judgement>),
) -> Result<Addition<'a>> {
    let author_name = act.account().map_or(&new.author_name, |account| &account.name);
    let draft = Draft {
        id: new.id,
        article_id: new.article_id,
        parent_id: new.parent_id,
        author_kind,
        author_name: author_name.clone(),
        commenter: new.commenter.clone(),
        body: new.body.clone(),
        judgement,
        edit_token_hash: new.edit_token_hash.clone(),
    };
    Addition::new(conn, act, "post_comment", draft).await
}

/// What the rules must know of new comments of readers.
async fn gather_new(conn: &Connection, book: &RuleBook, posts: &[&Post]) -> Result<Vec<Gathered>> {
    let judged = posts.iter().map(|Post { act, new }| Judged {
        now: act.now,
        article: new.article_id,
        changed: None,
        remark: new.remark(act),
        commenter: &new.commenter,
    });
    let gathered = gather(conn, book, &judged.collect::<Vec<_>>()).await?;
    let told = gathered.into_iter().zip(posts).map(|(gathered, Post { new, .. })| {
        let (rules, facts) = gathered?;
        let (honeypot, hook) = (new.honeypot, new.hook.clone());
        Ok((
            rules,
            Facts {
                honeypot,
                hook,
                ..facts
            },
        ))
    });
    Ok(told.collect())
}

/// What the rules say about a new comment of a reader's.
///
/// # Errors
/// When readers do not see the article, or a rule refuses the comment.
pub(super) async fn judge_new(conn: &Connection, act: &Act, book: &RuleBook, new: &NewComment) -> Result<Judgement> {
    let (act, new) = (act.clone(), new.clone());
    let post = Post { act, new };
    let gathered = gather_new(conn, book, &[&post]).await?.pop();
    let (rules, facts) = gathered.ok_or(diesel::result::Error::NotFound)??;
    judge(&rules, facts, post.new.remark(&post.act))
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

#[cfg(test)]
mod tests;
