//! The rules that hold, read once an edition.

use std::sync::{Arc, PoisonError, RwLock};

use super::Result;
use crate::db::{self, Connection};
use crate::domain::comment_rules::RuleSet;

/// The newest edition that this process has seen, ready to judge.
#[derive(Clone, Default)]
pub struct RuleBook(Arc<RwLock<Option<Arc<RuleSet>>>>);

impl RuleBook {
    /// The edition that holds now, wherever it was written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn current(&self, conn: &Connection) -> Result<Arc<RuleSet>> {
        let version = db::comment_rule_sets::newest_version(conn).await?;
        self.edition(conn, version).await
    }

    /// The edition that held when this process last looked.
    pub(super) fn last_seen(&self) -> Option<Arc<RuleSet>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest edition, which is called this.
    pub(super) async fn edition(&self, conn: &Connection, version: i32) -> Result<Arc<RuleSet>> {
        if let Some(seen) = self.last_seen().filter(|seen| seen.version == version) {
            return Ok(seen);
        }
        let found = db::comment_rule_sets::find(conn, version).await?;
        let (row, _) = found.ok_or(diesel::result::Error::NotFound)?;
        let set = Arc::new(RuleSet::new(row.version, row.rules.0));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&set));
        Ok(set)
    }
}
