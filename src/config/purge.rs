//! Shared caches in front of us that are told what changed.

use secrecy::SecretString;

use super::reader::Reader;
use super::url::Endpoint;
use super::value::{Value, keyword};
use crate::domain::purge::PurgeKind;

/// Shared caches in front of us that are told what changed.
#[derive(Clone, Debug)]
pub struct PurgeConfig {
    /// `MASTHEAD_PURGE`: whose way of being told.
    pub kind: PurgeKind,
    /// `MASTHEAD_PURGE_URLS`: where they are told, with commas between.
    pub urls: Vec<Endpoint>,
    /// `MASTHEAD_PURGE_TOKEN`: what they know us by.
    pub token: Option<SecretString>,
}

impl PurgeConfig {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        const KIND: &str = "MASTHEAD_PURGE";
        const URLS: &str = "MASTHEAD_PURGE_URLS";
        const TOKEN: &str = "MASTHEAD_PURGE_TOKEN";
        const URL: &str = "http://127.0.0.1:6081/purge";
        let kind = reader.optional(KIND, "varnish");
        let urls = reader.optional::<Endpoints>(URLS, URL);
        let token = reader.optional::<Token>(TOKEN, "\"$(openssl rand -hex 24)\"");
        if reader.is_set(KIND) != reader.is_set(URLS) {
            reader.problem(URLS, format!("must be given with {KIND}, and only then"), URL);
        }
        if reader.is_set(TOKEN) && !reader.is_set(KIND) {
            reader.problem(KIND, format!("must be given with {TOKEN}"), "varnish");
        }
        Some(Self {
            kind: kind?,
            urls: urls?.0,
            token: token.map(|token| token.0),
        })
    }
}

impl Value for PurgeKind {
    fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<(&str, Self)> = Self::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
        keyword(text, &words)
    }

    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

/// Addresses with commas between.
struct Endpoints(Vec<Endpoint>);

impl Value for Endpoints {
    fn parse(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(|url| Endpoint::parse(url.trim()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn show(&self) -> String {
        self.0.iter().map(Endpoint::as_str).collect::<Vec<_>>().join(",")
    }
}

/// A header's value that is nobody else's to know.
struct Token(SecretString);

impl Value for Token {
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        match text.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(Self(text.into())),
            false => Err("must be letters, digits and signs without blanks".to_owned()),
        }
    }

    fn show(&self) -> String {
        "(hidden)".to_owned()
    }
}
