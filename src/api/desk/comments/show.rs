//! A moderator's view of comments, put together from what belongs to them.

use std::collections::HashMap;

use uuid::Uuid;

use super::records;
use super::{CommentArticle, CommentAuthorHistory, CommentParent, DeskComment};
use crate::api::delivery::cards::front_end_path;
use crate::api::desk::user_ref::{ApiKeyRef, UserRef};
use crate::api::response::Reply;
use crate::app::App;
use crate::config::SiteConfig;
use crate::db::Connection;
use crate::db::comment_queue::{self, CommentedArticle};
use crate::db::comments::CommentRow;
use crate::domain::comment::CommentStatus;
use crate::domain::hex::hex;
use crate::domain::text::excerpt;
use crate::error::{Error, Result};

/// The most characters of what a comment answers.
const EXCERPT: usize = 140;

/// Shows comments, in the order given.
pub async fn show(conn: &mut Connection, app: &App, rows: Vec<CommentRow>) -> Result<Vec<DeskComment>> {
    let articles = comment_queue::articles(conn, &ids(&rows, |row| Some(row.article_id))).await?;
    let parents = comment_queue::by_id(conn, &ids(&rows, |row| row.parent_id)).await?;
    let moderators = comment_queue::moderators(conn, &ids(&rows, |row| row.moderated_by_id)).await?;
    let keys = comment_queue::keys(conn, &ids(&rows, |row| row.moderated_by_key_id)).await?;
    let histories = histories(conn, &rows).await?;
    let mut records = records::of(conn, &ids(&rows, |row| Some(row.id))).await?;
    let shown = rows.into_iter().map(|row| {
        let hash = row.author_email_hash.as_deref();
        // Its article cannot be missing: deleting an article deletes its comments.
        let article = articles
            .get(&row.article_id)
            .ok_or_else(|| Error::not_found("article"))?;
        let named = |names: &HashMap<Uuid, String>, id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
        let record = records.remove(&row.id).unwrap_or_default();
        Ok(DeskComment {
            article: CommentArticle::new(article, &app.config.site),
            parent: row.parent_id.and_then(|id| parents.get(&id)).map(CommentParent::new),
            decisions: record.decisions,
            edits: record.edits,
            report_count: row.report_count,
            reports: record.reports,
            appealed_at: row.appealed_at,
            erased_at: row.erased_at,
            queue: row.queue,
            author_history: hash.and_then(|hash| histories.get(hash)).cloned().unwrap_or_default(),
            author_email_hash: hash.map(hex),
            moderated_by: UserRef::of(row.moderated_by_id, named(&moderators, row.moderated_by_id)),
            moderated_by_key: ApiKeyRef::of(row.moderated_by_key_id, named(&keys, row.moderated_by_key_id)),
            moderated_at: row.moderated_at,
            allowed_actions: row.standing().allowed_actions(),
            id: row.id,
            article_id: row.article_id,
            parent_id: row.parent_id,
            depth: row.depth,
            author_name: row.author_name,
            author_kind: row.author_kind,
            avatar_key: row.avatar_key,
            body_html: row.body_html,
            status: row.status,
            reply_count: row.reply_count,
            replies: Vec::new(),
            replies_cursor: None,
            created_at: row.created_at,
            edited_at: row.edited_at,
            body: row.body,
        })
    });
    shown.collect()
}

/// Answers with one comment.
pub async fn reply(conn: &mut Connection, app: &App, row: CommentRow) -> Result<Reply<DeskComment>> {
    let (version, told_of) = (row.version, told_of(&row));
    Ok(Reply::ok(show_one(conn, app, row).await?)
        .version(version)
        .about(told_of))
}

/// The comments whose words are in what is shown of one. Of an erased one there are none.
pub fn told_of(row: &CommentRow) -> Vec<Uuid> {
    let own = row.erased_at.is_none().then_some(row.id);
    own.into_iter().chain(row.parent_id).collect()
}

/// Shows one comment.
pub async fn show_one(conn: &mut Connection, app: &App, row: CommentRow) -> Result<DeskComment> {
    let shown = show(conn, app, vec![row]).await?;
    shown.into_iter().next().ok_or_else(|| Error::not_found("comment"))
}

/// What rows refer to, each once.
fn ids(rows: &[CommentRow], of: impl Fn(&CommentRow) -> Option<Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = rows.iter().filter_map(of).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

async fn histories(conn: &mut Connection, rows: &[CommentRow]) -> Result<HashMap<Vec<u8>, CommentAuthorHistory>> {
    let mut hashes: Vec<&[u8]> = rows.iter().filter_map(|row| row.author_email_hash.as_deref()).collect();
    hashes.sort_unstable();
    hashes.dedup();
    let mut histories: HashMap<Vec<u8>, CommentAuthorHistory> = HashMap::new();
    for (hash, status, count) in comment_queue::histories(conn, &hashes).await? {
        let history = histories.entry(hash.unwrap_or_default()).or_default();
        match status {
            CommentStatus::Approved => history.approved = count,
            CommentStatus::Rejected => history.rejected = count,
            CommentStatus::Pending | CommentStatus::Removed => {}
        }
    }
    Ok(histories)
}

impl CommentArticle {
    fn new(article: &CommentedArticle, site: &SiteConfig) -> Self {
        let place = article.addressed();
        Self {
            id: article.id,
            slug: place.slug.to_owned(),
            title: article.title.as_ref().unwrap_or(&article.desk_title).clone(),
            url: site
                .url
                .join(&front_end_path(site, article.timezone.as_deref(), &place)),
        }
    }
}

impl CommentParent {
    fn new(row: &CommentRow) -> Self {
        Self {
            id: row.id,
            author_name: row.author_name.clone(),
            excerpt: excerpt(&row.body, EXCERPT),
        }
    }
}
