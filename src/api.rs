//! HTTP only: a request's parts come in through [`extract`], a guard stands in each handler's signature, `newsroom`
//! changes or `db` reads, and a [`response`] goes out. What is registered here is also what the document says.

pub mod auth;
pub mod cached;
mod coding;
pub mod connection;
pub mod cors;
pub mod delivery;
pub mod desk;
pub mod edge;
pub mod extract;
pub mod farewell;
pub mod limits;
pub mod openapi;
pub mod page;
pub mod prefix;
pub mod problems;
pub mod response;
pub mod routes;
mod spelling;
pub mod system;
mod trace;

use actix_web::middleware::from_fn;
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::config::{HttpConfig, ServerRole};

/// Every route of a server with this role. What it is not there for says so.
pub fn configure(config: &mut ServiceConfig<'_>, settings: &HttpConfig, role: ServerRole) {
    config.configure(|config| system::configure(config, settings));
    if role.serves_staff() {
        config.configure(|config| staff(config, settings));
    } else {
        for part in ["/api/v1/auth", "/api/v1/desk"] {
            config.service(scope(part).default_service(routes::elsewhere(role)));
        }
    }
    if role.serves_readers() {
        config.configure(readers);
    } else {
        config.service(scope("/api/v1").default_service(routes::elsewhere(role)));
    }
}

fn staff(config: &mut ServiceConfig<'_>, settings: &HttpConfig) {
    config
        .service(
            scope("/api/v1/auth")
                .wrap(from_fn(routes::refuse_misfits))
                .wrap(from_fn(limits::limited))
                .wrap(cors::staff(&settings.cors_origins))
                .configure(auth::configure)
                .default_service(routes::unmatched()),
        )
        .service(
            scope("/api/v1/desk")
                .wrap(from_fn(routes::refuse_misfits))
                .wrap(from_fn(cached::after_writes))
                .wrap(from_fn(limits::limited))
                .wrap(cors::staff(&settings.cors_origins))
                // Room by room: what each handler's types look like is gathered for a whole room before it is sorted,
                // and in one room together these would take megabytes of every worker.
                .configure(desk::articles::configure)
                .configure(desk::articles::configure_verbs)
                .configure(desk::articles::corrections::configure)
                .configure(desk::articles::history::configure)
                .configure(desk::api_keys::configure)
                .configure(desk::audit::configure)
                .configure(desk::authors::configure)
                .configure(desk::comments::configure)
                .configure(desk::comment_rules::configure)
                .configure(desk::comment_bans::configure)
                .configure(desk::sections::configure)
                .configure(desk::site::configure)
                .configure(desk::tags::configure)
                .configure(desk::users::configure)
                .default_service(routes::unmatched()),
        );
}

fn readers(config: &mut ServiceConfig<'_>) {
    config.service(
        scope("/api/v1")
            .wrap(from_fn(routes::refuse_misfits))
            .wrap(from_fn(cached::cached))
            .wrap(from_fn(limits::limited))
            .wrap(cors::delivery())
            .configure(delivery::articles::configure)
            .configure(delivery::authors::configure)
            .configure(delivery::comments::configure)
            .configure(delivery::corrections::configure)
            .configure(delivery::previews::configure)
            .configure(delivery::search::configure)
            .configure(delivery::sections::configure)
            .configure(delivery::site::configure)
            .configure(delivery::tags::configure)
            .default_service(routes::unmatched()),
    );
}
