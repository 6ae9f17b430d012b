//! Everything that is kept of a person, put together.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Asking, Failure};
use crate::db::comment_decisions::JudgedRow;
use crate::db::comment_edits::EditRow;
use crate::db::comment_queue::CommentedArticle;
use crate::db::comment_reports::ReportRow;
use crate::db::comments::CommentRow;
use crate::db::personal_data;
use crate::db::users::UserRow;
use crate::db::{self, Connection};
use crate::domain::comment_rules::SaidBy;
use crate::newsroom::Handed;

/// How many comments are read at a time.
const BATCH: i64 = 500;

pub(super) async fn document(conn: &mut Connection, asking: &Asking, now: DateTime<Utc>) -> Result<Value, Failure> {
    let mut comments = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let found = personal_data::comments(conn, asking.person(), after, BATCH).await?;
        let Some(last) = found.last() else { break };
        after = last.id;
        comments.extend(told(conn, &found).await?);
    }
    let account = match &asking.account {
        Some(account) => account_of(conn, account).await?,
        None => Value::Null,
    };
    Ok(json!({
        "email": asking.email,
        "exported_at": now,
        "account": account,
        "comments": comments,
        "reports": personal_data::reports(conn, asking.person()).await?.iter().map(reported).collect::<Vec<_>>(),
        "bans": personal_data::bans(conn, &asking.hashes).await?,
    }))
}

/// How much it is, without a word of it.
pub(super) fn counts(document: &Value) -> Handed {
    let many = |name: &str| document.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    Handed {
        comments: many("comments"),
        reports: many("reports"),
        bans: many("bans"),
        account: document.get("account").is_some_and(Value::is_object),
    }
}

async fn account_of(conn: &mut Connection, account: &UserRow) -> Result<Value, Failure> {
    Ok(json!({
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "role": account.role,
        "created_at": account.created_at,
        "updated_at": account.updated_at,
        "disabled_at": account.disabled_at,
        "sessions": personal_data::sessions(conn, account.id).await?,
        "last_sign_in_by_network": personal_data::places(conn, account.id).await?,
        "api_keys": personal_data::api_keys(conn, account.id).await?,
    }))
}

async fn told(conn: &mut Connection, rows: &[CommentRow]) -> Result<Vec<Value>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut article_ids: Vec<Uuid> = rows.iter().map(|row| row.article_id).collect();
    article_ids.sort_unstable();
    article_ids.dedup();
    let articles = db::comment_queue::articles(conn, &article_ids).await?;
    let mut decisions: HashMap<Uuid, Vec<Value>> = HashMap::new();
    for (row, _) in db::comment_decisions::of(conn, &ids).await? {
        decisions.entry(row.comment_id).or_default().push(judged(row));
    }
    let mut edits: HashMap<Uuid, Vec<Value>> = HashMap::new();
    for (row, _) in db::comment_edits::of(conn, &ids).await? {
        edits.entry(row.comment_id).or_default().push(edited(&row));
    }
    let told = rows.iter().map(|row| {
        json!({
            "id": row.id,
            "article": articles.get(&row.article_id).map(article),
            "parent_id": row.parent_id,
            "author_name": row.author_name,
            "body": row.body,
            "status": row.status,
            "queue": row.queue,
            "created_at": row.created_at,
            "edited_at": row.edited_at,
            "moderated_at": row.moderated_at,
            "appealed_at": row.appealed_at,
            "report_count": row.report_count,
            "address_kept": row.address_hash.is_some(),
            "decisions": decisions.remove(&row.id).unwrap_or_default(),
            "edits": edits.remove(&row.id).unwrap_or_default(),
        })
    });
    Ok(told.collect())
}

fn article(article: &CommentedArticle) -> Value {
    json!({
        "id": article.id,
        "slug": article.addressed().slug,
        "title": article.title.as_ref().unwrap_or(&article.desk_title),
    })
}

/// Who of the newsroom decided is theirs to tell.
fn judged(row: JudgedRow) -> Value {
    let by = row.decisions.0.first().map(|decision| decision.rule.said_by());
    json!({
        "at": row.at,
        "by": by.unwrap_or(SaidBy::Rules),
        "rule_set_version": row.rule_set_version,
        "facts": row.facts.map(|facts| facts.0),
        "decisions": row.decisions.0,
    })
}

fn reported(row: &ReportRow) -> Value {
    json!({
        "at": row.created_at,
        "comment_id": row.comment_id,
        "reason": row.reason,
        "note": row.note,
        "settled_at": row.settled_at,
    })
}

fn edited(row: &EditRow) -> Value {
    json!({
        "at": row.edited_at,
        "by": if row.user_id.or(row.key_id).is_some() { "newsroom" } else { "author" },
        "body_before": row.body,
    })
}
