//! An article file: front matter and Markdown.

use serde::Deserialize;
use uuid::Uuid;

use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::correction::CorrectionKind;

/// An article: the front matter of its file, and the Markdown under it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Given to those that the examples of the API document name.
    #[serde(default)]
    pub id: Option<Uuid>,
    pub slug: String,
    pub title: String,
    pub kicker: Option<String>,
    pub standfirst: String,
    pub dateline: Option<String>,
    pub language: String,
    pub section: String,
    pub tags: Vec<String>,
    pub authors: Vec<String>,
    pub sources: Vec<Source>,
    /// Slugs of other articles.
    pub related: Vec<String>,
    pub seo: Seo,
    pub hero: Option<Hero>,
    /// What it was wrong about, oldest first.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    pub status: ArticleStatus,
    /// Absent for what was never published.
    pub published_hours_ago: Option<f64>,
    pub breaking: bool,
    pub featured: bool,
    pub comments_policy: CommentsPolicy,
    /// The e-mail of a [`User`](super::User).
    pub created_by: String,
    #[serde(skip)]
    pub body: &'static str,
}

/// Where an article stands once the demonstration is loaded.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ArticleStatus {
    Published,
    Draft,
    /// A draft that waits for an editor.
    InReview,
    /// Published once, then withdrawn.
    Unpublished,
}

/// Where a fact in an article comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: String,
    pub url: Option<String>,
    pub note: Option<String>,
}

/// What a published article was wrong about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    pub kind: CorrectionKind,
    pub text: String,
    pub hours_ago: f64,
}

/// What search engines are told; without a title they get the article's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seo {
    pub title: Option<String>,
    pub description: String,
}

/// The picture over an article.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hero {
    pub url: String,
    pub alt: String,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub width: i32,
    pub height: i32,
}
