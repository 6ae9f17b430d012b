//! Write a new edition of the rules for comments.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::comment_rule_sets::RuleSetRow;
use crate::db::{self, Change, Connection, Fingerprint, Json};
use crate::domain::actor::Act;
use crate::domain::comment_rules::CommentRules;
use crate::domain::version::Expected;

/// What the subject of an audit row is called.
const KIND: &str = "comment_rules";

/// Writes the next edition, which holds from now on, on every node. The same rules again change nothing.
///
/// # Errors
/// When another edition was written in the meantime.
pub async fn replace_comment_rules(
    conn: &mut Connection,
    act: &Act,
    expected: Expected,
    rules: CommentRules,
    note: Option<String>,
) -> Result<RuleSetRow> {
    conn.transaction(async |conn| {
        let version = db::comment_rule_sets::newest_version(conn).await?;
        expected.require(version)?;
        let before = db::comment_rule_sets::find(conn, version).await?.map(|(row, _)| row);
        let before = before.ok_or(Refusal::NotFound("rule set"))?;
        if before.rules.0 == rules {
            return Ok(before);
        }
        let row = RuleSetRow {
            version: version + 1,
            rules: Json(rules),
            note,
            created_at: act.now,
            created_by_id: act.user_id(),
        };
        // Whoever writes the same version at the same time loses by its key.
        db::comment_rule_sets::insert(conn, &row).await?;
        let change = Change::from(Fingerprint::of(&before), &row);
        let details = json!({"version": row.version});
        db::audit::record(conn, act, "replace_comment_rules", KIND, Uuid::nil(), change, details).await?;
        Ok(row)
    })
    .await
}
