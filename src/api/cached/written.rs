//! Answering whoever changed something that readers see: once nobody here can be served what was before.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web;

use super::{DeliveryCache, UnseenByReaders};

/// Answers the desk's calls.
///
/// # Errors
/// Those of what is inside.
pub async fn after_writes(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    if request.method() == Method::GET {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    written(request, next).await
}

/// Answers a write.
///
/// # Errors
/// Those of what is inside.
pub async fn written(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let cache = request.app_data::<web::Data<DeliveryCache>>().cloned();
    let answered = next.call(request).await?.map_into_boxed_body();
    let response = answered.response();
    // What was refused wrote nothing. After a 500 nobody knows.
    let unseen = response.status().is_client_error() || response.extensions().contains::<UnseenByReaders>();
    if let Some(cache) = cache.filter(|_| !unseen)
        && !cache.catch_up().await
        && response.status().is_success()
    {
        // It is not known here what was changed. Who changed it must not be shown what was before.
        cache.forget();
    }
    Ok(answered)
}
