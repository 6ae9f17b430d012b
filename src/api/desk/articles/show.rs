//! From rows to what the desk shows: the names of all that a page of articles refers to are loaded together.

use std::collections::HashMap;

use futures_util::future::try_join4;
use uuid::Uuid;

use super::shapes::{DeskArticle, DeskArticleCard, DeskArticleRef, DeskBody, EditLock, KillNote};
use crate::api::delivery::cards::{AuthorRef, SectionRef};
use crate::api::desk::user_ref::UserRef;
use crate::api::response::Reply;
use crate::config::SiteConfig;
use crate::db::articles::{ArticleName, ArticleRow};
use crate::db::edit_locks::HeldLock;
use crate::db::refs::Refs;
use crate::db::revisions::HeadRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::workflow::ArticleStatus;
use crate::error::{Error, Result};
use crate::newsroom::{WorkingCopy, allowed_actions, visible};

/// Shows an article whole.
///
/// # Errors
/// When the database fails.
pub async fn whole(conn: &mut Connection, site: &SiteConfig, act: &Act, copy: WorkingCopy) -> Result<DeskArticle> {
    let row = (copy.article, HeadRow::from(&copy.head));
    let kill = match row.0.status {
        ArticleStatus::Killed => db::kills::find(conn, row.0.id).await?,
        _ => None,
    };
    let kill = kill.map(|(kill, name)| KillNote {
        reason: kill.reason,
        notice: kill.notice,
        killed_by: kill.killed_by_id.zip(name).map(|(id, name)| UserRef { id, name }),
        killed_at: kill.killed_at,
    });
    let names = Names::load(conn, std::slice::from_ref(&row), act).await?;
    let content = copy.head.content;
    let body = DeskBody {
        source: content.body_source,
        format: content.body_format,
        html: content.body_html,
        outline: content.outline.0,
    };
    Ok(DeskArticle::of(
        names.card(row, site, act),
        body,
        content.sources.0,
        content.seo.0,
        kill,
    ))
}

/// Answers with an article whole.
///
/// # Errors
/// When the database fails.
pub async fn reply(
    conn: &mut Connection,
    site: &SiteConfig,
    act: &Act,
    copy: WorkingCopy,
) -> Result<Reply<DeskArticle>> {
    let version = copy.article.version;
    Ok(Reply::ok(whole(conn, site, act, copy).await?).version(version))
}

/// The article with this id and its newest revision.
///
/// # Errors
/// 404 when there is none, or it is not for whoever acts.
pub async fn find(conn: &mut Connection, act: &Act, id: Uuid) -> Result<WorkingCopy> {
    let found = db::articles::find_with_head(conn, id).await?;
    let (article, head) = found.ok_or_else(|| Error::not_found("article"))?;
    let article = visible(act, Some(article))?;
    Ok(WorkingCopy { article, head })
}

/// Shows a page of articles, in their order.
///
/// # Errors
/// When the database fails.
pub async fn cards(
    conn: &mut Connection,
    site: &SiteConfig,
    act: &Act,
    articles: Vec<ArticleRow>,
) -> Result<Vec<DeskArticleCard>> {
    let ids: Vec<Uuid> = articles.iter().map(|article| article.id).collect();
    let heads = db::revisions::heads(conn, &ids).await?;
    let mut heads: HashMap<Uuid, HeadRow> = heads.into_iter().map(|head| (head.article_id, head)).collect();
    // An article whose newest revision changed between the two reads is found with the newer one.
    let rows = articles
        .into_iter()
        .filter_map(|article| heads.remove(&article.id).map(|head| (article, head)));
    let rows: Vec<_> = rows.collect();
    let names = Names::load(conn, &rows, act).await?;
    Ok(rows.into_iter().map(|row| names.card(row, site, act)).collect())
}

/// What the articles of a page refer to.
struct Names {
    refs: Refs,
    users: HashMap<Uuid, String>,
    related: HashMap<Uuid, ArticleName>,
    locks: HashMap<Uuid, HeldLock>,
}

impl Names {
    async fn load(conn: &Connection, rows: &[(ArticleRow, HeadRow)], act: &Act) -> Result<Self> {
        let articles = || rows.iter().map(|(article, _)| article);
        let sections = distinct(articles().filter_map(|article| article.section_id));
        let tags = distinct(articles().flat_map(|article| article.tag_ids.iter().copied()));
        let authors = distinct(articles().flat_map(|article| article.author_ids.iter().copied()));
        let users = articles().flat_map(|row| [row.created_by_id, row.last_edited_by_id, row.assignee_id]);
        let users = distinct(users.flatten());
        let related = distinct(rows.iter().flat_map(|(_, head)| head.related.iter().copied()));
        let ids: Vec<Uuid> = articles().map(|article| article.id).collect();
        // Sent together.
        let (related, locks, refs, users) = try_join4(
            db::articles::named(conn, &related, &[], act.sections()),
            db::edit_locks::held(conn, &ids, act.now),
            db::refs::load(conn, &sections, &tags, &authors),
            db::refs::users(conn, &users),
        )
        .await?;
        Ok(Self {
            locks: locks.into_iter().map(|held| (held.lock.article_id, held)).collect(),
            refs,
            users,
            related: related.into_iter().map(|article| (article.id, article)).collect(),
        })
    }

    fn user(&self, id: Option<Uuid>) -> Option<UserRef> {
        let id = id?;
        self.users.get(&id).map(|name| UserRef { id, name: name.clone() })
    }

    fn related(&self, ids: &[Uuid]) -> Vec<DeskArticleRef> {
        let found = ids.iter().filter_map(|id| self.related.get(id)).cloned();
        found
            .map(|ArticleName { id, slug, title }| DeskArticleRef { id, slug, title })
            .collect()
    }

    fn card(&self, (article, head): (ArticleRow, HeadRow), site: &SiteConfig, act: &Act) -> DeskArticleCard {
        DeskArticleCard {
            has_unpublished_changes: article.has_unpublished_changes(),
            allowed_actions: allowed_actions(act, &article),
            id: article.id,
            slug: article.slug,
            status: article.status,
            stage: article.stage,
            version: article.version,
            revision: article.revision,
            published_revision: article.published_revision,
            submitted_revision: article.submitted_revision,
            kicker: head.kicker,
            title: article.title,
            standfirst: head.standfirst,
            dateline: head.dateline,
            language: head.language,
            section: article
                .section_id
                .and_then(|id| self.refs.sections.get(&id).cloned())
                .map(SectionRef::from),
            tags: self.refs.tags(&article.tag_ids),
            authors: self
                .refs
                .authors(&article.author_ids)
                .iter()
                .map(|a| AuthorRef::of(a, site))
                .collect(),
            related: self.related(&head.related),
            hero: head.hero.map(|hero| hero.0),
            breaking_until: article.breaking_until,
            featured: article.featured,
            comments_policy: article.comments_policy,
            assignee: self.user(article.assignee_id),
            publish_at: article.publish_at,
            unpublish_at: article.unpublish_at,
            embargo_until: article.embargo_until,
            published_at: article.published_at,
            first_published_at: article.first_published_at,
            created_by: self.user(article.created_by_id),
            created_at: article.created_at,
            updated_at: article.updated_at,
            last_edited_by: self.user(article.last_edited_by_id),
            lock: self.locks.get(&article.id).cloned().map(EditLock::from),
        }
    }
}

fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
