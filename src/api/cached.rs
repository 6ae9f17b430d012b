//! Delivery's cache, as a middleware: a question that was answered before is answered again without a handler, until
//! something that the answer shows changes; of many who ask the same at once, one asks the database.
//!
//! Handlers know nothing of it: they say on what an answer [`Depends`]. What says nothing is never kept.

mod answer;
mod coding;
mod key;

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{AGE, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;

use self::answer::Answer;
use self::coding::wanted;
use super::limits::Uncached;
use super::problems::is_preview;
use crate::cache::{Cache, Filling, Found, Kept};
use crate::error::{Code, Error};
use crate::metrics::Text;

/// On what an answer depends: left in a response by its handler.
#[derive(Clone, Debug, Default)]
pub struct Depends {
    /// What changes it.
    pub tags: Vec<String>,
    /// What changes it as well, and shared caches are not told of.
    pub untold: Vec<String>,
    /// When it is over by itself.
    pub until: Option<DateTime<Utc>>,
}

/// Left in a response by a handler that wrote nothing that readers can see.
pub struct UnseenByReaders;

/// What delivery answered, and who makes its encodings.
pub struct DeliveryCache {
    answers: Cache<Answer>,
    /// One at a time: readers come first.
    compressing: Arc<Semaphore>,
}

impl DeliveryCache {
    #[must_use]
    pub fn new(answers: Cache<Answer>) -> Self {
        Self {
            answers,
            compressing: Arc::new(Semaphore::new(1)),
        }
    }

    /// Waits until everything that was committed before this call counts here.
    pub async fn catch_up(&self) {
        self.answers.catch_up().await;
    }

    /// Bytes in use.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.answers.weight()
    }

    /// Writes how full it is.
    pub fn write_metrics(&self, text: &mut Text) {
        self.answers.write_metrics(text);
    }

    /// An entry, as this caller wants it.
    fn give(&self, kept: &Arc<Kept<Answer>>, asked: &HeaderMap, status: HeaderValue) -> HttpResponse {
        let liked = wanted(asked);
        if let Some(coding) = liked.filter(|coding| kept.value.is_to_make(*coding))
            && let Ok(permit) = Arc::clone(&self.compressing).try_acquire_owned()
        {
            let kept = Arc::clone(kept);
            // Nobody waits for it: the next who asks may find it done.
            drop(web::block(move || {
                kept.value.make(coding);
                drop(permit);
            }));
        }
        let mut response = kept.value.respond(asked, liked);
        response.headers_mut().insert(CACHE_STATUS, status);
        response
    }

    /// An entry that was true so long ago.
    fn give_stale(&self, kept: &Arc<Kept<Answer>>, age: TimeDelta, asked: &HeaderMap) -> HttpResponse {
        let seconds = age.num_seconds();
        let status = format!("masthead; hit; ttl=-{seconds}; detail=database-away");
        let status = HeaderValue::from_str(&status).unwrap_or(HIT);
        let mut response = self.give(kept, asked, status);
        response.headers_mut().insert(AGE, HeaderValue::from(seconds));
        response
    }
}

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
const HIT: HeaderValue = HeaderValue::from_static("masthead; hit");
const MISS: HeaderValue = HeaderValue::from_static("masthead; fwd=miss");
const UNHEARD: HeaderValue = HeaderValue::from_static("masthead; fwd=stale");

/// Where an answer with these headers came from, in one word.
pub fn outcome(headers: &HeaderMap) -> Option<&'static str> {
    let status = headers.get(CACHE_STATUS)?;
    Some(match () {
        () if *status == HIT => "hit",
        () if *status == MISS => "miss",
        () if *status == UNHEARD => "unheard",
        () => "stale",
    })
}

/// Answers reads from the cache; behind a write everything that it changed is dropped before it is answered.
///
/// # Errors
/// Those of what is inside.
pub async fn cached(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let Some(cache) = request.app_data::<web::Data<DeliveryCache>>().cloned() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if request.method() != Method::GET {
        return written(&cache, request, next).await;
    }
    let key = key::of(request.path(), request.query_string()).filter(|_| !is_preview(request.path()));
    let Some(key) = key else {
        return counted(request, next).await;
    };
    let filling = match cache.answers.look_up(&key).await {
        Found::Fresh(kept) => {
            let response = cache.give(&kept, request.headers(), HIT);
            return Ok(request.into_response(response));
        }
        Found::Stale(kept, age) => {
            let response = cache.give_stale(&kept, age, request.headers());
            return Ok(request.into_response(response));
        }
        Found::Missing(filling) => Some(filling),
        Found::Uncached => None,
    };
    let limited = match Uncached::foresee(&request) {
        Ok(limited) => limited,
        Err(refusal) => return Ok(request.error_response(refusal)),
    };
    let count = |mut answered: ServiceResponse| {
        if let Some(limited) = &limited {
            limited.count(&mut answered);
        }
        answered
    };
    let filling = match filling {
        Some(filling) if filling.has_old() => {
            let headers = request.headers().clone();
            let mut answer = std::pin::pin!(next.call(request));
            loop {
                match tokio::time::timeout(PATIENCE, &mut answer).await {
                    Ok(answered) => return Ok(count(keep(&cache, Some(filling), answered?.map_into_boxed_body()))),
                    // What was there before is better than waiting for a database that is not there.
                    Err(_) if cache.answers.is_away() => return Err(unanswered(&cache, filling, &headers)),
                    Err(_) => {}
                }
            }
        }
        filling => filling,
    };
    let answered = next.call(request).await?.map_into_boxed_body();
    Ok(count(keep(&cache, filling, answered)))
}

/// What is never kept is asked of the database each time.
async fn counted(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let limited = match Uncached::foresee(&request) {
        Ok(limited) => limited,
        Err(refusal) => return Ok(request.error_response(refusal)),
    };
    let mut answered = next.call(request).await?.map_into_boxed_body();
    if let Some(limited) = limited {
        limited.count(&mut answered);
    }
    Ok(answered)
}

/// How often it is asked whether the database is there at all, when there is something older to give.
const PATIENCE: Duration = Duration::from_millis(250);

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
        (Ok((answer, _)), None) => answer.respond(asked.headers(), None),
        (Err(response), Some(filling)) if is_away(&response) => match filling.give_up() {
            Some((kept, age)) => cache.give_stale(&kept, age, asked.headers()),
            None => *response,
        },
        (Err(response), _) => *response,
    };
    ServiceResponse::new(asked, response)
}

/// Answers the desk's calls: whoever changed something that readers see is answered once nobody here can be served what was
/// before.
///
/// # Errors
/// Those of what is inside.
pub async fn after_writes(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    match request.app_data::<web::Data<DeliveryCache>>().cloned() {
        Some(cache) if request.method() != Method::GET => written(&cache, request, next).await,
        _ => Ok(next.call(request).await?.map_into_boxed_body()),
    }
}

async fn written(
    cache: &DeliveryCache,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let answered = next.call(request).await?.map_into_boxed_body();
    let response = answered.response();
    // What was refused wrote nothing. After a 500 nobody knows.
    let unseen = response.status().is_client_error() || response.extensions().contains::<UnseenByReaders>();
    if !unseen {
        cache.catch_up().await;
    }
    Ok(answered)
}

/// Whether the handler could not reach PostgreSQL, or not in time.
fn is_away(response: &HttpResponse) -> bool {
    let extensions = response.extensions();
    let error = extensions.get::<Error>();
    error.is_some_and(|error| matches!(error.code, Code::DatabaseUnavailable | Code::Overloaded))
}
