//! The facts of the site as an administrator writes them, and their checks.

use chrono_tz::{TZ_VARIANTS, Tz};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::desk::inputs::{ImageInput, LinkInput, links};
use crate::domain::check::{Check, FieldError};
use crate::domain::nearest::near;
use crate::domain::patch::{Patch, given};
use crate::domain::site::{CallToAction, Publisher, SiteCommentsPolicy};
use crate::error::{Error, Result};
use crate::newsroom::SiteChange;

/// The most languages of a site.
const MAX_LANGUAGES: usize = 50;

/// What changes about the site: what is left out stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SitePatch {
    /// `null`: as the server's settings say.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    pub name: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub tagline: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<ImageInput>)]
    pub logo: Patch<ImageInput>,
    /// Language tags (BCP 47); the list replaces the one before.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_items = 1, max_items = 50)]
    pub languages: Option<Vec<String>>,
    /// One of the languages.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length = 35)]
    pub default_language: Option<String>,
    /// A name of the IANA list, such as `Europe/Lisbon`; `null`: as the server's settings say.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub timezone: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<CallToActionInput>)]
    pub call_to_action: Patch<CallToActionInput>,
    #[serde(default)]
    #[schema(value_type = Option<PublisherInput>)]
    pub publisher: Patch<PublisherInput>,
    /// Where else the publication is found: the list replaces the one before.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 20)]
    pub social: Option<Vec<LinkInput>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub comments: Option<SiteCommentsPatch>,
}

/// What a page asks of its reader at the end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallToActionInput {
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
    /// The words on the button.
    #[schema(max_length = 100)]
    pub label: Option<String>,
    /// Where the button leads.
    #[schema(format = "uri", max_length = 2048)]
    pub url: Option<String>,
}

/// Who answers for the publication.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublisherInput {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[schema(format = "uri", max_length = 2048)]
    pub url: Option<String>,
    pub logo: Option<ImageInput>,
}

/// What changes for comments where an article says nothing else.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteCommentsPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub policy: Option<SiteCommentsPolicy>,
    /// Days after publication when comments close; `null`: never.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 3650)]
    pub closes_after_days: Patch<i32>,
}

impl SitePatch {
    pub(super) fn check(self) -> Result<SiteChange> {
        let mut check = Check::new();
        let comments = self.comments.unwrap_or_default();
        let days = "/comments/closes_after_days";
        let change = SiteChange {
            name: self.name.map(|name| check.line("/name", &name, 120)),
            tagline: self.tagline.map(|tagline| check.line("/tagline", &tagline, 300)),
            logo: self.logo.map(|logo| logo.check(&mut check, "/logo")),
            languages: self.languages.map(|list| languages(&mut check, &list)),
            default_language: self
                .default_language
                .map(|tag| check.language("/default_language", &tag)),
            timezone: self.timezone.map(|name| timezone(&mut check, &name)),
            call_to_action: self.call_to_action.map(|call| call.check(&mut check)),
            publisher: self.publisher.map(|publisher| publisher.check(&mut check)),
            social: self.social.map(|list| links(&mut check, "/social", list)),
            comments_policy: comments.policy,
            comments_close_after_days: comments
                .closes_after_days
                .map(|number| check.range(days, number, 1, 3650)),
        };
        check.done().map_err(Error::invalid)?;
        Ok(change)
    }
}

impl CallToActionInput {
    fn check(self, check: &mut Check) -> CallToAction {
        CallToAction {
            text: check.line("/call_to_action/text", &self.text, 500),
            label: check.optional_line("/call_to_action/label", self.label.as_deref(), 100),
            url: self.url.map(|url| check.link("/call_to_action/url", &url)),
        }
    }
}

impl PublisherInput {
    fn check(self, check: &mut Check) -> Publisher {
        Publisher {
            name: check.line("/publisher/name", &self.name, 200),
            url: self.url.map(|url| check.link("/publisher/url", &url)),
            logo: self.logo.map(|logo| logo.check(check, "/publisher/logo")),
        }
    }
}

/// Each language once, in the order given.
fn languages(check: &mut Check, given: &[String]) -> Vec<String> {
    check.at_most("/languages", given, MAX_LANGUAGES);
    if given.is_empty() {
        check.refuse(FieldError::field(
            "/languages",
            "too_few",
            "must name at least one language",
        ));
    }
    let mut languages = Vec::new();
    for (place, tag) in given.iter().take(MAX_LANGUAGES).enumerate() {
        let tag = check.language(&format!("/languages/{place}"), tag);
        if !languages.contains(&tag) {
            languages.push(tag);
        }
    }
    languages
}

fn timezone(check: &mut Check, given: &str) -> String {
    if given.parse::<Tz>().is_err() {
        let message = "must be a name of the IANA time zone list, such as Europe/Lisbon";
        let meant = near(given, TZ_VARIANTS.iter().map(|zone| zone.name()), 5);
        check.refuse(FieldError::field("/timezone", "unknown_timezone", message).allowing(meant));
    }
    given.to_owned()
}
