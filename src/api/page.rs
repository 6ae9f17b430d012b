//! Lists in pages: a keyset position travels as an opaque, signed cursor that belongs to one query.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use utoipa::ToSchema;

use crate::domain::check::FieldError;
use crate::error::{Code, Error, Result};

/// Entries on a page when nobody says otherwise.
pub const DEFAULT_LIMIT: u32 = 20;
/// Entries on a page at most.
pub const MAX_LIMIT: u32 = 100;
/// `with_total` counts this far.
pub const MAX_TOTAL: i64 = 10_000;

/// Where a list goes on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page {
    /// Entries on a page at most.
    pub limit: u32,
    /// Send it as `cursor` to get the next page; `null` on the last one, and only there.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// How many there are, when `with_total=true` was sent.
    #[schema(required)]
    pub total: Option<i64>,
    /// Whether counting stopped before the end: `total` is then the least there are.
    pub total_capped: bool,
}

impl Page {
    /// The whole of a list that has no pages.
    #[must_use]
    pub fn whole(entries: usize) -> Self {
        let limit = u32::try_from(entries).unwrap_or(u32::MAX);
        Self {
            limit,
            next_cursor: None,
            total: None,
            total_capped: false,
        }
    }

    /// Adds a count, and whether there may be more.
    #[must_use]
    pub fn counted(mut self, total: i64, capped: bool) -> Self {
        self.total = Some(total);
        self.total_capped = capped;
        self
    }

    /// Adds the count, which was taken to one beyond [`MAX_TOTAL`].
    #[must_use]
    pub fn with_total(mut self, counted: Option<i64>) -> Self {
        self.total = counted.map(|counted| counted.min(MAX_TOTAL));
        self.total_capped = counted.is_some_and(|counted| counted > MAX_TOTAL);
        self
    }
}

/// What a list's `limit` and `cursor` ask for: `limit` entries after the position `after`.
#[derive(Clone, Debug)]
pub struct Window<K> {
    pub limit: u32,
    pub after: Option<K>,
    scope: String,
}

impl<K: Serialize + DeserializeOwned> Window<K> {
    /// Reads `limit` and `cursor`. `scope` is the rest of the query (sort and filters) in one canonical form: a cursor
    /// of another query is refused.
    ///
    /// # Errors
    /// 400 when the limit is out of range, or the cursor was not given out for this query.
    pub fn read(cursors: &Cursors, scope: String, limit: Option<u32>, cursor: Option<&str>) -> Result<Self> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            let problem = FieldError::parameter("limit", "out_of_range", format!("must be 1 to {MAX_LIMIT}"));
            return Err(Error::parameter(Code::InvalidParameter, problem));
        }
        let after = cursor.map(|cursor| cursors.open(&scope, cursor)).transpose()?;
        Ok(Self { limit, after, scope })
    }

    /// How many rows to ask the database for: one more tells whether there is a next page.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts the surplus row off and says where the list goes on. `key` is a row's position.
    pub fn close<R>(&self, cursors: &Cursors, rows: &mut Vec<R>, key: impl FnOnce(&R) -> K) -> Page {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows
            .last()
            .filter(|_| more)
            .map(|row| cursors.seal(&self.scope, &key(row)));
        Page {
            limit: self.limit,
            next_cursor,
            total: None,
            total_capped: false,
        }
    }
}

impl<K: Serialize> Window<K> {
    /// Says where the list goes on, for a list that knows it.
    #[must_use]
    pub fn close_at(&self, cursors: &Cursors, next: Option<&K>) -> Page {
        Page {
            limit: self.limit,
            next_cursor: next.map(|position| cursors.seal(&self.scope, position)),
            total: None,
            total_capped: false,
        }
    }
}

/// The address of the next page: the same path and query with the new cursor.
#[must_use]
pub fn next_link(request: &actix_web::HttpRequest, page: &Page) -> Option<String> {
    let cursor = page.next_cursor.as_deref()?;
    let kept = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_cursor(pair));
    let pairs: Vec<&str> = kept.collect();
    let joined = pairs.join("&");
    let separator = if joined.is_empty() { "" } else { "&" };
    Some(format!("{}?{joined}{separator}cursor={cursor}", request.path()))
}

/// Whether this part of a query gives a cursor, however its name is written.
fn is_cursor(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    percent_decode_str(name).eq("cursor".bytes())
}

/// That a cursor belongs to another query.
#[must_use]
pub fn foreign_cursor() -> Error {
    let message = "was not given out for this query; start again without it";
    Error::parameter(
        Code::InvalidCursor,
        FieldError::parameter("cursor", "invalid_cursor", message),
    )
}

const TAG_BYTES: usize = 8;

/// Seals positions into cursors and opens them again.
#[derive(Clone)]
pub struct Cursors {
    key: Vec<u8>,
}

impl Cursors {
    /// `key` is secret, so that nobody can make a cursor up.
    #[must_use]
    pub fn new(key: Vec<u8>) -> Self {
        Self { key }
    }

    /// The cursor for a position in the list of `scope`.
    #[must_use]
    pub fn seal<K: Serialize>(&self, scope: &str, position: &K) -> String {
        // A position is numbers and strings: it cannot fail to be written.
        let mut bytes = serde_json::to_vec(position).unwrap_or_default();
        let tag = self.tag(scope, &bytes);
        bytes.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn open<K: DeserializeOwned>(&self, scope: &str, cursor: &str) -> Result<K> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| foreign_cursor())?;
        let (position, tag) = bytes
            .len()
            .checked_sub(TAG_BYTES)
            .and_then(|at| bytes.split_at_checked(at))
            .ok_or_else(foreign_cursor)?;
        if !bool::from(subtle::ConstantTimeEq::ct_eq(tag, self.tag(scope, position).as_slice())) {
            return Err(foreign_cursor());
        }
        serde_json::from_slice(position).map_err(|_| foreign_cursor())
    }

    fn tag(&self, scope: &str, position: &[u8]) -> Vec<u8> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            // HMAC takes keys of any length.
            return Vec::new();
        };
        mac.update(scope.as_bytes());
        mac.update(&[0]);
        mac.update(position);
        mac.finalize().into_bytes().iter().take(TAG_BYTES).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_only_for_its_own_query_and_key() {
        let cursors = Cursors::new(vec![1; 32]);
        let sealed = cursors.seal("sort=a", &(5, "x".to_owned()));
        assert_eq!(
            cursors.open::<(i32, String)>("sort=a", &sealed).expect("opens"),
            (5, "x".to_owned())
        );
        assert!(cursors.open::<(i32, String)>("sort=b", &sealed).is_err());
        assert!(
            Cursors::new(vec![2; 32])
                .open::<(i32, String)>("sort=a", &sealed)
                .is_err()
        );
        for forged in ["", "x", "AAAA", "!!!", "WzUsIngiXQ"] {
            assert!(cursors.open::<(i32, String)>("sort=a", forged).is_err(), "{forged}");
        }
    }
}
