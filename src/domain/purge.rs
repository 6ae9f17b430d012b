//! How a shared cache in front of us (a CDN, Varnish) is told that something changed: by the tags that our `Cache-Tag` named.

use std::borrow::Cow;
use std::time::Duration;

use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::hex::hex;
use super::text_enum;

text_enum! {
    /// Whose way of being told.
    pub enum PurgeKind {
        Fastly = "fastly",
        Cloudflare = "cloudflare",
        /// Varnish with the module xkey, set up as our page for operators shows.
        Varnish = "varnish",
    }
}

/// How long after a change shared caches are told of it. By then every node has heard of it, or says of its answers that they
/// may be older.
pub const NODES_HEAR: Duration = Duration::from_millis(300);

/// How the tags begin that change too often to be told: they grow old by themselves.
pub const UNTOLD: [&str; 2] = ["count:", "comments:"];

/// The tag of what shows this article once it is published, as a related one: told in public, it says neither which article
/// that is nor that there is one.
#[must_use]
pub fn beside_tag(article: Uuid) -> String {
    let digest = Sha256::digest(article.as_bytes());
    format!("beside:{}", hex(digest.get(..8).unwrap_or(&digest)))
}

/// A tag as it is told and stands in a header: letters that are not ASCII are percent-encoded.
#[must_use]
pub fn written(tag: &str) -> Cow<'_, str> {
    utf8_percent_encode(tag, CONTROLS).into()
}

/// What shared caches must forget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purge {
    pub changed: Vec<String>,
    /// Something is gone: what showed it must not be shown once more. Else it may be, while it is fetched anew.
    pub hard: bool,
    pub everything: bool,
}

/// One request to a shared cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgeRequest {
    /// What is added to the endpoint's address.
    pub path: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// The bytes of one request's tags: what Varnish takes in a header, unless it is told otherwise, with room for its name.
const MOST_BYTES: usize = 7_000;
/// The tags of one request at most: what each of them accepts.
const FASTLY_TAGS: usize = 256;
const CLOUDFLARE_TAGS: usize = 30;
const VARNISH_TAGS: usize = 64;

impl Purge {
    /// Sorts what changed and is told.
    #[must_use]
    pub fn of(tags: &[String]) -> Self {
        let everything = tags.iter().any(|tag| tag == "*");
        let is_told = |tag: &&String| !UNTOLD.iter().any(|kind| tag.starts_with(kind));
        let mut changed: Vec<String> = tags
            .iter()
            .filter(is_told)
            .map(|tag| written(tag).into_owned())
            .collect();
        let articles = tags.iter().filter_map(|tag| tag.strip_prefix("article:")?.parse().ok());
        changed.extend(articles.map(beside_tag));
        changed.sort_unstable();
        changed.dedup();
        Self {
            changed: if everything { Vec::new() } else { changed },
            hard: false,
            everything,
        }
    }

    /// Says which are gone, not only changed. Lists that showed them carry other tags of the same change.
    pub fn are_gone(&mut self, is_gone: impl Fn(&str) -> bool) {
        self.hard = self.changed.iter().any(|tag| is_gone(tag));
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.everything && self.changed.is_empty()
    }

    /// The requests that tell it. `token` is the endpoint's, if it has one.
    #[must_use]
    pub fn requests(&self, kind: PurgeKind, token: Option<&str>) -> Vec<PurgeRequest> {
        let most = match kind {
            PurgeKind::Fastly => FASTLY_TAGS,
            PurgeKind::Cloudflare => CLOUDFLARE_TAGS,
            PurgeKind::Varnish => VARNISH_TAGS,
        };
        let mut requests = Vec::new();
        if self.everything {
            requests.push(everything(kind));
        }
        let mut told = self.changed.as_slice();
        while !told.is_empty() {
            let (tags, rest) = told.split_at(fitting(told, most));
            requests.push(some(kind, tags, !self.hard));
            told = rest;
        }
        if let Some(token) = token {
            for request in &mut requests {
                request.headers.push(match kind {
                    PurgeKind::Fastly => ("Fastly-Key", token.to_owned()),
                    PurgeKind::Cloudflare => ("Authorization", format!("Bearer {token}")),
                    PurgeKind::Varnish => ("Purge-Token", token.to_owned()),
                });
            }
        }
        requests
    }
}

/// How many of these tags one request takes: one at least.
fn fitting(tags: &[String], most: usize) -> usize {
    let mut bytes = 0;
    let fits = |tag: &&String| {
        bytes += tag.len() + 1;
        bytes <= MOST_BYTES
    };
    tags.iter().take(most).take_while(fits).count().max(1).min(tags.len())
}

fn everything(kind: PurgeKind) -> PurgeRequest {
    let (path, headers, body) = match kind {
        PurgeKind::Fastly => ("/purge_all", Vec::new(), String::new()),
        PurgeKind::Cloudflare => (
            "/purge_cache",
            Vec::new(),
            json!({"purge_everything": true}).to_string(),
        ),
        PurgeKind::Varnish => ("", vec![("Purge-Everything", "1".to_owned())], String::new()),
    };
    PurgeRequest { path, headers, body }
}

/// `soft` lets a cache show the old once more while it fetches the new, where it knows the difference.
fn some(kind: PurgeKind, tags: &[String], soft: bool) -> PurgeRequest {
    let (path, headers, body) = match kind {
        PurgeKind::Fastly => {
            let mut headers = vec![("Surrogate-Key", tags.join(" "))];
            if soft {
                headers.push(("Fastly-Soft-Purge", "1".to_owned()));
            }
            ("/purge", headers, String::new())
        }
        PurgeKind::Cloudflare => ("/purge_cache", Vec::new(), json!({ "tags": tags }).to_string()),
        PurgeKind::Varnish => ("", vec![("Purge-Keys", tags.join(" "))], String::new()),
    };
    PurgeRequest { path, headers, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purge(tags: &[&str]) -> Purge {
        Purge::of(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn counts_and_comments_are_not_told() {
        assert!(purge(&["count:1", "comments:1"]).is_empty());
        assert_eq!(purge(&["b", "a", "b", "count:1"]).changed, ["a", "b"]);
        let all = purge(&["a", "*"]);
        assert!(all.everything && all.changed.is_empty() && !all.is_empty());
    }

    #[test]
    fn tags_are_told_as_headers_have_them() {
        assert_eq!(
            purge(&["slug:über-köln", "slug:a-b"]).changed,
            ["slug:%C3%BCber-k%C3%B6ln", "slug:a-b"]
        );
    }

    #[test]
    fn each_is_told_in_its_own_way() {
        let mut told = purge(&["article:1", "articles"]);
        let key = ("Fastly-Key", "key".to_owned());
        let keys = ("Surrogate-Key", "article:1 articles".to_owned());
        let soft = ("Fastly-Soft-Purge", "1".to_owned());
        let fastly = |told: &Purge| told.requests(PurgeKind::Fastly, Some("key"))[0].headers.clone();
        assert_eq!(fastly(&told), [keys.clone(), soft, key.clone()]);
        told.are_gone(|tag| tag == "article:1");
        assert_eq!(fastly(&told), [keys, key], "whatever showed it is gone at once");
        let cloudflare = told.requests(PurgeKind::Cloudflare, Some("key"));
        assert_eq!(cloudflare[0].body, r#"{"tags":["article:1","articles"]}"#);
        assert_eq!(cloudflare[0].headers, [("Authorization", "Bearer key".to_owned())]);
        let varnish = told.requests(PurgeKind::Varnish, None);
        assert_eq!(varnish[0].headers, [("Purge-Keys", "article:1 articles".to_owned())]);
    }

    #[test]
    fn many_tags_are_told_in_parts_that_are_accepted() {
        let tags: Vec<String> = (0..100).map(|number| format!("article:{number}")).collect();
        let told = Purge::of(&tags);
        for (kind, requests) in [
            (PurgeKind::Fastly, 1),
            (PurgeKind::Cloudflare, 4),
            (PurgeKind::Varnish, 2),
        ] {
            assert_eq!(told.requests(kind, None).len(), requests, "{kind}");
        }
        let long: Vec<String> = (0..60)
            .map(|number| format!("slug:{number}{}", "ü".repeat(50)))
            .collect();
        let told = Purge::of(&long).requests(PurgeKind::Varnish, None);
        assert_eq!(told.len(), 3);
        assert!(told.iter().all(|request| request.headers[0].1.len() < 8_000));
    }
}
