//! What the server counts, shown to Prometheus on an address of its own: nothing of it is for readers.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::{App as ActixApp, HttpResponse, HttpServer, get, web};

use crate::api::cached::DeliveryCache;
use crate::api::routes::RouteTable;
use crate::db::Pool;
use crate::metrics::{Metrics, Text};

/// Everything that is counted.
#[derive(Clone)]
pub struct Exposition {
    pub(super) pool: Pool,
    pub(super) cache: web::Data<DeliveryCache>,
    pub(super) table: web::Data<RouteTable>,
    pub(super) metrics: Arc<Metrics>,
}

impl Exposition {
    /// As it stands now.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = Text::default();
        text.head("masthead_build_info", "gauge", "The version of this server.");
        text.sample("masthead_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
        self.table.write_metrics(&mut text);
        self.metrics.write(&mut text);
        self.cache.write_metrics(&mut text);
        self.pool.write_metrics(&mut text);
        text.finish()
    }
}

#[get("/metrics")]
async fn metrics(exposition: web::Data<Exposition>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, Text::MEDIA_TYPE))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(exposition.text())
}

/// Answers `GET /metrics` on `listener`, until it is stopped.
///
/// # Errors
/// When the listener cannot be used.
pub fn expose(exposition: Exposition, listener: TcpListener) -> std::io::Result<Server> {
    let exposition = web::Data::new(exposition);
    let server = HttpServer::new(move || ActixApp::new().app_data(exposition.clone()).service(metrics));
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}
