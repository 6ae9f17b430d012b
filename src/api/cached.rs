//! Delivery's cache, as a middleware: a question that was answered before is answered again without a handler, until
//! something that the answer shows changes; of many who ask the same at once, one asks the database.
//!
//! Handlers know nothing of it: they say on what an answer [`Depends`]. What says nothing is never kept.

mod answer;
mod fill;
mod key;
mod written;

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{AGE, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;

use self::answer::Answer;
use self::fill::fill;
pub use self::written::after_writes;
use self::written::written;
use super::coding::wanted;
use super::limits::counted;
use super::problems::is_preview;
use super::system::html;
use crate::cache::{Cache, Found, Kept};
use crate::domain::purge::NODES_HEAR;
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

/// For how long a shared cache that is told of changes may keep a response, when that is less than usual: left in the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lent {
    /// It is over by itself before long, and nobody is told of that.
    Shortly,
    /// The cache may have been told already of a change that the answer does not know.
    Hardly,
}

/// What is over by itself sooner than that, shared caches must not keep for longer.
const BEFORE_LONG: TimeDelta = TimeDelta::minutes(6);

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

    /// Waits until everything that was committed before this call counts here. Answers whether it does.
    pub async fn catch_up(&self) -> bool {
        self.answers.catch_up().await
    }

    /// From now on nothing that was kept is given.
    pub fn forget(&self) {
        self.answers.forget();
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
        self.lent(response, kept.until())
    }

    /// A response that is over then by itself.
    fn lent(&self, mut response: HttpResponse, until: Option<DateTime<Utc>>) -> HttpResponse {
        if self.answers.ends_within(until, BEFORE_LONG) {
            response.extensions_mut().insert(Lent::Shortly);
        }
        response
    }

    /// An entry that was true so long ago.
    fn give_stale(&self, kept: &Arc<Kept<Answer>>, age: TimeDelta, asked: &HeaderMap) -> HttpResponse {
        let seconds = age.num_seconds();
        let status = format!("masthead; hit; ttl=-{seconds}; detail=database-away");
        let status = HeaderValue::from_str(&status).unwrap_or(HIT);
        let mut response = self.give(kept, asked, status);
        response.headers_mut().insert(AGE, HeaderValue::from(seconds));
        response.extensions_mut().insert(Lent::Hardly);
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
    if request.method() == Method::GET {
        let key = key::of(request.path(), request.query_string()).filter(|_| !is_preview(request.path()));
        return read(request, next, key).await;
    }
    written(request, next).await
}

/// Answers the front page, which is one page whatever is asked beside it. What programs get there costs nothing.
///
/// # Errors
/// Those of what is inside.
pub async fn front_page(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    if html::wanted(request.request()) {
        return read(request, next, Some("/".to_owned())).await;
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Answers from the cache what has a key. What is not there is asked of the database, and counts.
async fn read(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    key: Option<String>,
) -> Result<ServiceResponse, actix_web::Error> {
    let cache = request.app_data::<web::Data<DeliveryCache>>().cloned();
    let Some(cache) = cache else {
        let ask = async |request| Ok(next.call(request).await?.map_into_boxed_body());
        return counted(request, ask).await;
    };
    let heard = cache.answers.heard_at();
    let found = match &key {
        Some(key) => cache.answers.look_up(key).await,
        None => Found::Uncached,
    };
    let mut answered = match found {
        Found::Fresh(kept) => {
            let response = cache.give(&kept, request.headers(), HIT);
            request.into_response(response)
        }
        Found::Stale(kept, age) => {
            let response = cache.give_stale(&kept, age, request.headers());
            request.into_response(response)
        }
        Found::Missing(filling) => {
            counted(request, async |request| {
                fill(&cache, Some(filling), request, next).await
            })
            .await?
        }
        Found::Uncached => counted(request, async |request| fill(&cache, None, request, next).await).await?,
    };
    // What was committed after that it need not know.
    if !cache.answers.is_within(heard, NODES_HEAR) {
        answered.response_mut().extensions_mut().insert(Lent::Hardly);
    }
    Ok(answered)
}
