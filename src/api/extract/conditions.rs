//! `If-Match`: which version the caller means to change.

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Ready, ready};

use super::after_guard;
use crate::domain::version::Expected;
use crate::error::{Code, Error, Result};

/// `If-Match`, honoured when it is sent.
pub struct IfMatch(pub Expected);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(read(request).unwrap_or(Expected::Any))))
    }
}

/// `If-Match`, without which nothing is changed.
pub struct RequiredIfMatch(pub Expected);

impl FromRequest for RequiredIfMatch {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let condition = read(request).map(Self).ok_or_else(|| {
            Error::new(
                Code::PreconditionRequired,
                "Send `If-Match` with the ETag of the version you read, so that nobody's edit is lost (`*` means any).",
            )
        });
        after_guard(request.clone(), condition).boxed_local()
    }
}

/// Our ETags are `"v<version>"`. Of several any may match; a weak or foreign one matches nothing.
fn read(request: &HttpRequest) -> Option<Expected> {
    let header = request.headers().get(IF_MATCH)?;
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Some(Expected::Any);
    }
    let version = |tag: &str| tag.trim().strip_prefix("\"v")?.strip_suffix('"')?.parse().ok();
    Some(Expected::OneOf(text.split(',').filter_map(version).collect()))
}
