//! Reads what changed for readers, on a thread and a connection of its own, so that neither a busy server nor a busy pool
//! makes it late. Because it asks a few times a second it is also the first to know that PostgreSQL answers nobody.

use std::collections::{HashSet, VecDeque};
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use tokio::time::error::Elapsed;

use super::News;
use crate::clock::Clock;
use crate::db::pool::ConnectError;
use crate::db::reader_changes::{self, Snapshot};
use crate::db::{Connection, Pool, Replicas};

/// How often it looks when nobody asks it to.
const PERIOD: Duration = Duration::from_millis(250);
/// How long one look may take, or connecting.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long until connecting is tried once more: an attempt of which something was lost comes to nothing, however soon after
/// PostgreSQL can be reached again.
const AGAIN: Duration = Duration::from_millis(200);
/// So long after it answered last PostgreSQL has surely fallen silent, if it does not answer: the next look has begun, and
/// was waited for.
const SILENT: Duration = PERIOD.saturating_add(PATIENCE);
/// How often changed counts are let through.
const COUNTS: Duration = Duration::from_secs(1);
/// How long changes are kept for nodes that lost their connection.
const RETENTION: TimeDelta = TimeDelta::hours(1);
/// How often those that are older are forgotten.
const TIDY: TimeDelta = TimeDelta::minutes(1);

/// Starts the thread. It ends soon after the last owner of `news` is gone.
///
/// # Errors
/// When the system gives no thread.
pub fn start(news: &Arc<News>, pool: Pool, replicas: Arc<Replicas>, clock: Clock) -> std::io::Result<()> {
    let news = Arc::downgrade(news);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listen = move || runtime.block_on(Listener::new(news, pool, replicas, clock).run());
    thread::Builder::new()
        .name("reader-changes".to_owned())
        .spawn(listen)
        .map(drop)
}

struct Listener {
    news: Weak<News>,
    pool: Pool,
    /// Are told what they must show.
    replicas: Arc<Replicas>,
    clock: Clock,
    /// Up to where changes are known, and when that was.
    seen: Option<(Snapshot, DateTime<Utc>)>,
    /// Of which database, since it was made or came back from a copy.
    incarnation: Option<String>,
    /// Changed counts that wait, because others were let through a moment ago.
    counts: HashSet<String>,
    counted: Option<Instant>,
    /// The oldest running transaction, minute by minute.
    minutes: VecDeque<(DateTime<Utc>, i64)>,
    /// The changes of the transactions below this one are to be forgotten, part by part.
    forgetting: Option<i64>,
    /// When PostgreSQL said something last, were it that it refuses us.
    heard: Instant,
}

/// Why listening stopped.
enum End {
    /// The connection is lost.
    Lost,
    /// It does not answer.
    Silent,
    /// Nobody needs to know any more.
    Over,
}

impl Listener {
    fn new(news: Weak<News>, pool: Pool, replicas: Arc<Replicas>, clock: Clock) -> Self {
        Self {
            news,
            pool,
            replicas,
            clock,
            seen: None,
            incarnation: None,
            counts: HashSet::new(),
            counted: None,
            minutes: VecDeque::new(),
            forgetting: None,
            heard: Instant::now(),
        }
    }

    async fn run(mut self) {
        loop {
            let began = Instant::now();
            let connected = self.connect().await;
            let Some(news) = self.news.upgrade() else { return };
            let (is_away, rest) = match connected {
                Ok(Ok(mut conn)) => {
                    drop(news);
                    // It was silent for so long that what others sent it meanwhile may have been lost: they do not wait for it.
                    if self.heard.elapsed() >= self.pool.patience() / 2 {
                        self.give_up(began);
                    }
                    self.heard = Instant::now();
                    match self.listen(&mut conn).await {
                        End::Over => return,
                        End::Lost => self.heard = Instant::now(),
                        End::Silent => self.fall_silent(),
                    }
                    // The next look tells whether it is away or only this connection was: at once, unless the last one failed so soon.
                    (false, PERIOD.saturating_sub(began.elapsed()))
                }
                Ok(Err(error)) => {
                    self.heard = Instant::now();
                    if !news.hearing.is_away() {
                        tracing::warn!(%error, "changes cannot be heard; what is kept for readers counts as stale");
                    }
                    (true, PERIOD)
                }
                Err(_) => {
                    self.fall_silent();
                    (true, Duration::ZERO)
                }
            };
            let Some(news) = self.news.upgrade() else { return };
            self.replicas.hear(false);
            news.hearing.lost(is_away, news.hearing.asked());
            drop(news);
            tokio::time::sleep(rest).await;
        }
    }

    /// Connects, at whichever attempt comes to something. One that fails says nothing while others are under way.
    async fn connect(&self) -> Result<Result<Connection, ConnectError>, Elapsed> {
        let mut attempts = FuturesUnordered::new();
        let first = async {
            loop {
                attempts.push(self.pool.apart());
                let mut next = pin!(tokio::time::sleep(AGAIN));
                while let Either::Left((Some(connected), _)) = select(attempts.next(), next.as_mut()).await {
                    if connected.is_ok() || attempts.is_empty() {
                        return connected;
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, first).await
    }

    /// PostgreSQL did not answer. When that has been so for long, those who wait for it are told to wait no longer.
    fn fall_silent(&mut self) {
        if self.heard.elapsed() >= self.pool.patience() {
            self.give_up(Instant::now());
        }
    }

    /// Gives up the connections that were opened before this instant, but for those that were opened when it had surely fallen
    /// silent: it answered them.
    fn give_up(&mut self, opened_before: Instant) {
        tracing::warn!("PostgreSQL answered nothing for long; its connections are given up");
        self.pool.give_up(opened_before.min(self.heard + SILENT));
        self.heard = Instant::now();
    }

    async fn listen(&mut self, conn: &mut Connection) -> End {
        match tokio::time::timeout(PATIENCE, reader_changes::incarnation(conn)).await {
            Ok(Ok(incarnation)) => {
                if self.incarnation.as_ref() != Some(&incarnation) {
                    // The numbers of another database's transactions mean nothing here.
                    self.seen = None;
                    self.incarnation = Some(incarnation);
                }
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "changes cannot be read");
                return End::Lost;
            }
            Err(_) => return End::Silent,
        }
        loop {
            let Some(news) = self.news.upgrade() else {
                return End::Over;
            };
            let (asked, moment) = (news.hearing.asked(), news.hearing.moment());
            match tokio::time::timeout(PATIENCE, self.look(conn, &news)).await {
                Ok(Ok(())) => {
                    self.heard = Instant::now();
                    self.replicas.hear(true);
                    news.hearing.heard(moment, self.clock.now(), asked);
                }
                Ok(Err(error)) => {
                    tracing::warn!(%error, "changes cannot be read");
                    return End::Lost;
                }
                Err(_) => return End::Silent,
            }
            match tokio::time::timeout(PATIENCE, self.tidy(conn)).await {
                Ok(Ok(())) => self.heard = Instant::now(),
                // A database that takes no changes can still be read.
                Ok(Err(error)) => {
                    tracing::warn!(%error, "old changes cannot be forgotten");
                    self.forgetting = None;
                }
                Err(_) => return End::Silent,
            }
            // Those who asked meanwhile have left a wake-up call.
            let woken = tokio::time::timeout(PERIOD, news.hearing.wake.notified());
            // Either way it is time for the next look.
            drop(woken.await);
        }
    }

    /// One look: what changed since the last one counts from now on.
    async fn look(&mut self, conn: &mut Connection, news: &News) -> crate::db::Result<()> {
        let now = self.clock.now();
        let known = self.seen.clone().filter(|(_, at)| now - *at < RETENTION);
        let snapshot = match known {
            Some((seen, _)) => {
                let look = reader_changes::since(conn, &seen, &[]).await?;
                let is_another = look.snapshot.next < seen.next;
                if is_another || !look.tags.is_empty() {
                    self.replicas.must_show(look.position);
                }
                if is_another {
                    // Another database, or the same one as it was before.
                    self.know_nothing(news);
                }
                self.apply(news, look.tags);
                look.snapshot
            }
            // What happened before nobody can tell any more.
            None => {
                let snapshot = reader_changes::snapshot(conn).await?;
                self.replicas.must_show(reader_changes::position(conn).await?);
                self.know_nothing(news);
                snapshot
            }
        };
        self.seen = Some((snapshot, now));
        Ok(())
    }

    /// Anything may have changed, and the numbers of transactions that were noted mean nothing.
    fn know_nothing(&mut self, news: &News) {
        news.versions.change_everything();
        self.minutes.clear();
        self.forgetting = None;
    }

    /// Lets changes count: those of counts together, at most once a second, because a busy thread has many.
    fn apply(&mut self, news: &News, tags: Vec<String>) {
        let (counts, tags): (Vec<String>, Vec<String>) = tags.into_iter().partition(|tag| tag.starts_with("count:"));
        self.counts.extend(counts);
        if !tags.is_empty() {
            news.versions.change(tags.iter().map(String::as_str));
        }
        let is_due = self.counted.is_none_or(|at| at.elapsed() >= COUNTS);
        if is_due && !self.counts.is_empty() {
            news.versions.change(self.counts.iter().map(String::as_str));
            self.counts.clear();
            self.counted = Some(Instant::now());
        }
    }

    /// Forgets what every node has read or will not read any more.
    async fn tidy(&mut self, conn: &mut Connection) -> crate::db::Result<()> {
        let Some((Snapshot { oldest, .. }, now)) = self.seen else {
            return Ok(());
        };
        if self.minutes.back().is_none_or(|(at, _)| now - *at >= TIDY) {
            self.minutes.push_back((now, oldest));
            while self.minutes.front().is_some_and(|(at, _)| now - *at > RETENTION) {
                self.forgetting = self.minutes.pop_front().map(|(_, below)| below);
            }
        }
        if let Some(below) = self.forgetting
            && !reader_changes::forget(conn, below).await?
        {
            self.forgetting = None;
        }
        Ok(())
    }
}
