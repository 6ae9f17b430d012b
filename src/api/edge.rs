//! The outermost middleware: a request gets its id and its deadline, and every answer, whoever made it, leaves here:
//! errors as problem+json, with security headers, counted, and with one line in the log.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use futures_util::FutureExt;
use tracing::{Instrument, Span};

use super::cached::Lent;
use super::connection::Connection;
use super::response::{CACHE_TAG, LATE_CACHE, PUBLIC_CACHE, PURGED_CACHE};
use super::routes::RouteTable;
use super::{cached, problems, spelling, trace};
use crate::app::Shared;
use crate::auth::guard::{ActorId, RequestId};
use crate::clock::new_id;
use crate::error::{Code, Error, Result};
use crate::metrics::Route;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Nothing that we answer (but the pages that say so themselves) may load or run anything.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Wraps everything else.
///
/// # Errors
/// When there is no request left to answer, because its handler was too slow or panicked: the error is the answer.
pub async fn edge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse, actix_web::Error> {
    let misspelt = spelling::settle(&mut request).err();
    let visit = Visit::begin(&request)?;
    let answering = request.conn_data::<Connection>().map(Connection::answering);
    request.extensions_mut().insert(RequestId(visit.id.clone()));
    if visit.method == Method::HEAD {
        // A HEAD is a GET whose body is left out, which the HTTP side does from the method that it read.
        request.head_mut().method = Method::GET;
    }
    if let Some(refusal) = misspelt.or_else(|| coded(&request)) {
        let response = visit.end(HttpResponse::from_error(refusal), None);
        return Ok(request.into_response(response));
    }
    // A clone of the request, to answer on when its handler is gone, would keep the router from writing to it.
    let span = tracing::error_span!("request", request_id = visit.id);
    match answer(&visit, request, next)
        .instrument(span)
        .instrument(visit.trace.clone())
        .await
    {
        Ok(answered) => {
            let (request, response) = answered.map_into_boxed_body().into_parts();
            let actor = request.extensions().get::<ActorId>().copied();
            let mut response = visit.end(response, actor);
            if let Some(answering) = answering {
                response = answering.hand_over(response);
            }
            Ok(ServiceResponse::new(request, response))
        }
        Err(error) => {
            let response = visit.end(error.error_response(), None);
            Err(InternalError::from_response("already answered", response).into())
        }
    }
}

/// A body in a coding is refused before it is read: a few bytes could become a gigabyte.
fn coded(request: &ServiceRequest) -> Option<Error> {
    let mut codings = request.headers().get_all(CONTENT_ENCODING);
    codings
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
        .then(|| Error::new(Code::UnsupportedMediaType, "Send the body without a Content-Encoding."))
}

/// The answer of what is inside, within the deadline, come what may.
async fn answer<B: MessageBody>(
    visit: &Visit,
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<B>, actix_web::Error> {
    let inside = AssertUnwindSafe(async { next.call(request).await }).catch_unwind();
    match tokio::time::timeout(visit.app.config.http.request_timeout, inside).await {
        Ok(Ok(answered)) => answered,
        Ok(Err(panic)) => {
            let words = panic
                .downcast_ref::<&str>()
                .copied()
                .or(panic.downcast_ref::<String>().map(String::as_str));
            tracing::error!(panic = words.unwrap_or("without a word"), "a handler panicked");
            Err(Error::new(Code::InternalError, Code::InternalError.help()).into())
        }
        Err(_) => Err(Error::new(Code::Overloaded, "The request took too long; please try again.").into()),
    }
}

/// One request, from its beginning to its end.
struct Visit {
    app: Shared,
    id: String,
    method: Method,
    path: String,
    route: Arc<Route>,
    started: Instant,
    trace: Span,
}

impl Visit {
    fn begin(request: &ServiceRequest) -> Result<Self> {
        let unequipped = || Error::new(Code::InternalError, "The server was built without its parts.");
        let app = request.app_data::<Shared>().cloned().ok_or_else(unequipped)?;
        let table = request.app_data::<web::Data<RouteTable>>().ok_or_else(unequipped)?;
        let (id, route) = (request_id(request, &app), table.counted_as(request.path()));
        Ok(Self {
            trace: trace::begin(request.method().as_str(), &route.template, &id, request.headers()),
            id,
            method: request.method().clone(),
            path: request.path().to_owned(),
            route,
            started: Instant::now(),
            app,
        })
    }

    fn end(&self, response: HttpResponse, actor: Option<ActorId>) -> HttpResponse {
        let (response, error) = problems::error_of(response);
        let base = self.app.config.http.public_url.as_str();
        let is_read = matches!(self.method, Method::GET | Method::HEAD);
        let mut response = match &error {
            Some(error) => problems::write(response, error, base, (&self.path, is_read), &self.id),
            None => response,
        };
        self.dress(&mut response);
        if self.app.config.purge.is_some() {
            live_longer(&mut response);
        }
        if self.app.closing.load(Ordering::Acquire) {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        self.note(&response, actor, error.as_ref());
        response
    }

    fn dress(&self, response: &mut HttpResponse) {
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            headers.insert(X_REQUEST_ID, id);
        }
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(
            REFERRER_POLICY,
            HeaderValue::from_static("strict-origin-when-cross-origin"),
        );
        if problems::is_delivery(&self.path) {
            // Also for callers that name no origin: a cache gives their answer to a browser's page later.
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        if !headers.contains_key(CONTENT_SECURITY_POLICY) {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        }
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        }
    }

    /// Counts it, and writes one line: no bodies, no tokens, no query.
    fn note(&self, response: &HttpResponse, actor: Option<ActorId>, error: Option<&Error>) {
        let (status, took) = (response.status().as_u16(), self.started.elapsed());
        let cache = cached::outcome(response.headers());
        let code = error.map(|error| error.code.as_str());
        trace::end(&self.trace, status, code);
        self.route.count(self.method.as_str(), status, took);
        if let Some(cache) = cache {
            self.app.metrics.cache.count(cache);
        }
        let (user, key) = match actor {
            Some(ActorId::User(id)) => (Some(id), None),
            Some(ActorId::Key(id)) => (None, Some(id)),
            None => (None, None),
        };
        tracing::info!(
            target: "masthead::request",
            request_id = self.id,
            method = %self.method,
            route = self.route.template,
            status,
            duration_ms = took.as_secs_f64() * 1000.0,
            user = user.map(tracing::field::display),
            key = key.map(tracing::field::display),
            cache,
            code,
            "request"
        );
    }
}

/// Shared caches may keep an answer for longer when they are told what changes it. Of comments they are not, nor of time passing;
/// and what they were told already they must not be given once more.
fn live_longer(response: &mut HttpResponse) {
    let lent = response.extensions().get::<Lent>().copied();
    let headers = response.headers_mut();
    let is_shared = headers.get(CACHE_CONTROL).is_some_and(|given| given == PUBLIC_CACHE);
    let is_told = headers
        .get(CACHE_TAG)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| !tags.starts_with("comments:"));
    let policy = match lent {
        Some(Lent::Hardly) => LATE_CACHE,
        None if is_told => PURGED_CACHE,
        None | Some(Lent::Shortly) => PUBLIC_CACHE,
    };
    if is_shared {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(policy));
    }
}

/// The caller's id when it is harmless, else a new one.
fn request_id(request: &ServiceRequest, app: &Shared) -> String {
    let harmless = |text: &&str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        (1..=64).contains(&text.len()) && text.bytes().all(known)
    };
    let given = request
        .headers()
        .get(X_REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(harmless);
    given.map_or_else(|| new_id(app.clock.now()).to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
