//! The desk: what staff may do, under `/api/v1/desk`. Never cached.

pub mod articles;
pub mod audit;
pub mod authors;
pub mod comments;
pub mod inputs;
pub mod sections;
pub mod site;
pub mod tags;
pub mod user_ref;
pub mod users;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .configure(articles::configure)
        .configure(audit::configure)
        .configure(authors::configure)
        .configure(comments::configure)
        .configure(sections::configure)
        .configure(site::configure)
        .configure(tags::configure)
        .configure(users::configure);
}
