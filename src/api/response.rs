//! What goes out: a bare resource, a list, or nothing; with the headers that each kind of answer carries.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, LAST_MODIFIED, LINK, LOCATION, VARY,
};
use actix_web::{HttpRequest, HttpResponse, Responder};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{Code, Error};
use crate::newsroom::once::KeptAnswer;

/// What shared caches may do with delivery's answers.
pub const PUBLIC_CACHE: &str = "public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=600";

/// An answer of the desk or of auth: never cached.
pub struct Reply<T> {
    status: StatusCode,
    body: Content<T>,
    headers: Vec<(HeaderName, String)>,
}

enum Content<T> {
    None,
    Value(T),
    /// JSON that was written before.
    Written(Vec<u8>),
}

impl<T: Serialize> Reply<T> {
    fn new(status: StatusCode, body: Content<T>) -> Self {
        Self {
            status,
            body,
            headers: Vec::new(),
        }
    }

    /// 200 with `body`.
    pub fn ok(body: T) -> Self {
        Self::new(StatusCode::OK, Content::Value(body))
    }

    /// 201 with the whole new resource and its address.
    pub fn created(body: T, location: String) -> Self {
        let mut reply = Self::new(StatusCode::CREATED, Content::Value(body));
        reply.headers.push((LOCATION, location));
        reply
    }

    /// 204: done, and nothing to show.
    #[must_use]
    pub fn done() -> Self {
        Self::new(StatusCode::NO_CONTENT, Content::None)
    }

    /// The ETag that `If-Match` takes.
    #[must_use]
    pub fn version(mut self, version: i32) -> Self {
        self.headers.push((ETAG, format!("\"v{version}\"")));
        self
    }

    /// The address of the list's next page, if there is one.
    #[must_use]
    pub fn next(mut self, link: Option<String>) -> Self {
        self.headers
            .extend(link.map(|link| (LINK, format!("<{link}>; rel=\"next\""))));
        self
    }

    /// The answer as it is kept to be given again, without these fields: secrets are shown once.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn keep(&self, secrets: &[&str]) -> serde_json::Result<KeptAnswer> {
        let body = match &self.body {
            Content::None => Vec::new(),
            Content::Value(value) if secrets.is_empty() => serde_json::to_vec(value)?,
            Content::Value(value) => {
                let mut value = serde_json::to_value(value)?;
                for name in secrets {
                    if let Some(field) = value.get_mut(*name) {
                        *field = serde_json::Value::Null;
                    }
                }
                serde_json::to_vec(&value)?
            }
            Content::Written(bytes) => bytes.clone(),
        };
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value));
        Ok(KeptAnswer {
            status: self.status.as_u16().into(),
            headers: serde_json::to_value(headers.collect::<Vec<_>>())?,
            body,
        })
    }

    /// An answer that was kept, given again.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn repeated(kept: KeptAnswer) -> serde_json::Result<Self> {
        use serde::de::Error;
        let headers: Vec<(String, String)> = serde_json::from_value(kept.headers)?;
        let status = u16::try_from(kept.status).map_err(Error::custom)?;
        let body = match kept.body.is_empty() {
            true => Content::None,
            false => Content::Written(kept.body),
        };
        let mut reply = Self::new(StatusCode::from_u16(status).map_err(Error::custom)?, body);
        for (name, value) in headers {
            reply.headers.push((name.parse().map_err(Error::custom)?, value));
        }
        let replayed = HeaderName::from_static("idempotency-replayed");
        reply.headers.push((replayed, "true".to_owned()));
        Ok(reply)
    }
}

/// 204: done, and nothing to show.
pub fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

impl<T: Serialize> Responder for Reply<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((CACHE_CONTROL, "private, no-store"));
        for header in self.headers {
            response.insert_header(header);
        }
        match self.body {
            Content::Value(body) => response.json(body),
            Content::Written(bytes) => response.content_type("application/json").body(bytes),
            Content::None => response.finish(),
        }
    }
}

/// An answer of delivery: always cacheable, with a strong ETag over its bytes.
pub struct Public<T> {
    body: T,
    modified: Option<DateTime<Utc>>,
    tags: Vec<String>,
    link: Option<String>,
}

impl<T: Serialize> Public<T> {
    /// `body`, which changes when one of `tags` does.
    pub fn new(body: T, tags: impl IntoIterator<Item = String>) -> Self {
        Self {
            body,
            modified: None,
            tags: tags.into_iter().collect(),
            link: None,
        }
    }

    /// When what is shown last changed.
    #[must_use]
    pub fn modified(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.modified = at;
        self
    }

    /// The address of the list's next page, if there is one.
    #[must_use]
    pub fn next(mut self, link: Option<String>) -> Self {
        self.link = link;
        self
    }
}

impl<T: Serialize> Responder for Public<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let bytes = match serde_json::to_vec(&self.body) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written as JSON");
                return HttpResponse::from_error(Error::new(Code::InternalError, "This is our fault."));
            }
        };
        let etag = etag(&bytes);
        let mut response = HttpResponse::Ok();
        response
            .insert_header((CACHE_CONTROL, PUBLIC_CACHE))
            .insert_header((ETAG, etag.clone()))
            .insert_header((VARY, "Accept-Encoding"))
            .insert_header((HeaderName::from_static("cache-tag"), cache_tag(&self.tags)));
        if let Some(at) = self.modified {
            response.insert_header((LAST_MODIFIED, at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
        }
        if let Some(link) = self.link {
            response.insert_header((LINK, format!("<{link}>; rel=\"next\"")));
        }
        if request
            .headers()
            .get(IF_NONE_MATCH)
            .is_some_and(|given| names(given, &etag))
        {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        response.content_type("application/json").body(bytes)
    }
}

/// A strong ETag: other bytes have another.
#[must_use]
pub fn etag(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or(&hash)))
}

/// Whether `If-None-Match` names this ETag. The comparison is weak, as the header asks for.
fn names(given: &HeaderValue, etag: &str) -> bool {
    let given = given.to_str().unwrap_or_default();
    given.trim() == "*" || given.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

const MAX_TAGS: usize = 128;
const MAX_TAG_BYTES: usize = 4096;

/// The tags joined by commas; too many articles are all of them.
fn cache_tag(tags: &[String]) -> String {
    let joined = tags.join(",");
    if tags.len() <= MAX_TAGS && joined.len() <= MAX_TAG_BYTES {
        return joined;
    }
    let mut few: Vec<&str> = tags
        .iter()
        .filter(|tag| !tag.starts_with("article:"))
        .map(String::as_str)
        .collect();
    few.truncate(MAX_TAGS - 1);
    few.push("articles");
    few.join(",")
}

/// What an old slug leads to.
pub struct NewPlace<'a> {
    /// Like `articles`.
    pub resource: &'a str,
    pub id: Uuid,
    /// What stood behind the slug, like `/comments`.
    pub below: &'a str,
}

/// 301 to where a thing is found now, keeping the query: by its id, which never leads elsewhere, so that answers of
/// different times in a cache cannot lead in a circle when a slug comes back. The body says the same for programs that
/// follow nothing.
pub fn moved(request: &HttpRequest, to: &NewPlace<'_>, body: &crate::api::delivery::Moved) -> HttpResponse {
    let NewPlace { resource, id, below } = to;
    let mut location = format!("/api/v1/{resource}/{id}{below}");
    if !request.query_string().is_empty() {
        location = format!("{location}?{}", request.query_string());
    }
    let tag = format!("{}:{id}", resource.trim_end_matches('s'));
    HttpResponse::MovedPermanently()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, PUBLIC_CACHE))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header((HeaderName::from_static("cache-tag"), tag))
        .json(body)
}
