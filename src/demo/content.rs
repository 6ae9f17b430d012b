//! What the demonstration newsroom prints: "The Marenholm Courier", a paper that does not exist, in a country that
//! does not exist. Everything in it is invented.
//!
//! The texts are the JSON and Markdown files beside this module. They are embedded, parsed by [`Content::read`], and
//! name each other by slug, e-mail or index; the tests hold every such name to something that exists. Times are hours
//! before the moment of loading, so that the paper is always fresh.

mod article;
mod comment;
mod files;
mod site;
mod taxonomy;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;

pub use article::{Article, ArticleStatus, Hero, Seo, Source};
pub use comment::{Comment, CommentStatus};
pub use site::{CallToAction, Link, Publisher, Site, User};
pub use taxonomy::{Author, Section, Tag};

/// The whole demonstration paper.
#[derive(Clone, Debug)]
pub struct Content {
    pub site: Site,
    pub users: Vec<User>,
    /// Parents stand before their children.
    pub sections: Vec<Section>,
    pub tags: Vec<Tag>,
    pub authors: Vec<Author>,
    /// In the order of their file names.
    pub articles: Vec<Article>,
    /// A comment stands before its replies.
    pub comments: Vec<Comment>,
}

/// An embedded file that does not say what its type asks for.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    #[error("the demonstration file {file} does not have the expected form")]
    Json {
        file: &'static str,
        source: serde_json::Error,
    },
    #[error("the demonstration article {file} must begin with a JSON object between two lines of three hyphens")]
    FrontMatter { file: &'static str },
}

impl Content {
    /// Parses the embedded files.
    pub fn read() -> Result<Self, ContentError> {
        Ok(Self {
            site: json("site.json", files::SITE)?,
            users: json("users.json", files::USERS)?,
            sections: json("sections.json", files::SECTIONS)?,
            tags: json("tags.json", files::TAGS)?,
            authors: json("authors.json", files::AUTHORS)?,
            articles: files::ARTICLES
                .iter()
                .map(|(file, text)| parse_article(file, text))
                .collect::<Result<_, _>>()?,
            comments: json("comments.json", files::COMMENTS)?,
        })
    }
}

fn json<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, ContentError> {
    serde_json::from_str(text).map_err(|source| ContentError::Json { file, source })
}

fn parse_article(file: &'static str, text: &'static str) -> Result<Article, ContentError> {
    let (front_matter, body) = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .ok_or(ContentError::FrontMatter { file })?;
    let article: Article = json(file, front_matter)?;
    Ok(Article {
        body: body.trim_start(),
        ..article
    })
}
