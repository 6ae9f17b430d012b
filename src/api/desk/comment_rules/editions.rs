//! Every edition of the rules: who wrote it, when and why.

use actix_web::{HttpRequest, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::desk::user_ref::UserRef;
use crate::api::extract::Query;
use crate::api::page::{Cursors, Page, Window, next_link};
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db;
use crate::db::comment_rule_sets::EditionRow;
use crate::error::Result;

/// An edition of the rules, without them.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentRuleEdition {
    /// What `GET /desk/comment-rules?version=` takes.
    #[schema(minimum = 1)]
    pub version: i32,
    /// Why it was written.
    #[schema(required)]
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    /// `null` for the edition that Masthead begins with, for one by an API key, or when the account is gone.
    #[schema(required)]
    pub created_by: Option<UserRef>,
}

impl CommentRuleEdition {
    fn new((row, by): (EditionRow, Option<String>)) -> Self {
        Self {
            version: row.version,
            note: row.note,
            created_at: row.created_at,
            created_by: UserRef::of(row.created_by_id, by),
        }
    }
}

/// Editions of the rules, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentRuleEditionList {
    pub data: Vec<CommentRuleEdition>,
    pub page: Page,
}

/// What `GET /desk/comment-rules/editions` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommentRuleEditionQuery {
    /// Editions on a page; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// List editions of the rules
///
/// Newest first: the first one holds. `GET /desk/comment-rules?version=` shows the rules of each.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "list_comment_rule_editions",
    params(CommentRuleEditionQuery),
    responses((status = 200, description = "A page of editions.", body = CommentRuleEditionList))
)]
#[get("/comment-rules/editions")]
pub async fn list_comment_rule_editions(
    request: HttpRequest,
    guard: Guard<ModerateComments>,
    cursors: web::Data<Cursors>,
    query: Query<CommentRuleEditionQuery>,
) -> Result<Reply<CommentRuleEditionList>> {
    let scope = "desk/comment-rules/editions".to_owned();
    let window = Window::read(&cursors, scope, query.0.limit, query.0.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let mut rows = db::comment_rule_sets::list(&mut conn, window.after, window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |(row, _)| row.version);
    let next = next_link(&request, &page);
    let data = rows.into_iter().map(CommentRuleEdition::new).collect();
    Ok(Reply::ok(CommentRuleEditionList { data, page }).next(next))
}
