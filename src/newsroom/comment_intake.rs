//! Readers' comments that arrive together are posted together: one transaction for many is what a flood is met with.
//!
//! Who arrives while few are at work posts at once. Who arrives later waits, and is posted by whoever comes to work next
//! together with all others that wait: by themselves, or by the first of them. Who is let down posts alone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::post_comment::{NewComment, Post, author_kind, post_comment, post_together};
use super::{Result, RuleBook};
use crate::db::comments::CommentRow;
use crate::db::pool::PoolError;
use crate::db::{self, Connection, Pooled};
use crate::domain::actor::Act;
use crate::domain::comment::CommentAuthorKind;

/// So many post at a time.
const AT_WORK: usize = 3;
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
    Answer(Box<Answer>),
    /// It is their turn.
    Turn(Turn),
}

/// The right to post, for oneself and for others. It passes to whoever waits longest.
struct Turn(Arc<Mutex<Hall>>);

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
    /// connection while they wait.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn post(&self, connect: impl AsyncFn() -> Lent, act: &Act, book: &RuleBook, new: NewComment) -> Answer {
        // Who answers another comment holds that one too, and must not wait for others meanwhile.
        let is_readers = author_kind(act).is_ok_and(|kind| kind == CommentAuthorKind::Reader);
        if new.parent_id.is_some() || !is_readers {
            return Ok(post_comment(&mut *connect().await?, act, book, new).await);
        }
        let post = Arc::new(Post { act: act.clone(), new });
        let turn = match self.arrive(&post) {
            Arrival::Turn(turn) => turn,
            Arrival::Waits(told) => match told.await {
                Ok(Told::Answer(answer)) => return *answer,
                Ok(Told::Turn(turn)) => turn,
                Err(_) => return Ok(post_alone(&mut *connect().await?, book, &post).await),
            },
        };
        let lent = connect().await;
        // Those that have come by now.
        let others = turn.others(&post);
        let mut conn = match lent {
            Ok(conn) => conn,
            Err(error) => {
                // They have waited as long.
                tell(others, std::iter::repeat_with(|| Err(error.clone())));
                return Err(error);
            }
        };
        let together: Vec<&Post> = std::iter::once(&*post)
            .chain(others.iter().map(|other| &*other.post))
            .collect();
        match post_together(&mut conn, book, &together).await {
            Ok(answers) => {
                let mut answers = answers.into_iter();
                let own = answers.next();
                tell(others, answers.map(Ok));
                Ok(own.unwrap_or_else(|| Err(diesel::result::Error::NotFound.into())))
            }
            Err(error) if others.is_empty() => Ok(Err(error)),
            Err(error) => {
                tracing::warn!(%error, comments = together.len(), "comments are posted one by one");
                drop(others);
                Ok(post_alone(&mut conn, book, &post).await)
            }
        }
    }

    fn arrive(&self, post: &Arc<Post>) -> Arrival {
        let mut hall = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hall.free > 0 {
            hall.free -= 1;
            return Arrival::Turn(Turn(Arc::clone(&self.0)));
        }
        let (told, tells) = oneshot::channel();
        let post = Arc::clone(post);
        hall.waiting.push_back(Waiting { post, told });
        Arrival::Waits(tells)
    }
}

impl Turn {
    /// Everybody who waits and can be posted together with this one: of each author one.
    fn others(&self, first: &Post) -> Vec<Waiting> {
        let mut hall = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
        let mut hall = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match hall.waiting.pop_front() {
            Some(next) => {
                drop(hall);
                // From who left meanwhile it passes on.
                drop(next.told.send(Told::Turn(Self(Arc::clone(&self.0)))));
            }
            None => hall.free += 1,
        }
    }
}

/// Tells each of them what became of their comment. Who left meanwhile need not know.
fn tell(those: Vec<Waiting>, answers: impl Iterator<Item = Answer>) {
    for (waiting, answer) in those.into_iter().zip(answers) {
        drop(waiting.told.send(Told::Answer(Box::new(answer))));
    }
}

/// Posts a comment that others were to post, who failed or left: perhaps just when it was done.
async fn post_alone(conn: &mut Connection, book: &RuleBook, post: &Post) -> Result<CommentRow> {
    match db::comments::find(conn, post.new.id).await? {
        Some(comment) => Ok(comment),
        None => post_comment(conn, &post.act, book, post.new.clone()).await,
    }
}
