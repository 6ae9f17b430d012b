//! What the desk's list of articles can be asked.

use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::db::articles::{ArticleFilter, ArticleSort};
use crate::db::{self, Connection};
use crate::domain::actor::Actor;
use crate::domain::check::FieldError;
use crate::domain::instant::Instant;
use crate::domain::workflow::{ArticleStage, ArticleStatus};
use crate::error::{Code, Error, Result};

/// The longest `q`.
const MAX_Q: usize = 200;

/// What `GET /desk/articles` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeskArticleQuery {
    /// Standing like one of these. Without it all but the trashed ones.
    #[serde(default)]
    #[param(inline)]
    pub status: Vec<ArticleStatus>,
    /// Whose working copy stands like one of these.
    #[serde(default)]
    #[param(inline)]
    pub stage: Vec<ArticleStage>,
    /// In one of these sections or below them: ids or slugs.
    #[serde(default)]
    pub section: Vec<String>,
    /// With one of these in the byline: ids or slugs.
    #[serde(default)]
    pub author: Vec<String>,
    /// Assigned to one of these accounts: ids, or `me`.
    #[serde(default)]
    pub assignee: Vec<String>,
    /// Created by one of these accounts: ids, or `me`.
    #[serde(default)]
    pub created_by: Vec<String>,
    /// Published with another revision than the newest, or not.
    pub has_unpublished_changes: Option<bool>,
    /// What the title contains.
    #[param(min_length = 1, max_length = 200)]
    pub q: Option<String>,
    /// Changed after this instant.
    #[param(value_type = Option<DateTime<Utc>>)]
    pub updated_after: Option<Instant>,
    #[serde(default)]
    #[param(inline)]
    pub sort: ArticleSort,
    /// Entries on a page at most.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether to count all of them, to 10,000.
    #[serde(default)]
    pub with_total: bool,
}

impl DeskArticleQuery {
    /// The sort and the filters in one canonical form, which cursors are bound to.
    #[must_use]
    pub fn scope(&self) -> String {
        let Self {
            status,
            stage,
            section,
            author,
            assignee,
            created_by,
            has_unpublished_changes,
            ..
        } = self;
        let people = (author, assignee, created_by);
        let rest = (has_unpublished_changes, &self.q, self.updated_after, self.sort);
        format!("{:?}", (status, stage, section, people, rest))
    }

    /// What the database is asked for. A section or author that does not exist has no articles.
    ///
    /// # Errors
    /// When a value is not accepted.
    pub async fn filter(&self, conn: &mut Connection, me: &Actor) -> Result<ArticleFilter> {
        let q = self.q.as_deref().map(str::trim);
        if q.is_some_and(|q| !(1..=MAX_Q).contains(&q.chars().count())) {
            return Err(wrong("q", "out_of_range", format!("must have 1 to {MAX_Q} characters")));
        }
        Ok(ArticleFilter {
            status: self.status.clone(),
            stage: self.stage.clone(),
            assignees: accounts("assignee", &self.assignee, me)?,
            created_by: accounts("created_by", &self.created_by, me)?,
            sections: within(sections(conn, &self.section).await?, me.sections()),
            authors: match self.author.as_slice() {
                [] => None,
                given => Some(db::refs::authors_named(conn, given).await?),
            },
            has_unpublished_changes: self.has_unpublished_changes,
            q: q.map(str::to_owned),
            updated_after: self.updated_after.map(|at| at.0),
        })
    }
}

fn wrong(parameter: &str, code: &str, message: String) -> Error {
    Error::parameter(Code::InvalidParameter, FieldError::parameter(parameter, code, message))
}

fn accounts(parameter: &str, given: &[String], me: &Actor) -> Result<Vec<Uuid>> {
    let nobody = || {
        wrong(
            parameter,
            "invalid_value",
            "cannot be `me`: an API key is no account".to_owned(),
        )
    };
    let account = |text: &String| match text.as_str() {
        "me" => me.account().map(|account| account.user_id).ok_or_else(nobody),
        other => {
            Uuid::try_parse(other).map_err(|_| wrong(parameter, "invalid_value", "must be `me` or an id".to_owned()))
        }
    };
    given.iter().map(account).collect()
}

/// What was asked for, as far as whoever asks may see it.
fn within(asked: Option<Vec<Uuid>>, seen: Option<&[Uuid]>) -> Option<Vec<Uuid>> {
    match (asked, seen) {
        (asked, None) => asked,
        (None, Some(seen)) => Some(seen.to_vec()),
        (Some(asked), Some(seen)) => Some(asked.into_iter().filter(|id| seen.contains(id)).collect()),
    }
}

/// The sections given and all below them.
async fn sections(conn: &mut Connection, given: &[String]) -> Result<Option<Vec<Uuid>>> {
    if given.is_empty() {
        return Ok(None);
    }
    let rows = db::sections::all(conn).await?;
    let named = |id: Uuid, slug: &str| given.iter().any(|text| text == slug || Uuid::try_parse(text) == Ok(id));
    let tops = rows
        .iter()
        .map(|row| &row.section)
        .filter(|section| named(section.id, &section.slug));
    let tops: Vec<&str> = tops.map(|section| section.path.as_str()).collect();
    let below = |path: &str| {
        tops.iter().any(|top| {
            path.strip_prefix(top)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    Ok(Some(
        rows.iter()
            .filter(|row| below(&row.section.path))
            .map(|row| row.section.id)
            .collect(),
    ))
}
