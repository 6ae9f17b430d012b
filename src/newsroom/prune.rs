//! Take away what nobody needs any more: old drafts, kept answers, ended links.

use std::collections::HashSet;

use chrono::TimeDelta;
use diesel_async::AsyncConnection;
use serde::Serialize;
use uuid::Uuid;

use super::Result;
use super::entry::Entry;
use crate::db::articles::ArticleRow;
use crate::db::revisions::retention;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::retention::{ANSWERS, AUTOSAVES, PREVIEW_LINKS, superfluous};
use crate::domain::sign_in_limit::ACCOUNT_WINDOW;

/// How many articles are looked up at a time.
const BATCH: i64 = 500;

/// What was taken away, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// Articles that have fewer revisions now.
    pub articles: usize,
    pub revisions: usize,
    /// Answers to requests with a key.
    pub answers: usize,
    pub preview_links: usize,
    /// Comments and reports of which nobody knows any more where they were sent from.
    pub addresses: usize,
    /// Bans that ended.
    pub bans: usize,
    /// Wrong passwords, and networks that nobody signed in from for long.
    pub sign_ins: usize,
}

/// Takes it away, one article after the other: whoever edits one waits no longer than for another editor. The hashes of
/// readers' addresses are kept for `addresses`. A dry run only counts.
///
/// # Errors
/// When the database fails; what was taken away by then is gone, and the next time goes on from there.
pub async fn prune(conn: &mut Connection, act: &Act, addresses: TimeDelta, dry_run: bool) -> Result<Pruned> {
    let mut pruned = Pruned::default();
    let mut after = Uuid::nil();
    loop {
        let ids = retention::prunable(conn, after, act.now - AUTOSAVES, BATCH).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        for id in ids {
            let gone = prune_article(conn, act, id, dry_run).await?;
            pruned.revisions += gone;
            pruned.articles += usize::from(gone > 0);
        }
    }
    let (answers, links, addresses) = (act.now - ANSWERS, act.now - PREVIEW_LINKS, act.now - addresses);
    let failures = act.now - ACCOUNT_WINDOW;
    if dry_run {
        pruned.addresses = db::reader_addresses::count(conn, addresses).await?;
        pruned.bans = db::comment_bans::count_ended(conn, act.now).await?;
        pruned.sign_ins = db::sign_ins::count_old(conn, failures, addresses).await?;
        pruned.answers = db::idempotency::count(conn, answers).await?;
        pruned.preview_links = db::preview_tokens::count(conn, links).await?;
    } else {
        pruned.addresses = db::reader_addresses::forget(conn, addresses).await?;
        pruned.bans = db::comment_bans::forget_ended(conn, act.now).await?;
        pruned.sign_ins = db::sign_ins::forget_failures(conn, failures).await?;
        pruned.sign_ins += db::sign_ins::forget_places(conn, addresses).await?;
        pruned.answers = db::idempotency::forget(conn, answers).await?;
        pruned.preview_links = db::preview_tokens::forget(conn, links).await?;
    }
    Ok(pruned)
}

async fn prune_article(conn: &mut Connection, act: &Act, id: Uuid, dry_run: bool) -> Result<usize> {
    conn.transaction(async |conn| {
        // Erased since it was looked up.
        let Some(article) = db::articles::lock(conn, id).await? else {
            return Ok(0);
        };
        let gone = superfluous(
            &retention::ages(conn, id).await?,
            &pinned(conn, act, &article).await?,
            act.now,
        );
        if !gone.is_empty() && !dry_run {
            let mut entry = Entry::begin("prune_article", &article);
            retention::delete(conn, id, &gone).await?;
            entry.tell("revisions", gone.len());
            entry.write(conn, act, &article).await?;
        }
        Ok(gone.len())
    })
    .await
}

/// The revisions that something points to.
async fn pinned(conn: &mut Connection, act: &Act, article: &ArticleRow) -> Result<HashSet<i32>> {
    let referred = retention::referred(conn, article.id, act.now).await?;
    let own = [article.published_revision, article.submitted_revision];
    let own = own.into_iter().flatten().chain([article.revision]);
    Ok(referred.into_iter().chain(own).collect())
}
