//! The small forms of things: a card for an article in a list, a ref for a section, tag or author in it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::config::SiteConfig;
use crate::db::published::cards::CardData;
use crate::db::refs::{AuthorName, SectionName};
use crate::domain::article_path::{Addressed, article_path};
use crate::domain::byline::byline;
use crate::domain::content::Image;
use crate::domain::taxonomy::AuthorKind;

/// A section, as articles refer to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SectionRef {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    /// The slugs from the root section down, joined by slashes.
    pub path: String,
}

impl From<SectionName> for SectionRef {
    fn from(SectionName { id, slug, name, path }: SectionName) -> Self {
        Self { id, slug, name, path }
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
        } = author;
        Self {
            id: *id,
            url: site.url.join(&["/authors/", slug].concat()),
            slug: slug.clone(),
            name: name.clone(),
            kind: *kind,
            avatar: avatar.clone(),
        }
    }
}

/// Declares a struct with the fields of a card, and further ones behind them.
macro_rules! with_card_fields {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct $name {
            pub id: uuid::Uuid,
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
            pub section: Option<$crate::api::delivery::cards::SectionRef>,
            pub tags: Vec<std::sync::Arc<$crate::domain::taxonomy::TagRef>>,
            pub authors: Vec<$crate::api::delivery::cards::AuthorRef>,
            /// The authors' names as one line: "Ana Lima and Jo Ek".
            pub byline: String,
            #[schema(required)]
            pub hero: Option<$crate::domain::content::Image>,
            /// The date line.
            #[serde(serialize_with = "crate::domain::instant::serialize")]
            pub published_at: chrono::DateTime<chrono::Utc>,
            #[serde(serialize_with = "crate::domain::instant::serialize")]
            pub first_published_at: chrono::DateTime<chrono::Utc>,
            /// The last difference that readers could see.
            #[serde(serialize_with = "crate::domain::instant::serialize")]
            pub content_updated_at: chrono::DateTime<chrono::Utc>,
            /// Whether this is breaking news at this moment.
            pub breaking: bool,
            pub featured: bool,
            #[schema(minimum = 0)]
            pub word_count: i32,
            #[schema(minimum = 0)]
            pub reading_time_minutes: i32,
            /// Comments that readers can see.
            #[schema(minimum = 0)]
            pub comment_count: i32,
            /// Whether a comment would be taken now.
            pub comments_open: bool,
            #[schema(minimum = 0)]
            pub correction_count: i32,
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl $name {
            /// A card with these fields behind its own.
            #[must_use]
            pub fn behind(card: $crate::api::delivery::cards::ArticleCard, $($field: $type),*) -> Self {
                Self {
                    id: card.id,
                    slug: card.slug,
                    path: card.path,
                    url: card.url,
                    kicker: card.kicker,
                    title: card.title,
                    standfirst: card.standfirst,
                    language: card.language,
                    dateline: card.dateline,
                    section: card.section,
                    tags: card.tags,
                    authors: card.authors,
                    byline: card.byline,
                    hero: card.hero,
                    published_at: card.published_at,
                    first_published_at: card.first_published_at,
                    content_updated_at: card.content_updated_at,
                    breaking: card.breaking,
                    featured: card.featured,
                    word_count: card.word_count,
                    reading_time_minutes: card.reading_time_minutes,
                    comment_count: card.comment_count,
                    comments_open: card.comments_open,
                    correction_count: card.correction_count,
                    $($field,)*
                }
            }
        }
    };
}

pub(crate) use with_card_fields;

with_card_fields! {
    /// An article in a list: everything but the body.
    pub struct ArticleCard {}
}

impl ArticleCard {
    /// Shows a published article as it is at this instant.
    #[must_use]
    pub fn of(data: CardData, site: &SiteConfig, now: DateTime<Utc>) -> Self {
        let CardData {
            article,
            section,
            counts,
            site: rules,
            relations,
        } = data;
        let whereabouts = Addressed {
            id: article.id,
            slug: &article.slug,
            section: section
                .as_ref()
                .map(|section| (section.slug.as_str(), section.path.as_str())),
            published_at: article.published_at,
        };
        let path = front_end_path(site, rules.timezone.as_deref(), &whereabouts);
        let (policy, days) = (rules.comments_policy, rules.comments_close_after_days);
        Self {
            id: article.id,
            url: site.url.join(&path),
            path,
            section: section.map(SectionRef::from),
            tags: relations.tags,
            byline: byline(relations.authors.iter().map(|author| author.name.as_str())),
            authors: relations
                .authors
                .iter()
                .map(|author| AuthorRef::of(author, site))
                .collect(),
            hero: article.hero.map(|hero| hero.0),
            breaking: article.breaking_until.is_some_and(|until| until > now),
            comments_open: article.comments_policy.is_open(policy, days, article.published_at, now),
            comment_count: counts.comments,
            correction_count: counts.corrections,
            slug: article.slug,
            kicker: article.kicker,
            title: article.title,
            standfirst: article.standfirst,
            language: article.language,
            dateline: article.dateline,
            published_at: article.published_at,
            first_published_at: article.first_published_at,
            content_updated_at: article.content_updated_at,
            featured: article.featured,
            word_count: article.word_count,
            reading_time_minutes: article.reading_time_minutes,
        }
    }

    /// Shows published articles as they are at this instant.
    #[must_use]
    pub fn all(data: Vec<CardData>, site: &SiteConfig, now: DateTime<Utc>) -> Vec<Self> {
        data.into_iter().map(|data| Self::of(data, site, now)).collect()
    }
}

/// What an answer that shows these cards depends on: the articles, and what their sections, tags and authors are called.
#[must_use]
pub fn card_tags(cards: &[ArticleCard]) -> Vec<String> {
    let names = (!cards.is_empty()).then(|| "names".to_owned());
    let articles = cards.iter().map(|card| format!("article:{}", card.id));
    articles.chain(names).collect()
}

/// What counts on these cards depend on.
#[must_use]
pub fn count_tags(cards: &[ArticleCard]) -> Vec<String> {
    cards.iter().map(|card| format!("count:{}", card.id)).collect()
}

/// When the first of these articles will look different by itself: no longer breaking, or closed to comments.
#[must_use]
pub fn next_change<'a>(cards: impl IntoIterator<Item = &'a CardData>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let ends = cards.into_iter().flat_map(|card| {
        let (article, days) = (&card.article, card.site.comments_close_after_days);
        let closes = article.comments_policy.closes_at(days, article.published_at);
        [article.breaking_until, closes]
    });
    ends.flatten().filter(|end| *end > now).min()
}

/// Where an article is found on the front end; its dates are those of the site's time zone.
#[must_use]
pub fn front_end_path(site: &SiteConfig, timezone: Option<&str>, article: &Addressed<'_>) -> String {
    let timezone = timezone.and_then(|name| name.parse().ok()).unwrap_or(site.timezone);
    article_path(&site.article_path, timezone, article)
}
