//! Comments to try rules on.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::json::Json;
use super::schema::{comment_decisions, comments};
use super::{Connection, Result};
use crate::domain::comment::{CommentAuthorKind, CommentStatus};
use crate::domain::comment_rules::Facts;

/// A reader's comment, with what was known when it came in.
#[derive(Clone, Debug)]
pub struct Sample {
    pub id: Uuid,
    pub article_id: Uuid,
    pub author_name: String,
    pub body: String,
    pub status: CommentStatus,
    pub facts: Facts,
}

/// The newest comments of readers that are not erased.
///
/// # Errors
/// When the database fails.
pub async fn newest(conn: &mut Connection, most: i64) -> Result<Vec<Sample>> {
    let rows: Vec<(Uuid, Uuid, String, String, CommentStatus)> = comments::table
        .filter(comments::author_kind.eq(CommentAuthorKind::Reader))
        .filter(comments::erased_at.is_null())
        .order((comments::created_at.desc(), comments::id.desc()))
        .limit(most)
        .select((
            comments::id,
            comments::article_id,
            comments::author_name,
            comments::body,
            comments::status,
        ))
        .load(conn)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|(id, ..)| *id).collect();
    let mut known = facts(conn, &ids).await?;
    let sample = |(id, article_id, author_name, body, status)| Sample {
        id,
        article_id,
        author_name,
        body,
        status,
        facts: known.remove(&id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(sample).collect())
}

/// What was known when each of these was last judged.
async fn facts(conn: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let rows: Vec<(Uuid, Option<Json<Facts>>)> = comment_decisions::table
        .filter(comment_decisions::comment_id.eq_any(ids))
        .filter(comment_decisions::facts.is_not_null())
        .order((comment_decisions::comment_id, comment_decisions::version))
        .select((comment_decisions::comment_id, comment_decisions::facts))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, facts)| Some((id, facts?.0)))
        .collect())
}
