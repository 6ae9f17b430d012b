//! What is on record about comments: the decision trail, earlier texts, reports.

use std::collections::HashMap;

use uuid::Uuid;

use super::{CommentDecision, CommentEdit, CommentReported};
use crate::api::desk::user_ref::{ApiKeyRef, UserRef};
use crate::db::comment_decisions::{JudgedRow, Names};
use crate::db::{self, Connection};
use crate::error::Result;

/// What is on record about one comment.
#[derive(Default)]
pub struct Records {
    pub decisions: Vec<CommentDecision>,
    pub edits: Vec<CommentEdit>,
    pub reports: Vec<CommentReported>,
}

/// The records of these comments.
pub async fn of(conn: &mut Connection, comments: &[Uuid]) -> Result<HashMap<Uuid, Records>> {
    let mut records: HashMap<Uuid, Records> = HashMap::new();
    for (row, names) in db::comment_decisions::of(conn, comments).await? {
        let record = records.entry(row.comment_id).or_default();
        record.decisions.extend(decisions(row, names));
    }
    for (row, (person, key)) in db::comment_edits::of(conn, comments).await? {
        let edit = CommentEdit {
            body: row.body,
            edited_at: row.edited_at,
            by: UserRef::of(row.user_id, person),
            by_key: ApiKeyRef::of(row.key_id, key),
        };
        records.entry(row.comment_id).or_default().edits.push(edit);
    }
    for row in db::comment_reports::of(conn, comments).await? {
        let report = CommentReported {
            reason: row.reason,
            note: row.note,
            created_at: row.created_at,
            settled_at: row.settled_at,
            counted: row.counted,
        };
        records.entry(row.comment_id).or_default().reports.push(report);
    }
    Ok(records)
}

fn decisions(row: JudgedRow, (person, key): Names) -> impl Iterator<Item = CommentDecision> {
    let by = UserRef::of(row.user_id, person);
    let by_key = ApiKeyRef::of(row.key_id, key);
    row.decisions.0.into_iter().map(move |decision| CommentDecision {
        rule: decision.rule,
        outcome: decision.outcome,
        reason: decision.reason,
        detail: decision.detail,
        rule_set_version: row.rule_set_version,
        at: row.at,
        by: by.clone(),
        by_key: by_key.clone(),
    })
}
