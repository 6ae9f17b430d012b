//! Open a preview link: what readers would see if the revision were published now.

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::article_relations::live_relations;
use super::go_live::{dated, readers_copy};
use super::{Refusal, Result, article_content};
use crate::clock::new_id;
use crate::db::preview_tokens::PreviewTokenRow;
use crate::db::published::PublishedRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::body::{BodyFormat, BodyRules};
use crate::domain::permission::{Permission, Role};
use crate::domain::workflow::ArticleStatus;

/// What a preview shows.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The readers' copy as publishing would write it.
    pub copy: PublishedRow,
    pub status: ArticleStatus,
    pub expires_at: DateTime<Utc>,
}

/// Opens the link with this id, and notes that it was used.
///
/// # Errors
/// When there is no such link any more, or nothing behind it.
pub async fn open_preview(conn: &mut Connection, act: &Act, rules: &BodyRules, token: Uuid) -> Result<Preview> {
    conn.transaction(async |conn| {
        let link = db::preview_tokens::find(conn, token).await?;
        let opens = |(link, maker): &(PreviewTokenRow, Option<Role>)| {
            // Nobody goes on seeing by a link what they may not see any more.
            let may_see =
                link.created_by_id.is_none() || maker.is_some_and(|role| role.may(Permission::WriteOwnArticles));
            link.revoked_at.is_none() && link.expires_at > act.now && may_see
        };
        let (link, _) = link.filter(opens).ok_or(Refusal::NotFound("preview"))?;
        let found = db::articles::find_with_head(conn, link.article_id).await?;
        let (mut article, head) = found.ok_or(Refusal::NotFound("preview"))?;
        if matches!(article.status, ArticleStatus::Killed | ArticleStatus::Trashed) {
            return Err(Refusal::NotFound("preview"));
        }
        let numbers: Vec<i32> = link.revision.into_iter().chain(article.published_revision).collect();
        let others = db::revisions::numbered(conn, article.id, &numbers).await?;
        let numbered = |number| others.iter().find(|revision| Some(revision.number) == number);
        let revision = match link.revision {
            Some(_) => numbered(link.revision).ok_or(Refusal::NotFound("preview"))?,
            None => &head,
        };
        let relations = live_relations(conn, &revision.content).await?;
        let body = article_content::rendered(revision.content.body_html.clone(), BodyFormat::Html, rules).await;
        let before = numbered(article.published_revision);
        dated(&mut article, revision, before, None, act.now);
        db::preview_tokens::used(conn, new_id(act.now), token, act.now, act.request_id.as_deref()).await?;
        Ok(Preview {
            copy: readers_copy(&article, revision, &relations, body, act.now),
            status: article.status,
            expires_at: link.expires_at,
        })
    })
    .await
}
