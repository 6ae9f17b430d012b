//! Swagger UI, from the binary: no page of ours loads anything from another host.

use std::sync::{Arc, LazyLock};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa_swagger_ui::Config;

use crate::api::coding::{Coding, gunzip, takes};
use crate::error::{Code, Error, Result};

/// Its scripts and calls are ours alone; its style sheets draw their icons from `data:` addresses, and its components
/// set style attributes.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::from("/api/openapi.json")
        .use_base_layout()
        .deep_linking(true)
        .display_request_duration(true)
        .persist_authorization(true)
        .try_it_out_enabled(true)
        .doc_expansion("none")
        .filter(true)
        .validator_url("none");
    Arc::new(config)
});

/// To the address that the page's own links are relative to.
#[get("/docs")]
pub async fn redirect() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

/// A file of Swagger UI; the page itself when none is named.
#[get("/docs/{file:.*}")]
pub async fn swagger_ui(request: HttpRequest, file: web::Path<String>) -> Result<HttpResponse> {
    let found = utoipa_swagger_ui::serve(&file, Arc::clone(&CONFIG)).map_err(|error| unserved(&*error))?;
    let found = found.ok_or_else(|| Error::not_found("file"))?;
    let mut response = HttpResponse::Ok();
    response
        .content_type(found.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((header::VARY, "Accept-Encoding"));
    let bytes = found.bytes.into_owned();
    if !found.gzpipped {
        return Ok(response.body(bytes));
    }
    if takes(request.headers(), Coding::Gzip) {
        return Ok(response.insert_header((header::CONTENT_ENCODING, "gzip")).body(bytes));
    }
    Ok(response.body(gunzip(&bytes).map_err(|error| unserved(&error))?))
}

fn unserved(error: &dyn std::error::Error) -> Error {
    tracing::error!(%error, "Swagger UI cannot be served");
    Error::new(Code::InternalError, Code::InternalError.help())
}
