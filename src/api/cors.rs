//! Which pages may call from a browser: delivery any, desk and auth those that the operator named.

use actix_cors::Cors;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, IF_MATCH, IF_NONE_MATCH};

use crate::config::CorsOrigins;

const HOUR: usize = 3600;

/// Any origin may read delivery and post a comment.
pub fn delivery() -> Cors {
    // Every caller gets the same answer, so caches need not keep one per origin.
    common(Cors::default().send_wildcard().allow_any_origin().disable_vary_header())
        .allowed_methods(["GET", "HEAD", "POST", "PATCH", "DELETE"])
}

/// The desk and auth.
pub fn staff(origins: &CorsOrigins) -> Cors {
    let cors = match origins {
        CorsOrigins::Any => Cors::default().allow_any_origin(),
        CorsOrigins::These(origins) => origins
            .iter()
            .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin)),
    };
    common(cors).allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
}

fn common(cors: Cors) -> Cors {
    let own = ["idempotency-key", "comment-token", "x-request-id"].map(HeaderName::from_static);
    cors.allowed_headers([AUTHORIZATION, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH])
        .allowed_headers(own)
        .expose_headers([
            "ETag",
            "Age",
            "Cache-Status",
            "Last-Modified",
            "Link",
            "Location",
            "Cache-Tag",
            "Idempotency-Replayed",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
            "WWW-Authenticate",
        ])
        .max_age(HOUR)
        // A call from an origin that is not listed is answered without CORS headers: the browser keeps it from the page.
        .block_on_origin_mismatch(false)
}
