//! Asking a handler for what is not kept, and keeping what it answers.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;

use super::answer::Answer;
use super::{DeliveryCache, MISS, UNHEARD};
use crate::cache::Filling;
use crate::error::{Code, Error};

/// How often it is asked whether the database is there at all, when there is something older to give.
const PATIENCE: Duration = Duration::from_millis(250);

/// A handler's answer, kept if it may be; or what was there before, when the database is away.
///
/// # Errors
/// Those of what is inside.
pub async fn fill(
    cache: &DeliveryCache,
    filling: Option<Filling<'_, Answer>>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let filling = match filling {
        Some(filling) if filling.has_old() => {
            let headers = request.headers().clone();
            let mut answer = std::pin::pin!(next.call(request));
            loop {
                match tokio::time::timeout(PATIENCE, &mut answer).await {
                    Ok(answered) => return Ok(keep(cache, Some(filling), answered?.map_into_boxed_body())),
                    // What was there before is better than waiting for a database that is not there.
                    Err(_) if cache.answers.is_away() => return Err(unanswered(cache, filling, &headers)),
                    Err(_) => {}
                }
            }
        }
        filling => filling,
    };
    let answered = next.call(request).await?.map_into_boxed_body();
    Ok(keep(cache, filling, answered))
}

/// The answer when the database did not answer in time. (The request went with its handler, so it goes out as an error.)
fn unanswered(cache: &DeliveryCache, filling: Filling<'_, Answer>, asked: &HeaderMap) -> actix_web::Error {
    match filling.give_up() {
        Some((kept, age)) => InternalError::from_response("stale", cache.give_stale(&kept, age, asked)).into(),
        None => Error::new(Code::Overloaded, "The database took too long; please try again.").into(),
    }
}

/// Keeps a handler's answer if it says on what it depends, and gives it.
fn keep(cache: &DeliveryCache, filling: Option<Filling<'_, Answer>>, answered: ServiceResponse) -> ServiceResponse {
    let (asked, response) = answered.into_parts();
    let response = match (Answer::of(response), filling) {
        (Ok((answer, depends)), Some(filling)) => {
            let status = if filling.is_unheard() { UNHEARD } else { MISS };
            let kept = filling.keep(answer, depends.tags.iter().chain(&depends.untold), depends.until);
            cache.give(&kept, asked.headers(), status)
        }
        (Ok((answer, depends)), None) => {
            let response = answer.respond(asked.headers(), None);
            cache.lent(response, depends.until)
        }
        (Err(response), Some(filling)) if is_away(&response) => match filling.give_up() {
            Some((kept, age)) => cache.give_stale(&kept, age, asked.headers()),
            None => *response,
        },
        (Err(response), _) => *response,
    };
    ServiceResponse::new(asked, response)
}

/// Whether the handler could not reach PostgreSQL, or not in time.
fn is_away(response: &HttpResponse) -> bool {
    let extensions = response.extensions();
    let error = extensions.get::<Error>();
    error.is_some_and(|error| matches!(error.code, Code::DatabaseUnavailable | Code::Overloaded))
}
