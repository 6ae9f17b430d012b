//! Limits on how often callers may ask, as a middleware.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::extract::CallerAddress;
use crate::auth::AuthError;
use crate::auth::rate_limit::{Class, Limits, Share};
use crate::error::{Error, rate_limit_headers};

/// Counts a request by its address before anything else is done for it. (By its credential the guard counts it. Public
/// reads are counted where the cache has no answer.)
///
/// # Errors
/// Those of what is inside.
pub async fn limited(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let limits = request.app_data::<web::Data<Limits>>().cloned();
    let (Some(limits), Some(class)) = (limits, class(request.method(), request.path())) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let address = CallerAddress::of(request.request()).0;
    let share = match limits.ask(class, address) {
        Ok(share) => share,
        Err(exhausted) => return Ok(request.error_response(Error::from(AuthError::RateLimited(exhausted)))),
    };
    let mut answered = next.call(request).await?.map_into_boxed_body();
    // What the guard counted is nearer to its end than what all of an address share.
    let own = answered.request().extensions().get::<Share>().copied();
    // Who was refused inside was told by what.
    let refused = answered.status() == StatusCode::TOO_MANY_REQUESTS;
    if let Some(share) = own.or(share).filter(|_| !refused) {
        tell(answered.headers_mut(), &share);
    }
    Ok(answered)
}

/// What a request is, as far as limits care; nothing for a public read.
fn class(method: &Method, path: &str) -> Option<Class> {
    let reads = *method == Method::GET;
    let room = path.strip_prefix("/api/v1/").unwrap_or(path);
    match (room.split('/').next().unwrap_or_default(), reads) {
        ("auth" | "desk", true) => Some(Class::DeskRead),
        ("desk", false) => Some(Class::DeskWrite),
        ("auth", false) if room == "auth/register" => Some(Class::Register),
        ("auth", false) => Some(Class::Auth),
        (_, false) => Some(Class::ReaderWrite),
        (_, true) => None,
    }
}

/// Answers a public read that the cache has no answer for. Where such are limited it takes its share before anything is asked
/// for it, however many come at once, and gives it back when the caller had the answer already.
///
/// # Errors
/// Those of `answer`.
pub async fn counted<F>(
    request: ServiceRequest,
    answer: impl FnOnce(ServiceRequest) -> F,
) -> Result<ServiceResponse, actix_web::Error>
where
    F: Future<Output = Result<ServiceResponse, actix_web::Error>>,
{
    let Some(limits) = request.app_data::<web::Data<Limits>>().cloned() else {
        return answer(request).await;
    };
    let caller = CallerAddress::of(request.request()).0;
    let share = match limits.ask(Class::Delivery, caller) {
        Ok(share) => share,
        Err(exhausted) => return Ok(request.error_response(Error::from(AuthError::RateLimited(exhausted)))),
    };
    let mut answered = answer(request).await?;
    if answered.status() == StatusCode::NOT_MODIFIED {
        limits.give_back(Class::Delivery, caller);
    } else if let Some(share) = share {
        tell(answered.headers_mut(), &share);
    }
    Ok(answered)
}

fn tell(headers: &mut HeaderMap, share: &Share) {
    for (name, value) in rate_limit_headers(share) {
        headers.insert(name, value);
    }
}
