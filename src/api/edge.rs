//! The outermost middleware: a request gets its id, and every answer, whoever made it, leaves here: errors as
//! problem+json, with security headers, and one line in the log.

use std::time::Instant;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use uuid::Uuid;

use super::response::PUBLIC_CACHE;
use crate::app::Shared;
use crate::auth::guard::{ActorId, RequestId};
use crate::clock::new_id;
use crate::error::{Code, Error};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Nothing that we answer (but the pages that say so themselves) may load or run anything.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// A request that no handler answered: it was cut off, so that nothing of it is left to answer but its id and path.
#[derive(Debug)]
struct Unanswered {
    error: Error,
    base: String,
    path: String,
    id: String,
}

impl Unanswered {
    fn of(error: &actix_web::Error, app: Option<&Shared>, path: String, id: String) -> Self {
        let known = error.as_error::<Error>().cloned();
        let error = known.unwrap_or_else(|| Error::new(Code::InternalError, "This is our fault."));
        tracing::warn!(target: "masthead::request", request_id = id, path, code = error.code.as_str(), "cut off");
        Self {
            error,
            base: base(app).to_owned(),
            path,
            id,
        }
    }
}

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Unanswered {
    fn status_code(&self) -> StatusCode {
        self.error.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self
            .error
            .error_response()
            .set_body(body(&self.error, &self.base, &self.path, &self.id));
        problem_headers(response.headers_mut(), &self.error, &self.path);
        dress(response.headers_mut(), &self.id);
        response.map_into_boxed_body()
    }
}

type Answer = Result<ServiceResponse<EitherBody<BoxBody>>, actix_web::Error>;

/// Wraps everything else.
///
/// # Errors
/// Never: whatever failed inside leaves as an answer.
pub async fn edge(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Answer {
    let started = Instant::now();
    let app = request.app_data::<Shared>().cloned();
    let id = request_id(&request, app.as_ref());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    if method == Method::HEAD {
        // A HEAD is a GET whose body is left out, which the HTTP side does from the method that it read.
        request.head_mut().method = Method::GET;
    }
    let path = request.path().to_owned();
    let deadline = app.as_ref().map(|app| app.config.http.request_timeout);
    let answered = if request
        .headers()
        .get(CONTENT_ENCODING)
        .is_some_and(|coding| coding != "identity")
    {
        let refusal = "Send the body without a Content-Encoding.";
        request.into_response(Error::new(Code::UnsupportedMediaType, refusal).error_response())
    } else {
        match within(deadline, next.call(request)).await {
            Ok(response) => response.map_into_boxed_body(),
            Err(error) => return Err(Unanswered::of(&error, app.as_ref(), path, id).into()),
        }
    };
    let problem = answered.response().extensions().get::<Error>().cloned();
    let mut answered = match &problem {
        Some(error) => write_problem(answered, error, app.as_ref(), &id),
        None => answered,
    };
    dress(answered.headers_mut(), &id);
    log(
        answered.request(),
        &method,
        answered.status(),
        started,
        &id,
        problem.as_ref(),
    );
    Ok(answered.map_into_left_body())
}

async fn within<B>(
    deadline: Option<std::time::Duration>,
    answer: impl Future<Output = Result<B, actix_web::Error>>,
) -> Result<B, actix_web::Error> {
    match deadline {
        None => answer.await,
        Some(deadline) => match tokio::time::timeout(deadline, answer).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::new(Code::Overloaded, "The request took too long; please try again.").into()),
        },
    }
}

/// The caller's id when it is harmless, else a new one.
fn request_id(request: &ServiceRequest, app: Option<&Shared>) -> String {
    let harmless = |text: &&str| {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    let given = request
        .headers()
        .get(X_REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(harmless);
    given.map_or_else(
        || app.map_or_else(Uuid::nil, |app| new_id(app.clock.now())).to_string(),
        str::to_owned,
    )
}

fn write_problem(
    response: ServiceResponse<BoxBody>,
    error: &Error,
    app: Option<&Shared>,
    id: &str,
) -> ServiceResponse<BoxBody> {
    let path = response.request().path().to_owned();
    let body = body(error, base(app), &path, id);
    let mut response = response.map_body(|_, _| BoxBody::new(body));
    problem_headers(response.headers_mut(), error, &path);
    response
}

fn base(app: Option<&Shared>) -> &str {
    app.map_or("", |app| app.config.http.public_url.as_str())
}

fn body(error: &Error, base: &str, path: &str, id: &str) -> String {
    serde_json::to_string(&error.problem(base, path, id)).unwrap_or_default()
}

fn problem_headers(headers: &mut HeaderMap, error: &Error, path: &str) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    // Not to find something is an answer like any other, and a storm of unknown slugs should stop at the CDN.
    let delivery = is_delivery(path);
    let cacheable = delivery && matches!(error.code.status(), StatusCode::NOT_FOUND | StatusCode::GONE);
    let policy = if cacheable {
        PUBLIC_CACHE
    } else if delivery {
        "no-store"
    } else {
        "private, no-store"
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(policy));
    if cacheable {
        headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
}

/// Whether this is the public reading API.
fn is_delivery(path: &str) -> bool {
    path.strip_prefix("/api/v1/")
        .is_some_and(|rest| !rest.starts_with("desk") && !rest.starts_with("auth"))
}

fn dress(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(X_REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    );
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
}

/// One line a request: no bodies, no tokens, no query.
fn log(
    request: &HttpRequest,
    method: &Method,
    status: StatusCode,
    started: Instant,
    id: &str,
    problem: Option<&Error>,
) {
    let route = request.match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
    let user = request.extensions().get::<ActorId>().map(|actor| actor.0.to_string());
    let code = problem.map(|problem| problem.code.as_str());
    tracing::info!(target: "masthead::request", request_id = id, %method, route, status = status.as_u16(), duration_ms, user, code, "request");
}
