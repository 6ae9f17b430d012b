//! The API document: generated from the handlers, completed in one pass, committed, and compared with what is served.

mod complete;
mod headers;
mod problems;

use actix_web::App as ActixApp;
use serde_json::{Value, json};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;

use super::response::etag;
use crate::config::{Config, HttpConfig};
use crate::domain::check::FieldError;
use crate::error::Problem;

/// The document as it is served.
pub struct Document {
    pub text: String,
    /// Changes with the text.
    pub etag: String,
}

impl Document {
    /// Writes the document down once.
    #[must_use]
    pub fn new(document: &OpenApi) -> Self {
        let text = to_json(document);
        let etag = etag(text.as_bytes());
        Self { text, etag }
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Masthead",
        description = "A headless CMS for newsrooms.\n\n**Delivery** (`/api/v1`) is read without a token and always cacheable. \
            The **desk** (`/api/v1/desk`) is where articles are written, published and moderated, with a bearer token. \
            Every error is `application/problem+json` with a `code` from `/problems`.",
        license(name = "All rights reserved", identifier = "LicenseRef-Proprietary"),
    ),
    tags(
        (name = "Articles", description = "What readers read."),
        (name = "Sections", description = "The departments of the paper, a tree."),
        (name = "Tags", description = "Topics, persons, places and organisations that published articles are about."),
        (name = "Authors", description = "The people and agencies in bylines."),
        (name = "Comments", description = "What readers say."),
        (name = "Search", description = "Finding articles by words."),
        (name = "Site", description = "Public facts about the site."),
        (name = "Desk: articles", description = "Working copies. Nothing here reaches readers until it is published."),
        (name = "Desk: workflow", description = "Verbs that change where an article stands."),
        (name = "Desk: history", description = "Revisions: every save, for good."),
        (name = "Desk: sections", description = "The tree of sections."),
        (name = "Desk: tags", description = "Tags, used or not."),
        (name = "Desk: authors", description = "Authors, used or not."),
        (name = "Desk: comments", description = "Moderation."),
        (name = "Auth", description = "Signing in and out."),
        (name = "Admin", description = "Users and the site."),
        (name = "System", description = "Health and documents."),
    ),
    components(schemas(Problem, FieldError)),
)]
struct Base;

/// The document of a server with these settings.
#[must_use]
pub fn document(config: &Config) -> OpenApi {
    let (_, mut document) = ActixApp::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(|service| super::configure(service, &HttpConfig::defaults(config.environment), config.role))
        .split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    complete::complete(&mut document);
    document
}

/// The document as it is committed: the same on every machine.
#[must_use]
pub fn to_json(document: &OpenApi) -> String {
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Reads the document back as plain JSON, for tools.
#[must_use]
pub fn to_value(document: &OpenApi) -> Value {
    serde_json::to_value(document).unwrap_or_else(|_| json!({}))
}
