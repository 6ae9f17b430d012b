//! HTTP only: a request's parts come in through [`extract`], a guard stands in each handler's signature, `newsroom`
//! changes or `db` reads, and a [`response`] goes out. What is registered here is also what the document says.

pub mod auth;
pub mod connection;
pub mod cors;
pub mod delivery;
pub mod desk;
pub mod edge;
pub mod extract;
pub mod openapi;
pub mod page;
pub mod prefix;
pub mod problems;
pub mod response;
pub mod routes;
pub mod system;

use actix_web::middleware::from_fn;
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::config::HttpConfig;

/// Every route of the server.
pub fn configure(config: &mut ServiceConfig<'_>, settings: &HttpConfig) {
    config
        .configure(|config| system::configure(config, settings))
        .service(
            scope("/api/v1/auth")
                .wrap(from_fn(routes::refuse_idle_query))
                .wrap(cors::staff(&settings.cors_origins))
                .configure(auth::configure)
                .default_service(routes::unmatched()),
        )
        .service(
            scope("/api/v1/desk")
                .wrap(from_fn(routes::refuse_idle_query))
                .wrap(cors::staff(&settings.cors_origins))
                .configure(desk::configure)
                .default_service(routes::unmatched()),
        )
        .service(
            scope("/api/v1")
                .wrap(from_fn(routes::refuse_idle_query))
                .wrap(cors::delivery())
                .configure(delivery::configure)
                .default_service(routes::unmatched()),
        );
}
