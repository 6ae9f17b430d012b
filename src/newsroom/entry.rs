//! What the audit log says of a change to an article.

use serde_json::{Map, Value};

use super::Result;
use crate::db::articles::ArticleRow;
use crate::db::{self, Change, Connection, Fingerprint};
use crate::domain::actor::Act;

/// An entry that is being written. It is begun before the article is touched.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Like `publish_article`.
    pub action: String,
    was: Fingerprint,
    details: Map<String, Value>,
}

impl Entry {
    /// `action` is about to change the article, which still is what it was.
    pub fn begin(action: impl Into<String>, article: &ArticleRow) -> Self {
        Self {
            action: action.into(),
            was: Fingerprint::of(article),
            details: Map::new(),
        }
    }

    /// Adds what a person reading the log wants to know.
    pub fn tell(&mut self, name: &str, value: impl Into<Value>) {
        self.details.insert(name.to_owned(), value.into());
    }

    /// Writes it, with the version that the article has now.
    pub async fn write(mut self, conn: &Connection, act: &Act, article: &ArticleRow) -> Result<()> {
        self.tell("version", article.version);
        let change = Change::from(self.was, article);
        let details = self.details.into();
        Ok(db::audit::record(conn, act, &self.action, "article", article.id, change, details).await?)
    }
}
