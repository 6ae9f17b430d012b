//! Bring in many published articles at once, with what readers said below them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::Result;
use super::article_relations::Relations;
use super::create_article::new_article;
use super::go_live::{dated, readers_copy};
use crate::db::articles::ArticleRow;
use crate::db::bulk::{self, ClaimedSlug, Happened};
use crate::db::comment_decisions::JudgedRow;
use crate::db::comments::CommentRow;
use crate::db::publications::PublicationRow;
use crate::db::published::{self, Listing, PublishedRow};
use crate::db::revisions::{Content, RevisionRow, ids};
use crate::db::{Change, Connection, Fingerprint, Json};
use crate::domain::actor::Act;
use crate::domain::body::Body;
use crate::domain::comment::CommentStatus;
use crate::domain::workflow::{ArticleStatus, ArticleVerb};

/// An article that was written, checked and published elsewhere.
pub struct BroughtIn {
    pub id: Uuid,
    pub written: Act,
    /// When it was published, and the id of that entry in the log.
    pub published_at: DateTime<Utc>,
    /// For the two entries of the audit log.
    pub entries: [Uuid; 2],
    /// Its slug is new.
    pub content: Content,
    /// What the content's body is.
    pub body: Body,
    /// Its section and those above it.
    pub sections: Vec<Uuid>,
    pub featured: bool,
    /// Each before its answers.
    pub comments: Vec<Said>,
}

/// A comment that came with an article.
pub struct Said {
    /// With the number of answers that readers see.
    pub comment: CommentRow,
    /// What the rules said.
    pub judged: JudgedRow,
    /// For its entry of the audit log.
    pub entry: Uuid,
}

/// The rows of many articles, ready to be written.
#[derive(Default)]
pub struct Consignment {
    articles: Vec<ArticleRow>,
    revisions: Vec<RevisionRow>,
    slugs: Vec<ClaimedSlug>,
    published: Vec<PublishedRow>,
    publications: Vec<PublicationRow>,
    comments: Vec<CommentRow>,
    decisions: Vec<JudgedRow>,
    counts: BTreeMap<Uuid, i32>,
    audit: Vec<Happened>,
}

/// In how many lists each section, tag and author has articles, of what was brought in so far.
#[derive(Default)]
pub struct Tally {
    sections: BTreeMap<Uuid, i32>,
    tags: BTreeMap<Uuid, i32>,
    authors: BTreeMap<Uuid, i32>,
}

impl Consignment {
    /// How many articles it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// What creating and publishing this article would write.
    pub fn add(&mut self, brought: BroughtIn) {
        let (content, id, written) = (brought.content, brought.id, brought.written);
        let mut article = new_article(&written, id);
        article.slug.clone_from(&content.slug);
        article.title.clone_from(&content.title);
        article.section_id = content.section.as_ref().map(|section| section.0.id);
        article.tag_ids = ids(&content.tags.0);
        article.author_ids = ids(&content.authors.0);
        article.featured = brought.featured;
        let [created, went_live] = brought.entries;
        let happened =
            |id: Uuid, at: DateTime<Utc>, action: &'static str, article: &ArticleRow, change: Change| Happened {
                id,
                at,
                by: written.user_id(),
                action,
                kind: "article",
                subject: article.id,
                change,
                details: json!({"version": article.version, "slug": article.slug}),
            };
        let change = Change::created(&article);
        self.audit
            .push(happened(created, written.now, "create_article", &article, change));
        let revision = RevisionRow {
            article_id: id,
            number: 1,
            content,
            note: None,
            autosave: false,
            created_by_id: written.user_id(),
            created_at: written.now,
        };
        let was = Fingerprint::of(&article);
        let at = brought.published_at;
        article.status = article
            .state()
            .after(ArticleVerb::Publish)
            .map_or(ArticleStatus::Published, |state| state.status);
        article.version += 1;
        article.updated_at = at;
        article.published_revision = Some(1);
        dated(&mut article, &revision, None, None, at);
        let relations = relations(&revision.content, brought.sections);
        let row = readers_copy(&article, &revision, &relations, brought.body, at);
        self.publications.push(PublicationRow {
            article_id: id,
            version: article.version,
            at,
            action: "publish_article".to_owned(),
            revision: Some(1),
            published_at: Some(row.published_at),
            content_updated_at: Some(row.content_updated_at),
            section: relations.section.map(Json),
            tags: Json(relations.tags),
            authors: Json(relations.authors),
            corrections: None,
        });
        let change = Change::from(was, &article);
        let mut published = happened(went_live, at, "publish_article", &article, change);
        published.details = json!({"version": article.version, "slug": article.slug, "revision": 1});
        self.audit.push(published);
        self.slugs.push(ClaimedSlug {
            slug: article.slug.clone(),
            article_id: id,
            created_at: at,
        });
        self.published.push(row);
        self.articles.push(article);
        self.revisions.push(revision);
        self.discuss(id, brought.comments);
    }

    fn discuss(&mut self, article: Uuid, comments: Vec<Said>) {
        let mut approved = 0;
        for Said { comment, judged, entry } in comments {
            approved += i32::from(comment.status == CommentStatus::Approved);
            self.audit.push(Happened {
                id: entry,
                at: comment.created_at,
                by: comment.user_id,
                action: "post_comment",
                kind: "comment",
                subject: comment.id,
                change: Change::created(&comment),
                details: json!({"article_id": article, "from": null, "to": comment.status, "queue": comment.queue}),
            });
            self.comments.push(comment);
            self.decisions.push(judged);
        }
        if approved > 0 {
            self.counts.insert(article, approved);
        }
    }

    /// Writes everything but the counts of lists, which [`Tally::write`] writes once at the end. The caller holds the one
    /// transaction that both belong to.
    ///
    /// # Errors
    /// When a slug is taken, or the database fails.
    pub async fn write(&self, conn: &mut Connection, tally: &mut Tally) -> Result<()> {
        conn.transaction(async |conn| {
            bulk::insert_articles(conn, &self.articles).await?;
            bulk::insert_revisions(conn, &self.revisions).await?;
            bulk::claim_slugs(conn, &self.slugs).await?;
            published::bulk::put_new(conn, &self.published).await?;
            bulk::log_publications(conn, &self.publications).await?;
            bulk::insert_comments(conn, &self.comments).await?;
            bulk::log_decisions(conn, &self.decisions).await?;
            bulk::record(conn, &self.audit).await?;
            bulk::count_comments(conn, &self.counts).await?;
            tally.add(&self.published);
            Ok(())
        })
        .await
    }
}

impl Tally {
    fn add(&mut self, published: &[PublishedRow]) {
        for PublishedRow { listing, .. } in published {
            for (counts, ids) in [
                (&mut self.sections, &listing.sections),
                (&mut self.tags, &listing.tags),
                (&mut self.authors, &listing.authors),
            ] {
                for id in ids {
                    *counts.entry(*id).or_default() += 1;
                }
            }
        }
    }

    /// Adds it to what is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&self, conn: &mut Connection) -> Result<()> {
        conn.transaction(async |conn| {
            bulk::count_in_sections(conn, &self.sections).await?;
            bulk::count_with_tags(conn, &self.tags).await?;
            bulk::count_by_authors(conn, &self.authors).await?;
            Ok(())
        })
        .await
    }
}

fn relations(content: &Content, sections: Vec<Uuid>) -> Relations {
    let (tags, authors) = (content.tags.0.clone(), content.authors.0.clone());
    Relations {
        listing: Listing {
            sections,
            tags: ids(&tags),
            authors: ids(&authors),
        },
        section: content.section.as_ref().map(|section| section.0.clone()),
        tags,
        authors,
    }
}
