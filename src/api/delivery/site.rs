//! Public facts about the site.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::response::Public;
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::config::SiteConfig;
use crate::db;
use crate::db::site::SiteRow;
use crate::domain::content::{Image, Link};
use crate::domain::site::{CallToAction, Publisher, SiteCommentsPolicy};
use crate::error::Result;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(get_site);
}

/// The publication.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Site {
    pub name: String,
    #[schema(required)]
    pub tagline: Option<String>,
    /// Where its front end is.
    #[schema(format = "uri")]
    pub url: String,
    #[schema(required)]
    pub logo: Option<Image>,
    /// The languages that it publishes in (BCP 47).
    pub languages: Vec<String>,
    /// The language of an article that names none.
    pub default_language: String,
    /// The time zone of its dates, a name of the IANA list.
    pub timezone: String,
    /// What a page asks of its reader at the end.
    #[schema(required)]
    pub call_to_action: Option<CallToAction>,
    /// Who answers for it.
    #[schema(required)]
    pub publisher: Option<Publisher>,
    /// Where else it is found.
    pub social: Vec<Link>,
    pub comments: SiteComments,
    /// The path of an article on the front end, with placeholders.
    pub article_path: String,
}

/// What holds for comments where an article says nothing else.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SiteComments {
    pub policy: SiteCommentsPolicy,
    /// Days after publication when comments close; `null` when they stay open.
    #[schema(required, minimum = 1, maximum = 3650)]
    pub closes_after_days: Option<i32>,
}

impl Site {
    /// Shows the row; what it leaves open comes from the settings.
    #[must_use]
    pub fn of(row: SiteRow, config: &SiteConfig) -> Self {
        Self {
            name: row.name.unwrap_or_else(|| config.name.clone()),
            tagline: row.tagline,
            url: config.url.as_str().to_owned(),
            logo: row.logo.map(|logo| logo.0),
            languages: row.languages,
            default_language: row.default_language,
            timezone: row.timezone.unwrap_or_else(|| config.timezone.name().to_owned()),
            call_to_action: row.call_to_action.map(|call| call.0),
            publisher: row.publisher.map(|publisher| publisher.0),
            social: row.social.0,
            comments: SiteComments {
                policy: row.comments_policy,
                closes_after_days: row.comments_close_after_days,
            },
            article_path: config.article_path.clone(),
        }
    }
}

/// Read the site's facts
///
/// Name, languages, publisher and the call to action: what a front end shows on every page.
#[utoipa::path(
    tag = "Site",
    operation_id = "get_site",
    responses((status = 200, description = "The site.", body = Site))
)]
#[get("/site")]
pub async fn get_site(anyone: Anyone, app: Shared) -> Result<Public<Site>> {
    let mut conn = anyone.connect().await?;
    let row = db::site::load(&mut conn).await?;
    let modified = row.updated_at;
    let site = Site::of(row, &app.config.site);
    Ok(Public::new(site, ["site".to_owned()]).modified(Some(modified)))
}
