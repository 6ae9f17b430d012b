//! Change the facts of the site.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::Result;
use crate::db::site::SiteRow;
use crate::db::{self, Change, Connection, Fingerprint, Json};
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::content::{Image, Link};
use crate::domain::patch::Patch;
use crate::domain::site::{CallToAction, Publisher, SiteCommentsPolicy};
use crate::domain::version::Expected;

/// What an administrator says about the site, each value checked already. What is absent stays.
#[derive(Clone, Debug, Default)]
pub struct SiteChange {
    pub name: Patch<String>,
    pub tagline: Patch<String>,
    pub logo: Patch<Image>,
    pub languages: Option<Vec<String>>,
    pub default_language: Option<String>,
    pub timezone: Patch<String>,
    pub call_to_action: Patch<CallToAction>,
    pub publisher: Patch<Publisher>,
    pub social: Option<Vec<Link>>,
    pub comments_policy: Option<SiteCommentsPolicy>,
    pub comments_close_after_days: Patch<i32>,
}

/// Changes what `change` names. A name or time zone that is cleared comes from the settings again.
///
/// # Errors
/// When the site changed, or its default language is none of its languages.
pub async fn update_site(conn: &mut Connection, act: &Act, expected: Expected, change: SiteChange) -> Result<SiteRow> {
    conn.transaction(async |conn| {
        let row = db::site::lock(conn).await?;
        expected.require(row.version)?;
        let before = Fingerprint::of(&row);
        let row = SiteRow {
            name: change.name.apply(row.name),
            tagline: change.tagline.apply(row.tagline),
            logo: change.logo.map(Json).apply(row.logo),
            languages: change.languages.unwrap_or(row.languages),
            default_language: change.default_language.unwrap_or(row.default_language),
            timezone: change.timezone.apply(row.timezone),
            call_to_action: change.call_to_action.map(Json).apply(row.call_to_action),
            publisher: change.publisher.map(Json).apply(row.publisher),
            social: change.social.map_or(row.social, Json),
            comments_policy: change.comments_policy.unwrap_or(row.comments_policy),
            comments_close_after_days: change.comments_close_after_days.apply(row.comments_close_after_days),
            version: row.version + 1,
            updated_at: act.now,
        };
        if !row.languages.contains(&row.default_language) {
            let message = format!("`{}` must be one of the site's languages", row.default_language);
            let problem = FieldError::field("/default_language", "unknown_value", message);
            return Err(vec![problem.allowing(&row.languages)].into());
        }
        db::site::update(conn, &row).await?;
        // There is one site: it needs no id of its own.
        let (only, details) = (Uuid::nil(), json!({"version": row.version}));
        db::audit::record(
            conn,
            act,
            "update_site",
            "site",
            only,
            Change::from(before, &row),
            details,
        )
        .await?;
        Ok(row)
    })
    .await
}
