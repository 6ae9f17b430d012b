//! Delivery: what anyone may read, under `/api/v1`. Always cacheable; reads no credential; knows published content only.

pub mod articles;
pub mod authors;
pub mod cards;
pub mod comments;
pub mod previews;
pub mod sections;
pub mod site;
pub mod tags;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .configure(articles::configure)
        .configure(authors::configure)
        .configure(comments::configure)
        .configure(previews::configure)
        .configure(sections::configure)
        .configure(site::configure)
        .configure(tags::configure);
}

/// Where something that has another slug now is found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Moved {
    /// The slug it has now.
    pub slug: String,
    /// Its path on the front end.
    pub path: String,
    /// Its address on the front end.
    #[schema(format = "uri")]
    pub url: String,
}
