//! What delivery answers: always cacheable, with a strong ETag over its bytes, and with what it depends on.

use std::borrow::Cow;
use std::cell::RefCell;

use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderName, LAST_MODIFIED, LINK, LOCATION, VARY};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

use crate::api::cached::Depends;
use crate::api::delivery::{Moved, name_tag};
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::purge::written as written_tag;
use crate::error::{Code, Error};

/// What shared caches may do with delivery's answers.
pub const PUBLIC_CACHE: &str = "public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=600";

/// The same, when they are told what changed.
pub const PURGED_CACHE: &str = "public, max-age=0, s-maxage=60, stale-while-revalidate=300, stale-if-error=600";

/// The same, when they may have been told already of something that the answer does not know: they ask again.
pub const LATE_CACHE: &str = "public, max-age=0, s-maxage=1, stale-while-revalidate=0, stale-if-error=600";

/// An answer of delivery: always cacheable, with a strong ETag over its bytes.
pub struct Public<T> {
    body: T,
    modified: Option<DateTime<Utc>>,
    depends: Depends,
    link: Option<String>,
}

impl<T: Serialize> Public<T> {
    /// `body`, which changes when one of `tags` does.
    pub fn new(body: T, tags: impl IntoIterator<Item = String>) -> Self {
        Self {
            body,
            modified: None,
            depends: Depends {
                tags: tags.into_iter().collect(),
                ..Depends::default()
            },
            link: None,
        }
    }

    /// What changes it as well, and is not told to shared caches: it changes too often, or is nobody's business yet.
    #[must_use]
    pub fn untold(mut self, tags: impl IntoIterator<Item = String>) -> Self {
        self.depends.untold.extend(tags);
        self
    }

    /// When it will say something else by itself.
    #[must_use]
    pub fn until(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.depends.until = at;
        self
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

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let bytes = match written(&self.body) {
            Ok(bytes) => bytes,
            Err(error) => return HttpResponse::from_error(unwritten(&error)),
        };
        let etag = etag(&bytes);
        let mut response = HttpResponse::Ok();
        response
            .insert_header((CACHE_CONTROL, PUBLIC_CACHE))
            .insert_header((ETAG, etag))
            .insert_header((VARY, "Accept-Encoding"))
            .insert_header((CACHE_TAG, cache_tag(&self.depends.tags)));
        if let Some(at) = self.modified {
            response.insert_header((LAST_MODIFIED, at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
        }
        if let Some(link) = self.link {
            response.insert_header((LINK, format!("<{link}>; rel=\"next\"")));
        }
        let mut response = response.content_type("application/json").body(bytes);
        response.extensions_mut().insert(self.depends);
        response
    }
}

/// The body as JSON, in exactly the room it needs. It is written into a buffer that stays, and so need not grow each time.
fn written(body: &impl Serialize) -> serde_json::Result<Bytes> {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        serde_json::to_writer(&mut *buffer, body)?;
        let bytes = Bytes::copy_from_slice(buffer);
        buffer.shrink_to(KEPT_BUFFER);
        Ok(bytes)
    })
}

/// Few answers of delivery are longer.
const KEPT_BUFFER: usize = 128 * 1024;

/// What is answered in place of what cannot be written as JSON.
pub fn unwritten(error: &serde_json::Error) -> Error {
    tracing::error!(%error, "an answer cannot be written as JSON");
    Error::new(Code::InternalError, Code::InternalError.help())
}

/// A strong ETag: other bytes have another.
#[must_use]
pub fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(xxh3_128(bytes).to_be_bytes()))
}

const MAX_TAGS: usize = 128;
const MAX_TAG_BYTES: usize = 4096;

/// What tells shared caches on what an answer depends.
pub const CACHE_TAG: HeaderName = HeaderName::from_static("cache-tag");

/// The tags joined by commas. Of too many the articles go first, and then whatever there is no room for: `articles`, and what
/// stands there for all of a kind, are told of each of them too.
#[must_use]
pub fn cache_tag(tags: &[String]) -> String {
    let tags: Vec<Cow<'_, str>> = tags.iter().map(|tag| written_tag(tag)).collect();
    let joined = tags.join(",");
    if tags.len() <= MAX_TAGS && joined.len() <= MAX_TAG_BYTES {
        return joined;
    }
    let is_one = |tag: &&str| tag.contains(':');
    let tags = tags.iter().map(AsRef::as_ref);
    let all = tags.clone().filter(|tag| !is_one(tag) && *tag != "articles");
    let each = tags.filter(|tag| is_one(tag) && !tag.starts_with("article:"));
    let mut told = "articles".to_owned();
    for tag in all.chain(each).take(MAX_TAGS - 1) {
        if told.len() + 1 + tag.len() > MAX_TAG_BYTES {
            break;
        }
        told.push(',');
        told.push_str(tag);
    }
    told
}

/// What an old slug leads to.
pub struct NewPlace<'a> {
    /// Like `articles`.
    pub resource: &'a str,
    pub id: Uuid,
    /// What stood behind the slug, like `/comments`.
    pub below: &'a str,
    /// What it was asked for by.
    pub named: &'a IdOrSlug,
}

/// 301 to where a thing is found now, keeping the query: by its id, which never leads elsewhere, so that answers of
/// different times in a cache cannot lead in a circle when a slug comes back. The body says the same for programs that
/// follow nothing.
pub fn moved(request: &HttpRequest, to: &NewPlace<'_>, body: &Moved) -> HttpResponse {
    let NewPlace {
        resource,
        id,
        below,
        named,
    } = to;
    let mut location = format!("/api/v1/{resource}/{id}{below}");
    if !request.query_string().is_empty() {
        location = format!("{location}?{}", request.query_string());
    }
    let what = resource.trim_end_matches('s');
    let tags = vec![format!("{what}:{id}"), name_tag(what, named), "names".to_owned()];
    let mut response = HttpResponse::MovedPermanently()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, PUBLIC_CACHE))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header((CACHE_TAG, cache_tag(&tags)))
        .json(body);
    response.extensions_mut().insert(Depends {
        tags,
        ..Depends::default()
    });
    response
}
