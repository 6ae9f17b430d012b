//! The small forms of things: a card for an article in a list, a ref for a section, tag or author in it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::config::SiteConfig;
use crate::db::refs::{AuthorName, SectionName, TagName};
use crate::domain::content::Image;
use crate::domain::taxonomy::{AuthorKind, TagKind};

/// A section, as articles refer to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SectionRef {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    /// The slugs from the root section down, joined by slashes.
    pub path: String,
}

impl From<&SectionName> for SectionRef {
    fn from(section: &SectionName) -> Self {
        let SectionName { id, slug, name, path } = section.clone();
        Self { id, slug, name, path }
    }
}

/// A tag, as articles refer to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TagRef {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: TagKind,
}

impl From<&TagName> for TagRef {
    fn from(tag: &TagName) -> Self {
        let TagName {
            id, slug, name, kind, ..
        } = tag.clone();
        Self { id, slug, name, kind }
    }
}

/// An author, as bylines show them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorRef {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: AuthorKind,
    #[schema(required)]
    pub avatar: Option<Image>,
    /// The author's page on the front end.
    #[schema(format = "uri")]
    pub url: String,
}

impl AuthorRef {
    /// Shows an author of the site.
    #[must_use]
    pub fn of(author: &AuthorName, site: &SiteConfig) -> Self {
        let AuthorName {
            id,
            slug,
            name,
            kind,
            avatar,
        } = author.clone();
        let url = site.url.join(&format!("/authors/{slug}"));
        Self {
            id,
            slug,
            name,
            kind,
            avatar,
            url,
        }
    }
}

/// An article in a list: everything but the body.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArticleCard {
    pub id: Uuid,
    pub slug: String,
    /// The path on the front end.
    pub path: String,
    /// The address on the front end.
    #[schema(format = "uri")]
    pub url: String,
    /// The short text over the headline.
    #[schema(required)]
    pub kicker: Option<String>,
    pub title: String,
    /// The summary under the headline.
    #[schema(required)]
    pub standfirst: Option<String>,
    /// A BCP 47 tag.
    pub language: String,
    /// Where the story was reported from.
    #[schema(required)]
    pub dateline: Option<String>,
    #[schema(required)]
    pub section: Option<SectionRef>,
    pub tags: Vec<TagRef>,
    pub authors: Vec<AuthorRef>,
    /// The authors' names as one line: "Ana Lima and Jo Ek".
    pub byline: String,
    #[schema(required)]
    pub hero: Option<Image>,
    /// The date line.
    pub published_at: DateTime<Utc>,
    pub first_published_at: DateTime<Utc>,
    /// The last difference that readers could see.
    pub content_updated_at: DateTime<Utc>,
    /// Whether this is breaking news at this moment.
    pub breaking: bool,
    pub featured: bool,
    pub word_count: i32,
    pub reading_time_minutes: i32,
    /// Comments that readers can see.
    pub comment_count: i32,
    /// Whether a comment would be taken now.
    pub comments_open: bool,
    pub correction_count: i32,
}
