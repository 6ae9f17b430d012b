//! Restore a revision of an article.

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::article_relations::live_relations;
use super::articles::{WorkingCopy, open, working_copy};
use super::entry::Entry;
use super::save_article::write;
use super::{Refusal, Result};
use crate::db::revisions::RevisionRow;
use crate::db::{self, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::version::Expected;
use crate::domain::workflow::ArticleVerb;

/// Makes the content of an old revision the newest one's, under today's relations: what is gone stays away. Its slug comes
/// back unless another article has it by now. What changes nothing writes nothing.
///
/// # Errors
/// When the article is gone, changed or cannot be edited, is not for whoever acts, or has no such revision.
pub async fn restore_revision(
    conn: &mut Connection,
    act: &Act,
    id: Uuid,
    expected: Expected,
    number: i32,
    note: Option<String>,
) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        db::taxonomy_gate::enter(conn).await?;
        let (article, _) = open(conn, act, id, expected, ArticleVerb::Edit).await?;
        let old = db::revisions::numbered(conn, id, &[number]).await?.pop();
        let old = old.ok_or(Refusal::NotFound("revision"))?;
        let WorkingCopy { mut article, head } = working_copy(conn, article).await?;
        let mut entry = Entry::begin("restore_revision", &article);
        let mut content = old.content;
        let relations = live_relations(conn, &content).await?;
        article.section_id = relations.section.as_ref().map(|section| section.id);
        article.tag_ids.clone_from(&relations.listing.tags);
        article.author_ids.clone_from(&relations.listing.authors);
        content.section = relations.section.map(Json);
        content.tags = Json(relations.tags);
        content.authors = Json(relations.authors);
        let wanted = std::slice::from_ref(&content.slug);
        if !db::articles::taken_slugs(conn, wanted, Some(id)).await?.is_empty() {
            content.slug.clone_from(&head.content.slug);
        }
        let changed = content.differences(&head.content);
        if changed.is_empty() {
            return working_copy(conn, article).await;
        }
        article.slug.clone_from(&content.slug);
        article.title.clone_from(&content.title);
        article.version += 1;
        article.revision += 1;
        article.updated_at = act.now;
        article.last_edited_by_id = act.user_id();
        let head = RevisionRow {
            article_id: id,
            number: article.revision,
            content,
            note: note.or_else(|| Some(format!("Restored revision {number}"))),
            autosave: false,
            created_by_id: act.user_id(),
            created_at: act.now,
        };
        write(conn, act, &article, &head, true, false).await?;
        entry.tell("revision", article.revision);
        entry.tell("restored", number);
        entry.tell("changed", changed);
        entry.write(conn, act, &article).await?;
        Ok(WorkingCopy { article, head })
    })
    .await
}
