//! An answer as it is kept: headers, bytes, and the same bytes in other codings.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH,
};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};

use super::Depends;
use crate::api::coding::{Coding, takes};
use crate::cache::Weighed;
use crate::error::Error;

/// Shorter bodies gain nothing by a coding.
const MIN_CODED: usize = 1024;

/// What an entry takes besides its headers and bodies, about.
const HEAD: usize = 1024;

/// How far a coding has come: nobody wanted it, somebody did, or it is being made.
const UNASKED: u8 = 0;
const ASKED: u8 = 1;
const BEGUN: u8 = 2;

/// What delivery answered.
pub enum Answer {
    Shown(Box<Shown>),
    /// That there is nothing, and why. Written down for each request, whose path and id it names.
    Refused(Error),
}

/// Something to show.
pub struct Shown {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Plain, and in each coding.
    etags: Option<Etags>,
    body: Bytes,
    /// How far each coding has come.
    making: [AtomicU8; 2],
    coded: [OnceLock<Bytes>; 2],
}

/// The ETags of one content.
struct Etags {
    plain: HeaderValue,
    coded: [HeaderValue; 2],
}

impl Answer {
    /// The answer in this response, if it says on what it depends.
    ///
    /// # Errors
    /// The response as it was, when it does not.
    pub fn of(mut response: HttpResponse) -> Result<(Self, Depends), Box<HttpResponse>> {
        let refused = response
            .extensions()
            .get::<Error>()
            .filter(|error| !error.depends().is_empty())
            .cloned();
        if let Some(error) = refused {
            let tags = error.depends().to_vec();
            return Ok((
                Self::Refused(error),
                Depends {
                    tags,
                    ..Depends::default()
                },
            ));
        }
        let Some(depends) = response.extensions_mut().remove::<Depends>() else {
            return Err(Box::new(response));
        };
        let (head, body) = response.into_parts();
        match body.try_into_bytes() {
            Ok(body) => {
                let mut headers: Vec<_> = head
                    .headers()
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                headers.retain(|(name, _)| *name != ETAG);
                let shown = Shown {
                    status: head.status(),
                    etags: head.headers().get(ETAG).map(Etags::of),
                    headers,
                    body,
                    making: Default::default(),
                    coded: Default::default(),
                };
                Ok((Self::Shown(Box::new(shown)), depends))
            }
            Err(body) => Err(Box::new(head.set_body(body))),
        }
    }

    /// The answer for a request with these headers, which likes this coding.
    pub fn respond(&self, asked: &HeaderMap, liked: Option<Coding>) -> HttpResponse {
        match self {
            Self::Shown(shown) => shown.respond(asked, liked),
            Self::Refused(error) => HttpResponse::from_error(error.clone()),
        }
    }

    /// Whether this coding is worth making: it was asked for before, and nobody has begun.
    pub fn is_to_make(&self, coding: Coding) -> bool {
        let Self::Shown(shown) = self else { return false };
        let Some(making) = shown.making.get(coding.index()) else {
            return false;
        };
        if shown.body.len() < MIN_CODED || making.load(Ordering::Relaxed) == BEGUN {
            return false;
        }
        making.compare_exchange(UNASKED, ASKED, Ordering::Relaxed, Ordering::Relaxed) == Err(ASKED)
    }

    /// Makes a coding once, if there is room for it.
    pub fn make(&self, coding: Coding) {
        let Self::Shown(shown) = self else { return };
        let making = shown.making.get(coding.index());
        if making.is_none_or(|making| making.swap(BEGUN, Ordering::Relaxed) == BEGUN) {
            return;
        }
        let Some(coded) = coding.encode(&shown.body) else {
            return;
        };
        let others: usize = shown.coded.iter().filter_map(OnceLock::get).map(Bytes::len).sum();
        if let Some(place) = shown.coded.get(coding.index())
            && others + coded.len() <= room(&shown.body)
        {
            place.get_or_init(|| coded);
        }
    }
}

impl Weighed for Answer {
    fn bytes(&self) -> usize {
        match self {
            Self::Shown(shown) => {
                // They may name hundreds of tags, and an address as long as the caller's.
                let headers = shown
                    .headers
                    .iter()
                    .map(|(name, value)| name.as_str().len() + value.len());
                HEAD + headers.sum::<usize>() + shown.body.len() + room(&shown.body)
            }
            Self::Refused(error) => HEAD + error.bytes(),
        }
    }
}

/// What codings may take: counted from the beginning, so that the cache's bound holds. There is room for both of any text.
fn room(body: &Bytes) -> usize {
    if body.len() < MIN_CODED { 0 } else { body.len() }
}

impl Shown {
    fn respond(&self, asked: &HeaderMap, liked: Option<Coding>) -> HttpResponse {
        let coded = liked.and_then(|coding| {
            let bytes = self.coded.get(coding.index())?.get()?;
            Some((coding, bytes))
        });
        let unchanged = self.etags.as_ref().is_some_and(|etags| names(asked, &etags.plain));
        let mut response = HttpResponseBuilder::new(if unchanged {
            StatusCode::NOT_MODIFIED
        } else {
            self.status
        });
        for (name, value) in &self.headers {
            if !(unchanged && *name == CONTENT_TYPE) {
                response.insert_header((name.clone(), value.clone()));
            }
        }
        if let Some(etags) = &self.etags {
            let coded = coded.and_then(|(coding, _)| etags.coded.get(coding.index()));
            response.insert_header((ETAG, coded.unwrap_or(&etags.plain).clone()));
        }
        if unchanged {
            return response.finish();
        }
        match coded {
            Some((coding, bytes)) => {
                response.insert_header((CONTENT_ENCODING, HeaderValue::from_static(coding.name())));
                response.body(bytes.clone())
            }
            None => response.body(self.body.clone()),
        }
    }
}

impl Etags {
    fn of(plain: &HeaderValue) -> Self {
        Self {
            plain: plain.clone(),
            coded: Coding::ALL.map(|coding| coding.suffixed(plain)),
        }
    }
}

/// Whether `If-None-Match` names this ETag in any coding that may be sent: the content is the same. (A shared cache also
/// names what it keeps in others.) The comparison is weak, as the header asks for.
fn names(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let Ok(etag) = etag.to_str() else { return false };
    let plain = etag.trim_matches('"');
    // Both headers may be long: neither is read again for each item of the other.
    let taken = Coding::ALL.map(|coding| (coding, takes(asked, coding)));
    asked
        .get_all(IF_NONE_MATCH)
        .filter_map(|given| given.to_str().ok())
        .any(|given| {
            let same = |tag: &str| {
                let tag = tag.trim().trim_start_matches("W/");
                let tag = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
                tag.map(Coding::of_tag).is_some_and(|(tag, coding)| {
                    tag == plain && coding.is_none_or(|coding| taken.contains(&(coding, true)))
                })
            };
            given.trim() == "*" || given.split(',').any(same)
        })
}
