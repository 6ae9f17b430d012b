//! Save an article.

use diesel_async::AsyncConnection;
use futures_util::future::{join, try_join4};
use uuid::Uuid;

use super::articles::{ArticleChange, WorkingCopy, open, store};
use super::entry::Entry;
use super::{Result, article_content, article_placement, article_slugs};
use crate::db::articles::ArticleRow;
use crate::db::revisions::RevisionRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::body::BodyRules;
use crate::domain::version::Expected;
use crate::domain::workflow::{ArticleStatus, ArticleVerb};

/// Changes what `change` names. New content is a new revision, which readers see once it is published; placement acts at
/// once. What changes nothing writes nothing.
///
/// # Errors
/// When the article is gone, changed or cannot be edited, is not for whoever acts, or a reference or slug does not fit.
pub async fn save_article(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    id: Uuid,
    expected: Expected,
    mut change: ArticleChange,
) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        change.enter_gate(conn).await?;
        // Sent together, done one after the other: the revision is read under the article's lock.
        let together = &*conn;
        let opened = open(together, act, id, expected, ArticleVerb::Edit);
        let (opened, head) = join(opened, db::revisions::newest(together, id)).await;
        let ((mut article, _), mut head) = (opened?, head?);
        if head.number != article.revision {
            // The first statements of a connection may overtake each other.
            head = db::revisions::find(conn, id, article.revision).await?;
        }
        let mut entry = Entry::begin("save_article", &article);
        let mut check = std::mem::take(&mut change.check);
        let placed = article_placement::place(act, &mut article, &change)?;
        let assigned = article_placement::assign(conn, &mut check, &mut article, &change.assignee).await?;
        let held = article_placement::embargo(conn, act, &mut check, &mut article, &change.embargo_until).await?;
        let (slug, note, autosave) = (std::mem::take(&mut change.slug), change.note.take(), change.autosave);
        let mut content = head.content.clone();
        article_content::rewrite(conn, act, rules, check, &mut article, &mut content, change).await?;
        article_slugs::change(conn, id, &mut content, slug).await?;
        article.slug.clone_from(&content.slug);
        let rewritten = content.differences(&head.content);
        let mut changed = rewritten.clone();
        changed.extend(&placed);
        changed.extend(assigned.then_some("assignee"));
        changed.extend(held.then_some("embargo_until"));
        if changed.is_empty() {
            return Ok(WorkingCopy { article, head });
        }
        article.version += 1;
        article.updated_at = act.now;
        article.last_edited_by_id = act.user_id();
        if !rewritten.is_empty() {
            article.revision += 1;
            head = RevisionRow {
                article_id: id,
                number: article.revision,
                content,
                note,
                autosave,
                created_by_id: act.user_id(),
                created_at: act.now,
            };
        }
        entry.tell("revision", article.revision);
        entry.tell("changed", changed);
        let revision = (!rewritten.is_empty()).then_some(&head);
        write(conn, act, &article, revision, !placed.is_empty(), entry).await?;
        Ok(WorkingCopy { article, head })
    })
    .await
}

/// Writes the article, its new revision if there is one, for readers where it was `placed`, and what the log says of it. None
/// of these waits for another.
pub(super) async fn write(
    conn: &Connection,
    act: &Act,
    article: &ArticleRow,
    revision: Option<&RevisionRow>,
    placed: bool,
    entry: Entry,
) -> Result<()> {
    let revise = async {
        match revision {
            Some(revision) => Ok(db::revisions::insert(conn, revision).await?),
            None => Ok(()),
        }
    };
    let place = async {
        if placed && article.status == ArticleStatus::Published {
            let ArticleRow {
                id,
                breaking_until,
                featured,
                comments_policy,
                ..
            } = *article;
            db::published::place(conn, id, breaking_until, featured, comments_policy).await?;
        }
        Ok(())
    };
    let stored = store(conn, act, article);
    try_join4(stored, revise, place, entry.write(conn, act, article)).await?;
    Ok(())
}
