//! What is not the API itself: the way in, the documents, health, and a page for every error code.

pub mod docs;
pub mod health;
pub mod home;
pub mod html;
pub mod problem_pages;

use actix_web::{HttpRequest, HttpResponse, get, http::header, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::openapi::Document;
use crate::config::HttpConfig;

/// What answers GET and is not in the document, because no program has a use for it.
#[must_use]
pub fn beside_the_document(settings: &HttpConfig) -> &'static [&'static str] {
    if settings.docs {
        &["/favicon.ico", "/docs", "/docs/", "/docs/{file}"]
    } else {
        &["/favicon.ico"]
    }
}

pub fn configure(config: &mut ServiceConfig<'_>, settings: &HttpConfig) {
    config
        .service(home::get_index)
        .service(get_openapi)
        .service(health::get_health)
        .service(health::get_readiness)
        .service(problem_pages::list_problem_types)
        .service(problem_pages::get_problem_type)
        .map(|config| config.service(home::favicon));
    if settings.docs {
        config.map(|config| config.service(docs::redirect).service(docs::swagger_ui));
    }
}

/// Read this document
///
/// OpenAPI 3.1, generated from the code that answers.
#[utoipa::path(
    tag = "System",
    operation_id = "get_openapi",
    responses((status = 200, description = "The document.", body = serde_json::Value, content_type = "application/json"))
)]
#[get("/api/openapi.json")]
pub async fn get_openapi(request: HttpRequest, document: web::Data<Document>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "public, no-cache"));
    response.insert_header((header::ETAG, document.etag.clone()));
    let known = request.headers().get(header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == document.etag.as_bytes()) {
        return response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish();
    }
    response.content_type("application/json").body(document.text.clone())
}
