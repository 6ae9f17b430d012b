//! Readers' comments that arrive together are posted together: one transaction for many is what a flood is met with.
//!
//! Who arrives while few are at work posts at once. Who arrives later waits, and is posted by whoever comes to work next
//! together with all others that wait: by themselves, or by the first of them. Who is let down posts alone. Together nobody
//! waits long for a row that somebody else holds: one by one it holds up only those who need it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::post_comment::{NewComment, Post, author_kind, post_comment, post_together};
use super::{Result, RuleBook};
use crate::db::comments::CommentRow;
use crate::db::pool::PoolError;
use crate::db::{self, Connection, Pooled};
use crate::domain::actor::Act;
use crate::domain::comment::CommentAuthorKind;

/// So many post at a time.
const AT_WORK: usize = 2;
/// The most comments of one transaction.
const TOGETHER: usize = 16;

/// Where readers' comments arrive.
pub struct CommentIntake(Arc<Mutex<Hall>>);

/// Who is there.
struct Hall {
    /// How many more may come to work.
    free: usize,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    post: Arc<Post>,
    told: oneshot::Sender<Told>,
}

/// What became of a comment, unless there was no connection.
type Answer = std::result::Result<Result<CommentRow>, PoolError>;
type Lent = std::result::Result<Pooled, PoolError>;

/// What somebody is told who waits.
enum Told {
    /// What became of their comment.
    Answer(Box<Result<CommentRow>>),
    /// It is their turn.
    Turn(Turn),
}

/// The right to post, for oneself and for others. It passes to whoever waits longest.
struct Turn(Option<Arc<Mutex<Hall>>>);

/// How somebody goes on who arrived.
enum Arrival {
    Turn(Turn),
    Waits(oneshot::Receiver<Told>),
}

impl Default for CommentIntake {
    fn default() -> Self {
        let hall = Hall {
            free: AT_WORK,
            waiting: VecDeque::new(),
        };
        Self(Arc::new(Mutex::new(hall)))
    }
}

impl CommentIntake {
    /// Posts a comment, as [`post_comment`] does, together with those of others, and answers what that would. Nobody holds a
    /// connection while they wait for their turn, or for somebody who takes them along: that is for so long at most.
    ///
    /// # Errors
    /// When no connection is to be had, or nobody's turn comes.
    pub async fn post(
        &self,
        (connect, patience): (impl AsyncFn() -> Lent, Duration),
        act: &Act,
        book: &RuleBook,
        new: NewComment,
    ) -> Answer {
        // Who answers another comment holds that one too, and must not wait for others meanwhile.
        let is_readers = author_kind(act).is_ok_and(|kind| kind == CommentAuthorKind::Reader);
        if new.parent_id.is_some() || !is_readers {
            return Ok(post_comment(&mut *connect().await?, act, book, new).await);
        }
        let post = Arc::new(Post { act: act.clone(), new });
        let turn = match self.arrive(&post) {
            Arrival::Turn(turn) => Some(turn),
            Arrival::Waits(told) => match self.wait(&post, told, patience).await? {
                Some(Told::Answer(answer)) => return Ok(*answer),
                Some(Told::Turn(turn)) => Some(turn),
                None => None,
            },
        };
        if let Some(turn) = turn {
            let conn = connect().await?;
            // Whoever leaves meanwhile takes nobody along.
            let work = tokio::spawn(turn.work(conn, book.clone(), Arc::clone(&post)));
            match work.await {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "comments were not posted together"),
            }
        }
        Ok(post_alone(&mut *connect().await?, book, &post).await)
    }

    fn arrive(&self, post: &Arc<Post>) -> Arrival {
        let mut hall = lock(&self.0);
        if hall.free > 0 {
            hall.free -= 1;
            return Arrival::Turn(Turn(Some(Arc::clone(&self.0))));
        }
        let (told, tells) = oneshot::channel();
        let post = Arc::clone(post);
        hall.waiting.push_back(Waiting { post, told });
        Arrival::Waits(tells)
    }

    /// Waits, and answers nothing when somebody took the comment along and came to nothing.
    async fn wait(
        &self,
        post: &Arc<Post>,
        mut told: oneshot::Receiver<Told>,
        patience: Duration,
    ) -> std::result::Result<Option<Told>, PoolError> {
        if let Ok(told) = tokio::time::timeout(patience, &mut told).await {
            return Ok(told.ok());
        }
        let left = {
            let mut hall = lock(&self.0);
            let place = hall.waiting.iter().position(|waiting| Arc::ptr_eq(&waiting.post, post));
            place.and_then(|place| hall.waiting.remove(place))
        };
        match left {
            Some(_) => Err(PoolError::Busy),
            // Somebody is posting it.
            None => Ok(told.await.ok()),
        }
    }
}

impl Turn {
    /// Posts a comment and those of all who can be posted together with it. Answers nothing when they should be posted one by
    /// one.
    async fn work(self, mut conn: Pooled, book: RuleBook, post: Arc<Post>) -> Option<Result<CommentRow>> {
        let others = self.others(&post);
        let together: Vec<&Post> = std::iter::once(&*post)
            .chain(others.iter().map(|other| &*other.post))
            .collect();
        match post_together(&mut conn, &book, &together).await {
            Ok(answers) => {
                let mut answers = answers.into_iter();
                let own = answers.next();
                for (other, answer) in others.into_iter().zip(answers) {
                    // Who left meanwhile need not know.
                    drop(other.told.send(Told::Answer(Box::new(answer))));
                }
                own
            }
            Err(error) if others.is_empty() => Some(Err(error)),
            Err(error) => {
                tracing::warn!(%error, comments = together.len(), "comments are posted one by one");
                None
            }
        }
    }

    /// Everybody who waits and can be posted together with this one: of each author one.
    fn others(&self, first: &Post) -> Vec<Waiting> {
        let Some(hall) = &self.0 else { return Vec::new() };
        let mut hall = lock(hall);
        let mut authors = first.new.commenter.keys();
        let (mut others, mut left) = (Vec::new(), VecDeque::new());
        for waiting in hall.waiting.drain(..).filter(|waiting| !waiting.told.is_closed()) {
            let keys = waiting.post.new.commenter.keys();
            if others.len() + 1 < TOGETHER && !keys.iter().any(|key| authors.contains(key)) {
                authors.extend(keys);
                others.push(waiting);
            } else {
                left.push_back(waiting);
            }
        }
        hall.waiting = left;
        others
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(hall) = self.0.take() else { return };
        loop {
            let next = {
                let mut hall = lock(&hall);
                let next = hall.waiting.pop_front();
                hall.free += usize::from(next.is_none());
                next
            };
            let Some(next) = next else { return };
            match next.told.send(Told::Turn(Self(Some(Arc::clone(&hall))))) {
                // From who left meanwhile it passes on.
                Err(Told::Turn(mut turn)) => turn.0 = None,
                _ => return,
            }
        }
    }
}

fn lock(hall: &Mutex<Hall>) -> MutexGuard<'_, Hall> {
    hall.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Posts a comment that others were to post, who came to nothing: perhaps just when it was done.
async fn post_alone(conn: &mut Connection, book: &RuleBook, post: &Post) -> Result<CommentRow> {
    match db::comments::find(conn, post.new.id).await? {
        Some(comment) => Ok(comment),
        None => post_comment(conn, &post.act, book, post.new.clone()).await,
    }
}

#[cfg(test)]
mod tests;
