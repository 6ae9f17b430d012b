//! Writes the demonstration newsroom, as its people would have.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::content::{self, Article, ArticleStatus, CommentStatus, Content};
use super::convert::{change, finish, links, picture};
use super::{DemoError, Loaded, Tools};
use crate::clock::new_id;
use crate::db::users::UserRow;
use crate::db::{self, Connection};
use crate::domain::actor::{Act, Actor};
use crate::domain::comment::CommentAction;
use crate::domain::patch::Patch;
use crate::domain::site::{CallToAction, Publisher};
use crate::domain::version::Expected;
use crate::newsroom::{
    self, AuthorChange, Commenter, NewAccount, NewComment, NewCorrection, NewStaffComment, Publication, RuleBook,
    Ruling, SectionChange, SiteChange, TagChange,
};

/// How long the demo's breaking news stays breaking.
const BREAKING: TimeDelta = TimeDelta::hours(12);

/// How long an article is worked on before it is published.
const WRITING: TimeDelta = TimeDelta::minutes(90);

/// Writes the whole paper, in one transaction, into a database that holds no accounts.
///
/// # Errors
/// When the database holds accounts or fails; nothing is left behind.
pub async fn load(conn: &mut Connection, tools: &Tools<'_>) -> Result<Loaded, DemoError> {
    let content = Content::read()?;
    conn.transaction(async |conn| write(conn, tools, &content).await).await
}

/// Writes what `content` holds into a database that holds no accounts, within a transaction.
pub(super) async fn write(conn: &mut Connection, tools: &Tools<'_>, content: &Content) -> Result<Loaded, DemoError> {
    if db::users::any(conn).await? {
        return Err(DemoError::NotEmpty);
    }
    let mut loader = Loader {
        tools,
        book: RuleBook::default(),
        people: HashMap::new(),
        articles: HashMap::new(),
    };
    loader.write(conn, content).await?;
    Ok(Loaded {
        sections: content.sections.len(),
        tags: content.tags.len(),
        authors: content.authors.len(),
        articles: content.articles.len(),
        comments: content.comments.len(),
        users: content.users.len(),
    })
}

struct Loader<'a> {
    tools: &'a Tools<'a>,
    book: RuleBook,
    /// By e-mail.
    people: HashMap<String, UserRow>,
    /// By slug.
    articles: HashMap<String, Uuid>,
}

impl Loader<'_> {
    async fn write(&mut self, conn: &mut Connection, content: &Content) -> Result<(), DemoError> {
        let founded = self.ago(24.0 * 400.0);
        self.site(conn, &content.site, founded).await?;
        for user in &content.users {
            let new = NewAccount {
                email: user.email.clone(),
                name: user.name.clone(),
                role: user.role,
                password_hash: self.tools.password_hash.clone(),
            };
            let row = newsroom::create_user(conn, &Act::system(founded), new).await?;
            self.people.insert(user.email.clone(), row);
        }
        self.taxonomy(conn, content, founded).await?;
        for article in &content.articles {
            self.draft(conn, article).await?;
        }
        for article in &content.articles {
            self.finish(conn, article).await?;
        }
        self.comments(conn, &content.comments).await?;
        for article in content
            .articles
            .iter()
            .filter(|article| article.status == ArticleStatus::Unpublished)
        {
            let act = self.by(super::EDITOR, self.published(article) + BREAKING);
            newsroom::unpublish_article(conn, &act, self.article(&article.slug), Expected::Any).await?;
        }
        Ok(())
    }

    async fn site(&self, conn: &mut Connection, site: &content::Site, at: DateTime<Utc>) -> Result<(), DemoError> {
        let change = SiteChange {
            name: Patch::Set(site.name.clone()),
            tagline: Patch::Set(site.tagline.clone()),
            logo: Patch::Set(picture(&site.logo, &site.name)),
            languages: Some(site.languages.clone()),
            default_language: Some(site.default_language.clone()),
            call_to_action: Patch::Set(CallToAction {
                text: site.call_to_action.text.clone(),
                label: Some(site.call_to_action.label.clone()),
                url: Some(site.call_to_action.url.clone()),
            }),
            publisher: Patch::Set(Publisher {
                name: site.publisher.name.clone(),
                url: Some(site.publisher.url.clone()),
                logo: Some(picture(&site.publisher.logo, &site.publisher.name)),
            }),
            social: Some(links(&site.social)),
            ..SiteChange::default()
        };
        newsroom::update_site(conn, &Act::system(at), Expected::Any, change).await?;
        Ok(())
    }

    async fn taxonomy(&self, conn: &mut Connection, content: &Content, at: DateTime<Utc>) -> Result<(), DemoError> {
        let act = Act::system(at);
        for section in &content.sections {
            let change = SectionChange {
                slug: Some(section.slug.clone()),
                name: Some(section.name.clone()),
                description: Patch::Set(section.description.clone()),
                parent: section.parent.clone().into(),
                position: Some(section.position),
                ..SectionChange::default()
            };
            newsroom::create_section(conn, &act, change).await?;
        }
        for tag in &content.tags {
            let change = TagChange {
                slug: Some(tag.slug.clone()),
                name: Some(tag.name.clone()),
                kind: Patch::Set(tag.kind),
                description: Patch::Set(tag.description.clone()),
            };
            newsroom::create_tag(conn, &act, change).await?;
        }
        for author in &content.authors {
            let change = AuthorChange {
                slug: Some(author.slug.clone()),
                name: Some(author.name.clone()),
                kind: Patch::Set(author.kind),
                bio: Patch::Set(author.bio.clone()),
                links: Patch::Set(links(&author.links)),
                user: author.user.clone().into(),
                ..AuthorChange::default()
            };
            newsroom::create_author(conn, &act, change).await?;
        }
        Ok(())
    }

    /// Its first revision. What it relates to may not be written yet.
    async fn draft(&mut self, conn: &mut Connection, article: &Article) -> Result<(), DemoError> {
        let act = self.by(&article.created_by, self.published(article) - WRITING);
        let id = article.id.unwrap_or_else(|| new_id(act.now));
        let written = newsroom::create_article(conn, &act, self.tools.rules, id, change(article)).await?;
        self.articles.insert(article.slug.clone(), written.article.id);
        Ok(())
    }

    /// Its second revision, if it relates to others, its placement, its publication, and what it was wrong about.
    async fn finish(&self, conn: &mut Connection, article: &Article) -> Result<(), DemoError> {
        let (id, published) = (self.article(&article.slug), self.published(article));
        let act = self.by(super::EDITOR, published);
        let change = finish(article, self.tools.now + BREAKING);
        newsroom::save_article(conn, &act, self.tools.rules, id, Expected::Any, change).await?;
        if matches!(article.status, ArticleStatus::Published | ArticleStatus::Unpublished) {
            let publication = Publication::default();
            newsroom::publish_article(conn, &act, self.tools.rules, id, Expected::Any, publication).await?;
        }
        for correction in &article.corrections {
            let act = self.by(super::EDITOR, self.ago(correction.hours_ago));
            let new = NewCorrection {
                kind: correction.kind,
                text: correction.text.clone(),
                patch: None,
            };
            newsroom::correct_article(conn, &act, self.tools.rules, id, Expected::Any, new).await?;
        }
        Ok(())
    }

    async fn comments(&self, conn: &mut Connection, comments: &[content::Comment]) -> Result<(), DemoError> {
        let mut written: Vec<Uuid> = Vec::with_capacity(comments.len());
        for comment in comments {
            let at = self.ago(comment.hours_ago);
            let parent_id = comment.reply_to.and_then(|index| written.get(index).copied());
            let article_id = self.article(&comment.article);
            let row = match &comment.staff {
                Some(email) => {
                    let new = NewStaffComment {
                        article_id,
                        parent_id,
                        body: comment.body.clone(),
                    };
                    newsroom::post_staff_comment(conn, &self.by(email, at), new).await?
                }
                None => {
                    let hash = |email: &String| (self.tools.hash_email)(email);
                    let new = NewComment {
                        id: comment.id.unwrap_or_else(|| new_id(at)),
                        article_id,
                        parent_id,
                        author_name: comment.author_name.clone(),
                        commenter: Commenter {
                            emails: comment.author_email.iter().map(hash).collect(),
                            ..Commenter::default()
                        },
                        body: comment.body.clone(),
                        ..NewComment::default()
                    };
                    newsroom::post_comment(conn, &Act::system(at), &self.book, new).await?
                }
            };
            self.decide(conn, comment, row.id, at + TimeDelta::minutes(10)).await?;
            written.push(row.id);
        }
        // Last, because they were answered while they still stood.
        for (comment, id) in comments.iter().zip(written) {
            if comment.status == CommentStatus::Removed {
                let act = self.by(MODERATOR, self.tools.now);
                newsroom::decide_on_comment(conn, &act, id, Expected::Any, &Ruling::plain(CommentAction::Delete))
                    .await?;
            }
        }
        Ok(())
    }

    /// What a moderator made of a reader's comment.
    async fn decide(
        &self,
        conn: &mut Connection,
        comment: &content::Comment,
        id: Uuid,
        at: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let action = match comment.status {
            CommentStatus::Rejected => CommentAction::Reject,
            CommentStatus::Approved | CommentStatus::Removed if comment.staff.is_none() => CommentAction::Approve,
            _ => return Ok(()),
        };
        let act = self.by(MODERATOR, at.min(self.tools.now));
        newsroom::decide_on_comment(conn, &act, id, Expected::Any, &Ruling::plain(action)).await?;
        Ok(())
    }

    fn ago(&self, hours: f64) -> DateTime<Utc> {
        self.tools.now - TimeDelta::seconds((hours * 3600.0).round() as i64)
    }

    /// When an article is, or would be, published. What never was is worked on today.
    fn published(&self, article: &Article) -> DateTime<Utc> {
        self.ago(article.published_hours_ago.unwrap_or(2.0))
    }

    fn article(&self, slug: &str) -> Uuid {
        self.articles.get(slug).copied().unwrap_or_default()
    }

    /// An act of one of the demo's people.
    fn by(&self, email: &str, now: DateTime<Utc>) -> Act {
        let person = self.people.get(email);
        Act {
            actor: person.map(|user| Actor::Account(user.account(Uuid::nil()))),
            now,
            request_id: None,
        }
    }
}

const MODERATOR: &str = "moderator@demo.local";
