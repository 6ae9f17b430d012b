//! Errors written down: whatever failed, wherever, leaves as RFC 9457 problem+json with the request's path and id.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, VARY};

use super::response::{CACHE_TAG, PUBLIC_CACHE, cache_tag};
use crate::error::{Code, Error};

/// What the framework says of its own accord is passed on when it is this short.
const MAX_WORDS: usize = 200;

/// The error behind an answer: ours, or one made of the status when a part of the framework answered.
pub fn error_of(response: HttpResponse) -> (HttpResponse, Option<Error>) {
    let own = response.extensions().get::<Error>().cloned();
    let status = response.status();
    if own.is_some() || !(status.is_client_error() || status.is_server_error()) {
        return (response, own);
    }
    let (head, body) = response.into_parts();
    let words = body
        .try_into_bytes()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    let error = foreign(
        status,
        words.filter(|words| !words.is_empty() && words.len() <= MAX_WORDS),
    );
    (head.set_body(BoxBody::new(())), Some(error))
}

fn foreign(status: StatusCode, words: Option<String>) -> Error {
    let known = Code::ALL.iter().copied().find(|code| code.status() == status);
    // What the framework finds wrong with a 400 is never a body: those are read here.
    let code = known
        .filter(|_| status != StatusCode::BAD_REQUEST)
        .unwrap_or(if status.is_client_error() {
            Code::InvalidParameter
        } else {
            Code::InternalError
        });
    let words = words.filter(|_| status.is_client_error());
    Error::new(code, words.unwrap_or_else(|| code.help().to_owned()))
}

/// Replaces the body of `response` by `error`, and says who may keep it. `is_read` says whether nothing was to be changed.
pub fn write(
    response: HttpResponse,
    error: &Error,
    base: &str,
    (path, is_read): (&str, bool),
    id: &str,
) -> HttpResponse {
    let problem = error.problem(base, &instance(path), id);
    // A problem is text and numbers: it cannot fail to be written.
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let mut response = response.map_body(|head, _| {
        head.status = error.code.status();
        BoxBody::new(body)
    });
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    let delivery = is_delivery(path);
    // Not to find something is an answer like any other, and a storm of unknown slugs should stop at the CDN.
    let cacheable = delivery
        && is_read
        && !is_preview(path)
        && matches!(error.code.status(), StatusCode::NOT_FOUND | StatusCode::GONE);
    let policy = match (cacheable, delivery) {
        (true, _) => PUBLIC_CACHE,
        (false, true) => "no-store",
        (false, false) => "private, no-store",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(policy));
    if cacheable {
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Some(tags) = HeaderValue::from_str(&cache_tag(error.depends()))
            .ok()
            .filter(|_| !error.depends().is_empty())
        {
            headers.insert(CACHE_TAG, tags);
        }
    }
    response
}

/// How the tokens begin that stand in paths, or could by mistake.
const TOKENS: [&str; 4] = ["mhp_", "mhk_", "mhr_", "mhc_"];

/// The path as a problem names it: a token that opens something is nothing to be copied into a report.
fn instance(path: &str) -> Cow<'_, str> {
    if is_preview(path) {
        return Cow::Borrowed("/api/v1/previews/{token}");
    }
    if !TOKENS.iter().any(|token| path.contains(token)) {
        return Cow::Borrowed(path);
    }
    let names = path
        .split('/')
        .map(|name| match TOKENS.iter().any(|token| name.contains(token)) {
            true => "{token}",
            false => name,
        });
    Cow::Owned(names.collect::<Vec<_>>().join("/"))
}

/// Whether this is the path of a preview, which is nobody's to keep.
pub fn is_preview(path: &str) -> bool {
    path.starts_with("/api/v1/previews/")
}

/// Whether this is a path of the public reading API.
#[must_use]
pub fn is_delivery(path: &str) -> bool {
    path.strip_prefix("/api/v1/").is_some_and(|rest| {
        let room = rest.split('/').next().unwrap_or_default();
        room != "desk" && room != "auth"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_named_without_its_token() {
        for (path, named) in [
            ("/api/v1/previews/mhp_abc", "/api/v1/previews/{token}"),
            ("/api/v1/previews/anything/else", "/api/v1/previews/{token}"),
            ("/API/v1//previews/xmhp_abc;x/", "/API/v1//previews/{token}/"),
            ("/mhk_0123_abc", "/{token}"),
            ("/api/v1/articles/mhp", "/api/v1/articles/mhp"),
        ] {
            assert_eq!(instance(path), named);
        }
    }
}
