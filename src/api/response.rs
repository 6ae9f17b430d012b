//! What goes out: a bare resource, a list, or nothing; with the headers that each kind of answer carries.

mod public;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderName, LINK, LOCATION};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use uuid::Uuid;

pub use public::{
    CACHE_TAG, LATE_CACHE, NewPlace, PUBLIC_CACHE, PURGED_CACHE, Public, cache_tag, etag, moved, unwritten,
};

use super::cached::UnseenByReaders;
use crate::newsroom::once::KeptAnswer;

/// An answer of the desk or of auth: never cached.
pub struct Reply<T> {
    status: StatusCode,
    body: Content<T>,
    headers: Vec<(HeaderName, String)>,
    unseen: bool,
    comments: Vec<Uuid>,
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
            unseen: false,
            comments: Vec::new(),
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

    /// Says that nothing was written that readers can see, if `unseen`: nobody's answer is dropped for it.
    #[must_use]
    pub fn unseen(mut self, unseen: bool) -> Self {
        self.unseen = unseen;
        self
    }

    /// The comments that it tells of: once one is erased, it is not given again.
    #[must_use]
    pub fn about(mut self, comments: impl IntoIterator<Item = Uuid>) -> Self {
        self.comments = comments.into_iter().collect();
        self
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
            comments: self.comments.clone(),
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
        let mut response = match self.body {
            Content::Value(body) => response.json(body),
            Content::Written(bytes) => response.content_type("application/json").body(bytes),
            Content::None => response.finish(),
        };
        if self.unseen {
            response.extensions_mut().insert(UnseenByReaders);
        }
        response
    }
}
