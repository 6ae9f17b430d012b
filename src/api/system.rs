//! Health, and the document.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::openapi::Document;
use super::response::Reply;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(get_health).service(get_openapi);
}

/// Whether the process is alive.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: String,
}

/// Is the process alive?
///
/// Answers without touching the database: a restart would not mend a database that is away.
#[utoipa::path(tag = "System", operation_id = "get_health", responses((status = 200, description = "It is.", body = Health)))]
#[get("/healthz")]
pub async fn get_health() -> Reply<Health> {
    Reply::ok(Health {
        status: "ok".to_owned(),
    })
}

/// This document.
///
/// OpenAPI 3.1, generated from the code that answers.
#[utoipa::path(
    tag = "System",
    operation_id = "get_openapi",
    responses((status = 200, description = "The document.", body = serde_json::Value, content_type = "application/json"))
)]
#[get("/api/openapi.json")]
pub async fn get_openapi(document: web::Data<Document>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(document.0.clone())
}
